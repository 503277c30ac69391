"""Stores a graph's matrices as 8-bit blocks, which a step of a decoder reads four times as fast."""

import tempfile
from pathlib import Path

import onnx
import onnxruntime
from onnxruntime.quantization import matmul_nbits_quantizer as nbits

# Weights that share a scale. Each row of the input gets scales of its own as well (accuracy level 4),
# so that neighbours in a batch do not change each other, as they do with quantize_dynamic.
BLOCK = 32
ACCURACY_LEVEL = 4


def store_in_eight_bits(file: Path) -> onnx.ModelProto:
    """The graph of a file with constant matrices as MatMulNBits (8 bits, symmetric).

    Args:
        file: A float32 graph; it stays as it is.
    """
    config = nbits.DefaultWeightOnlyQuantConfig(
        block_size=BLOCK, is_symmetric=True, accuracy_level=ACCURACY_LEVEL, bits=8
    )
    quantizer = nbits.MatMulNBitsQuantizer(
        _folded(file),
        bits=8,
        block_size=BLOCK,
        is_symmetric=True,
        accuracy_level=ACCURACY_LEVEL,
        algo_config=config,
    )
    quantizer.process()
    quantized: onnx.ModelProto = quantizer.model.model
    return quantized


def _folded(file: Path) -> onnx.ModelProto:
    """The graph after constant folding: only then is a transposed, tied embedding a constant."""
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(Path(folder) / "folded.onnx")
        onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        return onnx.load(options.optimized_model_filepath)

"""Everything of the pack that is not a weight: tokenizer, manifest, known answers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.grids import CELLS, CHANNELS, vision_reference
from kit.known_answers import know
from kit.pack_writer import describe_graph, write_manifest
from starter_caption.calibration import Fitted
from starter_caption.export import decoder_dimensions, encoder_dimensions, export
from starter_caption.model import CaptionModel
from starter_caption.words import EOS, PAD, START, build_tokenizer

NAME = "starter-caption"
VERSION = "2.0.0"
LAW = (
    "Trained on Flickr8k, which was given out for non-commercial research and education and "
    "whose photographers keep their copyright, from a network trained on ImageNet, whose "
    "terms are non-commercial research and education. Use these weights for research and "
    "non-commercial purposes only. The MobileNetV2 weights that training started from are "
    "published under the Apache License 2.0."
)
TRAINING_DATA = (
    (
        "Flickr8k, 6,000 training photos with 5 English captions each "
        "(Hodosh, Young, Hockenmaier, JAIR 47, 2013)"
    ),
    "Flickr8k-CN, human-written Chinese captions of the same photos (Li, Lan, Dong, Liu, ICMR 2016)",
    (
        "ImageNet (Deng et al., CVPR 2009), through the MobileNetV2 1.0 224 weights "
        "that the encoder was started from"
    ),
)
LIMITS = (
    (
        "Knows photos of people, dogs and outdoor scenes of everyday life; anything else is "
        "described as if it were one."
    ),
    "Often wrong about colours of clothes, numbers of people, sex and age, and small objects.",
    "Reads no text, knows no names, places or events; not for medical pictures.",
    "The picture is squashed to a square, so very long or tall pictures suffer.",
)
TOLERANCE = 0.01
# Processors round float32 sums differently, and a step of an 8-bit activation is larger than that.
TOLERANCE_IN_EIGHT_BITS = 0.05


def write_pack(
    model: CaptionModel, vocabulary: list[str], folder: Path, vision: Path, generation: Mapping[str, Any]
) -> None:
    """Writes graphs, tokenizer and manifest; run again after the card was written.

    Args:
        model: The trained model; its weights are exported.
        vocabulary: Tokens by id.
        folder: The pack.
        vision: The pack with the picture encoder that it rests on.
        generation: Search settings chosen on validation.
    """
    folder.mkdir(parents=True, exist_ok=True)
    export(model, folder)
    build_tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    declare(model, folder, vision, generation)


def declare(
    model: CaptionModel,
    folder: Path,
    vision: Path,
    generation: Mapping[str, Any],
    calibration: Mapping[str, Fitted] | None = None,
) -> None:
    """Writes the manifest of a folder whose other files are in place."""
    encoder, decoder = encoder_dimensions(model), decoder_dimensions(model)
    write_manifest(
        folder,
        {
            "name": NAME,
            "version": VERSION,
            "title": {"en": "Starter captions", "zh": "入门图片描述"},
            "roles": ["caption"],
            "languages": list(START),
            "precision": "fp32+int8",
            "stored": "fp16+int8",
            "licence": {
                "weights": "research and non-commercial use",
                "research_only": True,
                "notice": LAW,
            },
            "training_data": list(TRAINING_DATA),
            "limits": list(LIMITS),
            "graphs": {
                "encoder": describe_graph(folder / "encoder.onnx", encoder),
                "decoder": describe_graph(folder / "decoder.onnx", decoder),
            },
            "known_answers": known_answers(model, folder),
            "caption": {
                "vision": vision_reference(vision),
                **caption_section(model, generation, calibration or {}),
            },
        },
    )


def caption_section(
    model: CaptionModel, generation: Mapping[str, Any], calibration: Mapping[str, Fitted]
) -> dict[str, Any]:
    """What the product needs to know to caption with this pack."""
    sizes = model.sizes
    return {
        "tokenizer": "tokenizer.json",
        "decoder": {
            "layers": sizes.layers,
            "heads": sizes.heads,
            "head_size": sizes.width // sizes.heads,
            "start_ids": {language: [start] for language, start in START.items()},
            "end_id": EOS,
            "pad_id": PAD,
        },
        "generation": dict(generation),
        "text": {"capitalise": True, "full_stop": True, "join": {"en": " ", "zh": ""}},
        "confidence": confidence_section(calibration),
    }


def confidence_section(calibration: Mapping[str, Fitted]) -> dict[str, Any]:
    """How confident a caption is; empty where nothing was fitted."""
    fitted = {language: {"scale": fit.scale, "offset": fit.offset} for language, fit in calibration.items()}
    return {"temperature": 1.0, "calibration": fitted} if fitted else {"temperature": 1.0}


def known_answers(model: CaptionModel, folder: Path) -> list[dict[str, Any]]:
    """Answers of both graphs to patterns."""
    decoder = decoder_dimensions(model)
    # Two new tokens after three old ones: cache and mask are both in play.
    sizes = {"batch": 1, "tokens": 2, "past": 3}
    inputs: dict[str, dict[str, Any]] = {
        "input_ids": {"pattern": "ramp_int", "shape": [1, 2], "modulus": 50, "low": 10}
    }
    for name, shape in decoder.items():
        if name.startswith("past_key_values"):
            filled = [sizes[size] if isinstance(size, str) else size for size in shape]
            inputs[name] = {"pattern": "ramp", "shape": filled, "low": -1.0, "high": 1.0}
    grid = {"pattern": "ramp", "shape": [1, CELLS, CHANNELS], "low": 0.0, "high": 1.0}
    return [
        know("encoder", folder / "encoder.onnx", {"grid": grid}, TOLERANCE),
        know("decoder", folder / "decoder.onnx", inputs, TOLERANCE_IN_EIGHT_BITS),
    ]

"""Writes ``pack.json``: what a pack can do and the checksum of each of its files."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MANIFEST = "pack.json"
FORMAT = 1


def list_files(folder: Path) -> list[dict[str, Any]]:
    """Path, SHA-256 and size of every file of the pack except the manifest."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    return [
        {
            "path": path.relative_to(folder).as_posix(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in files
    ]


def write_manifest(folder: Path, declared: Mapping[str, Any]) -> None:
    """Writes the manifest last, when every other file of the pack is in place.

    Args:
        folder: The pack.
        declared: Everything but ``format`` and ``files``.
    """
    manifest = {"format": FORMAT, **declared, "files": list_files(folder)}
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def describe_graph(file: Path, dimensions: Mapping[str, list[str | int]]) -> dict[str, Any]:
    """Declares a graph's inputs and outputs from the file itself.

    Args:
        file: The ONNX file.
        dimensions: Tensor name to shape, names for what may vary.

    Raises:
        ValueError: ``dimensions`` and the graph do not name the same tensors.
    """
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    sides = {"inputs": session.get_inputs(), "outputs": session.get_outputs()}
    names = {node.name for nodes in sides.values() for node in nodes}
    if names != set(dimensions):
        raise ValueError(f"{file.name}: {sorted(names ^ set(dimensions))} declared or missing")
    return {"file": file.name} | {
        side: [
            {"name": node.name, "dtype": _dtype(node.type), "shape": dimensions[node.name]} for node in nodes
        ]
        for side, nodes in sides.items()
    }


def _dtype(onnx_type: str) -> str:
    return {"tensor(float)": "float32", "tensor(int64)": "int64", "tensor(uint8)": "uint8"}[onnx_type]

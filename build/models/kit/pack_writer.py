"""Writes the last parts of a pack: known answers and ``pack.json`` with every file's hash."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

FIRST = 16


def pattern(description: Mapping[str, object]) -> NDArray[np.generic]:
    """The tensor that a known answer's input pattern stands for.

    Args:
        description: ``pattern`` is ``ramp`` (float32, ``low`` to ``high``), ``ramp_int``
            (int64, ``arange % modulus + low``), ``ones`` or ``zeros`` (with ``dtype``); ``shape``.

    Raises:
        ValueError: The pattern has another name.
    """
    shape = tuple(int(size) for size in _list(description["shape"]))
    count = int(np.prod(shape))
    match description["pattern"]:
        case "ramp":
            low, high = _number(description["low"]), _number(description["high"])
            return np.linspace(low, high, count, dtype=np.float32).reshape(shape)
        case "ramp_int":
            places = np.arange(count, dtype=np.int64).reshape(shape)
            return places % int(_number(description["modulus"])) + int(_number(description["low"]))
        case "ones":
            return np.ones(shape, dtype=str(description["dtype"]))
        case "zeros":
            return np.zeros(shape, dtype=str(description["dtype"]))
    raise ValueError(f"unknown pattern {description['pattern']!r}")


def known_answer(
    folder: Path,
    file: str,
    graph: str,
    inputs: Mapping[str, Mapping[str, object]],
    tolerance: float,
) -> dict[str, object]:
    """Runs a graph on the CPU with patterned inputs and describes what came out."""
    session = onnxruntime.InferenceSession(str(folder / file), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    values = session.run(names, {name: pattern(value) for name, value in inputs.items()})
    outputs = {name: _described(value) for name, value in zip(names, values, strict=True)}
    return {"graph": graph, "inputs": inputs, "outputs": outputs, "tolerance": tolerance}


def write_manifest(folder: Path, manifest: Mapping[str, object]) -> None:
    """Writes ``pack.json`` with ``files`` filled in from what lies in the folder."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "pack.json")
    files = [_file_entry(folder, path) for path in paths]
    text = json.dumps({**manifest, "files": files}, ensure_ascii=False, indent=2)
    (folder / "pack.json").write_text(text + "\n", encoding="utf-8")


def _file_entry(folder: Path, path: Path) -> dict[str, object]:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"path": path.relative_to(folder).as_posix(), "sha256": digest, "bytes": len(content)}


def _described(value: NDArray[np.float32]) -> dict[str, object]:
    wide = value.astype(np.float64)
    return {
        "shape": list(value.shape),
        "first": [round(float(number), 6) for number in wide.ravel()[:FIRST]],
        "mean": round(float(wide.mean()), 6),
        "std": round(float(wide.std()), 6),
    }


def _list(value: object) -> list[int]:
    if not isinstance(value, list):
        raise ValueError(f"a shape is a list, not {value!r}")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise ValueError(f"a bound is a number, not {value!r}")
    return float(value)

"""Which of our files plain `mypy` can see: PyTorch is not in `.venv`, and never will be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from workshop.checkout import ROOT

_TRAINING_ONLY = ("torch", "transformers")
_RECIPES = ROOT / "build" / "models"


def checked_files() -> list[Path]:
    """All our Python files but the training recipes that reach PyTorch, directly or not."""
    ours = [file for folder in ("mmdesk", "tests", "build") for file in sorted((ROOT / folder).rglob("*.py"))]
    training = training_files()
    return [file for file in ours if file not in training]


def training_files() -> set[Path]:
    """The files whose imports, followed through our own files, lead to PyTorch."""
    files = [file for folder in ("build", "tests") for file in (ROOT / folder).rglob("*.py")]
    imports = {file: set(_imported(file)) for file in files}
    found = {file for file, names in imports.items() if any(n.split(".")[0] in _TRAINING_ONLY for n in names)}
    while more := {file for file, names in imports.items() if file not in found and _modules(found) & names}:
        found |= more
    return found


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _modules(files: set[Path]) -> set[str]:
    recipes = (file for file in files if file.is_relative_to(_RECIPES))
    return {".".join(file.relative_to(_RECIPES).with_suffix("").parts) for file in recipes}

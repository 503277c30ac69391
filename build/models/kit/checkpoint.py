"""Checkpoints that survive being killed while they are written."""

from pathlib import Path
from typing import Any

import torch


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Writes ``state`` beside ``path`` and then moves it into place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(path.suffix + ".partial")
    torch.save(state, partial)
    partial.replace(path)


def load_checkpoint(path: Path, device: str = "cpu") -> dict[str, Any] | None:
    """Reads a checkpoint written by `save_checkpoint`.

    Returns:
        The state, or ``None`` where no checkpoint was written yet.
    """
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    return state

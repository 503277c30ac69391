"""Where a caption decoder's training starts: the decoder that taught the encoder, or nothing."""

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.grids import vision_reference
from kit.request import TrainRequest

FILE = "decoder.pt"
# Folder of the other recipe's checkpoints, beside the one of this recipe.
VISION_WORK = "starter-vision"


def keep_start(work: Path, reference: Mapping[str, str], weights: Mapping[str, Tensor]) -> None:
    """Keeps a decoder together with the name of the encoder that it was trained with.

    Args:
        work: Folder of checkpoints of ``starter-vision``.
        reference: From `kit.grids.vision_reference`.
        weights: Of a `CaptionModel`.
    """
    save_checkpoint(work / FILE, {"vision": dict(reference), "weights": dict(weights)})


def find_start(request: TrainRequest) -> dict[str, Tensor] | None:
    """The decoder that was trained along with the encoder of this request, if it was kept."""
    state = load_checkpoint(request.work.parent / VISION_WORK / FILE, request.device)
    if state is None or state["vision"] != vision_reference(request.vision):
        return None
    weights: dict[str, Tensor] = state["weights"]
    return weights

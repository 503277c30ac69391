"""Makes the heads' numbers mean what they say, on held-out conversations."""

import torch
import torch.nn.functional as F

from starter_fusion.batches import Talks
from starter_fusion.heads import Answers, Fused, LstmHead

COVERED = 0.8
# The recurrent head forgets; further back than this nothing may matter by more than the tolerance.
REACHES = (64, 96, 128, 192, 256)
TOLERANCE = 5e-5


def calibrate(answers: Answers, fused: Fused, talks: Talks) -> None:
    """Sets a head's temperature, and the scale of its band so that 80 % of it hold the truth."""
    judged = talks.judged
    logits, truth = fused.logits[judged], talks.classes[judged]
    grid = torch.logspace(-0.5, 0.5, 101)
    losses = torch.stack([F.cross_entropy(logits / t, truth) for t in grid])
    answers.temperature.fill_(float(grid[losses.argmin()]))
    wanted = ((fused.valence - talks.valence).abs() / fused.half_width)[judged]
    answers.scale.fill_(float(quantile(wanted, COVERED)))


def quantile(values: torch.Tensor, share: float) -> torch.Tensor:
    """The value that so many are not above; for any number of values."""
    ordered = values.flatten().sort().values
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@torch.no_grad()
def lstm_reach(head: LstmHead, talks: Talks) -> int:
    """The least overlap with which windows of the recurrent head equal one pass.

    Measured as the largest change in the middle of conversations whose far ends are cut off.

    Raises:
        ValueError: It remembers longer than any overlap that was tried.
    """
    long = _joined(talks)
    whole = head(*long)
    middle = long[2].shape[1] // 2
    for reach in REACHES:
        if middle <= reach:
            break
        part = [one[:, middle - reach : middle + reach + 1] for one in long]
        cut = head(*part)
        errors = [(a[:, middle] - b[:, reach]).abs().max() for a, b in zip(whole, cut, strict=True)]
        if float(torch.stack(errors).max()) < TOLERANCE:
            return reach
    raise ValueError("the recurrent head remembers too long")


def _joined(talks: Talks) -> list[torch.Tensor]:
    """Conversations in pairs, one after the other."""
    pairs = len(talks) // 2
    values = (talks.features, talks.present, talks.inside)
    return [torch.cat([one[:pairs], one[pairs : 2 * pairs]], dim=1) for one in values]

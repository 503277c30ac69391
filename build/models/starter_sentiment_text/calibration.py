"""Temperature scaling (Guo et al., 2017) and expected calibration error."""

import torch
from torch import Tensor
from torch.nn import functional


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """The temperature with the least cross-entropy of logits [N, 3] to labels int64 [N]."""
    grid = torch.logspace(-1.0, 1.0, 401)
    losses = torch.stack([functional.cross_entropy(logits / t, labels) for t in grid])
    return round(grid[losses.argmin()].item(), 4)


def calibration_error(logits: Tensor, labels: Tensor, temperature: float, bins: int = 10) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, weighted by their size."""
    confidence, chosen = (logits / temperature).softmax(-1).max(-1)
    right = (chosen == labels).float()
    place = (confidence * bins).long().clamp(max=bins - 1)
    gaps = [
        (right[place == b].mean() - confidence[place == b].mean()).abs() * (place == b).float().mean()
        for b in range(bins)
        if bool((place == b).any())
    ]
    return float(torch.stack(gaps).sum())

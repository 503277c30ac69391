"""Exponential moving average of weights (Polyak and Juditsky, 1992)."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn


class AveragedWeights:
    """Keeps a slow copy of a model's weights; the copy is what gets evaluated and shipped."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        """Starts from the model's present weights.

        Args:
            model: The model that is being trained.
            decay: Share of the old average kept at each update, in (0, 1).
        """
        self.decay = decay
        self.updates = 0
        self.average = {k: v.detach().clone() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Moves the average towards the model; early updates weigh more."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                self.average[name].lerp_(value, 1 - decay)
            else:
                self.average[name].copy_(value)

    def load(self, average: Mapping[str, Tensor], updates: int) -> None:
        """Continues from a checkpointed average."""
        self.updates = updates
        for name, value in average.items():
            self.average[name].copy_(value)

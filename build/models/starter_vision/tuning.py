"""MobileNetV2 trained along with the captions of its pictures.

A caption decoder reads the encoder's grid while the encoder's later blocks learn at a tenth of the
rate. Words for people, clothes, colours, places and what is going on teach more of a photo than one
of 1,000 classes does.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from starter_caption.likelihood import LikelihoodPlan, likelihood_step
from starter_caption.model import CaptionModel, KeyValue, Sizes
from starter_caption.training import Progress, Workshop, run_phase
from starter_vision.mobilenet import MobileNetV2
from starter_vision.packing import cells


@dataclass(frozen=True)
class TuningPlan:
    """Settings of the training.

    Attributes:
        likelihood: Epochs, rate of the decoder and what the loss is made of.
        frozen: First blocks of MobileNetV2 that keep their ImageNet weights.
        backbone_rate: Highest learning rate of the later blocks.
    """

    likelihood: LikelihoodPlan = field(default_factory=LikelihoodPlan)
    frozen: int = 11
    backbone_rate: float = 1e-4


class PixelCaptionModel(CaptionModel):
    """A caption model that looks at pixels."""

    def __init__(self, sizes: Sizes, backbone: MobileNetV2) -> None:
        super().__init__(sizes)
        self.backbone = backbone

    def see(self, seen: Tensor) -> tuple[Tensor, list[KeyValue]]:
        """Like `CaptionModel.see`, from RGB ``x / 127.5 - 1``, [B, 3, 224, 224]."""
        return super().see(cells(self.backbone(seen)))


def without_backbone(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a `CaptionModel` among those of a `PixelCaptionModel`."""
    return {name: value for name, value in weights.items() if not name.startswith("backbone.")}


def tune(shop: Workshop, model: PixelCaptionModel, plan: TuningPlan) -> Progress:
    """Trains the shop's model, which is ``model``; leaves the best averaged weights in it."""
    model.backbone.blocks[: plan.frozen].requires_grad_(requires_grad=False)
    backbone = [p for p in model.backbone.parameters() if p.requires_grad]
    known = {id(p) for p in model.backbone.parameters()}
    fresh = [p for p in model.parameters() if id(p) not in known]
    groups = [
        {"params": backbone, "lr": plan.backbone_rate, "peak": plan.backbone_rate},
        {"params": fresh, "lr": plan.likelihood.rate, "peak": plan.likelihood.rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=plan.likelihood.decay, betas=(0.9, 0.98))
    return run_phase(shop, plan.likelihood.loop, optimizer, likelihood_step(shop, plan.likelihood))

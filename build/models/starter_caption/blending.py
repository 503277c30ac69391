"""Between the two phases: weights on the line from one to the other.

CIDEr optimisation learns the training pictures by heart before it stops paying on others. Mixing
the weights before and after it (Wortsman et al., "Robust fine-tuning", 2022) keeps what carries over.
"""

from collections.abc import Mapping

from torch import Tensor

from starter_caption.scoring import score_language
from starter_caption.training import Workshop

SHARES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)


def blend(
    shop: Workshop, before: Mapping[str, Tensor], after: Mapping[str, Tensor], beams: int, penalty: float
) -> dict[float, dict[str, float]]:
    """Leaves the mixture with the best English CIDEr-D on validation in the model.

    Args:
        shop: Model and data.
        before: Weights after the likelihood phase.
        after: Weights after the CIDEr phase.
        beams: Beams of the search that is scored.
        penalty: Its length penalty.

    Returns:
        Validation figures by the share of ``after``.
    """
    figures = {}
    for share in SHARES:
        shop.model.load_state_dict(mixture(before, after, share))
        score = score_language(shop.model, shop.val, shop.vocabulary, "en", beams, penalty)
        figures[share] = score.as_metrics()
        print("share", share, score, flush=True)
    best = max(SHARES, key=lambda share: figures[share]["cider_d"])
    shop.model.load_state_dict(mixture(before, after, best))
    return figures


def mixture(before: Mapping[str, Tensor], after: Mapping[str, Tensor], share: float) -> dict[str, Tensor]:
    """Weights ``share`` of the way from ``before`` to ``after``."""
    return {name: value.lerp(after[name], share) for name, value in before.items()}

"""Between likelihood and metric: weights on the line from one to the other.

CIDEr optimisation learns the training pictures by heart before it stops paying on others. Mixing
the weights before and after it (Wortsman et al., "Robust fine-tuning", 2022) keeps what carries over;
several runs from the same start, averaged (Wortsman et al., "Model soups", 2022; Rame et al.,
"WARP", 2024), cancel out what each of them learnt by heart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from starter_caption.scoring import score_language
from starter_caption.training import Workshop

SHARES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
MEAN = "the mean of all runs"

Weights = Mapping[str, Tensor]


@dataclass(frozen=True)
class Blended:
    """One mixture.

    Attributes:
        after: Which weights were mixed with those before, for the card.
        share: Their share.
        figures: Validation figures, English.
    """

    after: str
    share: float
    figures: Mapping[str, float]


def blend(
    shop: Workshop, before: Weights, runs: Mapping[str, Weights], beams: int, penalty: float
) -> list[Blended]:
    """Leaves the mixture with the best English CIDEr-D on validation in the model.

    Tried are several shares of the mean of all runs, and each run's own weights where there are several.

    Args:
        shop: Model and data.
        before: Weights after the likelihood phase.
        runs: Weights after each run of the CIDEr phase from there, by name.
        beams: Beams of the search that is scored.
        penalty: Its length penalty.
    """
    afters = {**runs, MEAN: average(list(runs.values()))} if len(runs) > 1 else dict(runs)
    *others, last = afters
    places = [(name, 1.0) for name in others] + [(last, share) for share in SHARES]
    tried = []
    for name, share in places:
        shop.model.load_state_dict(mixture(before, afters[name], share))
        score = score_language(shop.model, shop.val, shop.vocabulary, "en", beams, penalty)
        tried.append(Blended(name, share, score.as_metrics()))
        print("share", name, share, score, flush=True)
    best = max(tried, key=lambda blended: blended.figures["cider_d"])
    shop.model.load_state_dict(mixture(before, afters[best.after], best.share))
    return tried


def mixture(before: Weights, after: Weights, share: float) -> dict[str, Tensor]:
    """Weights ``share`` of the way from ``before`` to ``after``."""
    return {name: value.lerp(after[name], share) for name, value in before.items()}


def average(runs: Sequence[Weights]) -> dict[str, Tensor]:
    """The mean of several weights."""
    return {name: sum((run[name] for run in runs[1:]), value) / len(runs) for name, value in runs[0].items()}

"""What a run of the recipe found out, and its rows of RESULTS.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.rows import Row
from starter_caption.blending import Blended
from starter_caption.calibration import Fitted
from starter_caption.model import CaptionModel
from starter_caption.training import Progress

METRICS = ("bleu_4", "cider_d")


@dataclass(frozen=True)
class Searched:
    """A way of searching, and its English validation figures."""

    beams: int
    penalty: float
    figures: Mapping[str, float]


@dataclass(frozen=True)
class RunFacts:
    """What a run found out, besides the figures of the pack.

    Attributes:
        model: The model that was exported.
        generation: The search that was chosen.
        phases: Each training phase that ran.
        blended: The mixtures of weights that were tried.
        searched: The searches that were tried.
        calibration: How confidence was fitted, by language.
    """

    model: CaptionModel
    generation: Mapping[str, Any]
    phases: Mapping[str, Progress]
    blended: Sequence[Blended]
    searched: Sequence[Searched]
    calibration: Mapping[str, Fitted]

    @property
    def best(self) -> Blended:
        """The mixture that was taken."""
        return max(self.blended, key=lambda blended: blended.figures["cider_d"])


def result_rows(facts: RunFacts, n: int) -> list[Row]:
    """What CIDEr optimisation, mixtures of weights and beams brought.

    Args:
        facts: From the run.
        n: Validation pictures.
    """
    return [*_optimised(facts, n), *_searches(facts, n)]


def _optimised(facts: RunFacts, n: int) -> list[Row]:
    note = f"English, {facts.generation['beams']} beams"
    return [
        Row(
            "CIDEr optimisation",
            _named(each, each is facts.best),
            metric,
            "val",
            each.figures[metric],
            n,
            note,
        )
        for each in facts.blended
        for metric in METRICS
    ]


def _named(blended: Blended, taken: bool) -> str:
    if not blended.share:
        return "likelihood only"
    name = f"{blended.share:.2f} of the weights after {blended.after}"
    return f"{name} (shipped)" if taken else name


def _searches(facts: RunFacts, n: int) -> list[Row]:
    penalty = facts.generation["length_penalty"]
    tried = sorted((each for each in facts.searched if each.penalty == penalty), key=lambda each: each.beams)
    return [
        Row(
            "search",
            f"{each.beams} beams" if each.beams > 1 else "greedy",
            metric,
            "val",
            each.figures[metric],
            n,
            f"English, length penalty {penalty}",
        )
        for each in tried
        for metric in METRICS
    ]

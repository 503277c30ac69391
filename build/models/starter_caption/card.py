"""The model card and the rows for RESULTS.md: fixed words from ``card.md``, figures measured by the run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from kit.measured import Measured
from kit.request import TrainRequest
from starter_caption.blending import Blended
from starter_caption.calibration import Fitted
from starter_caption.evaluation import measure_caption
from starter_caption.model import CaptionModel
from starter_caption.training import Progress

SPLITS = ("val", "test")
LANGUAGES = ("en", "zh")
NAMES = {"en": "English", "zh": "Chinese"}
STARTED_HERE = "first the likelihood of people's captions on the grids, with label smoothing"
STARTED_WITH_ENCODER = (
    "the start is the decoder that was trained along with `starter-vision` by the likelihood of people's "
    "captions (its card tells how)"
)
METRICS = ("bleu_1", "bleu_2", "bleu_3", "bleu_4", "cider_d")


@dataclass(frozen=True)
class CardFacts:
    """What a run found out, besides the figures of the pack.

    Attributes:
        model: The model that was exported.
        generation: The search that was chosen.
        phases: Each training phase that ran.
        blended: The mixtures of weights that were tried.
        calibration: How confidence was fitted, by language.
    """

    model: CaptionModel
    generation: Mapping[str, Any]
    phases: Mapping[str, Progress]
    blended: list[Blended]
    calibration: Mapping[str, Fitted]

    @property
    def best(self) -> Blended:
        """The mixture that was taken."""
        return max(self.blended, key=lambda blended: blended.figures["cider_d"])


def write_card(request: TrainRequest, facts: CardFacts, limit: int | None) -> None:
    """Measures the pack and writes its ``README.md``.

    Args:
        request: Names pack, encoder and data.
        facts: From the run.
        limit: Measure only so many pictures a split.
    """
    measured = {
        (language, split): measure_caption(request.pack, request.data, split, language, limit, request.vision)
        for language in LANGUAGES
        for split in SPLITS
    }
    fields = {
        **_numbers(request, facts),
        "figures": "\n".join(_figures(key, value) for key, value in measured.items()),
        "phases": "\n".join(_phase(name, progress) for name, progress in facts.phases.items()),
        "shares": "\n".join(_share(blended) for blended in facts.blended),
        "calibration": "\n".join(_calibrated(facts.calibration)),
    }
    template = Template((Path(__file__).parent / "card.md").read_text(encoding="utf-8"))
    (request.pack / "README.md").write_text(template.substitute(fields), encoding="utf-8")


def _numbers(request: TrainRequest, facts: CardFacts) -> dict[str, object]:
    size = sum(path.stat().st_size for path in request.pack.iterdir())
    own = "likelihood" in facts.phases
    return {
        "parameters": f"{sum(p.numel() for p in facts.model.parameters()) / 1e6:.1f}",
        "mebibytes": f"{size / 2**20:.1f}",
        "layers": facts.model.sizes.layers,
        "seed": request.seed,
        "start": STARTED_HERE if own else STARTED_WITH_ENCODER,
        "taken": f"{facts.best.share:.2f} of {facts.best.after}",
        "beams": facts.generation["beams"],
        "length_penalty": facts.generation["length_penalty"],
    }


def _calibrated(calibration: Mapping[str, Fitted]) -> Iterator[str]:
    for language, fit in calibration.items():
        yield f"| {NAMES[language]} | {fit.right:.1%} | {fit.error:.3f} |"


def _figures(key: tuple[str, str], measured: Measured) -> str:
    language, split = key
    values = [f"{measured.metrics[name]:.2f}" for name in METRICS]
    return f"| {NAMES[language]} | {split} | {measured.n} | " + " | ".join(values) + " |"


def _phase(name: str, progress: Progress) -> str:
    history = progress.history
    best = max(history, key=lambda figures: figures["en_cider_d"])
    values = f"{best['en_cider_d']:.3f} | {best['en_bleu_4']:.2f}"
    return f"| {name} | {len(history)} of {progress.planned} | {values} |"


def _share(blended: Blended) -> str:
    figures = blended.figures
    where = f"{blended.share:.2f} of {blended.after}" if blended.share else "start"
    return f"| {where} | {figures['cider_d']:.3f} | {figures['bleu_4']:.2f} |"

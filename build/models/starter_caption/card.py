"""The model card: fixed words from ``card.md``, figures measured by the run."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template

from kit.measured import Measured
from kit.request import TrainRequest
from starter_caption.blending import Blended
from starter_caption.calibration import Fitted
from starter_caption.evaluation import measure_caption
from starter_caption.found import RunFacts
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


def write_card(request: TrainRequest, facts: RunFacts, limit: int | None) -> None:
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


def _numbers(request: TrainRequest, facts: RunFacts) -> dict[str, object]:
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

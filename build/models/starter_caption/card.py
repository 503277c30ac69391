"""The model card: fixed words from ``card.md``, figures measured by the run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from kit.measured import Measured
from starter_caption.calibration import Fitted
from starter_caption.evaluation import measure_caption

SPLITS = ("val", "test")
LANGUAGES = ("en", "zh")
NAMES = {"en": "English", "zh": "Chinese"}
METRICS = ("bleu_1", "bleu_2", "bleu_3", "bleu_4", "cider_d")


def write_card(
    pack: Path,
    data: Path,
    facts: Mapping[str, object],
    phases: Mapping[str, tuple[int, Sequence[Mapping[str, float]]]],
    shares: Mapping[float, Mapping[str, float]],
    limit: int | None,
) -> None:
    """Measures the pack and writes its ``README.md``.

    Args:
        pack: Folder with a valid manifest.
        data: The flickr8k folder.
        facts: Values of the card's other fields.
        phases: For each training phase, the epochs of its plan and the figures of those it ran.
        shares: Validation figures by the share of the second phase in the weights.
        limit: Measure only so many pictures a split.
    """
    measured = {
        (language, split): measure_caption(pack, data, split, language, limit)
        for language in LANGUAGES
        for split in SPLITS
    }
    fields = {
        **facts,
        "figures": "\n".join(_figures(key, value) for key, value in measured.items()),
        "phases": "\n".join(_phase(name, *phase) for name, phase in phases.items()),
        "shares": "\n".join(_share(share, figures) for share, figures in shares.items()),
    }
    template = Template((Path(__file__).parent / "card.md").read_text(encoding="utf-8"))
    (pack / "README.md").write_text(template.substitute(fields), encoding="utf-8")


def calibration_facts(calibration: Mapping[str, Fitted]) -> dict[str, str]:
    """The card's rows on confidence."""
    rows = [
        f"| {NAMES[language]} | {fit.right:.1%} | {fit.error:.3f} |" for language, fit in calibration.items()
    ]
    return {"calibration": "\n".join(rows)}


def _figures(key: tuple[str, str], measured: Measured) -> str:
    language, split = key
    values = [f"{measured.metrics[name]:.2f}" for name in METRICS]
    return f"| {NAMES[language]} | {split} | {measured.n} | " + " | ".join(values) + " |"


def _phase(name: str, planned: int, history: Sequence[Mapping[str, float]]) -> str:
    best = max(history, key=lambda figures: figures["en_cider_d"])
    return f"| {name} | {len(history)} of {planned} | {best['en_cider_d']:.3f} | {best['en_bleu_4']:.2f} |"


def _share(share: float, figures: Mapping[str, float]) -> str:
    return f"| {share:.1f} | {figures['cider_d']:.3f} | {figures['bleu_4']:.2f} |"

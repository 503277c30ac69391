"""The model card and the rows for the table of results: all figures are measured by the run."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

from kit.measured import Measured
from kit.request import TrainRequest
from kit.rows import RESULTS, Row, keep_rows
from starter_answer.evaluation import measure_answer
from starter_answer.samples import KIND_NAMES
from starter_answer.wording import LANGUAGES

NAMES = {"en": "English", "zh": "Chinese"}


def write_card(
    request: TrainRequest, facts: Mapping[str, object], guessed: Mapping[str, float], limit: int | None
) -> None:
    """Measures the pack, writes its ``README.md`` and the rows of results.

    Args:
        request: Names data, pack and vision pack.
        facts: Values of the card's other fields.
        guessed: Right guesses without any picture in percent by kind; validation photos, English.
        limit: Measure only so many pictures a split.
    """
    photos = [("flickr8k", split, language) for split in ("val", "test") for language in LANGUAGES]
    measured: dict[tuple[str, str, str], Measured] = {}
    for key in [*photos, ("easy_vqa", "test", "en")]:
        name, split, language = key
        measured[key] = measure_answer(
            request.pack, request.data / name, split, language, limit, request.vision
        )
        print(*key, measured[key].as_object(), flush=True)
    fields = {
        **facts,
        "kinds": "\n".join(row for key, value in measured.items() for row in _kinds(key, value, guessed)),
        "whole": "\n".join(_whole(key, value) for key, value in measured.items()),
    }
    template = Template((Path(__file__).parent / "card.md").read_text(encoding="utf-8"))
    (request.pack / "README.md").write_text(template.substitute(fields), encoding="utf-8")
    folder = request.work if request.smoke else RESULTS
    keep_rows(folder / "starter-answer.json", _results(measured, guessed))


def _kinds(key: tuple[str, str, str], measured: Measured, guessed: Mapping[str, float]) -> list[str]:
    name, split, language = key
    rows = []
    for kind in KIND_NAMES:
        if name == "flickr8k" and f"{kind}_accuracy" in measured.metrics:
            right, blank = measured.metrics[f"{kind}_accuracy"], measured.metrics[f"{kind}_blank_accuracy"]
            unseen = f"{guessed[kind]:.1f}" if (split, language) == ("val", "en") else ""
            figures = f"{right:.1f} | {blank:.1f} | {right - blank:+.1f} | {unseen}"
            rows.append(f"| {NAMES[language]} | {split} | {kind.replace('_', '/')} | {figures} |")
    return rows


def _whole(key: tuple[str, str, str], measured: Measured) -> str:
    name, split, language = key
    values = [measured.metrics[metric] for metric in ("accuracy", "blank_accuracy")]
    figures = " | ".join(f"{value:.1f}" for value in values)
    error = f"{100 * measured.metrics['ece']:.1f}"
    return f"| {NAMES[language]} | {name} {split} | {measured.n} | {figures} | {error} |"


def _results(measured: Mapping[tuple[str, str, str], Measured], guessed: Mapping[str, float]) -> list[Row]:
    rows: list[Row] = []
    question = "starter-answer: what the picture brings, by kind of question"
    for (name, split, language), figures in measured.items():
        note = f"{name}, {NAMES[language]}"
        for metric, value in figures.metrics.items():
            variant = "picture replaced by the mean picture" if "blank" in metric else "as shipped"
            plain = metric.replace("blank_", "")
            rows.append(Row(question, variant, plain, split, value, figures.n, note))
    n = measured["flickr8k", "val", "en"].n
    for kind, value in guessed.items():
        variant = "guessed from the question: the most frequent answer of training"
        rows.append(Row(question, variant, f"{kind}_accuracy", "val", value, n, "flickr8k, English"))
    return rows

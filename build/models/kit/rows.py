"""Rows of RESULTS.md: what each part of a recipe brought, written by the runs that measured it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kit.results_page import rendered

RESULTS = Path(__file__).resolve().parents[1] / "results"
TARGET = RESULTS.with_name("RESULTS.md")


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        question: What is compared.
        variant: One of the things compared.
        metric: Lower-case name of the figure.
        split: Split of the data that it was measured on.
        value: The figure.
        n: Number of samples measured.
        note: What one must know to read it.
    """

    question: str
    variant: str
    metric: str
    split: str
    value: float
    n: int
    note: str = ""


def keep_rows(file: Path, rows: Sequence[Row]) -> None:
    """Writes rows into a pack's file; those of other questions stay. RESULTS.md follows.

    Args:
        file: ``build/models/results/PACK.json`` (`RESULTS`), elsewhere for a smoke run.
        rows: All rows of the questions that they answer.
    """
    old = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    answered = {row.question for row in rows}
    kept = [row for row in old if row["question"] not in answered]
    new = [{**asdict(row), "value": round(row.value, 4)} for row in rows]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([*kept, *new], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if file.parent == RESULTS:
        render()


def render() -> None:
    """Writes RESULTS.md."""
    TARGET.write_text(rendered(RESULTS), encoding="utf-8")

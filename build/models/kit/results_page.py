"""RESULTS.md from what the runs measured (``results/PACK.json``) and what people saw.

``results/looked_at.md`` is the one part written by hand: what kinds of pictures, faces and voices
fail on the sheets of ``sheets.py``.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

LOOKED_AT = "looked_at.md"
_HEAD = """# What each part brought

Written by `python build/models/results.py` from `results/*.json`, which the trainings and ablations
write; only the last part, what people saw on the sheets, is written by hand. Ablations learn less
than the packs that ship (their notes say how much less), so only differences within one table mean
something. What did not help stands here too.
"""

Row = Mapping[str, Any]


def rendered(folder: Path) -> str:
    """The whole text.

    Args:
        folder: Of one JSON list of rows a pack (`kit.rows.Row`), and ``looked_at.md``.
    """
    parts = [_HEAD]
    for file in sorted(folder.glob("*.json")):
        parts.append(f"## {file.stem}\n")
        parts += _questions(json.loads(file.read_text(encoding="utf-8")))
    seen = folder / LOOKED_AT
    if seen.exists():
        parts.append(seen.read_text(encoding="utf-8"))
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _questions(rows: Iterable[Row]) -> Iterable[str]:
    """A table for each question, in the order in which the runs wrote them."""
    ordered: dict[str, list[Row]] = {}
    for row in rows:
        ordered.setdefault(row["question"], []).append(row)
    for question, answers in ordered.items():
        yield f"### {question}\n\n" + _table(answers)


def _table(rows: list[Row]) -> str:
    """Variants down, figures across; what was measured on the same samples shares a column."""
    columns = list(dict.fromkeys((row["metric"], row["split"], row["n"]) for row in rows))
    head = [f"{metric}, {split} ({n:,})" for metric, split, n in columns]
    lines = [_line(["variant", *head, "note"]), _line(["---"] * (len(columns) + 2))]
    for variant in dict.fromkeys(row["variant"] for row in rows):
        figures = [row for row in rows if row["variant"] == variant]
        found = {(row["metric"], row["split"], row["n"]): _number(row["value"]) for row in figures}
        notes = "; ".join(dict.fromkeys(row["note"] for row in figures if row["note"]))
        lines.append(_line([variant, *(found.get(column, "") for column in columns), notes]))
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"

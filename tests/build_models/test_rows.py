"""Rows of RESULTS.md are replaced by question and never pile up."""

import json
from pathlib import Path

from kit.rows import Row, keep_rows


def row(question: str, variant: str, value: float) -> Row:
    return Row(question, variant, "cider_d", "val", value, 10)


def test_rows_of_a_question_are_replaced_and_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "results" / "pack.json"
    keep_rows(file, [row("search", "greedy", 0.5), row("decoder", "LSTM", 0.123456)])
    keep_rows(file, [row("search", "beam", 0.6)])
    rows = json.loads(file.read_text("utf-8"))
    assert [(each["question"], each["variant"], each["value"]) for each in rows] == [
        ("decoder", "LSTM", 0.1235),
        ("search", "beam", 0.6),
    ]
    assert set(rows[0]) == {"question", "variant", "metric", "split", "value", "n", "note"}

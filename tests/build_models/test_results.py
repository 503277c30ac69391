from pathlib import Path

from kit.results_page import rendered
from kit.rows import RESULTS, TARGET, Row, keep_rows


def test_rows_become_a_table_for_each_question(tmp_path: Path) -> None:
    rows = [
        Row("Does it help?", "with", "accuracy", "val", 71.25, 400, "three epochs"),
        Row("Does it help?", "with", "ece", "val", 2.0, 400),
        Row("Does it help?", "without", "accuracy", "val", 72.5, 400, "better | simpler"),
    ]
    keep_rows(tmp_path / "starter-x.json", rows)
    (tmp_path / "looked_at.md").write_text("## What people saw\n\nHands.\n", encoding="utf-8")
    text = rendered(tmp_path)
    assert "## starter-x\n\n### Does it help?\n" in text
    assert "| variant | accuracy, val (400) | ece, val (400) | note |" in text
    assert "| with | 71.25 | 2 | three epochs |" in text
    assert "| without | 72.5 |  | better \\| simpler |" in text
    assert text.endswith("## What people saw\n\nHands.\n")


def test_the_committed_file_is_what_the_rows_say() -> None:
    written = TARGET.read_text(encoding="utf-8")
    assert written == rendered(RESULTS), "run: python build/models/results.py"

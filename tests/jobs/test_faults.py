"""The log says where a fault happened, and nothing about the person."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from mmdesk.jobs.faults import fault, log_kept

_SECRET = "the diary of Anna B."


def _fail() -> None:
    try:
        raise KeyError(_SECRET)
    except KeyError as error:
        raise ValueError(f"/home/anna/{_SECRET}") from error


def test_a_traceback_keeps_places_and_loses_contents(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with log_kept(tmp_path / "logs"):
        try:
            _fail()
        except ValueError:
            logging.getLogger("mmdesk.test").exception("A job failed unexpectedly")
    text = (tmp_path / "logs" / "mmdesk.log").read_text()
    assert "A job failed unexpectedly" in text
    assert "test_faults.py" in text
    assert "_fail" in text
    assert "KeyError" in text
    assert "ValueError" in text
    assert "Anna" not in text
    assert "/" not in text
    caplog.clear()


def test_nothing_is_written_when_nothing_happens(tmp_path: Path) -> None:
    with log_kept(tmp_path / "logs"):
        logging.getLogger("mmdesk.test").info("all is well")
    assert not (tmp_path / "logs").exists()


def test_a_log_that_cannot_be_written_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    with log_kept(tmp_path / "logs"):
        logging.getLogger("mmdesk.test").error("something")
    assert capsys.readouterr().err == ""
    caplog.clear()


def test_the_person_gets_a_sentence() -> None:
    failed = fault(Path("x.mp4"))
    assert str(failed.message)
    assert str(failed.hint)

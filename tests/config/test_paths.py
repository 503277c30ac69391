"""Everything of a person's moves with one variable; what ships is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmdesk.config import paths


def test_home_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    for place in (paths.data_dir(), paths.settings_file(), paths.log_dir(), paths.packs_dirs()[1]):
        assert place.is_relative_to(tmp_path)


def test_without_home_the_system_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE)
    for place in (paths.data_dir(), paths.settings_file(), paths.log_dir()):
        assert "mmdesk" in place.parts


def test_nothing_is_made_by_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "new"))
    paths.data_dir(), paths.settings_file(), paths.log_dir(), paths.packs_dirs()
    assert not (tmp_path / "new").exists()


def test_what_ships_is_there() -> None:
    assert (paths.resources_dir() / "icons" / "mmdesk.svg").is_file()
    assert paths.shipped_packs_dir().name == "models"

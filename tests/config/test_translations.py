"""Every text for a person has a whole translation, and the program reads the newest ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from mmdesk.config.catalogue import languages
from translations.catalogues import catalogue_files, faults, program_texts, read, save


def test_every_text_is_translated_with_its_fields() -> None:
    texts = program_texts()
    assert len(texts) > 250
    assert [fault for file in catalogue_files() for fault in faults(file, texts)] == []


def test_there_is_a_catalogue_for_every_language_but_english() -> None:
    assert {file.parent.parent.name for file in catalogue_files()} == set(languages()) - {"en"}


def test_a_lost_field_a_guess_and_an_old_compilation_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("translations.catalogues.ROOT", tmp_path)
    texts = Catalog()
    for text in ("Saved {name}.", "Open", "Done"):
        texts.add(text)
    file = tmp_path / "translations" / "zh" / "LC_MESSAGES" / "mmdesk.po"
    file.parent.mkdir(parents=True)
    wrong = Catalog(locale="zh")
    wrong.add("Saved {name}.", "已保存。")
    wrong.add("Open", "打开", flags=["fuzzy"])
    save(file, wrong)
    file.with_suffix(".mo").write_bytes(b"old")
    found = " ".join(faults(file, texts))
    for fault in ("lacks a field", "fuzzy", "not translated", "older"):
        assert fault in found
    assert read(file).locale is not None

"""The languages of the program."""

from __future__ import annotations

import pytest

from mmdesk.config.catalogue import Catalogue, languages, spoken
from mmdesk.sentences import sentence


def test_english_and_chinese_are_spoken() -> None:
    assert languages() == ("en", "zh")


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (["zh-Hans-CN", "en"], "zh"),
        (["zh_CN.UTF-8"], "zh"),
        (["de-DE", "zh-TW"], "zh"),
        (["de-DE", "fr"], "en"),
        ([], "en"),
        (["en-GB", "zh"], "en"),
    ],
)
def test_the_first_language_that_is_known_is_spoken(wanted: list[str], name: str) -> None:
    assert spoken(wanted) == name


def test_a_sentence_is_translated_with_its_values() -> None:
    said = sentence("Saved {name}.", name="片.srt")
    assert Catalogue.load("zh").sentence(said) == "已保存 片.srt。"
    assert Catalogue.load("en").sentence(said) == "Saved 片.srt."


def test_a_text_without_translation_stays_english() -> None:
    assert Catalogue.load("zh").text("Nobody says this.") == "Nobody says this."
    assert Catalogue.load("zh").text("") == ""


def test_counts_choose_the_form() -> None:
    english, chinese = Catalogue.load("en"), Catalogue.load("zh")
    assert english.plural("{count} finding", "{count} findings", 1) == "{count} finding"
    assert english.plural("{count} finding", "{count} findings", 0) == "{count} findings"
    assert chinese.plural("{count} finding", "{count} findings", 1) == "{count} 条结果"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        Catalogue.load("tlh")

"""Words: which subtitles are taken, what is said about them, and gaps instead of guesses."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmdesk.analysis.language import guess_language
from mmdesk.events import Event, FindingKind, Finished, Modality, Origin
from mmdesk.tasks.engine import Engine
from tests.analysis.scenes_for_tests import Scene, ends, findings, run, warnings, write_scenes, write_srt
from tests.media.films_for_tests import Film, Subtitle, steady, write_film

GOOD_DAY = "I love this wonderful day"


def transcript(events: list[Event]) -> list[str | None]:
    return [finding.text for finding in findings(events, FindingKind.TRANSCRIPT)]


def origins(events: list[Event]) -> set[str]:
    return {finding.source.pack for finding in findings(events, FindingKind.TRANSCRIPT)}


def test_a_line_has_its_transcript_and_its_sentiment_with_evidence(engine: Engine, tmp_path: Path) -> None:
    write_scenes(tmp_path / "film.mp4", [Scene("red", 3)])
    write_srt(tmp_path / "film.en.srt", (0.5, 2.25, GOOD_DAY))
    line, sentiment, *_ = findings(run(engine, tmp_path / "film.mp4"))
    assert (line.t0, line.t1, line.text, line.language) == (0.5, 2.25, GOOD_DAY, "en")
    assert (line.source.origin, line.source.pack) == (Origin.SUBTITLES, "film.en.srt")
    assert line.confidence is None
    assert (sentiment.kind, sentiment.modality) == (FindingKind.SENTIMENT, Modality.WORDS)
    assert 0 < (sentiment.value or 0) <= 1
    assert sentiment.source.pack == "tiny-sentiment"
    (evidence,) = sentiment.evidence
    assert evidence.text == GOOD_DAY
    words = [GOOD_DAY[start:end] for start, end in evidence.pieces]
    assert words == GOOD_DAY.split()
    assert sum(evidence.weights) == pytest.approx(1, abs=1e-3)
    assert sum(p for _, p in sentiment.distribution) == pytest.approx(1, abs=1e-3)


def film_with_words(path: Path, words: str = "embedded words of the film", language: str = "eng") -> Path:
    cues = (Subtitle(0, 900, words), Subtitle(1000, 1900, "and this is what they do to me"))
    return write_film(path, Film(steady(20), subtitles=cues, subtitle_language=language, sound=(0, 2000)))


def test_embedded_subtitles_are_read(engine: Engine, tmp_path: Path) -> None:
    events = run(engine, film_with_words(tmp_path / "film.mp4"))
    assert transcript(events)[0] == "embedded words of the film"
    (origin,) = origins(events)
    assert origin.startswith("stream")
    (first, *_) = findings(events, FindingKind.TRANSCRIPT)
    assert len(first.source.file_hash) == 64
    assert warnings(events) == []


def test_a_sidecar_goes_before_embedded_subtitles(engine: Engine, tmp_path: Path) -> None:
    film = film_with_words(tmp_path / "film.mp4")
    write_srt(tmp_path / "film.srt", (0, 1, "The words of the file beside it are better"))
    assert origins(run(engine, film)) == {"film.srt"}


def test_the_language_asked_for_decides_between_sidecars(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", [Scene("red", 2)])
    write_srt(tmp_path / "film.de.srt", (0, 1, "Ich liebe diesen Tag"))
    write_srt(tmp_path / "film.en.srt", (0, 1, GOOD_DAY))
    write_srt(tmp_path / "film.zh.srt", (0, 1, "我爱这一天"))
    english, chinese = run(engine, film, "en"), run(engine, film, "zh", "en")
    assert (origins(english), origins(chinese)) == ({"film.en.srt"}, {"film.zh.srt"})
    assert any("film.en.srt" in warning for warning in warnings(english))


def test_a_broken_sidecar_is_told_and_the_next_source_is_taken(engine: Engine, tmp_path: Path) -> None:
    film = film_with_words(tmp_path / "film.mp4")
    (tmp_path / "film.en.srt").write_bytes(b"")
    events = run(engine, film)
    assert transcript(events)[0] == "embedded words of the film"
    assert any("film.en.srt" in warning for warning in warnings(events))
    assert isinstance(ends(events)[0], Finished)


def test_words_that_no_model_knows_are_a_gap_and_not_a_number(engine: Engine, tmp_path: Path) -> None:
    path = write_srt(tmp_path / "a.de.srt", (0, 1, "Das ist gut"), (2, 3, "Das ist sad"))
    events = run(engine, path)
    assert len(transcript(events)) == 2
    assert findings(events, FindingKind.SENTIMENT) == []
    (warning,) = warnings(events)
    assert "de" in warning


def test_words_of_an_unknown_language_are_a_gap(engine: Engine, tmp_path: Path) -> None:
    events = run(engine, write_srt(tmp_path / "a.srt", (0, 1, "Xyzzy plugh qwertz")))
    assert transcript(events) == ["Xyzzy plugh qwertz"]
    assert findings(events, FindingKind.SENTIMENT) == []
    assert len(warnings(events)) == 1


def test_a_line_without_words_has_no_sentiment(engine: Engine, tmp_path: Path) -> None:
    path = write_srt(tmp_path / "a.en.srt", (0, 1, "… ♪ …"), (2, 3, GOOD_DAY))
    assert len(findings(run(engine, path), FindingKind.SENTIMENT)) == 1


def test_sound_without_subtitles_says_that_nobody_listens(engine: Engine, tmp_path: Path) -> None:
    sound = write_film(tmp_path / "talk.wav", Film([], sound=(0, 2000), sound_codec="pcm_s16le"))
    events = run(engine, sound)
    assert findings(events) == []
    assert any("speech recogniser" in warning for warning in warnings(events))
    assert isinstance(ends(events)[0], Finished)


def test_sound_with_subtitles_is_read(engine: Engine, tmp_path: Path) -> None:
    sound = write_film(tmp_path / "talk.wav", Film([], sound=(0, 2000), sound_codec="pcm_s16le"))
    write_srt(tmp_path / "talk.srt", (0, 1, "I love this and you"))
    events = run(engine, sound)
    assert len(findings(events)) == 2
    assert warnings(events) == []


def test_many_lines_keep_their_order(engine: Engine, tmp_path: Path) -> None:
    lines = [(float(n), n + 0.5, f"this is line number {n} and it is good") for n in range(200)]
    found = transcript(run(engine, write_srt(tmp_path / "a.en.srt", *lines)))
    assert found == [text for _, _, text in lines]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is it that you want from me? I don't know.", "en"),
        ("I love you.", "en"),
        ("Das ist nicht gut, und ich weiß es auch.", "de"),
        ("Je ne sais pas ce que tu veux de moi.", "fr"),
        ("No sé lo que quieres de mí, pero está muy bien.", "es"),
        ("Non so che cosa vuoi da me, ma sono qui con te.", "it"),
        ("我不知道你想要什么。", "zh"),
        ("あなたが何を望んでいるのか分からない。", "ja"),
        ("나는 네가 무엇을 원하는지 몰라.", "ko"),
        ("Δεν ξέρω τι θέλεις.", None),
        ("Xyzzy plugh", None),
        ("", None),
    ],
)
def test_a_language_is_told_or_not_guessed(text: str, language: str | None) -> None:
    assert guess_language([text]) == language

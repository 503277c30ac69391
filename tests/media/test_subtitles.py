"""Words and their times, in every format and encoding that people have."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmdesk.control import Control
from mmdesk.errors import TooLarge, UnsupportedMedia
from mmdesk.events import MediaKind
from mmdesk.media.cues import plain_text
from mmdesk.media.language import language_by_script, language_of_suffix, language_tag
from mmdesk.media.probe import probe
from mmdesk.media.subtitles import SubtitleTrack, read_embedded, read_sidecar, sidecars
from tests.media.films_for_tests import Film, Subtitle, steady, write_film

Cues = list[tuple[float, float, str]]

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello, you.\n\n2\n00:00:03,250 --> 00:00:04,000\nTwo\nlines\n"
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def cues(track: SubtitleTrack) -> Cues:
    return [(segment.t0, segment.t1, segment.text) for segment in track.segments]


def read(tmp_path: Path, text: str, name: str = "words.srt", encoding: str = "utf-8") -> SubtitleTrack:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read_sidecar(path)


def event(start: str, end: str, text: str, kind: str = "Dialogue") -> str:
    return f"{kind}: 0,{start},{end},Default,,0,0,0,,{text}\n"


def test_subrip(tmp_path: Path) -> None:
    track = read(tmp_path, SRT)
    assert cues(track) == [(1.0, 2.5, "Hello, you."), (3.25, 4.0, "Two\nlines")]
    assert track.problems == ()
    segment = track.segments[0]
    assert (segment.origin, segment.file, segment.stream) == ("words.srt", tmp_path / "words.srt", None)


def test_webvtt_with_everything_that_is_no_text(tmp_path: Path) -> None:
    text = (
        "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnot to be read\n\nintro\n"
        "00:01.000 --> 00:02.500 line:90% align:start\n<v Anna>Hello, <c.loud>you</c> &amp; me.</v>\n\n"
        "NOTE another\n\n00:00:03.250 --> 00:00:04.000\n<00:00:03.500>Two\n<i>lines</i>\n"
    )
    assert cues(read(tmp_path, text, "a.vtt")) == [(1.0, 2.5, "Hello, you & me."), (3.25, 4.0, "Two\nlines")]


def test_ass_with_styles_karaoke_drawings_and_comments(tmp_path: Path) -> None:
    text = ASS + (
        event("0:00:01.00", "0:00:02.50", r"{\an8\pos(3,4)\b1}Hello, {\i1}you{\i0}.")
        + event("0:00:01.00", "0:00:02.50", r"{\an8\pos(3,4)\b1}Hello, {\i1}you{\i0}.")
        + event("0:00:03.25", "0:00:04.00", r"{\k20}Two{\k30}\N{\k5}li\hnes, with a comma")
        + event("0:00:05.00", "0:00:06.00", r"{\p1}m 0 0 l 100 0 100 100 0 100{\p0}")
        + event("0:00:06.00", "0:00:07.00", r"{\p1}m 0 0 l 9 9{\p0}Still here")
        + event("0:00:08.00", "0:00:09.00", "A translator's note", "Comment")
    )
    assert cues(read(tmp_path, text, "a.ass")) == [
        (1.0, 2.5, "Hello, you."),
        (3.25, 4.0, "Two\nli nes, with a comma"),
        (6.0, 7.0, "Still here"),
    ]


def test_the_format_is_in_the_content(tmp_path: Path) -> None:
    for name in ("a.txt", "a.ass", "a.jpg"):
        assert len(read(tmp_path, SRT, name).segments) == 2
    info = probe(tmp_path / "a.jpg")
    assert (info.kind, info.container) == (MediaKind.SUBTITLES, "srt")


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_system(tmp_path: Path, line_end: str) -> None:
    assert len(cues(read(tmp_path, SRT.replace("\n", line_end)))) == 2


def test_a_last_line_that_is_a_number_is_kept(tmp_path: Path) -> None:
    first = "1\n00:00:01,000 --> 00:00:02,000\nI was born in\n1984\n\n"
    text = first + "2\n00:00:03,000 --> 00:00:04,000\nIn\n2001\n"
    assert [cue[2] for cue in cues(read(tmp_path, text))] == ["I was born in\n1984", "In\n2001"]


CHINESE = (
    "1\n00:00:01,000 --> 00:00:02,500\n你好，今天天气很好。\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\n我很高兴见到你！\n\n"
)
TRADITIONAL = (
    "1\n00:00:01,000 --> 00:00:02,500\n你好，今天天氣很好。\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\n我很高興見到你！這是繁體中文。\n\n"
)
JAPANESE = "1\n00:00:01,000 --> 00:00:02,500\nこんにちは、元気ですか。今日はいい天気ですね。\n\n"
FRENCH = "1\n00:00:01,000 --> 00:00:02,500\nÉté à la plage, c’était très agréable.\n\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"), (CHINESE, "utf-8-sig"), (CHINESE, "gbk"), (CHINESE, "gb18030"),
        (CHINESE, "utf-16"), (CHINESE, "utf-16-le"), (CHINESE, "utf-16-be"), (CHINESE, "utf-32"),
        (TRADITIONAL, "big5"), (JAPANESE, "cp932"), (FRENCH, "cp1252"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["words.srt", "words.dat"])
def test_every_encoding(tmp_path: Path, text: str, encoding: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    assert probe(path).kind is MediaKind.SUBTITLES
    assert [cue[2] for cue in cues(read_sidecar(path))] == [
        line for line in text.split("\n") if not_a_frame(line)
    ]


def not_a_frame(line: str) -> bool:
    return bool(line) and not line.isdigit() and "-->" not in line


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "big5"])
def test_vtt_and_ass_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n今天天气很好, 我很高兴。我们一起去公园吧。\n"
    ass = ASS + event("0:00:01.00", "0:00:02.00", "今天天气很好，我很高兴。我们一起去公园吧。")
    if encoding == "big5":
        to_traditional = str.maketrans("气兴们园", "氣興們園")
        vtt, ass = vtt.translate(to_traditional), ass.translate(to_traditional)
    for name, text in (("a.vtt", vtt), ("a.ass", ass)):
        (cue,) = cues(read(tmp_path, text, name, encoding))
        assert cue[:2] == (1.0, 2.0)
        assert cue[2].startswith("今天天")


@pytest.mark.parametrize(("encoding", "words"), [("gbk", "你到底想要什么"), ("big5", "我覺得沒有那麼簡單")])
def test_one_line_among_many_styles_decides_the_encoding(tmp_path: Path, encoding: str, words: str) -> None:
    styles = "".join(f"Style: S{n},Microsoft YaHei,{n}\n" for n in range(60))
    text = ASS.replace("[Events]", styles + "[Events]") + event("0:00:01.00", "0:00:02.00", words)
    assert cues(read(tmp_path, text, "a.ass", encoding)) == [(1.0, 2.0, words)]


def test_overlapping_and_unsorted_cues_are_kept_in_order(tmp_path: Path) -> None:
    text = (
        "1\n00:00:03,000 --> 00:00:09,000\nlate\n\n2\n00:00:01,000 --> 00:00:05,000\nearly\n\n"
        "3\n00:00:04,000 --> 00:00:05,000\ninside\n"
    )
    track = read(tmp_path, text)
    assert cues(track) == [(1.0, 5.0, "early"), (3.0, 9.0, "late"), (4.0, 5.0, "inside")]
    assert track.problems == ()


def test_reversed_times_are_swapped_and_noted(tmp_path: Path) -> None:
    track = read(tmp_path, "1\n00:00:05,000 --> 00:00:03,000\nbackwards\n")
    assert cues(track) == [(3.0, 5.0, "backwards")]
    assert "swapped" in str(track.problems[0])


def test_reversed_times_in_ass_are_swapped_and_noted(tmp_path: Path) -> None:
    track = read(tmp_path, ASS + event("0:00:05.00", "0:00:03.00", "backwards"), "a.ass")
    assert cues(track) == [(3.0, 5.0, "backwards")]
    assert "swapped" in str(track.problems[0])


def test_times_before_the_beginning_are_cut_and_noted(tmp_path: Path) -> None:
    track = read(
        tmp_path,
        "1\n-00:00:02,000 --> 00:00:01,000\nhalf\n\n2\n-00:00:09,000 --> -00:00:08,000\ngone\n\n"
        "3\n00:00:02,000 --> 00:00:03,000\nwhole\n",
    )
    assert cues(track) == [(0.0, 1.0, "half"), (2.0, 3.0, "whole")]
    assert "before the beginning" in str(track.problems[0])


def test_a_cue_without_duration_keeps_its_words(tmp_path: Path) -> None:
    track = read(tmp_path, "1\n00:00:05,000 --> 00:00:05,000\nblink\n")
    assert cues(track) == [(5.0, 5.0, "blink")]
    assert "no duration" in str(track.problems[0])


def test_empty_cues_and_tags_alone_are_dropped(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n\n\n2\n00:00:02,000 --> 00:00:03,000\n<i> </i>\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\n<font color=red>Red</font> {\\an8}top\n"
    )
    assert cues(read(tmp_path, text)) == [(3.0, 4.0, "Red top")]


def test_signs_that_are_no_tags_stay(tmp_path: Path) -> None:
    track = read(tmp_path, "1\n00:00:01,000 --> 00:00:02,000\n1 < 2 and 3 > 2, I <3 you\n")
    assert cues(track)[0][2] == "1 < 2 and 3 > 2, I <3 you"


def test_a_file_with_nothing_to_read_says_so(tmp_path: Path) -> None:
    track = read(tmp_path, "WEBVTT\n\nNOTE nothing\n", "a.vtt")
    assert track.segments == ()
    assert track.problems


def test_what_is_no_subtitle_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia):
        read(tmp_path, "just a letter\n")
    path = tmp_path / "huge.srt"
    path.write_text(SRT)
    with path.open("r+b") as file:
        file.truncate(65 << 20)
    with pytest.raises(TooLarge):
        read_sidecar(path)


times = st.integers(0, 99 * 3_600_000)
letters = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"), exclude_characters="<>{}\\&|"
)
words = st.text(letters, min_size=1, max_size=30)


def clock(ms: int, mark: str) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{mark}{ms % 1000:03d}"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(times, st.integers(1, 20_000), words), max_size=12), st.sampled_from([",", "."]))
def test_what_was_written_is_read(tmp_path: Path, written: list[tuple[int, int, str]], mark: str) -> None:
    ends = [(t0, t0 + length, text) for t0, length, text in written if "-->" not in text]
    blocks = [
        f"{n}\n{clock(t0, mark)} --> {clock(t1, mark)}\nsaid {text}\n\n"
        for n, (t0, t1, text) in enumerate(ends, 1)
    ]
    body = "".join(blocks)
    track = read(tmp_path, body if mark == "," else "WEBVTT\n\n" + body) if ends else None
    found = cues(track) if track else []
    assert found == sorted({(t0 / 1000, t1 / 1000, f"said {text}") for t0, t1, text in ends})


@pytest.mark.parametrize(
    ("name", "codec"), [("f.mp4", "mov_text"), ("f.mkv", "srt"), ("f.mkv", "ass"), ("f.webm", "webvtt")]
)
def test_embedded_subtitles(tmp_path: Path, name: str, codec: str) -> None:
    spoken = (Subtitle(500, 1500, r"{\i1}你好{\i0}，朋友"), Subtitle(2040, 2800, r"Two\Nlines"))
    video = "libvpx-vp9" if name.endswith("webm") else "libx264"
    film = Film(steady(40), video, subtitles=spoken, subtitle_codec=codec, subtitle_language="chi")
    info = probe(write_film(tmp_path / name, film))
    (track,) = read_embedded(info, Control())
    assert cues(track) == [(0.5, 1.5, "你好，朋友"), (2.04, 2.8, "Two\nlines")]
    assert (track.language, track.problems) == ("zh", ())
    segment = track.segments[0]
    assert (segment.stream, segment.origin, segment.file) == (1, "stream 1", info.path)


def test_embedded_times_count_from_the_start_of_the_film(tmp_path: Path) -> None:
    film = Film(steady(40, first=5000), subtitles=(Subtitle(5500, 6500, "Hi"),), subtitle_codec="srt")
    info = probe(write_film(tmp_path / "late.mkv", film))
    (track,) = read_embedded(info, Control())
    assert cues(track) == [(0.5, 1.5, "Hi")]


def test_pictures_of_text_are_a_problem_and_no_crash(tmp_path: Path) -> None:
    path = write_film(tmp_path / "plain.mkv", Film(steady(20)))
    out = tmp_path / "dvd.mkv"
    with av.open(str(path)) as source, av.open(str(out), "w") as output:
        video = output.add_stream_from_template(source.streams.video[0])
        output.add_stream("dvdsub")
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = video
                output.mux(packet)
    info = probe(out)
    assert [stream.is_text for stream in info.subtitles] == [False]
    (track,) = read_embedded(info, Control())
    assert track.segments == ()
    assert "pictures" in str(track.problems[0])


def test_sidecars_are_found_by_name(tmp_path: Path) -> None:
    for name in (
        "film.mp4", "film.srt", "film.zh.srt", "film.en.forced.vtt", "film.zh-Hans.ass", "film 2.srt",
        "film.part2.srt", "film.txt", "other.srt", "film.SRT.bak", "film.eng.SSA",
    ):  # fmt: skip
        (tmp_path / name).touch()
    found = [path.name for path in sidecars(tmp_path / "film.mp4")]
    assert found[0] == "film.srt"
    assert set(found) == {"film.srt", "film.zh.srt", "film.en.forced.vtt", "film.zh-Hans.ass", "film.eng.SSA"}


def test_the_language_comes_from_the_name_or_the_script(tmp_path: Path) -> None:
    assert read(tmp_path, SRT, "film.de.srt").language == "de"
    assert read(tmp_path, SRT, "film.chs.srt").language == "zh-Hans"
    assert read(tmp_path, CHINESE, "film.srt").language == "zh"
    assert read(tmp_path, SRT, "film.srt").language is None


def test_language_tags() -> None:
    assert [language_tag(code) for code in ("chi", "zho", "eng", "fre", "zh-CN", "gsw")] == [
        "zh", "zh", "en", "fr", "zh-CN", "gsw",
    ]  # fmt: skip
    assert [language_tag(code) for code in ("und", "", None, "??", "mul")] == [None] * 5
    assert language_of_suffix("part2") is None
    assert language_of_suffix("eng") == "en"
    assert language_by_script("これは日本語です") is None
    assert language_by_script("我今天看了 iPhone 的发布会") == "zh"


def test_a_drawing_without_end_hides_the_rest() -> None:
    assert plain_text(r"{\p1}m 0 0 l 5 5") == ""
    assert plain_text(r"{\p0}words") == "words"
    assert plain_text("a\u200b\u202ab") == "ab"

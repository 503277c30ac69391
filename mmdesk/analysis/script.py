"""The words of a file: which subtitles to take, in which language they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mmdesk.analysis.language import guess_language
from mmdesk.control import Control
from mmdesk.errors import MediaError
from mmdesk.events import MediaKind
from mmdesk.media.digest import content_hash
from mmdesk.media.info import MediaInfo
from mmdesk.media.subtitles import SubtitleTrack, TextSegment, read_embedded, read_sidecar, sidecars
from mmdesk.sentences import Sentence, sentence

Remark = tuple[Sentence, Sentence]


@dataclass(frozen=True, slots=True)
class Script:
    """The words that will be analysed.

    Attributes:
        segments: In order of time, each with its language where it could be told.
        file_hash: SHA-256 of the file that holds them; empty where it is the analysed file itself.
        remarks: What the person should know, message and hint.
    """

    segments: tuple[TextSegment, ...] = ()
    file_hash: str = ""
    remarks: tuple[Remark, ...] = ()


def read_script(info: MediaInfo, languages: Sequence[str], control: Control) -> Script:
    """Finds and reads the words of a file: a subtitle file itself, else sidecars, else embedded streams.

    Of several the one in the preferred language is taken, then one that names no language, then the
    one that the container marks as default, then the first; the remarks say which.

    Args:
        info: What `probe` found.
        languages: BCP 47 tags, the preferred one first.
        control: Asked while reading.

    Raises:
        MediaError: A subtitle file cannot be read. (Trouble with a film's subtitles is a remark.)
        Cancelled: The person stopped the work.
    """
    if info.kind is MediaKind.SUBTITLES:
        return _script([read_sidecar(info.path, control)], languages, [])
    remarks: list[Remark] = []
    tracks = [
        track for path in sidecars(info.path) if (track := _sidecar(path, control, remarks)) is not None
    ]
    if not any(track.segments for track in tracks):
        tracks += _embedded(info, control, remarks)
    script = _script(tracks, languages, remarks)
    held_by = script.segments[0].file if script.segments else info.path
    return script if held_by == info.path else replace(script, file_hash=content_hash(held_by, control))


def same_language(one: str | None, other: str | None) -> bool:
    """Whether two BCP 47 tags name the same language, whatever script or region they add."""
    return one is not None and other is not None and base_language(one) == base_language(other)


def base_language(tag: str) -> str:
    """The language of a BCP 47 tag without script and region: "zh" for "zh-Hans"."""
    return tag.partition("-")[0].lower()


def _sidecar(path: Path, control: Control, remarks: list[Remark]) -> SubtitleTrack | None:
    try:
        return read_sidecar(path, control)
    except MediaError as failure:
        message = sentence("The subtitles {name} are left out: {reason}", name=path.name, reason=str(failure))
        remarks.append((message, failure.hint))
        return None


def _embedded(info: MediaInfo, control: Control, remarks: list[Remark]) -> Sequence[SubtitleTrack]:
    try:
        return read_embedded(info, control)
    except MediaError as failure:
        remarks.append((failure.message, failure.hint))
        return ()


def _script(tracks: Sequence[SubtitleTrack], languages: Sequence[str], remarks: list[Remark]) -> Script:
    usable = [_with_language(track) for track in tracks if track.segments]
    hint = sentence("Check the subtitles, or give them to mmdesk as a file beside the video.")
    if not usable:
        remarks += [(problem, hint) for track in tracks for problem in track.problems]
        return Script(remarks=tuple(remarks))
    chosen = min(usable, key=lambda track: _rank(track, languages))
    if len(usable) > 1:
        remarks.append(_choice(chosen, usable))
    remarks += [(problem, hint) for problem in chosen.problems]
    return Script(chosen.segments, remarks=tuple(remarks))


def _rank(track: SubtitleTrack, languages: Sequence[str]) -> tuple[int, bool]:
    """Lower is better; `min` takes the first of equals."""
    places = [place for place, wanted in enumerate(languages) if same_language(track.language, wanted)]
    unknown, unwanted = len(languages), len(languages) + 1
    place = places[0] if places else unwanted if track.language else unknown
    return place, not track.is_default


def _choice(chosen: SubtitleTrack, usable: Sequence[SubtitleTrack]) -> Remark:
    return (
        sentence(
            "There are {count} subtitle tracks; {origin} ({language}) is used.",
            count=len(usable),
            origin=chosen.origin,
            language=chosen.language or "?",
        ),
        sentence("To use another, choose its language or open it as a file of its own."),
    )


def _with_language(track: SubtitleTrack) -> SubtitleTrack:
    """A track whose language is known as well as it can be."""
    language = track.language or _common(segment.language for segment in track.segments)
    language = language or guess_language(segment.text for segment in track.segments)
    segments = tuple(replace(each, language=each.language or language) for each in track.segments)
    return replace(track, segments=segments, language=language)


def _common(languages: Iterable[str | None]) -> str | None:
    """The language of all, where all are known and the same."""
    found = set(languages)
    return found.pop() if len(found) == 1 else None

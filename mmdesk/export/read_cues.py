"""Edited SubRip and WebVTT, read back.

Other readers of the house (`media.subtitles`) repair and merge what players would show; here each line
must come back as it stands, so that nothing counts as changed that nobody touched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from mmdesk.events import FindingKind
from mmdesk.export.corrections import Correction, added, changed, deleted
from mmdesk.export.cues import Cue, Lines, cues, shown_text
from mmdesk.export.matching import Row, matched
from mmdesk.export.result import Result

_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>")
_OVERRIDE = re.compile(r"\{\\[^}]*\}")
_INVISIBLE = re.compile("[\u2060\ufeff]")
_BRACKETS = re.compile(r"\[(.*)\]", re.DOTALL)


def read_srt(text: str) -> list[Row]:
    """The lines of a SubRip file; markup that editors add is dropped."""
    return [_row(times, _OVERRIDE.sub("", _TAG.sub("", words))) for times, words in _blocks(text, False)]


def read_vtt(text: str) -> list[Row]:
    """The lines of a WebVTT file; styles and notes are dropped."""
    return [_row(times, html.unescape(_TAG.sub("", words))) for times, words in _blocks(text, True)]


def cue_corrections(result: Result, came: Sequence[Row], file: str) -> list[Correction]:
    """What was changed, for the choice of lines that explains the file with the fewest changes.

    Args:
        result: What went out.
        came: The lines of the file.
        file: Its name.
    """
    fewest: list[Correction] | None = None
    for lines in reversed(Lines):
        found = _corrections(result, came, file, lines)
        fewest = found if fewest is None or len(found) < len(fewest) else fewest
        if not fewest:
            break
    return fewest or []


def _corrections(result: Result, came: Sequence[Row], file: str, lines: Lines) -> list[Correction]:
    shown = cues(result.findings, lines)
    kinds = {cue.of: cue.kind for cue in shown}
    new = _NewLines(result, file, lines)
    found: list[Correction] = []
    for one, other in matched([_went(cue) for cue in shown], came):
        if other is None:
            assert one is not None, "a pair has at least one row"
            found += deleted(result, one)
        elif one is None:
            found.append(new.correction(other))
        else:
            bare = lines is Lines.ALL and kinds[one.of] is FindingKind.CAPTION
            found += changed(result, one, other, _bare(other.text) if bare else other.text, file)
    return found


class _NewLines:
    """Makes findings of lines that a person wrote anew."""

    def __init__(self, result: Result, file: str, lines: Lines) -> None:
        self._file, self._lines = file, lines
        self._languages = {
            kind: _only({each.language for each in result.findings if each.kind is kind})
            for kind in (FindingKind.CAPTION, FindingKind.TRANSCRIPT)
        }

    def correction(self, row: Row) -> Correction:
        """The finding that a line is."""
        bracketed = self._lines is Lines.ALL and _BRACKETS.fullmatch(row.text) is not None
        caption = bracketed or self._lines is Lines.CAPTIONS
        kind = FindingKind.CAPTION if caption else FindingKind.TRANSCRIPT
        text = _bare(row.text) if bracketed else row.text
        return added(row, kind, text, self._languages[kind], self._file)


def _only(languages: set[str | None]) -> str | None:
    """The language, where there is only one."""
    return next(iter(languages)) if len(languages) == 1 else None


def _went(cue: Cue) -> Row:
    return Row("", cue.t0, cue.t1, _plain(cue.text), of=cue.of)


def _bare(text: str) -> str:
    """Words without the brackets of a caption."""
    found = _BRACKETS.fullmatch(text)
    return found[1] if found else text


def _plain(text: str) -> str:
    """Text as every reader would give it: without what nobody sees, in UTF-8."""
    visible = _INVISIBLE.sub("", text).encode("utf-8", "backslashreplace").decode("utf-8")
    return shown_text(visible)


def _row(times: re.Match[str], words: str) -> Row:
    t0, t1 = _milliseconds(times.groups()[:4]), _milliseconds(times.groups()[4:])
    return Row("", min(t0, t1), max(t0, t1), _plain(words))


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def _blocks(text: str, blank_ends: bool) -> Iterator[tuple[re.Match[str], str]]:
    """Times and words of each line; a blank line ends the words where the format says so."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = [(number, found) for number, line in enumerate(lines) if (found := _TIMES.match(line))]
    for place, (number, found) in enumerate(starts):
        last = place == len(starts) - 1
        end = len(lines) if last else starts[place + 1][0]
        words = lines[number + 1 : end - (not last and _is_name(lines, end))]
        if blank_ends and "" in words:
            words = words[: words.index("")]
        yield found, "\n".join(words)


def _is_name(lines: Sequence[str], times: int) -> bool:
    """Whether the line before the times is a cue's number or name: a line of its own after a blank one."""
    return bool(lines[times - 1].strip()) and (times < 2 or not lines[times - 2].strip())

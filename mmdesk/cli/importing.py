"""The command `import`: corrections that people made in an exported file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from mmdesk.cli.exits import DONE, FAILED, INTERRUPTED
from mmdesk.cli.kept import view_of
from mmdesk.cli.printing import complain, printable, say
from mmdesk.config.paths import results_file
from mmdesk.errors import MmdeskError, NoResult
from mmdesk.export.corrections import Correction
from mmdesk.export.passports import read_passport
from mmdesk.export.reading import Reading, read_back
from mmdesk.export.result import Result
from mmdesk.export.telling import kind_of, shown, span_of
from mmdesk.library.edits import Change
from mmdesk.library.project import Project
from mmdesk.sentences import sentence


def import_corrections(edited: Path, recording: Path | None, apply: bool) -> int:
    """Prints what is different, and takes it over if asked to.

    Args:
        edited: An edited .eaf, .srt, .vtt or .csv.
        recording: What it belongs to; None where the file carries its passport.
        apply: Whether to keep the corrections, as one step that can be undone.

    Returns:
        0; 1 when it could not be done, the reason stands on stderr; 130 after Ctrl-C.

    Raises:
        BrokenPipeError: Nobody reads any more.
    """
    try:
        with closing(Project(results_file())) as project:
            view, path = view_of(recording or _with_passport(edited), project)
            result = Result(path, view.findings, view.passport, view.marks, view.people)
            reading = read_back(edited, result)
            _tell(reading)
            if apply and reading.corrections:
                project.edits.do(view.entry.number, *map(_change, reading.corrections))
                say("Taken over as one step; it can be undone in the window.")
            elif reading.corrections:
                say("Nothing was changed. Run again with --apply to take this over.")
    except MmdeskError as failure:
        complain(failure)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE


def _with_passport(edited: Path) -> Path:
    """The edited file, if it says what it belongs to.

    Raises:
        NoResult: It does not.
        MediaError: It cannot be read.
    """
    try:
        read_passport(edited)
    except NoResult as failure:
        message = sentence("{name} does not say which recording it belongs to.", name=edited.name)
        raise NoResult(
            message, sentence("Name the recording: mmdesk import FILE --into RECORDING")
        ) from failure
    return edited


def _change(correction: Correction) -> Change:
    return Change(correction.before, correction.after)


def _tell(reading: Reading) -> None:
    for note in reading.notes:
        say(printable(f"note: {note}"))
    for each in reading.corrections:
        known = each.before if each.before is not None else each.after
        assert known is not None, "a correction has a before or an after"
        say(printable(f"{each.change}: {span_of(known)}  {kind_of(known)}"))
        before, after = shown(each)
        if each.before is not None:
            say(f"  - {printable(before)}")
        if each.after is not None:
            say(f"  + {printable(after)}")
    say(f"{len(reading.corrections)} differences." if len(reading.corrections) != 1 else "1 difference.")

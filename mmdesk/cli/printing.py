"""What the command line prints while it works: JSON for programs, lines for people."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Protocol

from mmdesk.cli.outcomes import Outcomes
from mmdesk.errors import MmdeskError
from mmdesk.events import Event, Failed, Finding, FindingKind, Finished, Found, Progress, Started, Warned
from mmdesk.export.events import event_json

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def say(line: str) -> None:
    """Prints a line for whoever reads the results.

    Raises:
        BrokenPipeError: Nobody reads any more.
    """
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_aside(line: str) -> None:
    """Prints a line that is no result, on stderr."""
    _show(line + "\n")


def _show(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


class Printer(Protocol):
    """Where events go."""

    def event(self, event: Event) -> None:
        """Prints an event.

        Raises:
            BrokenPipeError: Nobody reads any more.
        """

    def end(self, outcomes: Outcomes, out: Path | None) -> None:
        """Prints how it ended, and where results lie."""


class JsonPrinter:
    """One JSON object a line, each flushed; ASCII, so that any encoding carries it."""

    def event(self, event: Event) -> None:
        """Prints an event."""
        say(event_json(event))

    def end(self, outcomes: Outcomes, out: Path | None) -> None:
        """Prints nothing: there are only events here."""


class CaptionPrinter:
    """Captions only; doubts and what goes wrong go to stderr."""

    def event(self, event: Event) -> None:
        """Prints a caption, or a warning or failure."""
        if isinstance(event, Found) and event.finding.kind is FindingKind.CAPTION:
            say(event.finding.text or "")
            if event.finding.doubtful:
                say_aside(f"The model is {_doubt(event.finding)}: this caption may well be wrong.")
        elif isinstance(event, Warned | Failed):
            say_aside(f"{event.message} {event.hint}")

    def end(self, outcomes: Outcomes, out: Path | None) -> None:
        """Prints nothing."""


class LinePrinter:
    """Lines for a person, and below them, on a terminal, one line of progress that is overwritten."""

    def __init__(self) -> None:
        """Looks whether there is a terminal."""
        self._terminal = sys.stderr.isatty()
        self._shown = False

    def event(self, event: Event) -> None:
        """Prints an event."""
        if isinstance(event, Progress):
            self._progress(event)
            return
        self._clear()
        say(_line(event))

    def end(self, outcomes: Outcomes, out: Path | None) -> None:
        """Prints how many files are done, and the folder with the results."""
        self._clear()
        before = f" ({outcomes.before} of them before)" if outcomes.before else ""
        failed = f", {outcomes.failed} failed" if outcomes.failed else ""
        say(f"{outcomes.done} done{before}{failed}.")
        if out is not None:
            say(f"Results are in {printable(str(out.absolute()))}")

    def _progress(self, event: Progress) -> None:
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            _show(f"\r\x1b[K{_progress_line(event)[:width]}")
            self._shown = True

    def _clear(self) -> None:
        if self._shown:
            _show("\r\x1b[K")
            self._shown = False


def printable(text: str) -> str:
    """Text without anything that could steer a terminal or break a line."""
    return _CONTROLS.sub(lambda found: repr(found.group())[1:-1], text)


def complain(failure: MmdeskError) -> None:
    """Tells a failure of the whole command on stderr."""
    say_aside(f"{failure.message} {failure.hint}")


def _line(event: Event) -> str:
    match event:
        case Started():
            length = f", {_clock(event.duration)}" if event.duration else ""
            return f"{printable(str(event.path))} ({event.kind}{length})"
        case Found():
            return f"  {_finding_line(event.finding)}"
        case Warned():
            return f"  note: {printable(f'{event.message} {event.hint}')}"
        case Failed():
            return f"{printable(str(event.path))}: failed: {printable(f'{event.message} {event.hint}')}"
        case Finished():
            return f"  {event.findings} findings in {event.seconds:.1f} s"
        case Progress():
            return _progress_line(event)


def _finding_line(finding: Finding) -> str:
    text = printable(" / ".join((finding.text or "").splitlines()))
    if finding.value is not None:
        classes = dict(finding.distribution)
        label = max(classes, key=lambda name: classes[name], default="")
        text = f"{finding.value:+.2f} {label}"
    if finding.doubtful:
        text = f"{text} ({_doubt(finding)})"
    when = f"{_clock(finding.t0)} - {_clock(finding.t1)}  " if finding.t1 > finding.t0 else ""
    return f"{when}{finding.kind}: {text}"


def _doubt(caption: Finding) -> str:
    return f"unsure, {caption.confidence or 0.0:.0%}"


def _progress_line(event: Progress) -> str:
    parts = [printable(event.path.name), str(event.stage)]
    if event.fraction is not None:
        parts.append(f"{event.fraction:.0%}")
    if event.speed is not None:
        parts.append(f"{event.speed:.1f}x")
    if event.remaining is not None:
        parts.append(f"{_clock(event.remaining)} left")
    return "  ".join(parts)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(max(0.0, seconds), 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{rest:04.1f}" if hours else f"{minutes}:{rest:04.1f}"

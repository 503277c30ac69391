"""The report as PDF: printed by Qt in a process of its own, because the core knows no Qt."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from mmdesk.analysis.passport import passport_record
from mmdesk.config.catalogue import Catalogue
from mmdesk.control import Control
from mmdesk.errors import NotInstalled
from mmdesk.export.report import print_report
from mmdesk.export.result import Result
from mmdesk.export.writing import partial_file
from mmdesk.sentences import sentence

# The front end that knows Qt; started as a process, never imported.
_PRINTER = "mmdesk.gui.printing"
_SECONDS = 300.0


def write_pdf(
    result: Result, target: Path, catalogue: Catalogue | None, replace: bool, control: Control
) -> None:
    """Writes the report; the other process gets it on its standard input, not on its command line.

    Raises:
        NotInstalled: Qt does not start here, with its reason.
        NoSpace: The disk is full.
        NotWritable: The file cannot be written, or is there and must not be replaced.
        Cancelled: The person stopped the work.
    """
    page = print_report(result, catalogue, control)
    asked = {"html": page, "passport": json.dumps(passport_record(result.passport))}
    with partial_file(target, replace) as partial:
        partial.touch(exist_ok=False)
        _print(json.dumps(asked).encode(), partial, control)


def _print(asked: bytes, target: Path, control: Control) -> None:
    command = [sys.executable, "-m", _PRINTER, str(target)]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process,
        control.on_cancel(process.kill),
    ):
        try:
            told, said = process.communicate(asked, timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            told, said = b"", b"no answer"
    control.checkpoint()
    if told.isdigit():
        raise OSError(int(told), "the file could not be written")
    if process.returncode != 0 or target.stat().st_size == 0:
        raise _no_printer(said.decode("utf-8", "replace").strip().rpartition("\n")[2])


def _no_printer(reason: str) -> NotInstalled:
    return NotInstalled(
        sentence("The PDF could not be made: {reason}", reason=reason or "the printing process failed"),
        sentence("Save the HTML report and print it from a browser instead."),
    )

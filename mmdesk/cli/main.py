"""Arguments of the command line, and what each command is."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from mmdesk.cli.exits import FAILED
from mmdesk.cli.result_commands import add_result_commands, run_result_command
from mmdesk.config.paths import log_dir
from mmdesk.jobs.faults import log_kept
from mmdesk.runtime.device import Device

_LANGUAGES = {"en": ("en",), "zh": ("zh",), "all": ("en", "zh")}
_EPILOG = (
    "exit codes: 0 all done; 1 some files failed, the others are done; 2 wrong usage; "
    "130 stopped with Ctrl-C, what was found is kept"
)


def main(arguments: Sequence[str]) -> int:
    """Runs a command.

    Args:
        arguments: Without the program's name.

    Returns:
        The exit code: 0 all done, 1 some files failed, 130 stopped with Ctrl-C.

    Raises:
        SystemExit: With 2 for wrong usage, with 0 after `--help` and `--version`.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "analyze" and not (options.paths or options.go_on or options.retry_failed):
        parser.error("name a file or folder, or say --continue or --retry-failed")
    _print_anything()
    with log_kept(log_dir()):
        try:
            return _run(options)
        except BrokenPipeError:
            return _nobody_reads()


def _run(options: argparse.Namespace) -> int:
    if options.command == "doctor":
        from mmdesk.cli.doctor import doctor

        return doctor()
    if options.command == "ask":
        from mmdesk.cli.ask import ask

        return ask(options.image, options.question, options.language, Device(options.device), options.json)
    code = run_result_command(options)
    if code is not None:
        return code
    from mmdesk.analysis.folder import Selection
    from mmdesk.cli.analyze import Analysis, Batch, analyze, caption

    languages, device = _LANGUAGES[options.language], Device(options.device)
    if options.command == "caption":
        return caption(Analysis((options.image,), languages, device))
    selection = Selection(tuple(options.include), tuple(options.exclude), not options.no_recursive)
    batch = Batch(selection, options.retry_failed, options.go_on, options.watch, options.outcomes)
    return analyze(Analysis(tuple(options.paths), languages, device, options.out, batch), options.json)


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="mmdesk",
        description="Understands pictures, video, sound and text together, on your own machine.",
        epilog="Without a command, mmdesk opens its window with the files that are named.",
    )
    top.add_argument("--version", action="version", version=f"mmdesk {version('mmdesk')}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    analyze = commands.add_parser("analyze", help="analyse files and folders", epilog=_EPILOG)
    analyze.add_argument("paths", metavar="PATH", nargs="*", type=_path, help="a file or folder")
    analyze.add_argument("--json", action="store_true", help="print one JSON object a line, and nothing else")
    analyze.add_argument(
        "--out", metavar="DIR", type=_path, help="save SRT, WebVTT, CSV and JSON Lines there"
    )
    _add_batch(analyze)
    caption = commands.add_parser("caption", help="say what a picture shows", epilog=_EPILOG)
    caption.add_argument("image", metavar="IMAGE", type=_path, help="a picture")
    for command in (analyze, caption):
        _add_common(command)
    _add_ask(commands.add_parser("ask", help="answer a question about a picture", epilog=_EPILOG))
    add_result_commands(commands.add_parser, _path)
    commands.add_parser("doctor", help="show what is installed and what works, for a bug report")
    return top


def _add_ask(command: argparse.ArgumentParser) -> None:
    command.add_argument("image", metavar="IMAGE", type=_path, help="a picture")
    command.add_argument(
        "question", metavar="QUESTION", help="what, who, where, how many, what color, yes or no"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object, and nothing else")
    command.add_argument(
        "--language",
        choices=("en", "zh"),
        help="of question and answer (default: as the question is written)",
    )
    _add_device(command)


def _add_device(command: argparse.ArgumentParser) -> None:
    devices = [str(device) for device in Device]
    command.add_argument("--device", choices=devices, default="auto", help="where to compute (default: auto)")


def _add_batch(command: argparse.ArgumentParser) -> None:
    """What is done already with the same models and settings is never done again."""
    for name, help_text in (
        ("--include", "only files of folders whose name or path fits, as in '*.mp4' (may be repeated)"),
        ("--exclude", "leave out files of folders that fit (may be repeated)"),
    ):
        command.add_argument(name, metavar="PATTERN", action="append", default=[], help=help_text)
    command.add_argument("--no-recursive", action="store_true", help="leave folders in folders out")
    command.add_argument("--watch", action="store_true", help="wait for more files until Ctrl-C")
    command.add_argument(
        "--continue", dest="go_on", action="store_true", help="go on with what a killed program left"
    )
    command.add_argument("--retry-failed", action="store_true", help="do what failed in the last batch again")
    command.add_argument(
        "--outcomes", metavar="FILE", type=_path, help="write a table (CSV) of how each file went"
    )


def _add_common(command: argparse.ArgumentParser) -> None:
    _add_device(command)
    command.add_argument(
        "--language", choices=tuple(_LANGUAGES), default="en", help="language of the captions (default: en)"
    )


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("a name must not be empty")
    return Path(text)


def _print_anything() -> None:
    """Lets file names and captions be printed whatever the terminal's encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _nobody_reads() -> int:
    """The program behind our pipe has ended (as `head` does): there is nobody to print for."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED

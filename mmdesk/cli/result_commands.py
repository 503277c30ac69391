"""Arguments of the commands about results that are kept: `export`, `verify`, `import`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from mmdesk.runtime.device import Device

_FORMATS = "srt, vtt, txt, csv, parquet, jsonl, eaf, xmp, html, pdf, clips, frames"
_EXITS = "exit codes: 0 all done; 1 something was not done or has changed; 2 wrong usage; 130 stopped"


def add_result_commands(add: Callable[..., argparse.ArgumentParser], path: Callable[[str], Path]) -> None:
    """Describes the commands.

    Args:
        add: `add_parser` of the command line's commands.
        path: Reads a path.
    """
    source = "a recording that was analysed, or a file that mmdesk exported"
    export = add("export", help="write results in formats of other programs", epilog=_EXITS)
    export.add_argument("sources", metavar="FILE", nargs="+", type=path, help=source)
    export.add_argument("--format", required=True, metavar="FORMATS", help=f"with commas: {_FORMATS}; or all")
    export.add_argument("--to", required=True, metavar="DIR", type=path, help="the folder to write into")
    export.add_argument(
        "--lines",
        choices=("all", "captions", "transcript"),
        default="all",
        help="what becomes lines in srt, vtt and txt (default: all)",
    )
    export.add_argument("--language", choices=("en", "zh"), default="en", help="of reports (default: en)")
    export.add_argument("--replace", action="store_true", help="replace files that are there already")
    verify = add("verify", help="say whether a result can still be trusted", epilog=_EXITS)
    verify.add_argument("source", metavar="RESULT", type=path, help=source)
    verify.add_argument("--media", metavar="FILE", type=path, help="where the recording lies now")
    verify.add_argument(
        "--rerun", metavar="N", type=_count, default=0, help="compute N random findings again"
    )
    verify.add_argument("--seed", metavar="N", type=int, help="choose the same findings as another time")
    verify.add_argument(
        "--tolerance",
        metavar="X",
        type=float,
        default=1e-3,
        help="largest difference that passes (default: 0.001)",
    )
    devices = [str(device) for device in Device]
    verify.add_argument("--device", choices=devices, default="auto", help="where to compute (default: auto)")
    back = add("import", help="take over corrections from an edited export", epilog=_EXITS)
    back.add_argument("edited", metavar="EDITED", type=path, help="an edited .eaf, .srt, .vtt or .csv")
    back.add_argument("--into", metavar="FILE", type=path, help="the recording that it belongs to")
    back.add_argument("--apply", action="store_true", help="take it over; otherwise it is only shown")


def run_result_command(options: argparse.Namespace) -> int | None:
    """Runs one of the commands; None when it is another."""
    if options.command == "export":
        return _export(options)
    if options.command == "verify":
        from mmdesk.cli.verify import Verifying, verify

        device = Device(options.device)
        about = options.rerun, options.seed, device, options.tolerance
        return verify(Verifying(options.source, options.media, *about))
    if options.command == "import":
        from mmdesk.cli.importing import import_corrections

        return import_corrections(options.edited, options.into, options.apply)
    return None


def _export(options: argparse.Namespace) -> int:
    from mmdesk.cli.exits import USAGE
    from mmdesk.cli.export import Exporting, export_results, formats_of
    from mmdesk.cli.printing import say_aside
    from mmdesk.export.cues import Lines

    try:
        formats = formats_of(options.format)
    except ValueError as failure:
        say_aside(f"{failure}; known are {_FORMATS}")
        return USAGE
    sources, lines = tuple(options.sources), Lines(options.lines)
    return export_results(Exporting(sources, formats, options.to, lines, options.language, options.replace))


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("a count must not be negative")
    return count

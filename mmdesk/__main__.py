"""Chooses the front end: a subcommand is the command line, anything else opens the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence

_COMMAND_LINE = frozenset({"analyze", "ask", "caption", "doctor", "export", "import", "verify"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program.

    `mmdesk COMMAND ...` runs a command, `mmdesk [FILE ...]` opens the window with the files. A file
    that is called like a command is opened as `./analyze`, files that begin with a dash after `--`.

    Args:
        arguments: Without the program's name; those of the process when None.

    Returns:
        The exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and (given[0] in _COMMAND_LINE or (given[0].startswith("-") and given[0] != "--")):
        from mmdesk.cli.main import main as command_line

        return command_line(given)
    from mmdesk.gui.app import main as window

    return window(given[1:] if given[:1] == ["--"] else given)


if __name__ == "__main__":
    sys.exit(main())

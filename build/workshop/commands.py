"""The commands of `build/dev.py`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from workshop import checks, locks
from workshop.checkout import RESULTS, ROOT, SAMPLE, shown
from workshop.environment import clean_environment, ready_python
from workshop.problem import Problem, say
from workshop.system import FOR_A_SCREEN, FOR_ANALYSIS, FOR_QT, has_display, need

# The first word after `run` that already says what to do without a window.
_IN_THE_TERMINAL = ("analyze", "caption", "doctor", "-h", "--help", "--version")


def run(arguments: list[str]) -> int:
    """Opens the window; without a display, analyses in the terminal."""
    if arguments and arguments[0] in _IN_THE_TERMINAL:
        need(FOR_ANALYSIS)
        return _become(["-m", "mmdesk", *arguments])
    if has_display():
        need(FOR_A_SCREEN)
        return _become(["-m", "mmdesk", *(arguments or [str(SAMPLE)])])
    say("There is no display here, so this analyses in the terminal what the window would have shown.")
    need(FOR_ANALYSIS)
    return _become(["-m", "mmdesk", "analyze", *(arguments or [str(SAMPLE)]), "--out", str(RESULTS)])


def test(arguments: list[str]) -> int:
    """Runs the test suite, the window included, without a display."""
    need(FOR_QT)
    os.chdir(ROOT)
    return _become(["-m", "pytest", *arguments], {"QT_QPA_PLATFORM": "offscreen"})


def check(arguments: list[str]) -> int:
    """Format, lint, types, import contracts, translations; all of them, then the verdict."""
    _none(arguments)
    return checks.check(ready_python())


def check_models(arguments: list[str]) -> int:
    """Types and smoke runs of the recipes with a Python that has PyTorch: check-models PYTHON [PACK...]."""
    if not arguments:
        raise Problem("Which Python has PyTorch? python build/dev.py check-models PATH-OF-THAT-PYTHON")
    return checks.check_models(ready_python(), Path(arguments[0]), arguments[1:])


def setup(arguments: list[str]) -> int:
    """Sets up and does nothing else."""
    _none(arguments)
    say(f"Ready: {shown(ready_python())}")
    return 0


def lock(arguments: list[str]) -> int:
    """Writes both lock files anew from pyproject.toml; --upgrade takes the newest releases."""
    return locks.lock(ready_python(), arguments)


def translations(arguments: list[str]) -> int:
    """Brings the catalogues in step with the texts in the program."""
    _none(arguments)
    return _call(["-m", "translations", "update"], {"PYTHONPATH": str(ROOT / "build")})


def samples(arguments: list[str]) -> int:
    """Renders the sample clip (needs espeak-ng and, for the pictures, fetches scikit-image)."""
    return _call(["-m", "samples", *arguments], {"PYTHONPATH": str(ROOT / "build")})


def bench(arguments: list[str]) -> int:
    """Runs the benchmarks, or those named."""
    need(FOR_QT)
    return _call(["-m", "bench", *arguments], {"PYTHONPATH": str(ROOT / "build")})


_COMMANDS: tuple[Callable[[list[str]], int], ...] = (
    run,
    test,
    check,
    check_models,
    setup,
    lock,
    translations,
    samples,
    bench,
)


def main(argv: list[str]) -> int:
    """Runs one command.

    Args:
        argv: The command's name and its arguments.

    Returns:
        The exit code.
    """
    by_name = {command.__name__.replace("_", "-"): command for command in _COMMANDS}
    parser = argparse.ArgumentParser(
        prog="python build/dev.py",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:13} {command.__doc__}" for name, command in by_name.items()),
    )
    parser.add_argument("command", choices=sorted(by_name), metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on")
    chosen = parser.parse_args(argv)
    try:
        return by_name[chosen.command](chosen.arguments)
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _none(arguments: list[str]) -> None:
    if arguments:
        raise Problem(f"This command takes no arguments: {' '.join(arguments)}")


def _environment(extra: dict[str, str] | None) -> dict[str, str]:
    return {**clean_environment(), **(extra or {})}


def _call(arguments: list[str], extra: dict[str, str] | None = None) -> int:
    command = [str(ready_python()), *arguments]
    return subprocess.run(command, env=_environment(extra), check=False).returncode


def _become(arguments: list[str], extra: dict[str, str] | None = None) -> int:
    """Hands the process over where it can, so that signals and the terminal belong to the program."""
    python = str(ready_python())
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(python, [python, *arguments], _environment(extra))
    return _call(arguments, extra)

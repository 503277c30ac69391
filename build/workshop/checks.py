"""What `make check` looks at."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from workshop.checkout import ROOT
from workshop.environment import clean_environment
from workshop.problem import say
from workshop.torchless import checked_files, training_files


def check(python: Path) -> int:
    """Runs every check, also after one has failed.

    Args:
        python: The interpreter of `.venv`.

    Returns:
        0 when all passed, otherwise 1.
    """
    files = [str(file.relative_to(ROOT)) for file in checked_files()]
    steps = {
        "format": ["-m", "ruff", "format", "--check", "--quiet", "--diff", "."],
        "lint": ["-m", "ruff", "check", "--quiet", "."],
        "types": ["-m", "mypy", *files],
        "import contracts": [
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            "--no-logo",
        ],
        "translations": ["-m", "translations", "check"],
    }
    failed = [name for name, arguments in steps.items() if not _passes(name, [str(python), *arguments])]
    say("Checks failed: " + ", ".join(failed) if failed else "All checks passed.")
    return 1 if failed else 0


def check_models(python: Path, with_torch: Path, recipes: Sequence[str]) -> int:
    """Checks the types of the training recipes, and tries each on tiny made-up data.

    Args:
        python: The interpreter of `.venv`, which has mypy.
        with_torch: An interpreter that has PyTorch and what the program needs.
        recipes: Which to try; all where none is named.
    """
    files = [str(file.relative_to(ROOT)) for file in sorted(training_files())]
    steps = {
        "types of the recipes": [str(python), "-m", "mypy", "--python-executable", str(with_torch), *files],
        "smoke runs of the recipes": [str(with_torch), "build/models/smoke.py", *recipes],
    }
    failed = [name for name, command in steps.items() if not _passes(name, command)]
    say("Checks failed: " + ", ".join(failed) if failed else "All checks passed.")
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    say(f"— {name}")
    build = str(ROOT / "build")
    environment = {**clean_environment(), "PYTHONPATH": build, "COLUMNS": os.environ.get("COLUMNS", "120")}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0

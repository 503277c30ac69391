"""The lock files: every release with its hashes, for every system, and no index addresses."""

from __future__ import annotations

import subprocess
from pathlib import Path

from workshop.checkout import CUDA_LOCK, LOCK, ROOT
from workshop.environment import clean_environment

_COMPILE = ("pip", "compile", "pyproject.toml", "--group", "dev", "--universal", "--generate-hashes")
_STYLE = ("--python-version", "3.11", "--no-header", "--quiet")


def lock(python: Path, arguments: list[str]) -> int:
    """Resolves pyproject.toml twice: without and with the CUDA libraries.

    Args:
        python: The interpreter of `.venv`; uv, which resolves for all systems at once, is put beside it.
        arguments: Passed on to `uv pip compile` (`--upgrade`).
    """
    environment = clean_environment()
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "uv"], env=environment, check=True)
    for target, extra in ((LOCK, ()), (CUDA_LOCK, ("--extra", "cuda", "--constraint", LOCK.name))):
        command = [
            str(python),
            "-m",
            "uv",
            *_COMPILE,
            *extra,
            *_STYLE,
            "--output-file",
            target.name,
            *arguments,
        ]
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if code:
            return code
    return 0

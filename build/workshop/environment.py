"""The virtual environment `.venv` of this checkout: made, kept in step with the lock, and mended.

A stamp inside it says what it was made from, and is written last and removed first: an environment
without a stamp was interrupted and is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from workshop.checkout import CUDA_LOCK, LOCK, ROOT, VENV, python_of
from workshop.cuda import wants_cuda
from workshop.exclusive import exclusive
from workshop.problem import Problem, say
from workshop.system import need

_STAMP = "mmdesk-stamp.json"
_PART_OF_PYTHON = {"pip", "setuptools", "wheel"}


def ready_python() -> Path:
    """The interpreter of an environment that holds exactly what the lock says, made when needed.

    Raises:
        Problem: It could not be made; says why.
    """
    wanted = _wanted()
    if _stamp() != wanted:
        with exclusive(ROOT / ".venv.lock"):
            if _stamp() != wanted:
                _make(wanted)
    return python_of(VENV)


def clean_environment() -> dict[str, str]:
    """The person's environment without what would make Python look elsewhere than in `.venv`."""
    drop = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in drop}


def _wanted() -> dict[str, str]:
    lock = CUDA_LOCK if wants_cuda() else LOCK
    return {
        "lock": lock.name,
        "lock_sha256": _sha256(lock),
        "pyproject_sha256": _sha256(ROOT / "pyproject.toml"),
        "checkout": str(ROOT),
        "python": ".".join(map(str, sys.version_info[:2])),
    }


def _sha256(file: Path) -> str:
    # Line endings differ where git changes them.
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _stamp() -> dict[str, str] | None:
    try:
        stamp: dict[str, str] = json.loads((VENV / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if python_of(VENV).exists() else None


def _make(wanted: dict[str, str]) -> None:
    before = _stamp()
    same_place = before is not None and all(before[key] == wanted[key] for key in ("checkout", "python"))
    if not same_place:
        _make_empty()
    (VENV / _STAMP).unlink(missing_ok=True)
    if before is None or not same_place or before["lock_sha256"] != wanted["lock_sha256"]:
        _install_locked(ROOT / wanted["lock"])
        _remove_unlocked(ROOT / wanted["lock"])
    _pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    partial = VENV / (_STAMP + ".partial")
    partial.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
    partial.replace(VENV / _STAMP)


def _make_empty() -> None:
    if VENV.exists():
        say("The virtual environment .venv is unfinished or was made elsewhere; making it anew.")
        shutil.rmtree(VENV)
    need({})
    say("Making the virtual environment .venv …")
    # In a process of its own: after apt-get, this one may have looked for ensurepip too early.
    done = subprocess.run(
        [sys.executable, "-m", venv.__name__, str(VENV)], env=clean_environment(), check=False
    )
    if done.returncode:
        raise Problem(f"{sys.executable} -m venv failed with exit code {done.returncode}.")


def _install_locked(lock: Path) -> None:
    packages = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line)
    say(f"Installing up to {packages} packages from {lock.name}; the first time takes a few minutes …")
    _pip("install", "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock))


def _remove_unlocked(lock: Path) -> None:
    """Removes what an older lock had, so that nothing is imported that the next machine will not have."""
    text = lock.read_text(encoding="utf-8")
    locked = {_canonical(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
    command = [str(python_of(VENV)), "-m", "pip", "list", "--exclude-editable", "--format", "json"]
    listed = subprocess.run(command, env=clean_environment(), check=True, stdout=subprocess.PIPE).stdout
    found = {_canonical(package["name"]) for package in json.loads(listed)}
    if extra := sorted(found - locked - _PART_OF_PYTHON):
        _pip("uninstall", "--yes", *extra)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pip(*arguments: str) -> None:
    quiet = () if sys.stdout.isatty() else ("--quiet",)
    command = [str(python_of(VENV)), "-m", "pip", "--disable-pip-version-check", *arguments, *quiet]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment(), check=False)
    if done.returncode:
        raise Problem("The installation did not succeed; pip says why above. Running this again goes on.")

"""The set-up script makes, keeps and mends `.venv`, in a small checkout of its own and without a network."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_ENDS_WITHIN = 120.0

_PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
_BACKEND = """
import zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "desk-1.0-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        wheel.writestr("desk.pth", "")
        wheel.writestr("desk-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: desk\\nVersion: 1.0\\n")
        wheel.writestr("desk-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr("desk-1.0.dist-info/RECORD", "")
    return name
"""


def _wheel(folder: Path, version: str, name: str = "told") -> str:
    """Makes a wheel of a package that says its version, and returns its line in a lock."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr(f"{name}.py", f"version = {version!r}\n")
        info = f"{name}-{version}.dist-info"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the real script, one locked package, and a path that people really have."""
    root = tmp_path_factory.mktemp("set-up") / "我的 desk"
    shutil.copytree(_ROOT / "build" / "workshop", root / "build" / "workshop")
    shutil.copy(_ROOT / "build" / "dev.py", root / "build")
    (root / "pyproject.toml").write_text(_PYPROJECT)
    (root / "backend.py").write_text(_BACKEND)
    for lock in ("requirements.lock", "requirements-cuda.lock"):
        (root / lock).write_text(_wheel(root / "wheels", "1") + _wheel(root / "wheels", "1", "dropped"))
    return root


def _start(root: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": (root / "wheels").as_uri()}
    return subprocess.Popen(
        [sys.executable, str(root / "build" / "dev.py"), "setup"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def _set_up(root: Path) -> str:
    with _start(root) as process:
        out, _ = process.communicate(timeout=_ENDS_WITHIN)
    assert process.returncode == 0, out
    return out


def _told(root: Path) -> str:
    python = root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    script = "import told; print(told.version)"
    return subprocess.run(
        [str(python), "-c", script], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_two_at_the_same_time_make_one_environment(checkout: Path) -> None:
    with _start(checkout) as first, _start(checkout) as second:
        said = [process.communicate(timeout=_ENDS_WITHIN)[0] for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), said
    assert sum("Making the virtual environment" in out for out in said) == 1
    assert _told(checkout) == "1"
    assert list((checkout / ".venv").rglob("dropped*"))


def test_a_finished_set_up_is_left_alone(checkout: Path) -> None:
    _set_up(checkout)
    assert _set_up(checkout).splitlines() == [
        line for line in _set_up(checkout).splitlines() if "Ready" in line
    ]


def test_a_changed_lock_is_followed(checkout: Path) -> None:
    _set_up(checkout)
    for lock in ("requirements.lock", "requirements-cuda.lock"):
        (checkout / lock).write_text(_wheel(checkout / "wheels", "2"))
    out = _set_up(checkout)
    assert "Making the virtual environment" not in out
    assert _told(checkout) == "2"
    assert not list((checkout / ".venv").rglob("dropped*"))


def test_an_interrupted_set_up_is_made_anew(checkout: Path) -> None:
    _set_up(checkout)
    (checkout / ".venv" / "mmdesk-stamp.json").unlink()
    (checkout / ".venv" / "pyvenv.cfg").unlink()
    assert "making it anew" in _set_up(checkout)
    assert _told(checkout) == "2"


def test_a_file_with_another_hash_is_refused(checkout: Path) -> None:
    _set_up(checkout)
    _wheel(checkout / "wheels", "3")
    good = (checkout / "requirements.lock").read_text()
    bad = "told==3 --hash=sha256:" + "0" * 64 + "\n"
    for lock in ("requirements.lock", "requirements-cuda.lock"):
        (checkout / lock).write_text(bad)
    with _start(checkout) as process:
        out, _ = process.communicate(timeout=_ENDS_WITHIN)
    for lock in ("requirements.lock", "requirements-cuda.lock"):
        (checkout / lock).write_text(good)
    assert process.returncode == 1
    assert "The installation did not succeed" in out
    _set_up(checkout)
    assert _told(checkout) == "2"


def test_a_moved_checkout_is_made_anew(checkout: Path) -> None:
    _set_up(checkout)
    moved = checkout.with_name("moved")
    shutil.copytree(checkout, moved, symlinks=True)
    assert "making it anew" in _set_up(moved)
    stamp = json.loads((moved / ".venv" / "mmdesk-stamp.json").read_text(encoding="utf-8"))
    assert stamp["checkout"] == str(moved)
    assert _told(moved) == "2"

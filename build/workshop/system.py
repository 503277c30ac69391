"""Packages of the operating system that the wheels need and a bare machine lacks.

The lists were made with `ldd` over the wheels' libraries in a Debian 12 that holds nothing but python3.
Without its libraries Qt ends the process with no Python exception, so they are looked for first.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

from workshop.checkout import VENV, python_of
from workshop.problem import Problem, say

# Shared library -> package of Debian and Ubuntu.
FOR_ANALYSIS = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
}
FOR_QT = {
    **FOR_ANALYSIS,
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libXrandr.so.2": "libxrandr2",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdrm.so.2": "libdrm2",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libpulse.so.0": "libpulse0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
FOR_A_SCREEN = {
    **FOR_QT,
    "libICE.so.6": "libice6",
    "libSM.so.6": "libsm6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def has_display() -> bool:
    """Whether a window can be shown to somebody."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def need(libraries: Mapping[str, str]) -> None:
    """Makes sure that shared libraries load, and that a `.venv` can be made where there is none yet.

    Installs the missing packages where it may, all at once.

    Args:
        libraries: Debian's package by library name.

    Raises:
        Problem: Something is missing and could not be installed; names the packages.
    """
    missing = _missing(libraries)
    if not missing:
        return
    packages = sorted(set(missing.values()))
    if not _may_install():
        raise Problem(_please_install(packages, "Missing on this system: " + ", ".join(missing)))
    _install(packages)
    importlib.invalidate_caches()
    if missing := _missing(libraries):
        raise Problem("Still missing after the installation: " + ", ".join(missing))


def _missing(libraries: Mapping[str, str]) -> dict[str, str]:
    """Debian's package by what is missing."""
    found = missing_libraries(libraries)
    if not python_of(VENV).exists() and not _can_make_venv():
        found["Python's ensurepip"] = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return found


def missing_libraries(libraries: Mapping[str, str]) -> dict[str, str]:
    """Those that cannot be loaded here; none where the wheels bring all they need (Windows, macOS)."""
    if not sys.platform.startswith("linux"):
        return {}
    return {name: package for name, package in libraries.items() if not _loads(name)}


def _can_make_venv() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _is_debian() -> bool:
    return shutil.which("apt-get") is not None


def _may_install() -> bool:
    return _is_debian() and hasattr(os, "geteuid") and os.geteuid() == 0


def _please_install(packages: list[str], what: str) -> str:
    names = " ".join(packages)
    if _is_debian():
        return f"{what}.\nPlease install them with\n  sudo apt-get update && sudo apt-get install -y {names}"
    return f"{what}.\nPlease install what your system calls these packages of Debian: {names}"


def _install(packages: list[str]) -> None:
    say("Installing system packages: " + " ".join(packages))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "-q", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Problem(f"apt-get {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")

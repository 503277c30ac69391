"""What Qt needs from the system, looked at before Qt starts (it aborts without an exception)."""

from __future__ import annotations

import ctypes
import os
import sys

_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
_ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
_FOREIGN_QT = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def clear_foreign_qt() -> None:
    """Removes what OpenCV's wheel sets for its own Qt, which ours could not load."""
    for name in _FOREIGN_QT:
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def needs_x11() -> bool:
    """Whether Qt will talk to an X server here."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if chosen:
        return chosen.startswith("xcb")
    return bool(os.environ.get("DISPLAY")) and not os.environ.get("WAYLAND_DISPLAY")


def missing_packages() -> tuple[str, ...]:
    """Debian packages without which Qt cannot start here, sorted; none outside Linux."""
    if not sys.platform.startswith("linux"):
        return ()
    wanted = _ALWAYS | (_LIBRARIES if needs_x11() else {})
    return tuple(sorted({package for library, package in wanted.items() if not _loads(library)}))


def has_display() -> bool:
    """Whether there is a screen (or a platform without one was asked for)."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


NO_DISPLAY = (
    "There is no display here, so no window can open. In the terminal this does the same:\n"
    "  mmdesk analyze FILE..."
)


def missing_words(packages: tuple[str, ...]) -> str:
    """What to do about missing packages; English, since nothing that could translate is there yet."""
    return (
        "The window needs system libraries that are missing here. On Debian or Ubuntu install them with\n"
        f"  sudo apt-get install {' '.join(packages)}"
    )

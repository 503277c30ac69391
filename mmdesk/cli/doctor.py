"""The command `doctor`: what is installed and what works, ready to be pasted into a bug report.

It holds no names or contents of the person's files: the home folder is written as `~`.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mmdesk.cli.exits import DONE, FAILED
from mmdesk.cli.printing import say
from mmdesk.config.paths import packs_dirs
from mmdesk.errors import MmdeskError, PackError
from mmdesk.packs.pack import Pack, find_packs
from mmdesk.packs.resting import vision_pack
from mmdesk.runtime.device import Choice, Device, choose, device_reports
from mmdesk.tasks.loading import close, load_graphs

_LIBRARIES = (
    "PySide6",
    "onnxruntime-gpu",
    "onnxruntime",
    "numpy",
    "opencv-python",
    "tokenizers",
    "av",
    "pillow",
    "platformdirs",
    "charset-normalizer",
    "jinja2",
    "pypdf",
    "pyarrow",
)


def doctor() -> int:
    """Prints the report.

    Returns:
        0 when everything works; 1 when a pack is damaged, none is there or the CPU does not compute.
    """
    works = True
    for good, line in _report():
        works = works and good
        say(_private(line))
    return DONE if works else FAILED


def _report() -> Iterator[tuple[bool, str]]:
    yield True, f"mmdesk {version('mmdesk')}"
    yield True, f"Python {platform.python_version()} ({platform.python_implementation()})"
    yield True, f"System {platform.system()} {platform.release()}, {platform.machine()}"
    for name in _LIBRARIES:
        yield True, f"{name} {_version(name)}"
    for report in device_reports():
        state = f"computes ({report.provider})" if report.computes else f"does not compute: {report.detail}"
        yield report.computes or report.device is not Device.CPU, f"Device {report.device}: {state}"
    yield from _packs()


def _packs() -> Iterator[tuple[bool, str]]:
    packs = find_packs(packs_dirs())
    if not packs:
        yield False, "No model pack is installed."
        return
    choice = choose(Device.AUTO)
    for pack in packs:
        if isinstance(pack, PackError):
            yield False, f"Pack {pack.pack}: {pack}"
        else:
            yield _answers(pack, choice, packs)


def _answers(pack: Pack, choice: Choice, installed: Sequence[Pack | PackError]) -> tuple[bool, str]:
    """Loads every graph of a pack, which compares it with its known answers, and finds what it rests on."""
    manifest = pack.manifest
    name = f"Pack {manifest.name} {manifest.version} ({', '.join([manifest.precision, *manifest.languages])})"
    try:
        for reference in manifest.rests_on:
            vision_pack(pack, reference, installed)
        sessions = load_graphs(pack, dict.fromkeys(manifest.graphs), choice)
    except MmdeskError as failure:
        return False, f"{name}: whole, but: {failure}"
    providers = ", ".join(sorted({session.provider for session in sessions.values()}))
    close(sessions)
    licence = "research use" if manifest.licence.research_only else manifest.licence.weights
    return True, f"{name}: whole, gives its known answers on {providers}; {_size(pack)}; licence: {licence}"


def _size(pack: Pack) -> str:
    return f"{sum(file.bytes for file in pack.manifest.files.values()) / 2**20:.1f} MiB"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _private(line: str) -> str:
    """A line without the person's home folder, which holds their name."""
    return line.replace(str(Path.home()), "~")

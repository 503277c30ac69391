"""What holds for every test: no screen, no internet, an own home, no leaked threads, no stray logs."""

from __future__ import annotations

import importlib.util
import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_SANDBOX = Path(__file__).parent / "house" / "sandbox"
# Set by `import cv2` and pointing to OpenCV's own Qt, which is not ours.
_QT_OF_OPENCV = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_THREADS_END_WITHIN = 5.0

_NETWORK = Path(tempfile.gettempdir()) / f"mmdesk-test-network-{os.getpid()}"


def pytest_configure() -> None:
    """Sets up the process before the first test module is imported."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # For tests that import the library themselves; the program sees to this on its own (tests/house).
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ["MMDESK_TEST_NETWORK"] = str(_NETWORK)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_SANDBOX), *_inherited_path()])
    spec = importlib.util.spec_from_file_location("house_sandbox", _SANDBOX / "sitecustomize.py")
    if spec is None or spec.loader is None:
        raise RuntimeError(f"no sandbox in {_SANDBOX}")
    sandbox = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sandbox)
    sandbox.refuse_internet()


def pytest_unconfigure() -> None:
    """Removes the file that refused connections are written into."""
    _NETWORK.unlink(missing_ok=True)


def _inherited_path() -> list[str]:
    before = os.environ.get("PYTHONPATH", "")
    return [folder for folder in before.split(os.pathsep) if folder and Path(folder) != _SANDBOX]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Removes OpenCV's Qt folders before pytest-qt makes the application."""
    for name in _QT_OF_OPENCV:
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for settings, results and logs of this test only."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MMDESK_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fails a test that leaves a file in the top folder of the checkout."""
    before = _top_folder()
    yield
    assert _top_folder() <= before


def _top_folder() -> set[str]:
    # Hidden ones are caches of the tools.
    return {file.name for file in Path(__file__).parents[1].iterdir() if not file.name.startswith(".")}


@pytest.fixture(autouse=True)
def no_internet() -> Iterator[None]:
    """Fails a test that tried to reach the internet, here or in a process that it started."""
    _NETWORK.write_text("")
    yield
    tries = _NETWORK.read_text(encoding="utf-8")
    assert not tries, f"tried to reach the internet: {tries}"


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fails a test that leaves a Python thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _THREADS_END_WITHIN
    while (left := _running(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left, f"threads still running: {[thread.name for thread in left]}"


def _running(before: set[threading.Thread]) -> list[threading.Thread]:
    # Python never removes the stand-ins ("Dummy-1") of foreign threads that once called into it.
    alive = (thread for thread in threading.enumerate() if thread not in before)
    return [thread for thread in alive if not thread.name.startswith("Dummy-")]


@pytest.fixture(autouse=True)
def no_stray_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test that logs a warning or worse; a test that expects one checks it and clears `caplog`."""
    yield
    stray = [
        r for when in ("setup", "call") for r in caplog.get_records(when) if r.levelno >= logging.WARNING
    ]
    assert not stray, f"stray log records: {[record.getMessage() for record in stray]}"

"""Law 7: no network in the run path, native libraries included."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house.no_internet import supported

_ROOT = Path(__file__).parents[2]
_LAUNCHER = Path(__file__).parent / "no_internet.py"
_SAMPLE = _ROOT / "resources" / "samples" / "sample.mp4"

pytestmark = pytest.mark.skipif(not supported(), reason="needs seccomp (Linux on x86-64 or 64-bit Arm)")


def _start(*arguments: str, home: Path | None = None) -> subprocess.Popen[str]:
    # Without the gentler sandbox of the other tests, so that the system itself is asked, and without what
    # tells libraries that they run in a test or on a build machine: some would then keep quiet.
    kept = ("PATH", "LANG", "LD_LIBRARY_PATH", "MMDESK_HOME", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name in kept}
    return subprocess.Popen(
        [sys.executable, str(_LAUNCHER), *arguments],
        cwd=_ROOT,
        env=environment | ({"HOME": str(home)} if home else {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_the_launcher_kills_what_opens_an_internet_socket(family: str) -> None:
    with _start("-c", f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)") as process:
        assert process.wait() == -signal.SIGSYS


def test_the_launcher_lets_other_programs_be() -> None:
    with _start("-c", "import socket; socket.socketpair(); print('fine')") as process:
        assert process.communicate() == ("fine\n", "")


def test_an_analysis_opens_no_connection_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (home := tmp_path / "home").mkdir()
    analyze = ("-m", "mmdesk", "analyze", str(_SAMPLE), "--json", "--out", str(tmp_path / "out"))
    with _start(*analyze, home=home) as process:
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert [json.loads(line)["type"] for line in out.splitlines()][-1] == "finished"
    # Libraries that report home keep an identifier and a queue here, long before they send.
    assert list(home.rglob("*")) == []


def test_loaded_models_open_no_connection_as_time_goes_by() -> None:
    wait = "import time; from mmdesk.runtime.library import onnx_runtime; onnx_runtime(); time.sleep(20)"
    with _start("-c", wait) as process:
        _, err = process.communicate()
    assert process.returncode == 0, err


def test_the_doctor_opens_no_connection() -> None:
    with _start("-m", "mmdesk", "doctor") as process:
        _, err = process.communicate()
    assert process.returncode == 0, err


def test_the_window_opens_no_connection(own_home: Path) -> None:
    with _start("-m", "mmdesk", str(_SAMPLE)) as process:
        deadline = time.monotonic() + 10
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        ended = process.poll()
        process.terminate()
        _, err = process.communicate()
    assert ended is None, f"the window closed by itself with {ended}: {err}"

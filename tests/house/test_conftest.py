"""The fixtures that every test runs under really catch what they promise to catch."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

_CONFTEST = Path(__file__).parents[1] / "conftest.py"

_LITTER = _CONFTEST.parents[1] / "litter-of-a-careless-test"
_CONNECT = "import socket\ntry: socket.create_connection(('127.0.0.1', 9))\nexcept OSError: pass\n"
_CULPRITS = {
    "thread": """
        import threading, time
        def test(): threading.Thread(target=time.sleep, args=(8,), daemon=True).start()
    """,
    "log": """
        import logging
        def test(): logging.getLogger("x").warning("careless")
    """,
    "internet": f"""
        def test(): exec({_CONNECT!r})
    """,
    "subprocess": f"""
        import subprocess, sys
        def test(): subprocess.run([sys.executable, "-c", {_CONNECT!r}], check=True)
    """,
    "qt": """
        from PySide6.QtCore import qWarning
        def test(qtbot): qWarning("careless")
    """,
    "litter": f"""
        from pathlib import Path
        def test(): Path({str(_LITTER)!r}).touch()
    """,
    "warning": """
        import warnings
        def test(): warnings.warn("careless")
    """,
}
_CAREFUL = """
    import os
    def test(qtbot):
        assert os.environ["MMDESK_HOME"]
        assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
"""


def test_careless_tests_fail_and_careful_ones_pass(tmp_path: Path) -> None:
    for name, source in (*_CULPRITS.items(), ("careful", _CAREFUL)):
        (tmp_path / f"test_{name}.py").write_text(textwrap.dedent(source))
    try:
        summary = _pytest(tmp_path)
    finally:
        _LITTER.unlink(missing_ok=True)
    for name in _CULPRITS:
        assert re.search(rf"^(FAILED|ERROR) \S*test_{name}\.py", summary, re.MULTILINE), f"{name}\n{summary}"
    assert "test_careful.py::test" in summary.split("PASSED", 1)[1]
    assert not re.search(r"^(FAILED|ERROR) \S*test_careful", summary, re.MULTILINE), summary


def _pytest(tests: Path) -> str:
    root = _CONFTEST.parents[1]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-c",
        str(root / "pyproject.toml"),
        "-rA",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*command, str(tests)], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr

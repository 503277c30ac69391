"""From starting the interpreter to the first painted window: the program against a bare PySide6 window."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from bench.figures import milliseconds, ratio, tell

_TURNS = 15
_WATCH = """
import os, sys, time
class Painted:
    def __init__(self):
        from PySide6.QtCore import QEvent, QObject, QTimer
        from PySide6.QtWidgets import QMainWindow
        class Watch(QObject):
            def eventFilter(self, watched, event):
                if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
                    QTimer.singleShot(0, self.tell)
                return False
            def tell(self):
                print(time.monotonic(), len(sys.modules), flush=True)
                os._exit(0)
        self.watch = Watch()
"""
_BARE = (
    _WATCH
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
painted = Painted()
app.installEventFilter(painted.watch)
window = QMainWindow()
window.resize(1280, 800)
window.show()
app.exec()
"""
)
_OURS = (
    _WATCH
    + """
sys.argv = ["mmdesk"]
import mmdesk.gui.application as application
def watched(app):
    painted = Painted()
    app.installEventFilter(painted.watch)
    super(application.Application, app).exec()
application.Application.exec = watched
from mmdesk.__main__ import main
main()
"""
)


def main() -> None:
    """Prints both times and their ratio."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "MMDESK_HOME": home}
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        for script in (_OURS, _BARE):
            _first_paint(script, environment)
        turns = [(_first_paint(_OURS, environment), _first_paint(_BARE, environment)) for _ in range(_TURNS)]
    ours, bare = ([turn[side] for turn in turns] for side in (0, 1))
    tell(
        "First painted window",
        {
            "mmdesk": milliseconds(ours),
            "bare PySide6 window": milliseconds(bare),
            "mmdesk / bare": f"{ratio(ours, bare):.2f}  (wanted: at most 2)",
        },
    )


def _first_paint(script: str, environment: dict[str, str]) -> float:
    """Seconds from starting the process; the monotonic clock is one for all processes."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode or not done.stdout:
        raise RuntimeError(f"no window was painted: {done.stderr}")
    return float(done.stdout.split()[0]) - began


if __name__ == "__main__":
    main()

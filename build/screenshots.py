"""Renders the real window under a virtual screen, for looking at it.

    python build/screenshots.py OUT [FILE...]      # needs Xvfb and a font with Chinese

For each size, language and theme: the welcome page, the sample (or the first FILE) while it plays and when
it is done, find, many files of which some fail, every dialog, and the drag-over state. The window, the
queue and the models are the real ones; results and settings go into a temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = ((1280, 800), (2560, 1440))
LOOKS = (("en", "light"), ("en", "dark"), ("zh", "light"), ("zh", "dark"))
_PATIENCE_SECONDS = 120.0


@contextmanager
def virtual_screen(width: int, height: int) -> Iterator[str]:
    """An X server without a screen; gives its `DISPLAY`."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def main(arguments: list[str]) -> int:
    """Starts one process per size, each on its own virtual screen."""
    out = Path(arguments[0]).absolute()
    out.mkdir(parents=True, exist_ok=True)
    files = [str(Path(name).absolute()) for name in arguments[1:]]
    codes = []
    for width, height in SIZES:
        with virtual_screen(width, height) as display, tempfile.TemporaryDirectory() as home:
            environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
            environment.setdefault("MMDESK_HOME", home)
            size = [str(width), str(height)]
            command = [sys.executable, str(Path(__file__)), "--one", *size, str(out), *files]
            codes.append(subprocess.run(command, env=environment, cwd=ROOT).returncode)
    return max(codes)


class Photographer:
    """Brings one window into all its states and takes pictures of the whole screen."""

    def __init__(self, width: int, height: int, out: Path, files: list[Path]) -> None:
        from mmdesk.config.paths import settings_file
        from mmdesk.config.settings import Settings
        from mmdesk.gui.app import make_jobs
        from mmdesk.gui.application import Application
        from mmdesk.gui.desk import sample_file
        from mmdesk.gui.window import MainWindow

        self.app = Application(["screenshots"])
        self.window = MainWindow(Settings.load(settings_file()), make_jobs)
        self.window.setGeometry(0, 0, width, height)
        self.window.show()
        self._prefix, self._out = f"{width}x{height}", out
        self._files = files or [sample_file()]
        self._large = width > SIZES[0][0]

    def wait(self, until: Callable[[], bool], what: str, seconds: float = _PATIENCE_SECONDS) -> None:
        """Lets the window live until something is so."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                print(f"gave up waiting until {what}")
                return
            self.app.processEvents()
            time.sleep(0.005)

    def linger(self, seconds: float) -> None:
        """Lets the window live for a while."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end, "the time is over", seconds + 1)

    def take(self, state: str) -> None:
        """One picture in each language and theme."""
        for spoken, worn in LOOKS:
            self.app.language.choose(spoken)
            self.app.theme.choose(worn)
            self.linger(0.25)
            name = f"{self._prefix}-{state}-{spoken}-{worn}.png"
            self.window.screen().grabWindow(0).save(str(self._out / name))

    def take_dialog(self, state: str, show: Callable[[], None]) -> None:
        """A dialog in English light and Chinese dark; it is modal, so the picture comes by a timer."""
        from PySide6.QtCore import QTimer

        for spoken, worn in (LOOKS[0], LOOKS[-1]):
            self.app.language.choose(spoken)
            self.app.theme.choose(worn)
            name = f"{self._prefix}-{state}-{spoken}-{worn}.png"
            QTimer.singleShot(1500, lambda name=name: self._picture_and_close(name))
            show()

    def _picture_and_close(self, name: str) -> None:
        self.window.screen().grabWindow(0).save(str(self._out / name))
        dialog = self.app.activeModalWidget()
        if dialog is not None:
            dialog.close()

    def session(self) -> None:
        """All states, from the first page to many files."""
        self.linger(0.5)
        self.take("1-welcome")
        self.window.open_paths(self._files[:1], play=True)
        self.wait(lambda: self.window.desk.work.item is not None, "the file is in the list")
        self.linger(1.5)
        self.take("2-running")
        self.wait(self._idle, "the sample is done")
        self.linger(0.5)
        self.take("3-done")
        if not self._large:
            self._find_and_dialogs()
        with tempfile.TemporaryDirectory() as folder:
            self.window.open_paths([Path(folder) / name for name in _many(Path(folder))])
            self.linger(2.5)
            self.take("8-many")
            self.take_dialog("9-problems", self.window.desk.show_problems)
        self.window.close()

    def _find_and_dialogs(self) -> None:
        desk = self.window.desk
        desk.work.text.open_find()
        desk.work.text.find_bar.field.setText("a")
        self.linger(0.4)
        self.take("4-find")
        desk.work.text.close_find()
        self._edit_and_library()
        self.take_dialog("5-save", desk.ask_to_save)
        self.take_dialog("6-shortcuts", desk.show_shortcuts)
        self.take_dialog("7-about", desk.show_about)
        self.window.drop.highlight.setGeometry(self.window.rect())
        self.window.drop.highlight.raise_()
        self.window.drop.highlight.show()
        self.take("7-drop")
        self.window.drop.highlight.hide()

    def _edit_and_library(self) -> None:
        """A line being corrected, the library with a tagged file, and the offer to go on."""
        desk = self.window.desk
        desk.work.text.view.go_to(0)
        desk.work.text.view.edit_line()
        self.take("4-edit")
        self.window.setFocus()
        self.window.show_library()
        self.linger(1.0)
        desk.library.about.tags.setText("sample, 样片")
        desk.library.about.keep.click()
        desk.offer.show_count(3)
        self.linger(1.0)
        self.take("4-library")
        desk.offer.hide()
        self.window.show_library()

    def _idle(self) -> bool:
        return all(item.state.ended for item in self.window.desk.files)


def _many(folder: Path) -> list[str]:
    """Writes files of many kinds, some of them broken; gives their names."""
    from PIL import Image

    broken = {"empty.mp4": b"", "notes.jpg": b"These are notes.", "broken.png": b"\x89PNG\r\n\x1a\n1234"}
    for name, content in broken.items():
        (folder / name).write_bytes(content)
    (folder / "interview 03.srt").write_text(
        "1\n00:00:01,000 --> 00:00:04,000\nI was so happy to see her again.\n\n"
        "2\n00:00:05,000 --> 00:00:08,000\nThen everything went wrong.\n",
        encoding="utf-8",
    )
    for number, colour in enumerate(("#c0392b", "#27ae60", "#2980b9", "#8e44ad")):
        Image.new("RGB", (640, 480), colour).save(folder / f"访谈照片 {number + 1}.png")
    return sorted(path.name for path in folder.iterdir())


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        sys.path.insert(0, str(ROOT))
        Photographer(
            int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), [Path(n) for n in sys.argv[5:]]
        ).session()
    else:
        sys.exit(main(sys.argv[1:]))

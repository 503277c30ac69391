"""Run as a process of its own: plays films with QMediaPlayer and prints which time it shows for which frame.

Arguments are files; for each, one line of JSON: pairs of (seconds, brightness of eight bars).
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame, QVideoSink

_LONGEST = 8000


def shown(app: QGuiApplication, name: str) -> list[tuple[float, list[int]]]:
    """What the player shows when a file is played to its end."""
    pairs: list[tuple[float, list[int]]] = []
    player, sink = QMediaPlayer(), QVideoSink()
    player.setVideoSink(sink)

    def note(frame: QVideoFrame) -> None:
        image = frame.toImage()
        if not image.isNull():
            middles = [round((bar + 0.5) * image.width() / 8) for bar in range(8)]
            bars = [image.pixelColor(middle, image.height() // 2).green() for middle in middles]
            pairs.append((frame.startTime() / 1e6, bars))

    def watch(status: QMediaPlayer.MediaStatus) -> None:
        if status == QMediaPlayer.MediaStatus.EndOfMedia:
            app.quit()

    sink.videoFrameChanged.connect(note)
    player.mediaStatusChanged.connect(watch)
    QTimer.singleShot(_LONGEST, app.quit)
    player.setSource(QUrl.fromLocalFile(name))
    player.play()
    app.exec()
    player.stop()
    return pairs


if __name__ == "__main__":
    application = QGuiApplication(sys.argv[:1])
    for file in sys.argv[1:]:
        sys.stdout.write(json.dumps(shown(application, file)) + "\n")

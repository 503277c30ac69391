"""What the window remembers, declared as settings."""

from __future__ import annotations

from mmdesk.config.settings import choice, number, switch, text, texts
from mmdesk.sentences import sentence

LANGUAGE = choice(
    "window.language",
    ("system", "en", "zh"),
    sentence("Language"),
    sentence("Language of the window; System follows your computer."),
)
THEME = choice(
    "window.theme",
    ("system", "light", "dark"),
    sentence("Appearance"),
    sentence("Light or dark; System follows your computer."),
)
VOLUME = number(
    "player.volume", 0.8, 0.0, 1.0, sentence("Volume"), sentence("Loudness of playback, from 0 to 1.")
)
MUTED = switch("player.muted", False, sentence("Mute"), sentence("Play without sound."))
FOLLOW = switch(
    "text.follow",
    True,
    sentence("Follow playback"),
    sentence("Keep the line that is being played in view."),
)
RECENT = texts(
    "files.recent", 12, sentence("Recent files"), sentence("Files that were opened last, newest first.")
)
GEOMETRY = text("window.geometry", sentence("Window position"), sentence("Where the window was left."))
SPLIT_COLUMNS = text(
    "window.columns", sentence("Column widths"), sentence("How wide the viewer and the text were left.")
)
SPLIT_ROWS = text(
    "window.rows", sentence("Row heights"), sentence("How tall the viewer and the files were left.")
)

"""The keys of the viewers, for the overview."""

from __future__ import annotations

from mmdesk.gui.language import tr


def viewer_keys() -> list[tuple[str, str]]:
    """What the keys do, and the keys."""
    return [
        (tr("Play or pause"), "Space  ·  K"),
        (tr("Back or forward 5 seconds"), "←  ·  →"),
        (tr("Beginning or end"), "Home  ·  End"),
        (tr("One frame back or forward"), ",  ·  ."),
        (tr("Louder or softer"), "↑  ·  ↓"),
        (tr("Sound on or off"), "M"),
        (tr("Slower or faster"), "[  ·  ]"),
        (tr("Zoom in or out"), "+  ·  −"),
        (tr("Fit into the window"), "0  ·  F"),
        (tr("Actual size"), "1"),
    ]

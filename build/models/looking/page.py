"""One self-contained HTML page of cards: pictures and sounds are inside it, nothing is fetched."""

import base64
import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_STYLE = """
body { font: 14px/1.4 sans-serif; margin: 1em; background: #fafafa; color: #222 }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 12px }
article { background: white; border: 1px solid #ddd; border-radius: 6px; padding: 8px }
img { width: 224px; image-rendering: auto } audio { width: 100% }
dt { color: #777; font-size: 12px } dd { margin: 0 0 4px } .wrong { color: #b00020 }
"""

Pixels = NDArray[np.uint8]
Wave = NDArray[np.float32]


@dataclass(frozen=True)
class Line:
    """A name and what is said; ``wrong`` marks what disagrees with the label."""

    name: str
    text: str
    wrong: bool = False


@dataclass(frozen=True)
class Card:
    """One thing that was judged.

    Attributes:
        name: Its name in the set.
        media: An HTML element from `picture` or `sound`.
        lines: What people and packs say of it.
    """

    name: str
    media: str
    lines: Sequence[Line]


def page(title: str, intro: str, cards: Sequence[Card]) -> str:
    """The whole page."""
    inside = "\n".join(_card(card) for card in cards)
    return (
        f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1><p>{escape(intro)}</p><main>\n{inside}\n</main>\n"
    )


def picture(pixels: Pixels) -> str:
    """An image element of uint8 [H, W, 3] or [H, W]."""
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=90)
    return f'<img alt="" src="{_inside("image/jpeg", target.getvalue())}">'


def sound(samples: Wave, rate: int) -> str:
    """A player of mono float32 samples in [-1, 1]."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return f'<audio controls src="{_inside("audio/wav", target.getvalue())}"></audio>'


def evenly(count: int, wanted: int) -> list[int]:
    """``wanted`` places spread over ``count`` things, the first and the last among them."""
    return sorted({int(place) for place in np.linspace(0, count - 1, min(wanted, count)).round()})


def _card(card: Card) -> str:
    lines = "".join(
        f"<dt>{escape(line.name)}</dt><dd{_mark(line)}>{escape(line.text)}</dd>" for line in card.lines
    )
    return f"<article>{card.media}<dl><dt>{escape(card.name)}</dt>{lines}</dl></article>"


def _mark(line: Line) -> str:
    return ' class="wrong"' if line.wrong else ""


def _inside(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"

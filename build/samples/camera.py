"""Slow moves over a still picture."""

from __future__ import annotations

from PIL import Image

from samples.story import Scene, View

SIZE = (960, 540)


def shot(picture: Image.Image, scene: Scene, progress: float) -> Image.Image:
    """What the camera sees.

    Args:
        picture: The whole picture.
        scene: The move.
        progress: 0 at the start of the scene, 1 at its end.
    """
    eased = progress * progress * (3 - 2 * progress)
    view = View(
        x=_between(scene.start.x, scene.end.x, eased),
        y=_between(scene.start.y, scene.end.y, eased),
        width=_between(scene.start.width, scene.end.width, eased),
    )
    return picture.resize(SIZE, Image.Resampling.LANCZOS, box=_box(picture, view))


def _between(start: float, end: float, share: float) -> float:
    return start + (end - start) * share


def _box(picture: Image.Image, view: View) -> tuple[float, float, float, float]:
    proportions = SIZE[0] / SIZE[1]
    width = min(picture.width, picture.height * proportions) * view.width
    height = width / proportions
    left = min(max(view.x * picture.width - width / 2, 0.0), picture.width - width)
    top = min(max(view.y * picture.height - height / 2, 0.0), picture.height - height)
    return left, top, left + width, top + height

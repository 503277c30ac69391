"""Where a picture lies in a viewport: fit, zoom at a point, pan. Plain numbers, no Qt.

Scales are device pixels per picture pixel and points are device pixels, so 1:1 is exact on every
screen; the canvas multiplies by the device pixel ratio.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LARGEST_SCALE = 64.0
FIT_GROWS_TO = 4.0


@dataclass(frozen=True, slots=True)
class View:
    """A picture in a viewport.

    Attributes:
        width: Columns of the picture.
        height: Rows of the picture.
        port_width: Width of the viewport, device pixels.
        port_height: Height of the viewport, device pixels.
        scale: Device pixels per picture pixel.
        x: Device column of the picture's left edge.
        y: Device row of the picture's top edge.
        fitted: Whether it follows the size of the viewport.
        grows_to: Largest scale that fitting may use.
    """

    width: float = 1.0
    height: float = 1.0
    port_width: float = 1.0
    port_height: float = 1.0
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    fitted: bool = True
    grows_to: float = FIT_GROWS_TO

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole picture is seen."""
        return min(self.port_width / self.width, self.port_height / self.height, self.grows_to)

    @property
    def smallest_scale(self) -> float:
        """The limit of zooming out: all is seen, or every pixel is."""
        return min(self.fit_scale, 1.0)

    def of(self, width: float, height: float) -> View:
        """The same viewport with another picture, keeping the view when it has the same shape."""
        if (width, height) == (self.width, self.height):
            return self
        return replace(self, width=max(width, 1.0), height=max(height, 1.0)).fit()

    def in_port(self, width: float, height: float) -> View:
        """The same picture in a viewport of another size; what is in the middle stays there."""
        port = replace(self, port_width=max(width, 1.0), port_height=max(height, 1.0))
        if self.fitted:
            return port.fit()
        dx, dy = port.port_width - self.port_width, port.port_height - self.port_height
        return port.panned(dx / 2, dy / 2)

    def fit(self) -> View:
        """All of the picture."""
        return _held(replace(self, scale=self.fit_scale, fitted=True))

    def zoomed(self, factor: float, x: float, y: float) -> View:
        """Zoomed by a factor with the picture point under (x, y) staying there.

        Only the edges of the picture may move it: no gap opens beside a picture that fills the port.
        """
        return self.scaled(self.scale * factor, x, y)

    def scaled(self, scale: float, x: float, y: float) -> View:
        """At a scale (within limits), with the picture point under (x, y) staying there."""
        wanted = min(max(scale, self.smallest_scale), LARGEST_SCALE)
        ratio = wanted / self.scale
        moved = replace(
            self, scale=wanted, x=x + (self.x - x) * ratio, y=y + (self.y - y) * ratio, fitted=False
        )
        return _held(moved)

    def panned(self, dx: float, dy: float) -> View:
        """Moved by device pixels, as far as there is picture to see."""
        return _held(replace(self, x=self.x + dx, y=self.y + dy))

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The picture point (columns, rows) under a device point."""
        return (x - self.x) / self.scale, (y - self.y) / self.scale


def _held(view: View) -> View:
    x = _held_axis(view.x, view.width * view.scale, view.port_width)
    y = _held_axis(view.y, view.height * view.scale, view.port_height)
    return replace(view, x=x, y=y)


def _held_axis(start: float, length: float, port: float) -> float:
    """Centres what is smaller than the port, and lets no gap open beside what is larger.

    Whole device pixels, so that 1:1 is never blurred by half a pixel.
    """
    if length <= port:
        return float(round((port - length) / 2))
    return float(round(min(0.0, max(start, port - length))))

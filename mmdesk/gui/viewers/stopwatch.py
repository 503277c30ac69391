"""The clock of a film that the player cannot play and that has no sound to follow."""

from __future__ import annotations

from time import monotonic


class Stopwatch:
    """Media time that runs, halts and jumps."""

    def __init__(self) -> None:
        self.rate = 1.0
        self._t = 0.0
        self._since: float | None = None

    @property
    def t(self) -> float:
        """Seconds of media time."""
        return self._t if self._since is None else self._t + (monotonic() - self._since) * self.rate

    def run(self) -> None:
        """Goes on from where it is."""
        self._t, self._since = self.t, monotonic()

    def halt(self) -> None:
        """Stays where it is."""
        self._t, self._since = self.t, None

    def jump(self, t: float) -> None:
        """Is somewhere else; runs on if it runs."""
        self._t = t
        if self._since is not None:
            self._since = monotonic()

    def set_rate(self, rate: float) -> None:
        """Runs at another speed from now on."""
        if self._since is not None:
            self.run()
        self.rate = rate

"""How the player's time relates to the container's.

Qt's player counts time in its own way: after an encoder delay (Opus, AAC in Matroska) or where its
FFmpeg reads a start time differently, all its frame times are shifted by a constant. Findings count
seconds from the start of the container, as `mmdesk.media` does. Both see the same first frame, so the
shift is measured once per file: the player's time of its first frame minus the container's.
"""

from __future__ import annotations

_WELL_INSIDE = 0.002


class PlayerClock:
    """The measured shift of one file.

    Attributes:
        first_played: Player time of the first frame; None until it came.
        first_true: Container time of the first frame; None until `film` told it.
        frame_length: How long the player believes that its last frame lasts, seconds.
    """

    def __init__(self) -> None:
        self.first_played: float | None = None
        self.first_true: float | None = None
        self.frame_length = 0.04

    @property
    def shift(self) -> float:
        """Player time minus container time; 0 until measured."""
        if self.first_played is None or self.first_true is None:
            return 0.0
        return self.first_played - self.first_true

    def take(self, start: float, end: float) -> float:
        """Notes a frame of the player.

        Args:
            start: Player time at which it starts.
            end: Player time at which the player believes that it ends.

        Returns:
            Container time at which it starts.
        """
        if self.first_played is None:
            self.first_played = start
        if end > start:
            self.frame_length = end - start
        return start - self.shift

    def place_for(self, t: float) -> float:
        """Where to seek for the frame that starts at `t`, both in container time.

        The player shows the first frame that it believes to end behind the place it seeks. Its
        belief about durations is often one constant, so just before that end is the place to aim at.
        """
        return t + max(0.0, self.frame_length - _WELL_INSIDE)

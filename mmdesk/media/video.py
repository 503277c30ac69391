"""Reads a film's frames with their exact presentation times, from any moment on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from mmdesk.control import Control
from mmdesk.errors import MmdeskError, UnsupportedMedia
from mmdesk.media.decoding import FilmDecoder, Run, timestamps_rise
from mmdesk.media.frame import Frame
from mmdesk.media.info import MediaInfo
from mmdesk.sentences import Sentence, sentence

__all__ = ["Frame", "VideoReader"]

_FIRST_STEP_BACK = 1.0
_WORTH_SEEKING = 5.0
_SCANNED_BYTES = 64 << 20


class VideoReader:
    """A film, frame by frame. A context manager; any thread, one at a time, one iterator at a time.

    The frames from a moment on are exactly those that reading through from the start gives: after
    a seek the decoder starts at a key frame at or before the moment, and what comes earlier is
    dropped. A film whose timestamps are missing or run backwards is always read from the start,
    because their repair depends on what came before; files up to 64 MiB are checked for that when
    they are opened, larger ones while they are read.

    Memory: the decoder's own frames and at most three more, whatever the length of the film.
    """

    def __init__(self, info: MediaInfo, control: Control) -> None:
        """Prepares to read; nothing is opened yet.

        Args:
            info: What `probe` found.
            control: Asked before every packet and every read of the file.

        Raises:
            UnsupportedMedia: The file has no moving picture.
        """
        if info.video is None:
            raise UnsupportedMedia(
                info.path,
                sentence("This file has no moving picture."),
                sentence("Choose a film, or open it as sound."),
            )
        self.info = info
        self._control = control
        self._problems: dict[Sentence, None] = {}
        self._decoder = FilmDecoder(info, control, self._note)
        self._run: Run | None = None
        self._user = object()

    def __enter__(self) -> Self:
        """Opens the file.

        Raises:
            MediaError: The file changed since it was probed, vanished or is damaged.
            Cancelled: The person stopped the work.
        """
        if self.info.size_bytes <= _SCANNED_BYTES:
            self._decoder.in_order = timestamps_rise(self.info, self._control)
        self._decoder.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run = None
        self._decoder.__exit__(kind, error, trace)

    @property
    def problems(self) -> tuple[Sentence, ...]:
        """What had to be skipped or repaired so far, each kind once."""
        return tuple(self._problems)

    def frames(self, t0: float = 0.0, t1: float | None = None) -> Iterator[Frame]:
        """The frames with t0 <= t < t1 in presentation order.

        Going on where the last call ended costs no seek.

        Args:
            t0: Seconds from the container's start.
            t1: Seconds; None is the end of the film.

        Raises:
            DamagedMedia: Not one frame can be decoded.
            MediaError: The file cannot be read any further.
            Cancelled: The person stopped the work.
            RuntimeError: Another method of this reader was called before the iterator was done with.
        """
        self._user = user = object()
        run = self._run_reaching(t0)
        while (frame := run.head) is not None and (t1 is None or frame.t < t1):
            self._advance(run)
            if frame.t >= t0:
                yield frame
            if self._user is not user:
                raise RuntimeError("the reader was moved while its frames were being read")

    def frame_at(self, t: float) -> Frame:
        """The frame that a player shows at a moment: the last that starts at or before it.

        Args:
            t: Seconds; before the first frame the first is returned, after the last the last.

        Raises:
            MediaError: As `frames`.
            Cancelled: The person stopped the work.
        """
        return self._showing(t)[1]

    def next_time(self, t: float) -> float | None:
        """When the frame after the one shown at `t` starts; None at the last. For stepping."""
        run, shown = self._showing(t)
        if shown is not run.last:  # t lies before the first frame
            self._advance(run)
        return None if run.head is None else run.head.t

    def previous_time(self, t: float) -> float | None:
        """When the frame before the one shown at `t` starts; None at the first. Decodes one GOP."""
        shown = self.frame_at(t)
        before = self.frame_at(math.nextafter(shown.t, -math.inf))
        return before.t if before.t < shown.t else None

    def _showing(self, t: float) -> tuple[Run, Frame]:
        self._user = object()
        run = self._run if self._run is not None and self._run.shows(t) else self._run_reaching(t)
        while run.head is not None and run.head.t <= t:
            self._advance(run)
        shown = run.last or run.head
        assert shown is not None, "a run without a frame is refused by FilmDecoder"
        return run, shown

    def _run_reaching(self, t: float) -> Run:
        """A run whose head is at or before `t`, or the first frame of the film."""
        run = self._run
        if run is None or run.head is None or not run.head.t <= t <= run.head.t + _WORTH_SEEKING:
            self._run = None
            self._run = run = self._seek(t)
        return run

    def _seek(self, t: float) -> Run:
        aim, step = t, _FIRST_STEP_BACK
        while aim > 0 and self._decoder.in_order:
            run = self._decoder.from_key_frame_before(t, aim)
            if run is not None:
                return run
            aim, step = aim - step, step * 4
        return self._decoder.from_start()

    def _advance(self, run: Run) -> None:
        try:
            run.advance()
        except MmdeskError:
            self._run = None
            raise

    def _note(self, problem: Sentence) -> None:
        self._problems[problem] = None

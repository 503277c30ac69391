"""Loudness over time of a sound, computed in slices so that its picture grows while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from mmdesk.gui.viewers.film import Film

if TYPE_CHECKING:
    from mmdesk.media.sound import AudioChunk

_COLUMNS = 2000
_SHORTEST = 0.01
_UNKNOWN_LENGTH = 600.0
_SLICE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Waveform:
    """How loud a sound is.

    Attributes:
        film: The file.
        step: Seconds of one column.
        peaks: Largest absolute sample of each column, in [0, 1]; columns not read yet are missing.
        complete: Whether all of it was read.
    """

    film: Film
    step: float
    peaks: tuple[float, ...]
    complete: bool


class WaveformReader:
    """Reads a sound bit by bit. One thread at a time."""

    def __init__(self) -> None:
        self._film: Film | None = None
        self._chunks: Iterator[AudioChunk] = iter(())
        self._step = _SHORTEST
        self._peaks: list[float] = []

    def read_on(self, film: Film) -> Waveform:
        """Reads for a tenth of a second and tells what is known; ask again until `complete`.

        Raises:
            MediaError: The sound cannot be read.
            Cancelled: The film is not open any more.
        """
        if self._film is not film:
            self._begin(film)
        stop = perf_counter() + _SLICE_SECONDS
        for chunk in self._chunks:
            self._add(chunk)
            if perf_counter() > stop:
                return Waveform(film, self._step, tuple(self._peaks), complete=False)
        return Waveform(film, self._step, tuple(self._peaks), complete=True)

    def _begin(self, film: Film) -> None:
        from mmdesk.media.probe import probe
        from mmdesk.media.sound import read_sound

        film.control.checkpoint()
        info = probe(film.path)
        self._step = max(_SHORTEST, (info.duration or _UNKNOWN_LENGTH) / _COLUMNS)
        self._chunks = iter(read_sound(info, film.control))
        self._peaks = []
        self._film = film

    def _add(self, chunk: AudioChunk) -> None:
        import numpy as np

        if len(chunk.samples) == 0:
            return
        seconds = np.linspace(chunk.t0, chunk.t1, len(chunk.samples), endpoint=False)
        columns = np.maximum(0, (seconds / self._step).astype(np.int64))
        starts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 1))
        loudest = np.minimum(1.0, np.maximum.reduceat(np.abs(chunk.samples), starts))
        missing = int(columns[-1]) + 1 - len(self._peaks)
        self._peaks.extend([0.0] * max(0, missing))
        for column, peak in zip(columns[starts].tolist(), loudest.tolist(), strict=True):
            self._peaks[column] = max(self._peaks[column], peak)

"""Opens films and sound with FFmpeg.

FFmpeg gets bytes, never a name, from a file that Python opened. Only the formats listed here may be
probed, and every attempt of a format to open something else (a playlist's entries, external tracks,
URLs) is refused: a file can never make mmdesk touch the network or another file. Refused that way
are, among others, HLS, DASH, concat, SDP, RTSP, image sequences and lavfi.

FFmpeg's log stays where PyAV leaves it, off: its lines reach neither stderr nor `logging`, and no
global is touched. What matters of a failure comes back as the error itself (see `av_errors`).
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NoReturn, Self

import av
from av.container import InputContainer
from av.frame import Frame
from av.packet import Packet
from av.stream import Discard, Stream

from mmdesk.control import Control
from mmdesk.errors import MediaError, MmdeskError
from mmdesk.media.av_errors import AV_ERRORS, av_failures
from mmdesk.media.files import opened, unreadable
from mmdesk.media.info import MediaInfo

_FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,dv,eac3,flac,flv,h264,hevc,ivf,m4v,matroska,webm,mov,mp4,m4a,"
    "3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,mpegvideo,mxf,nut,ogg,rm,truehd,tta,w64,wav,wv,yuv4mpegpipe"
)
_BUFFER = 1 << 17
_GENERATE_PTS = 0x0001  # AVFMT_FLAG_GENPTS, which PyAV sets

MAX_PIXELS = 40_000_000
"""Largest frame that a decoder may allocate: 8K (7680 × 4320) fits, a decompression bomb does not."""


class ByteSource:
    """The bytes of an open file as FFmpeg asks for them: no name, and no exception through C code.

    A failure (also cancellation) is kept in `failure` and looks like the end of the file to FFmpeg;
    whoever called FFmpeg looks there afterwards.
    """

    def __init__(self, file: BinaryIO, path: Path, control: Control | None) -> None:
        self._file = file
        self._path = path
        self._control = control
        self.failure: MmdeskError | None = None

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end or after a failure."""
        if self.failure is not None:
            return b""
        try:
            if self._control is not None:
                self._control.checkpoint()
            return self._file.read(size)
        except OSError as failure:
            self.failure = unreadable(self._path, failure)
        except MmdeskError as failure:
            self.failure = failure
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Moves; returns the new position, or -1 where that cannot be."""
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError):
            return -1

    def size(self) -> int:
        """Bytes that the file has now."""
        return os.fstat(self._file.fileno()).st_size

    def tell(self) -> int:
        """The position."""
        return self._file.tell()


@dataclass(frozen=True, slots=True)
class Written:
    """A subtitle file's text, after its encoding was found.

    Attributes:
        utf8: The text in UTF-8.
        format: FFmpeg's name of the format.
    """

    utf8: bytes
    format: str


class Demuxer:
    """One open container. A context manager; one thread at a time.

    Attributes:
        container: PyAV's container; use it only inside `guarded`.
    """

    container: InputContainer

    def __init__(self, path: Path, control: Control | None = None, written: Written | None = None) -> None:
        """Prepares to open; nothing is touched yet.

        Args:
            path: A regular file.
            control: Asked at every read, so that cancelling also ends a long seek.
            written: Read this text instead of the file, which is where it came from.
        """
        self._written = written
        self.path = path
        self._control = control
        self._stack = ExitStack()
        self._source: ByteSource | None = None

    def __enter__(self) -> Self:
        """Opens the file.

        Raises:
            MediaError: Unreadable, empty, not a film or sound, or damaged.
            Cancelled: The person stopped the work.
        """
        with ExitStack() as stack:
            written = self._written
            file = stack.enter_context(opened(self.path)) if written is None else io.BytesIO(written.utf8)
            self._source = ByteSource(file, self.path, self._control)
            with self.guarded():
                self.container = stack.enter_context(_open(self._source, written.format if written else None))
                if self.container.format.name == "avi":
                    self.container.flags &= ~_GENERATE_PTS  # guesses wrongly about B-frames
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turns whatever FFmpeg, PyAV or the file raise inside the block into our own errors."""
        try:
            with av_failures(self.path):
                yield
        except MediaError as failure:
            if self._source is not None and self._source.failure is not None:
                raise self._source.failure from failure
            raise
        if self._source is not None and self._source.failure is not None:
            raise self._source.failure

    def ended_early(self, info: MediaInfo) -> bool:
        """Whether the end is missing: the file says so, or it became shorter since it was probed."""
        return info.is_cut_off or (self._source is not None and self._source.size() < info.size_bytes)

    def packets(self, *streams: Stream) -> Iterator[Packet[Stream]]:
        """Packets of the streams in file order, then one empty packet per stream to flush decoders.

        Raises:
            MediaError: Reading failed.
            Cancelled: The person stopped the work.
        """
        for other in self.container.streams:
            other.discard = Discard.default if other in streams else Discard.all
        source = self.container.demux(streams)
        while True:
            with self.guarded():
                packet = next(source, None)
            if packet is None:
                return
            yield packet


def decoded(packet: Packet[Stream]) -> list[Frame] | None:
    """The pictures or sounds that come out of the decoder with a packet; None when it is damaged."""
    try:
        return [frame for frame in packet.decode() if isinstance(frame, Frame)]
    except AV_ERRORS:
        return None


def _open(source: ByteSource, format_name: str | None) -> InputContainer:
    return av.open(
        source,
        "r",
        format=format_name,
        options={"max_pixels": str(MAX_PIXELS)},  # of every decoder
        container_options={"format_whitelist": format_name or _FORMATS, "protocol_whitelist": "none"},
        metadata_errors="replace",
        buffer_size=_BUFFER,
        io_open=_refuse_other_files,
    )


def _refuse_other_files(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError("media files may not open other files")

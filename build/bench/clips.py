"""Clips for the benchmarks, made from the bundled sample."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av

from mmdesk.config.paths import resources_dir

_RATE = 12
SAMPLE = resources_dir() / "samples" / "sample.mp4"


def looped(source: Path, target: Path, times: int) -> Path:
    """Plays a clip several times in a row, its video packets unchanged.

    Args:
        source: An MP4 file.
        target: The MP4 file to write.
        times: How often.
    """
    with av.open(target, "w") as out:
        with av.open(source) as clip:
            stream = out.add_stream_from_template(clip.streams.video[0])
            length = clip.streams.video[0].duration or 0
        for turn in range(times):
            with av.open(source) as clip:
                for packet in clip.demux(video=0):
                    if packet.pts is not None and packet.dts is not None:
                        packet.pts, packet.dts = packet.pts + turn * length, packet.dts + turn * length
                        packet.stream = stream
                        out.mux(packet)
    return target


def small_minute(target: Path) -> Path:
    """One minute of the sample's scenes at 320 × 180 and 12 pictures a second."""
    with av.open(target, "w") as out:
        stream = out.add_stream("libx264", _RATE, options={"preset": "veryfast", "g": "48"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number, frame in enumerate(islice(_over_and_over(), 60 * _RATE)):
            small = frame.reformat(320, 180, "yuv420p")
            small.pts, small.time_base = number, Fraction(1, _RATE)
            out.mux(stream.encode(small))
        out.mux(stream.encode(None))
    return target


def _over_and_over() -> Iterator[av.VideoFrame]:
    """Every second frame of the sample, again and again."""
    while True:
        with av.open(SAMPLE) as clip:
            yield from islice(clip.decode(video=0), 0, None, 2)

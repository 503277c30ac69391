"""Films of scenes of one colour each, which `tiny-caption` can name; and what came out of an analysis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av import VideoFrame, VideoStream
from numpy.typing import NDArray

from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.events import Event, Failed, Finding, FindingKind, Finished, Found, Passed, Warned
from mmdesk.tasks.engine import Engine
from tests.packs_for_tests import picture

MS = Fraction(1, 1000)
SIZE = (160, 120)


@dataclass(frozen=True)
class Scene:
    """One colour for some seconds, at so many frames a second."""

    colour: str
    seconds: float
    rate: float = 10.0


def scene_times(scenes: Sequence[Scene]) -> list[tuple[int, str]]:
    """When each frame is shown, in milliseconds, and its colour."""
    shown: list[tuple[int, str]] = []
    start = 0.0
    for scene in scenes:
        count = round(scene.seconds * scene.rate)
        shown += [(round((start + n / scene.rate) * 1000), scene.colour) for n in range(count)]
        start += scene.seconds
    return shown


def write_scenes(path: Path, scenes: Sequence[Scene], key_frames: int = 12) -> Path:
    """Writes a film of these scenes (MPEG-4, exact times)."""
    shown = [(t, picture(colour, *SIZE)) for t, colour in scene_times(scenes)]
    return write_pictures(path, shown, key_frames)


def write_pictures(
    path: Path, shown: Iterable[tuple[int, NDArray[np.uint8]]], key_frames: int = 12, bit_rate: int = 200_000
) -> Path:
    """Writes a film of pictures and their times in milliseconds."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mpeg4", rate=10, options={"g": str(key_frames)})
        assert isinstance(stream, VideoStream)
        stream.bit_rate = bit_rate
        (stream.width, stream.height), stream.pix_fmt = SIZE, "yuv420p"
        stream.time_base = stream.codec_context.time_base = MS
        for t, rgb in shown:
            frame = VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = t, MS
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def write_srt(path: Path, *lines: tuple[float, float, str]) -> Path:
    """Writes subtitles: start, end (seconds) and words of each."""
    blocks = [
        f"{n}\n{_srt_time(t0)} --> {_srt_time(t1)}\n{text}\n" for n, (t0, t1, text) in enumerate(lines, 1)
    ]
    path.write_text("\n".join(blocks), "utf-8")
    return path


def _srt_time(seconds: float) -> str:
    whole, rest = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{rest:03}"


def run(engine: Engine, path: Path, *languages: str, control: Control | None = None) -> list[Event]:
    """Everything that an analysis tells."""
    request = AnalysisRequest(path, languages or ("en",))
    told = analyze(request, engine, control or Control())
    return [event for event in told if not isinstance(event, Passed)]


def findings(events: Iterable[Event | Passed], kind: FindingKind | None = None) -> list[Finding]:
    """The findings among events."""
    found = [event.finding for event in events if isinstance(event, Found)]
    return [finding for finding in found if kind in (None, finding.kind)]


def captions(events: Iterable[Event | Passed]) -> list[tuple[float, float, str | None]]:
    """Start, end and text of the captions, in order of time."""
    found = findings(events, FindingKind.CAPTION)
    return sorted((round(each.t0, 3), round(each.t1, 3), each.text) for each in found)


def warnings(events: Iterable[Event | Passed]) -> list[str]:
    """The messages of the warnings."""
    return [str(event.message) for event in events if isinstance(event, Warned)]


def ends(events: Iterable[Event | Passed]) -> list[Finished | Failed]:
    """How files ended."""
    return [event for event in events if isinstance(event, Finished | Failed)]

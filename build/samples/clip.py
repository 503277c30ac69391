"""Puts pictures, speech and subtitles into one MP4."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from samples.camera import SIZE, shot
from samples.speech import RATE
from samples.story import Scene

FPS = 25
_SILENCE_BEFORE = 0.35
_CROSSFADE = 0.4
# The style that FFmpeg itself gives to text subtitles: white, at the bottom.
_ASS_HEADER = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True)
class Take:
    """A scene in its place.

    Attributes:
        scene: What is shown and said.
        picture: The whole picture.
        speech: Mono samples, [samples] int16.
        t0: Start, seconds.
        t1: End, seconds.
    """

    scene: Scene
    picture: Image.Image
    speech: NDArray[np.int16]
    t0: float
    t1: float

    @property
    def spoken(self) -> tuple[float, float]:
        """When the line is spoken, seconds."""
        start = self.t0 + _SILENCE_BEFORE
        return start, start + len(self.speech) / RATE


def arrange(
    story: tuple[Scene, ...], pictures: dict[str, Image.Image], speeches: list[NDArray[np.int16]]
) -> list[Take]:
    """Gives every scene the time that its line needs, on whole frames."""
    takes, t0 = [], 0.0
    for scene, speech in zip(story, speeches, strict=True):
        t1 = round((t0 + _SILENCE_BEFORE + len(speech) / RATE + scene.pause) * FPS) / FPS
        takes.append(Take(scene, pictures[scene.picture], speech, t0, t1))
        t0 = t1
    return takes


def write_clip(takes: list[Take], target: Path) -> None:
    """Writes H.264, AAC and mov_text with English as the language of both.

    Args:
        takes: In order of time, without gaps.
        target: The MP4 file.
    """
    with av.open(target, "w", options={"movflags": "+faststart"}) as out:
        video = out.add_stream("libx264", FPS, options={"crf": "27", "preset": "slow", "tune": "stillimage"})
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        sound = out.add_stream("aac", 44100, layout="mono", bit_rate=64000)
        words = out.add_stream("mov_text")
        words.codec_context.subtitle_header = _ASS_HEADER
        words.time_base = words.codec_context.time_base = Fraction(1, 1000)
        for stream in (sound, words):
            stream.metadata["language"] = "eng"
        _write_words(out, words, takes)
        _write_sound(out, sound, takes)
        _write_video(out, video, takes)


def _write_words(out: OutputContainer, stream: SubtitleStream, takes: list[Take]) -> None:
    for number, take in enumerate(takes):
        start, end = (round(1000 * t) for t in take.spoken)
        event = f"{number},0,Default,,0,0,0,,{take.scene.line}".encode()
        packet = stream.codec_context.encode_subtitle(SubtitleSet.create(event, 0, end - start, start * 1000))
        packet.stream, packet.time_base = stream, Fraction(1, 1000)
        packet.pts = packet.dts = start
        packet.duration = end - start
        out.mux(packet)


def _write_sound(out: OutputContainer, stream: AudioStream, takes: list[Take]) -> None:
    whole = np.zeros(round(takes[-1].t1 * RATE), np.int16)
    for take in takes:
        begin = round(take.spoken[0] * RATE)
        whole[begin : begin + len(take.speech)] = take.speech
    frame = av.AudioFrame.from_ndarray(whole[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def _write_video(out: OutputContainer, stream: VideoStream, takes: list[Take]) -> None:
    for picture in _frames(takes):
        out.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")))
    out.mux(stream.encode(None))


def _frames(takes: list[Take]) -> Iterator[Image.Image]:
    for before, take in zip([None, *takes], takes, strict=False):
        for number in range(round(take.t0 * FPS), round(take.t1 * FPS)):
            t = number / FPS
            seen = shot(take.picture, take.scene, (t - take.t0) / (take.t1 - take.t0))
            mix = (t - take.t0) / _CROSSFADE
            if before is not None and mix < 1:
                seen = Image.blend(shot(before.picture, before.scene, 1.0), seen, mix)
            yield seen

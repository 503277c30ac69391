"""A film from file to captions, against each of its stages alone on the same frames."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.clips import SAMPLE, looped
from bench.engines import engine
from bench.figures import milliseconds, side_by_side, tell
from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.choosing import LONGEST_SIDE, Batch, Chooser, Moment
from mmdesk.analysis.decoding import Decoder, Piece
from mmdesk.analysis.past import Past
from mmdesk.analysis.pipe import Pipe
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.events import Finished
from mmdesk.media.info import MediaInfo
from mmdesk.media.probe import probe
from mmdesk.media.video import VideoReader
from mmdesk.tasks.caption import Captioner
from mmdesk.tasks.engine import Engine
from mmdesk.tasks.vision import Prepared

_ENDLESS = 1_000_000


def main() -> None:
    """Prints the time of each stage alone, of the whole, and how close the whole comes to the slowest."""
    with tempfile.TemporaryDirectory() as folder:
        clip = looped(SAMPLE, Path(folder) / "clip.mp4", 3)
        models = engine()
        captioner = models.captioner("en")
        info = probe(clip, Control())
        pieces = _pieces(info)
        batches = _choose(pieces)
        prepared = _preprocess(captioner, batches)
        seconds = side_by_side(
            {
                "whole": lambda: _whole(clip, models),
                "decode": lambda: _decode(info),
                "choose": lambda: _choose(pieces),
                "preprocess": lambda: _preprocess(captioner, batches),
                "inference": lambda: _infer(captioner, prepared),
            },
            times=5,
        )
    best = {name: min(values) for name, values in seconds.items()}
    slowest = max(("decode", "choose", "preprocess", "inference"), key=lambda name: best[name])
    share = best[slowest] / best["whole"]
    moments = sum(map(len, batches))
    tell(
        f"Film of {info.duration or 0:.0f} s at 960 × 540, {moments} captions",
        {
            "decoding alone": milliseconds(seconds["decode"]),
            "choosing alone": milliseconds(seconds["choose"]),
            "preprocessing alone": milliseconds(seconds["preprocess"]),
            "inference alone": milliseconds(seconds["inference"]),
            "whole analysis": milliseconds(seconds["whole"]),
            "seconds of film per second": f"{(info.duration or 0) / best['whole']:.1f}",
            f"throughput / slowest stage ({slowest})": f"{share:.2f}  (wanted: at least 0.90)",
        },
    )
    models.close()


def _whole(clip: Path, models: Engine) -> None:
    events = list(analyze(AnalysisRequest(clip), models, Control()))
    if not any(isinstance(event, Finished) for event in events):
        raise RuntimeError(f"the analysis failed: {events[-1]}")


def _decode(info: MediaInfo) -> None:
    """Every frame of the film, as the analysis reads them, and none kept."""
    with VideoReader(info, Control()) as reader:
        for _ in reader.frames():
            pass


def _pieces(info: MediaInfo) -> list[Piece]:
    pipe: Pipe[Piece] = Pipe(_ENDLESS)
    Decoder(info, Control(), Control(), pipe, Past()).run()
    pipe.end(None)
    return list(iter(pipe.take, None))


def _choose(pieces: list[Piece]) -> list[list[Moment]]:
    given: Pipe[Piece] = Pipe(_ENDLESS)
    for piece in pieces:
        given.put(piece)
    given.end(None)
    chosen: Pipe[Batch] = Pipe(_ENDLESS)
    Chooser(given, chosen, SAMPLE, Past()).run()
    chosen.end(None)
    return [list(batch.moments) for batch in iter(chosen.take, None) if batch.moments]


def _preprocess(captioner: Captioner, batches: list[list[Moment]]) -> list[list[Prepared]]:
    prepare = captioner.encoder.prepare
    return [[prepare(moment.frame.rgb(LONGEST_SIDE)) for moment in batch] for batch in batches]


def _infer(captioner: Captioner, batches: list[list[Prepared]]) -> None:
    for batch in batches:
        captioner.caption(captioner.encoder.encode(batch), "en")


if __name__ == "__main__":
    main()

"""A film from file to captions, against each of its stages alone on the same frames."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.clips import SAMPLE, looped
from bench.engines import engine
from bench.figures import milliseconds, side_by_side, tell
from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.pipe import Pipe
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.analysis.watching import Decoder, Moment
from mmdesk.control import Control
from mmdesk.events import Finished
from mmdesk.media.info import MediaInfo
from mmdesk.media.probe import probe
from mmdesk.tasks.caption import Captioner, Prepared
from mmdesk.tasks.engine import Engine

_LONGEST_SIDE = 960


def main() -> None:
    """Prints the time of each stage alone, of the whole, and how close the whole comes to the slowest."""
    with tempfile.TemporaryDirectory() as folder:
        clip = looped(SAMPLE, Path(folder) / "clip.mp4", 5)
        models = engine()
        captioner = models.captioner("en")
        info = probe(clip, Control())
        batches = _decode(info)
        prepared = _preprocess(captioner, batches)
        seconds = side_by_side(
            {
                "whole": lambda: _whole(clip, models),
                "decode": lambda: _decode(info),
                "preprocess": lambda: _preprocess(captioner, batches),
                "inference": lambda: _infer(captioner, prepared),
            },
            times=5,
        )
    best = {name: min(values) for name, values in seconds.items()}
    slowest = max(("decode", "preprocess", "inference"), key=lambda name: best[name])
    share = best[slowest] / best["whole"]
    moments = sum(map(len, batches))
    tell(
        f"Film of {info.duration or 0:.0f} s at 960 × 540, {moments} captions",
        {
            "decoding and choosing alone": milliseconds(seconds["decode"]),
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


def _decode(info: MediaInfo) -> list[list[Moment]]:
    pipe: Pipe[list[Moment]] = Pipe(capacity=1_000_000)
    Decoder(info, Control(), Control(), pipe).run()
    pipe.end(None)
    return list(iter(pipe.take, None))


def _preprocess(captioner: Captioner, batches: list[list[Moment]]) -> list[list[Prepared]]:
    return [[captioner.prepare(moment.frame.rgb(_LONGEST_SIDE)) for moment in batch] for batch in batches]


def _infer(captioner: Captioner, batches: list[list[Prepared]]) -> None:
    for batch in batches:
        captioner.caption(batch, "en")


if __name__ == "__main__":
    main()

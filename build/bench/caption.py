"""Caption of one picture from file to sentence, against the encoder's forward pass alone.

The encoder is all that sees: the graph of the shared picture encoder, and after it the caption pack's
own `encoder`, where there are two.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import av
from PIL import Image

from bench.clips import SAMPLE
from bench.engines import engine
from bench.figures import milliseconds, ratio, side_by_side, tell
from mmdesk.media.picture import read_picture


def main() -> None:
    """Prints both times and their ratio."""
    models = engine()
    captioner = models.captioner("en")
    eyes = captioner.encoder
    with tempfile.TemporaryDirectory() as folder:
        picture = _photo(Path(folder) / "photo.jpg")
        prepared = [eyes.prepare(read_picture(picture))]
        seconds = side_by_side(
            {
                "whole": lambda: captioner.caption(eyes.encode([eyes.prepare(read_picture(picture))]), "en"),
                "encoder": lambda: captioner.see(eyes.encode(prepared)),
                "reading": lambda: eyes.prepare(read_picture(picture)),
            },
            times=60,
        )
    tell(
        "Caption of one 640 × 360 JPEG, warm",
        {
            "file to sentence (as the pack says: beams)": milliseconds(seconds["whole"]),
            "of that: decode and preprocess": milliseconds(seconds["reading"]),
            "encoder alone": milliseconds(seconds["encoder"]),
            "whole / encoder": f"{ratio(seconds['whole'], seconds['encoder']):.2f}  (wanted: at most 3)",
        },
    )
    models.close()


def _photo(target: Path) -> Path:
    with av.open(SAMPLE) as clip:
        frame = next(clip.decode(video=0))
    Image.fromarray(frame.reformat(640, 360).to_ndarray(format="rgb24")).save(target, quality=92)
    return target


if __name__ == "__main__":
    main()

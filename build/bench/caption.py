"""Caption of one picture from file to sentence, against the encoder's forward pass alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import av
from PIL import Image

from bench.clips import SAMPLE
from bench.engines import engine, pack
from bench.figures import milliseconds, ratio, side_by_side, tell
from mmdesk.media.picture import read_picture
from mmdesk.packs.roles import Role
from mmdesk.tasks.loading import close, load_graphs


def main() -> None:
    """Prints both times and their ratio."""
    models = engine()
    captioner = models.captioner("en")
    sessions = load_graphs(pack(Role.CAPTION), {"encoder": None}, models.choice)
    encoder = sessions["encoder"]
    (pixels,) = encoder.inputs
    with tempfile.TemporaryDirectory() as folder:
        picture = _photo(Path(folder) / "photo.jpg")
        prepared = captioner.prepare(read_picture(picture))
        seconds = side_by_side(
            {
                "whole": lambda: captioner.caption([captioner.prepare(read_picture(picture))], "en"),
                "encoder": lambda: encoder.run({pixels: prepared.pixels[None]}),
                "reading": lambda: captioner.prepare(read_picture(picture)),
            },
            times=60,
        )
    tell(
        "Caption of one 640 × 360 JPEG, warm",
        {
            "file to sentence (as the pack says: beams)": milliseconds(seconds["whole"]),
            "of that: decode and preprocess": milliseconds(seconds["reading"]),
            "encoder alone": milliseconds(seconds["encoder"]),
            "whole / encoder": f"{ratio(seconds['whole'], seconds['encoder']):.2f}  (wanted: at most 2.5)",
        },
    )
    close(sessions)
    models.close()


def _photo(target: Path) -> Path:
    with av.open(SAMPLE) as clip:
        frame = next(clip.decode(video=0))
    Image.fromarray(frame.reformat(640, 360).to_ndarray(format="rgb24")).save(target, quality=92)
    return target


if __name__ == "__main__":
    main()

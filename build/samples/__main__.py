"""`make samples`: renders resources/samples/sample.mp4."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from samples.clip import arrange, write_clip
from samples.pictures import fetch_pictures
from samples.speech import speak
from samples.story import STORY

_TARGET = Path(__file__).resolve().parents[2] / "resources" / "samples" / "sample.mp4"


def main() -> int:
    """Renders the clip into the folder of samples; 1 when espeak-ng is missing."""
    if shutil.which("espeak-ng") is None:
        print("espeak-ng speaks the lines of the sample; please install it: apt-get install espeak-ng")
        return 1
    pictures = fetch_pictures({scene.picture for scene in STORY})
    takes = arrange(STORY, pictures, [speak(scene) for scene in STORY])
    _TARGET.parent.mkdir(parents=True, exist_ok=True)
    write_clip(takes, _TARGET)
    print(f"{_TARGET}: {takes[-1].t1:.2f} s, {_TARGET.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

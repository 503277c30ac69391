"""What the sample clip tells: scenes of different lengths, each a slow move over one picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """A part of a picture with the clip's proportions.

    Attributes:
        x: Centre, as a fraction of the picture's width.
        y: Centre, as a fraction of the picture's height.
        width: Width, as a fraction of the widest part that fits.
    """

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Scene:
    """One picture and the line that is spoken over it.

    Attributes:
        picture: Name of the picture.
        start: What is seen first.
        end: What is seen last.
        line: What is said.
        pitch: espeak-ng's pitch, 0 to 99.
        speed: espeak-ng's words a minute.
        pause: Seconds after the line.
    """

    picture: str
    start: View
    end: View
    line: str
    pitch: int = 50
    speed: int = 150
    pause: float = 0.7


STORY = (
    Scene(
        "coffee",
        View(0.5, 0.5, 1.0),
        View(0.46, 0.5, 0.8),
        "Good morning! This coffee is wonderful.",
        pitch=65,
        pause=0.9,
    ),
    Scene(
        "chelsea",
        View(0.5, 0.45, 1.0),
        View(0.5, 0.36, 0.72),
        "This is my cat. She makes me happy every day.",
        pitch=68,
    ),
    Scene(
        "astronaut",
        View(0.5, 0.42, 1.0),
        View(0.46, 0.2, 0.75),
        "An astronaut sits in front of a flag.",
        speed=155,
        pause=1.0,
    ),
    Scene(
        "chelsea",
        View(0.42, 0.42, 0.6),
        View(0.5, 0.42, 0.75),
        "When my cat is away, I feel sad and lonely.",
        pitch=35,
        speed=130,
        pause=0.9,
    ),
    Scene(
        "coffee",
        View(0.42, 0.5, 0.65),
        View(0.5, 0.5, 0.9),
        "And now my coffee is cold. How awful!",
        pitch=45,
        speed=150,
        pause=0.8,
    ),
)

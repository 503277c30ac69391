"""What an analysis tells: frozen results that every front end, file and journal shares.

All times are seconds of presentation time on the container's own clock (PTS × time base), counted
from the start time of the container, so 0 is the first moment that a player shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mmdesk.sentences import Sentence


class MediaKind(StrEnum):
    """What a file is, by its content."""

    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    SUBTITLES = "subtitles"
    FOLDER = "folder"


class FindingKind(StrEnum):
    """What a finding says. More kinds come with more tasks; consumers must accept unknown ones."""

    CAPTION = "caption"
    TRANSCRIPT = "transcript"
    SENTIMENT = "sentiment"
    TAGS = "tags"
    GAP = "gap"
    DISAGREEMENT = "disagreement"


class Modality(StrEnum):
    """Where a finding was seen, heard or read."""

    SCENE = "scene"
    FACE = "face"
    VOICE = "voice"
    WORDS = "words"
    FUSED = "fused"


class Stage(StrEnum):
    """What a job is doing."""

    OPENING = "opening"
    LOADING_MODELS = "loading models"
    READING_WORDS = "reading words"
    WATCHING = "watching"
    SAVING = "saving"


class Origin(StrEnum):
    """Who made a finding."""

    MODEL = "model"
    SUBTITLES = "subtitles"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Source:
    """What produced a finding, exact enough to check it later.

    Attributes:
        origin: A model, the file's own subtitles, or a person.
        pack: Name of the model pack; for subtitles the stream ("stream 2") or sidecar file name.
        version: Version of the pack; empty for subtitles.
        file_hash: SHA-256 (hex) of the pack's manifest, which holds the hash of every file of the
            pack; for subtitles of the file that holds them; empty when not known.
        precision: Number format that the model computes in ("fp32", "fp16", "int8", "fp32+int8" where
            its graphs differ); empty for subtitles.
        provider: ONNX Runtime execution provider that really ran; empty for subtitles.
    """

    origin: Origin
    pack: str
    version: str = ""
    file_hash: str = ""
    precision: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a finding is based on.

    Attributes:
        modality: Where to look.
        t0: Start of the evidence, seconds.
        t1: End of the evidence, seconds.
        box: Region of the frame as x, y, width, height in fractions [0, 1]; None is the whole.
        text: The words, where words are the evidence.
        weights: One weight in [0, 1] per piece of `pieces`: how much it counted.
        pieces: Start and end character offsets in `text` that `weights` belong to.
    """

    modality: Modality
    t0: float
    t1: float
    box: tuple[float, float, float, float] | None = None
    text: str | None = None
    weights: tuple[float, ...] = ()
    pieces: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One result with its time, its evidence and what produced it.

    Attributes:
        kind: What it says.
        modality: Where it was seen, heard or read.
        t0: Start, seconds; 0 for a picture.
        t1: End, seconds; equals `t0` for a picture.
        source: What produced it.
        evidence: What it is based on; never empty.
        text: Caption, transcript line, tags, or the words that a sentiment belongs to.
        value: Valence in [-1, 1] for a sentiment; None otherwise.
        language: BCP 47 tag of `text`; None when not known.
        confidence: In [0, 1]; None where nobody measured one (a person's subtitles).
        distribution: Probabilities by class name, for classifiers and for tags that have them.
        band: For a sentiment: the interval of valence that holds the truth with 80 % chance, as its model
            was calibrated; None where it has none.
        person: For what belongs to one of the people in the picture: their number in this file, from 1.
        contributions: For a fused sentiment: the Shapley value of each modality that was present; with
            `baseline` they add up to `value`.
        baseline: For a fused sentiment: its valence with no modality at all.
        reason: For a gap: why there was nothing good enough to judge.
    """

    kind: FindingKind
    modality: Modality
    t0: float
    t1: float
    source: Source
    evidence: tuple[Evidence, ...]
    text: str | None = None
    value: float | None = None
    language: str | None = None
    confidence: float | None = None
    distribution: tuple[tuple[str, float], ...] = ()
    band: tuple[float, float] | None = None
    person: int | None = None
    contributions: tuple[tuple[Modality, float], ...] = ()
    baseline: float | None = None
    reason: Sentence | None = None

    @property
    def doubtful(self) -> bool:
        """Whether this is a caption that is more likely wrong than right."""
        return self.kind is FindingKind.CAPTION and self.confidence is not None and self.confidence < 0.5


@dataclass(frozen=True, slots=True)
class Started:
    """Work on a path began.

    Attributes:
        path: The file or folder.
        kind: What it is by content.
        duration: Seconds of presentation time; None when unknown or a picture.
    """

    path: Path
    kind: MediaKind
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is.

    Attributes:
        path: The file.
        stage: What is being done.
        fraction: Share of the work that is done, in [0, 1]; None when unknown.
        speed: Seconds of media per second of work; None for pictures or when not yet known.
        remaining: Seconds of work left, estimated; None when not yet known.
    """

    path: Path
    stage: Stage
    fraction: float | None = None
    speed: float | None = None
    remaining: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A finding about a path.

    Attributes:
        path: The file.
        finding: The result.
    """

    path: Path
    finding: Finding


@dataclass(frozen=True, slots=True)
class Warned:
    """Something is not as it should be, and the work goes on.

    Attributes:
        path: The file.
        message: What is wrong.
        hint: What the person can do.
    """

    path: Path
    message: Sentence
    hint: Sentence


@dataclass(frozen=True, slots=True)
class Failed:
    """The work on a path ended without a complete result; findings so far stay good.

    Attributes:
        path: The file or folder entry.
        message: What happened.
        hint: What the person can do.
        cancelled: Whether the person stopped it.
    """

    path: Path
    message: Sentence
    hint: Sentence
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """The work on a path is complete.

    Attributes:
        path: The file or folder.
        findings: How many findings were made.
        seconds: Seconds of work.
        kept: Whether nothing was computed, because it had been with the same models and settings.
    """

    path: Path
    findings: int
    seconds: float
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """One step of the work has told all that it finds, so that a later run may leave it out.

    Only the journal hears it. What a step finds is told in one go, right before this.

    Attributes:
        path: The file.
        lane: Which line of work, as in "pictures" or "words".
        part: Number of the part within the lane (a chunk of film, a block of lines).
        step: Number of the step within the part.
        findings: How many findings the step told.
        whole: Whether the part is complete with this step.
        t1: For a complete part of a film: where it ended, seconds.
        continues: For a complete part of a film: whether it starts within a scene of the part before.
    """

    path: Path
    lane: str
    part: int
    step: int
    findings: int
    whole: bool
    t1: float = 0.0
    continues: bool = False


Event = Started | Progress | Found | Warned | Failed | Finished

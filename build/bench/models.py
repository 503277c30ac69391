"""How fast each shipped model does its job: two cores, warm, median, beside what is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

from bench.cores import two_cores
from bench.engines import folders
from bench.figures import machine, side_by_side
from mmdesk.errors import PackNotFound
from mmdesk.events import Modality
from mmdesk.packs.pack import Pack, find_packs, pack_doing, pack_for
from mmdesk.packs.roles import Role
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.caption import Captioner, caption_encoder
from mmdesk.tasks.embed import Embedder, embed_encoder
from mmdesk.tasks.expressions import ExpressionReader
from mmdesk.tasks.faces import Face
from mmdesk.tasks.fusion import Fuser
from mmdesk.tasks.moments import Observation
from mmdesk.tasks.text_sentiment import TextSentiment
from mmdesk.tasks.voice import VoiceReader

SENTENCE = "I have to say that the new doctor turned out to be surprisingly warm, and I would go again."
QUERY = "two children playing on a beach"
FACES = 8
HOUR, RATE = 3600, 5

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the table.

    Attributes:
        name: What is done.
        wanted: Milliseconds, at most; for a ratio, how often `unit` may be spent.
        prepare: Loads the model; what it returns does the job once.
        times: How often it is timed.
    """

    name: str
    wanted: float
    prepare: Callable[[Loader], Work]
    times: int = 60


class Loader:
    """Tasks of the shipped packs on two threads.

    Args:
        threads: Inside one run.
    """

    def __init__(self, threads: int) -> None:
        self.packs = find_packs(folders())
        self.choice = choose(Device.CPU)
        self.threads = threads

    def pack(self, role: Role) -> Pack:
        """The pack that reads English, or any for roles without words."""
        wordless = role in (Role.FACE_DETECT, Role.FACE_EXPRESSION, Role.VOICE, Role.FUSION)
        return pack_doing(role, self.packs) if wordless else pack_for(role, "en", self.packs)


def encoder_pass(loader: Loader) -> Work:
    """The picture encoder and the caption pack's own, for one picture."""
    captioner = _captioner(loader)
    prepared = [captioner.encoder.prepare(_picture())]
    return lambda: captioner.see(captioner.encoder.encode(prepared))


def caption(loader: Loader) -> Work:
    """One picture to an English sentence, beams and all."""
    captioner = _captioner(loader)
    eyes = captioner.encoder
    picture = _picture()
    return lambda: captioner.caption(eyes.encode([eyes.prepare(picture)]), "en")


def expressions(loader: Loader) -> Work:
    """Eight faces of one picture, cut out and judged."""
    reader = ExpressionReader(loader.pack(Role.FACE_EXPRESSION), loader.choice, loader.threads)
    picture = _picture()
    faces = [_face(40.0 + 60 * place) for place in range(FACES)]
    return lambda: reader.read_crops([reader.crop(picture, face) for face in faces])


def voice(loader: Loader) -> Work:
    """Three seconds of sound."""
    reader = VoiceReader(loader.pack(Role.VOICE), loader.choice, loader.threads)
    sound = np.random.default_rng(3).normal(0, 0.1, (1, reader.window)).astype(np.float32)
    return lambda: reader.read(sound)


def one_sentence(loader: Loader) -> Work:
    """Sentiment of one sentence of nineteen words."""
    sentiment = TextSentiment(loader.pack(Role.TEXT_SENTIMENT), loader.choice, loader.threads)
    return lambda: sentiment.score([SENTENCE], "en")


def search_vector(loader: Loader) -> Work:
    """The joint embedding of a search."""
    pack = loader.pack(Role.EMBED)
    eyes = embed_encoder(pack, loader.packs).load(loader.choice, loader.threads)
    embedder = Embedder(pack, eyes, loader.choice, loader.threads)
    return lambda: embedder.texts([QUERY], "en")


def fusion(loader: Loader) -> Work:
    """An hour of all three modalities, five moments a second, laid out and fused."""
    fuser = Fuser(loader.pack(Role.FUSION), loader.choice, loader.threads)
    seen = [
        Observation(modality, t, t, 0.5, 0.8, (("happy", 0.8), ("neutral", 0.2)))
        for t in np.arange(0, HOUR, 1 / RATE).tolist()
        for modality in (Modality.FACE, Modality.VOICE, Modality.WORDS)
    ]
    return lambda: fuser.fuse(seen)


_JOBS = (
    Job("expression of 8 faces", 15, expressions),
    Job("3 s of voice", 15, voice),
    Job("one sentence", 2, one_sentence, times=200),
    Job("search vector of a text", 5, search_vector, times=200),
    Job("fusion of one hour, 5 moments a second", 500, fusion, times=5),
)
_ENCODER_PASSES = 3


def main() -> None:
    """Prints the table; a job whose pack is missing is named as missing."""
    loader = Loader(two_cores())
    print(f"Shipped models, {loader.threads} cores, warm, median ({machine()})")
    _compare_caption(loader)
    for job in _JOBS:
        try:
            work = job.prepare(loader)
        except PackNotFound as missing:
            print(f"  {job.name:44} not measured: {missing}")
            continue
        took = 1000 * median(side_by_side({job.name: work}, job.times)[job.name])
        print(
            f"  {job.name:44} {took:8.2f} ms  (wanted: at most {job.wanted:g} ms){_verdict(took, job.wanted)}"
        )


def _compare_caption(loader: Loader) -> None:
    seconds = side_by_side({"caption": caption(loader), "encoder": encoder_pass(loader)}, times=40)
    took, alone = (1000 * median(seconds[name]) for name in ("caption", "encoder"))
    ratio = median(a / b for a, b in zip(seconds["caption"], seconds["encoder"], strict=True))
    print(f"  {'one encoder pass':44} {alone:8.2f} ms")
    print(
        f"  {'caption of one picture':44} {took:8.2f} ms, {ratio:.2f} encoder passes "
        f"(wanted: at most {_ENCODER_PASSES}){_verdict(ratio, _ENCODER_PASSES)}"
    )


def _verdict(value: float, wanted: float) -> str:
    return "" if value <= wanted else "  MISSED"


def _captioner(loader: Loader) -> Captioner:
    pack = loader.pack(Role.CAPTION)
    eyes = caption_encoder(pack, loader.packs).load(loader.choice, loader.threads)
    return Captioner(pack, eyes, loader.choice, loader.threads)


def _picture() -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """Soft blobs, so that crops are not flat; uint8 [360, 640, 3]."""
    rows, columns = np.mgrid[0:360, 0:640].astype(np.float64)
    waves = [np.sin(rows / (7 + k)) * np.cos(columns / (11 + k)) for k in range(3)]
    picture: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]] = (
        128 + 100 * np.stack(waves, axis=-1)
    ).astype(np.uint8)
    return picture


def _face(left: float) -> Face:
    points = (
        (left + 15, 120.0),
        (left + 35, 120.0),
        (left + 25, 135.0),
        (left + 17, 148.0),
        (left + 33, 148.0),
    )
    return Face((left, 100.0, left + 50, 160.0), points, 0.9)


if __name__ == "__main__":
    main()

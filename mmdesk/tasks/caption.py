"""Captions: one sentence that says what a picture shows."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackNotFound
from mmdesk.events import Source
from mmdesk.models.decoders import Cache, CrossKvDecoder, MergedDecoder
from mmdesk.models.generation import Hypothesis, Settings, Start, generate
from mmdesk.models.pixels import PicturePreprocessing
from mmdesk.models.text import Tokenizer
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import CaptionSpec, CaptionText, Layout, Role
from mmdesk.runtime.device import Choice
from mmdesk.runtime.session import Session
from mmdesk.sentences import sentence
from mmdesk.tasks.loading import close, load_graphs, source

# A step of the decoder is a few million multiplications that wait for memory: waking more threads
# costs more than they give (measured for one picture and for eight).
DECODER_THREADS = 1

_FULL_STOPS = {"zh": "。", "ja": "。"}
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?%)\]])")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture on its way to the encoder, float32 [3, height, width]."""

    pixels: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Caption:
    """A sentence about a picture.

    Attributes:
        text: The sentence.
        language: BCP 47 tag.
        confidence: In [0, 1]; see `CaptionSpec.calibration`.
    """

    text: str
    language: str
    confidence: float


class Captioner:
    """Writes captions with one pack. `prepare` on any thread; the rest on one thread at a time.

    Args:
        pack: A pack with the role `caption`.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.
        beams: Overrides the manifest's number of beams; 1 is greedy search.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take a graph.
        ModelFailed: A graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(
        self, pack: Pack, choice: Choice, threads: int | None = None, beams: int | None = None
    ) -> None:
        self._spec = _caption_spec(pack)
        self.languages = pack.manifest.languages
        self._tokenizer = Tokenizer(pack.read(self._spec.tokenizer))
        self._sessions = load_graphs(pack, {"encoder": threads, "decoder": DECODER_THREADS}, choice)
        self.source: Source = source(pack, self._sessions)
        self._preprocess = PicturePreprocessing(self._spec.picture)
        self._pixels, *_ = self._sessions["encoder"].inputs
        self._decoder = _decoder(self._spec, self._sessions["decoder"])
        self._settings = _settings(self._spec, beams)

    def prepare(self, rgb: NDArray[np.uint8]) -> Prepared:
        """Resizes and normalises a picture, uint8 [H, W, 3]. Any thread."""
        return Prepared(self._preprocess(rgb))

    def caption(
        self, batch: Sequence[Prepared], language: str, control: Control | None = None
    ) -> list[Caption]:
        """Writes one caption per picture.

        Args:
            batch: Pictures; what stands beside a picture does not change its caption.
            language: One of `languages`.
            control: Stops within a step of the decoder.

        Returns:
            Captions in the order of the pictures.

        Raises:
            PackNotFound: The pack does not write this language.
            Cancelled: The person stopped the work.
            ModelFailed: A graph could not be run.
        """
        start_ids = self._start_ids(language)
        if not batch:
            return []
        feeds = {self._pixels: _stacked(batch)}
        encoded = self._sessions["encoder"].run(feeds, control, self._decoder.encoded)
        state: Cache = self._decoder.start(encoded)
        prompt = np.tile(np.array(start_ids, np.int64), (len(batch), 1))
        found = generate(self._decoder, Start(prompt, state), self._settings, control)
        return [self._worded(hypothesis, language) for hypothesis in found]

    def close(self) -> None:
        """Gives the memory of the graphs back."""
        close(self._sessions)

    def _start_ids(self, language: str) -> tuple[int, ...]:
        if language not in self.languages:
            raise PackNotFound(
                str(Role.CAPTION),
                sentence(
                    "The model pack {pack} writes no captions in the language {language}.",
                    pack=self.source.pack,
                    language=language,
                ),
                sentence("Choose another language, or add a pack that has it."),
            )
        return self._spec.decoder.start_ids[language]

    def _worded(self, hypothesis: Hypothesis, language: str) -> Caption:
        mean = min(0.0, hypothesis.log_probability / max(1, hypothesis.tokens))
        text = worded(self._tokenizer.decode(hypothesis.ids), language, self._spec.text)
        return Caption(text, language, confidence_of(mean, language, self._spec))


def confidence_of(mean: float, language: str, spec: CaptionSpec) -> float:
    """The confidence of a caption.

    Args:
        mean: Log-probability of its tokens, mean, at most 0.
        language: BCP 47 tag.
        spec: Says how the pack is calibrated.

    Returns:
        A number in [0, 1].
    """
    calibration = spec.calibration.get(language)
    if calibration is None:
        return math.exp(mean / spec.temperature)
    return 1 / (1 + math.exp(-(calibration.scale * mean + calibration.offset)))


def worded(decoded: str, language: str, spec: CaptionText) -> str:
    """Makes a sentence of decoded tokens: joined, a capital first, a full stop last.

    Args:
        decoded: Tokens with spaces between words.
        language: BCP 47 tag.
        spec: What the manifest asks for.
    """
    text = spec.join.get(language, " ").join(decoded.split())
    text = _SPACE_BEFORE.sub(r"\1", text)
    if spec.capitalise:
        text = text[:1].upper() + text[1:]
    if spec.full_stop and text and text[-1] not in ".!?。！？":
        text += _FULL_STOPS.get(language.partition("-")[0], ".")
    return text


def _stacked(batch: Sequence[Prepared]) -> NDArray[np.float32]:
    if len(batch) == 1:
        return batch[0].pixels[None]
    return np.stack([prepared.pixels for prepared in batch])


def _caption_spec(pack: Pack) -> CaptionSpec:
    if pack.manifest.caption is None:
        raise PackNotFound(
            str(Role.CAPTION),
            sentence("The model pack {pack} writes no captions.", pack=pack.manifest.name),
            sentence("Choose a pack with the role {role}.", role=str(Role.CAPTION)),
        )
    return pack.manifest.caption


def _decoder(spec: CaptionSpec, session: Session) -> CrossKvDecoder | MergedDecoder:
    kind = CrossKvDecoder if spec.decoder.layout is Layout.CROSS_KV else MergedDecoder
    return kind(session, spec.decoder.heads, spec.decoder.head_size)


def _settings(spec: CaptionSpec, beams: int | None) -> Settings:
    return Settings(
        end_id=spec.decoder.end_id,
        max_new_tokens=spec.generation.max_new_tokens,
        beams=beams or spec.generation.beams,
        length_penalty=spec.generation.length_penalty,
        no_repeat_ngram=spec.generation.no_repeat_ngram,
        early_stopping=spec.generation.early_stopping,
    )

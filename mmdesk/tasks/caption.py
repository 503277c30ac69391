"""Captions: one sentence that says what a picture shows."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmdesk.control import Control
from mmdesk.errors import PackError, PackNotFound
from mmdesk.events import Source
from mmdesk.models.decoders import Cache, CrossKvDecoder, MergedDecoder, Tensors
from mmdesk.models.generation import Hypothesis, Settings, Start, generate
from mmdesk.models.text import Tokenizer
from mmdesk.packs.caption_spec import CaptionSpec, CaptionText, Layout
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.packs.vision_spec import VisionReference
from mmdesk.runtime.device import Choice
from mmdesk.runtime.session import Session
from mmdesk.sentences import sentence
from mmdesk.tasks.loading import close, load_graphs, source
from mmdesk.tasks.vision import GRID, Encoded, EncoderPlace, PictureEncoder, encoder_place, stacked

# A step of the decoder is a few million multiplications that wait for memory: waking more threads
# costs more than they give (measured for one picture and for eight).
DECODER_THREADS = 1

_FULL_STOPS = {"zh": "。", "ja": "。"}
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?%)\]])")


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
    """Writes captions with one pack, of pictures that its encoder saw. One thread at a time.

    Args:
        pack: A pack with the role `caption`.
        encoder: The picture encoder that `caption_encoder` finds for the pack; the owner of both
            closes it.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.
        beams: Overrides the manifest's number of beams; 1 is greedy search.

    Attributes:
        encoder: Makes `Encoded` of pictures.
        languages: BCP 47 tags of the languages that it writes.
        source: What findings name as their origin.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take a graph.
        ModelFailed: A graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(
        self,
        pack: Pack,
        encoder: PictureEncoder,
        choice: Choice,
        threads: int | None = None,
        beams: int | None = None,
    ) -> None:
        self._spec = _caption_spec(pack)
        self.languages = pack.manifest.languages
        self.encoder = encoder
        self._rests = isinstance(self._spec.eyes, VisionReference)
        self._tokenizer = Tokenizer(pack.read(self._spec.tokenizer))
        graphs = {"encoder": threads} if self._rests else {}
        self._sessions = load_graphs(pack, {**graphs, "decoder": DECODER_THREADS}, choice)
        self.source: Source = source(pack, [*self._sessions.values(), encoder])
        self._decoder = _decoder(self._spec, self._sessions["decoder"])
        self._settings = _settings(self._spec, beams)

    def caption(
        self, batch: Sequence[Encoded], language: str, control: Control | None = None
    ) -> list[Caption]:
        """Writes one caption per picture.

        Args:
            batch: Pictures, from `encoder`; what stands beside a picture does not change its caption.
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
        state: Cache = self._decoder.start(self.see(batch, control))
        prompt = np.tile(np.array(start_ids, np.int64), (len(batch), 1))
        found = generate(self._decoder, Start(prompt, state), self._settings, control)
        return [self._worded(hypothesis, language) for hypothesis in found]

    def see(self, batch: Sequence[Encoded], control: Control | None = None) -> Tensors:
        """What the decoder looks at: made of the grid, or as the pack's own encoder gave it.

        Args:
            batch: One picture or more, from `encoder`.
            control: Stops the run.

        Returns:
            Tensors by the name of the encoder's outputs, one row per picture.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        wanted = self._decoder.encoded
        if not self._rests:
            return {name: stacked(batch, name) for name in wanted}
        return self._sessions["encoder"].run({GRID: stacked(batch, GRID)}, control, wanted)

    def close(self) -> None:
        """Gives the memory of its graphs back; the encoder may have other users."""
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


def caption_encoder(pack: Pack, installed: Sequence[Pack | PackError]) -> EncoderPlace:
    """Where the picture encoder of a caption pack lies; raises as `encoder_place` does."""
    return encoder_place(pack, _caption_spec(pack).eyes, "encoder", installed)


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

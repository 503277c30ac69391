"""All tasks of one device, loaded when they are first asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from mmdesk.errors import PackError
from mmdesk.packs.pack import Pack, find_packs, pack_doing, pack_for
from mmdesk.packs.roles import Role
from mmdesk.runtime.device import Choice, Device, choose
from mmdesk.tasks.answer import Answerer, answer_encoder
from mmdesk.tasks.caption import Captioner, caption_encoder
from mmdesk.tasks.embed import Embedder, embed_encoder
from mmdesk.tasks.expressions import ExpressionReader
from mmdesk.tasks.faces import FaceDetector
from mmdesk.tasks.fusion import Fuser
from mmdesk.tasks.tags import Tagger, tags_encoder
from mmdesk.tasks.text_sentiment import TextSentiment
from mmdesk.tasks.vision import EncoderPlace, PictureEncoder
from mmdesk.tasks.voice import VoiceReader


class Closable(Protocol):
    """A loaded task."""

    def close(self) -> None:
        """Gives the memory of its graphs back."""


class Tasks(Protocol):
    """Loaded tasks of one kind, by what identifies their pack."""

    def values(self) -> Iterable[Closable]:
        """The tasks."""

    def clear(self) -> None:
        """Forgets them."""


@dataclass(frozen=True, slots=True)
class Running:
    """A loaded model, for the status bar.

    Attributes:
        role: What it does.
        pack: Name of the pack.
        version: Version of the pack.
        provider: Execution provider that really runs.
        precision: Number format that it computes in.
    """

    role: Role
    pack: str
    version: str
    provider: str
    precision: str


class Engine:
    """The models of one worker. One thread at a time, except `running`, which any may ask.

    Nothing is read before it is needed; what was loaded is kept until `close`. A damaged pack is
    the error of its own role, and the others work.

    Args:
        packs_dirs: Folders of packs; later ones win.
        device: Where to compute.
        threads: Threads inside one run; by default the cores that this process may use.
    """

    def __init__(
        self, packs_dirs: Sequence[Path], device: Device = Device.AUTO, threads: int | None = None
    ) -> None:
        self._packs_dirs = tuple(packs_dirs)
        self._device = device
        self._threads = threads
        self._encoders: dict[str, PictureEncoder] = {}
        self._captioners: dict[str, Captioner] = {}
        self._taggers: dict[str, Tagger] = {}
        self._embedders: dict[str, Embedder] = {}
        self._answerers: dict[str, Answerer] = {}
        self._text_sentiments: dict[str, TextSentiment] = {}
        self._face_detectors: dict[str, FaceDetector] = {}
        self._expression_readers: dict[str, ExpressionReader] = {}
        self._voice_readers: dict[str, VoiceReader] = {}
        self._fusers: dict[str, Fuser] = {}
        self._running: tuple[Running, ...] = ()

    @cached_property
    def choice(self) -> Choice:
        """What sessions ask for; the first call may take seconds where there is an NVIDIA driver.

        Raises:
            DeviceUnavailable: CUDA was chosen and does not compute here.
        """
        return choose(self._device)

    def captioner(self, language: str) -> Captioner:
        """The captioner for a language.

        Raises:
            PackError: No pack does it, or the one that would is damaged.
            InferenceError: The device or the model does not work.
        """
        pack = self._pack(Role.CAPTION, language)
        captioner = self._captioners.get(pack.manifest_hash)
        if captioner is None:
            encoder = self._encoder(caption_encoder(pack, self._packs))
            captioner = Captioner(pack, encoder, self.choice, self._threads)
            self._captioners[pack.manifest_hash] = captioner
            self._note(Role.CAPTION, pack, captioner.source.provider)
        return captioner

    def tagger(self, language: str) -> Tagger:
        """The tagger whose classes have names in a language; raises as `captioner` does."""
        pack = self._pack(Role.TAGS, language)
        tagger = self._taggers.get(pack.manifest_hash)
        if tagger is None:
            tagger = Tagger(pack, self._encoder(tags_encoder(pack, self._packs)), self.choice, self._threads)
            self._taggers[pack.manifest_hash] = tagger
            self._note(Role.TAGS, pack, tagger.source.provider)
        return tagger

    def embedder(self, language: str) -> Embedder:
        """The joint embedding that reads a language; raises as `captioner` does."""
        pack = self._pack(Role.EMBED, language)
        embedder = self._embedders.get(pack.manifest_hash)
        if embedder is None:
            encoder = self._encoder(embed_encoder(pack, self._packs))
            embedder = Embedder(pack, encoder, self.choice, self._threads)
            self._embedders[pack.manifest_hash] = embedder
            self._note(Role.EMBED, pack, embedder.source.provider)
        return embedder

    def answerer(self, language: str) -> Answerer:
        """What answers questions in a language; raises as `captioner` does."""
        pack = self._pack(Role.ANSWER, language)
        answerer = self._answerers.get(pack.manifest_hash)
        if answerer is None:
            encoder = self._encoder(answer_encoder(pack, self._packs))
            answerer = Answerer(pack, encoder, self.choice, self._threads)
            self._answerers[pack.manifest_hash] = answerer
            self._note(Role.ANSWER, pack, answerer.source.provider)
        return answerer

    def text_sentiment(self, language: str) -> TextSentiment:
        """The text sentiment for a language; raises as `captioner` does."""
        pack = self._pack(Role.TEXT_SENTIMENT, language)
        sentiment = self._text_sentiments.get(pack.manifest_hash)
        if sentiment is None:
            sentiment = TextSentiment(pack, self.choice, self._threads)
            self._text_sentiments[pack.manifest_hash] = sentiment
            self._note(Role.TEXT_SENTIMENT, pack, sentiment.source.provider)
        return sentiment

    def face_detector(self) -> FaceDetector:
        """The face detector; raises as `captioner` does."""
        pack = pack_doing(Role.FACE_DETECT, self._packs)
        detector = self._face_detectors.get(pack.manifest_hash)
        if detector is None:
            detector = FaceDetector(pack, self.choice, self._threads)
            self._face_detectors[pack.manifest_hash] = detector
            self._note(Role.FACE_DETECT, pack, detector.source.provider)
        return detector

    def expression_reader(self) -> ExpressionReader:
        """What judges the faces that were found; raises as `captioner` does."""
        pack = pack_doing(Role.FACE_EXPRESSION, self._packs)
        reader = self._expression_readers.get(pack.manifest_hash)
        if reader is None:
            reader = ExpressionReader(pack, self.choice, self._threads)
            self._expression_readers[pack.manifest_hash] = reader
            self._note(Role.FACE_EXPRESSION, pack, reader.source.provider)
        return reader

    def voice_reader(self) -> VoiceReader:
        """What judges windows of sound; raises as `captioner` does."""
        pack = pack_doing(Role.VOICE, self._packs)
        reader = self._voice_readers.get(pack.manifest_hash)
        if reader is None:
            reader = VoiceReader(pack, self.choice, self._threads)
            self._voice_readers[pack.manifest_hash] = reader
            self._note(Role.VOICE, pack, reader.source.provider)
        return reader

    def fuser(self) -> Fuser:
        """What fuses faces, voices and words; raises as `captioner` does."""
        pack = pack_doing(Role.FUSION, self._packs)
        fuser = self._fusers.get(pack.manifest_hash)
        if fuser is None:
            fuser = Fuser(pack, self.choice, self._threads)
            self._fusers[pack.manifest_hash] = fuser
            self._note(Role.FUSION, pack, fuser.source.provider)
        return fuser

    def running(self) -> tuple[Running, ...]:
        """The models that are loaded now."""
        return self._running

    def installed(self) -> tuple[Pack, ...]:
        """The packs that are installed and whole."""
        return tuple(pack for pack in self._packs if isinstance(pack, Pack))

    def packs_key(self) -> str:
        """A name for the packs that are installed; another set or version of packs has another."""
        packs = [pack.manifest_hash for pack in self._packs if isinstance(pack, Pack)]
        return hashlib.sha256("\n".join(packs).encode()).hexdigest()

    def close(self) -> None:
        """Gives the memory of every model back; they are loaded again when asked for."""
        for tasks in self._loaded():
            for task in tasks.values():
                task.close()
            tasks.clear()
        self._running = ()

    def _loaded(self) -> tuple[Tasks, ...]:
        """All kinds of tasks; what rests on an encoder before the encoders."""
        return (
            self._captioners,
            self._taggers,
            self._embedders,
            self._answerers,
            self._text_sentiments,
            self._face_detectors,
            self._expression_readers,
            self._voice_readers,
            self._fusers,
            self._encoders,
        )

    def _encoder(self, place: EncoderPlace) -> PictureEncoder:
        """The one encoder of all tasks that see with it."""
        encoder = self._encoders.get(place.key)
        if encoder is None:
            encoder = place.load(self.choice, self._threads)
            self._encoders[place.key] = encoder
            if Role.VISION in place.pack.manifest.roles:
                self._note(Role.VISION, place.pack, encoder.provider)
        return encoder

    def _pack(self, role: Role, language: str) -> Pack:
        return pack_for(role, language, self._packs)

    @cached_property
    def _packs(self) -> list[Pack | PackError]:
        return find_packs(self._packs_dirs)

    def _note(self, role: Role, pack: Pack, provider: str) -> None:
        manifest = pack.manifest
        loaded = Running(role, manifest.name, manifest.version, provider, manifest.precision)
        self._running = (*self._running, loaded)

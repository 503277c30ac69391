"""Joint embedding: pictures and texts as unit vectors of one space, for search and zero-shot words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackError, PackNotFound
from mmdesk.events import Source
from mmdesk.models.text import Tokenizer
from mmdesk.packs.embed_spec import EmbedSpec
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.runtime.device import Choice
from mmdesk.sentences import sentence
from mmdesk.tasks.loading import close, load_graphs, source
from mmdesk.tasks.vision import GRID, Encoded, EncoderPlace, PictureEncoder, encoder_place, stacked

# Texts of one run; a run is over within a few milliseconds.
BATCH = 64

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word of the pack's list that a picture shows.

    Attributes:
        labels: The word by language (BCP 47 tag).
        similarity: Cosine between picture and word, in [-1, 1].
    """

    labels: Mapping[str, str]
    similarity: float


class Embedder:
    """Puts pictures and texts into one space. One thread at a time.

    Args:
        pack: A pack with the role `embed`.
        encoder: The picture encoder that `embed_encoder` finds for the pack; the owner of both
            closes it.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.

    Attributes:
        encoder: Makes `Encoded` of pictures.
        languages: BCP 47 tags of the languages that it reads.
        source: What findings name as their origin; vectors of another source are of another space.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take a graph.
        ModelFailed: A graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(
        self, pack: Pack, encoder: PictureEncoder, choice: Choice, threads: int | None = None
    ) -> None:
        self._spec = _spec(pack)
        self.encoder = encoder
        self.languages = pack.manifest.languages
        self._tokenizer = Tokenizer(pack.read(self._spec.tokenizer), self._spec.max_tokens)
        self._sessions = load_graphs(pack, {"picture": threads, "text": threads}, choice)
        self.source: Source = source(pack, [*self._sessions.values(), encoder])

    def pictures(self, batch: Sequence[Encoded], control: Control | None = None) -> Vectors:
        """Vectors of pictures.

        Args:
            batch: Pictures, from `encoder`; what stands beside a picture does not change its vector.
            control: Stops the run.

        Returns:
            float32 [pictures, width], each of unit length.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        if not batch:
            return self._none()
        outputs = self._sessions["picture"].run({GRID: stacked(batch, GRID)}, control)
        return np.asarray(outputs["embedding"], np.float32)

    def texts(self, texts: Sequence[str], language: str, control: Control | None = None) -> Vectors:
        """Vectors of texts.

        Args:
            texts: Any number; long ones are cut.
            language: One of `languages`.
            control: Stops between runs and within one.

        Returns:
            float32 [texts, width], each of unit length.

        Raises:
            PackNotFound: The pack does not read this language.
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        self._check_language(language)
        parts = [self._read(texts[at : at + BATCH], control) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else self._none()

    def words(self, vectors: Vectors) -> list[list[SeenWord]]:
        """Which words of the pack's list pictures show.

        Args:
            vectors: From `pictures`.

        Returns:
            For each picture the words above their thresholds, clearest first; often none.

        Raises:
            ModelFailed: The graph could not be run.
        """
        similarities = (vectors @ self._word_vectors.T).tolist()
        return [self._seen(row) for row in similarities]

    def close(self) -> None:
        """Gives the memory of its graphs back; the encoder may have other users."""
        close(self._sessions)

    @cached_property
    def _word_vectors(self) -> Vectors:
        """One unit vector a word, float32 [words, width]: the mean of its names in all languages."""
        named = [list(word.labels.values()) for word in self._spec.words]
        if not named:
            return self._none()
        every = [name for names in named for name in names]
        vectors = np.concatenate([self._read(every[at : at + BATCH]) for at in range(0, len(every), BATCH)])
        starts = np.cumsum([0, *(len(names) for names in named[:-1])])
        sums = np.add.reduceat(vectors, starts, axis=0)
        result: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return result

    def _seen(self, similarities: Sequence[float]) -> list[SeenWord]:
        pairs = zip(self._spec.words, similarities, strict=True)
        above = [(value - word.threshold, word, value) for word, value in pairs if value >= word.threshold]
        above.sort(key=lambda item: -item[0])
        return [SeenWord(word.labels, value) for _, word, value in above]

    def _read(self, texts: Sequence[str], control: Control | None = None) -> Vectors:
        rows = [windows[0].ids for windows in self._tokenizer.encode(texts)]
        ids = np.full((len(rows), max(map(len, rows))), self._spec.pad_id, np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        outputs = self._sessions["text"].run({"input_ids": ids, "attention_mask": mask}, control)
        return np.asarray(outputs["embedding"], np.float32)

    def _none(self) -> Vectors:
        return np.empty((0, self._spec.width), np.float32)

    def _check_language(self, language: str) -> None:
        if language not in self.languages:
            raise PackNotFound(
                str(Role.EMBED),
                sentence(
                    "The model pack {pack} does not understand the language {language}.",
                    pack=self.source.pack,
                    language=language,
                ),
                sentence("Search in another language, or add a pack that knows this one."),
            )


def embed_encoder(pack: Pack, installed: Sequence[Pack | PackError]) -> EncoderPlace:
    """Where the encoder of an embed pack lies; raises as `encoder_place` does, or `PackNotFound`."""
    return encoder_place(pack, _spec(pack).eyes, "", installed)


def _spec(pack: Pack) -> EmbedSpec:
    if pack.manifest.embed is None:
        raise PackNotFound(
            str(Role.EMBED),
            sentence("The model pack {pack} has no space of pictures and texts.", pack=pack.manifest.name),
            sentence("Choose a pack with the role {role}.", role=str(Role.EMBED)),
        )
    return pack.manifest.embed

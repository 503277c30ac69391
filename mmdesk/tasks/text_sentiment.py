"""Sentiment of texts: valence, a distribution over classes, and which words it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackNotFound
from mmdesk.events import Source
from mmdesk.models.text import Tokenizer, Window
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.packs.text_sentiment_spec import TextSentimentSpec
from mmdesk.runtime.device import Choice
from mmdesk.sentences import sentence
from mmdesk.tasks.loading import close, load_graphs, source

# Tokens of one run, padding included: enough to keep the cores busy, little enough to be cancelled
# at once and to stay in the caches.
BATCH_TOKENS = 2048

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TextAffect:
    """How a text sounds.

    Attributes:
        valence: In [-1, 1]: the expectation of the classes' valence.
        confidence: Probability of the most probable class, in [0, 1].
        distribution: Probabilities by class name, in the pack's order; they add up to 1.
        pieces: Start and end character offsets of the words in the text.
        weights: How much each piece counted, in [0, 1]; they add up to 1.
    """

    valence: float
    confidence: float
    distribution: tuple[tuple[str, float], ...]
    pieces: tuple[tuple[int, int], ...]
    weights: tuple[float, ...]


class TextSentiment:
    """Scores texts with one pack. One thread at a time.

    Args:
        pack: A pack with the role `text-sentiment`.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take the graph.
        ModelFailed: The graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(self, pack: Pack, choice: Choice, threads: int | None = None) -> None:
        self._spec = _spec(pack)
        self.languages = pack.manifest.languages
        self._tokenizer = Tokenizer(pack.read(self._spec.tokenizer), self._spec.max_tokens)
        self._sessions = load_graphs(pack, {"model": threads}, choice)
        self.source: Source = source(pack, self._sessions.values())

    def score(
        self, texts: Sequence[str], language: str, control: Control | None = None
    ) -> list[TextAffect | None]:
        """Scores texts.

        Args:
            texts: Any number of texts of any length; long ones are scored in windows, and their
                probabilities averaged by the number of words.
            language: BCP 47 tag of the texts.
            control: Stops within a batch.

        Returns:
            For each text its affect, in order; None where there is no word to judge by.

        Raises:
            PackNotFound: The pack does not understand this language.
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        self._check_language(language)
        wordy = [place for place, text in enumerate(texts) if any(map(str.isalnum, text))]
        windows = self._tokenizer.encode([texts[place] for place in wordy])
        scored = iter(self._scored([window for of_text in windows for window in of_text], control))
        results: list[TextAffect | None] = [None] * len(texts)
        for place, of_text in zip(wordy, windows, strict=True):
            results[place] = self._affect([(window, *next(scored)) for window in of_text])
        return results

    def close(self) -> None:
        """Gives the memory of the graph back."""
        close(self._sessions)

    def _check_language(self, language: str) -> None:
        if language not in self.languages:
            raise PackNotFound(
                str(Role.TEXT_SENTIMENT),
                sentence(
                    "The model pack {pack} does not understand the language {language}.",
                    pack=self.source.pack,
                    language=language,
                ),
                sentence("These words get no sentiment; add a pack that knows their language."),
            )

    def _scored(self, windows: Sequence[Window], control: Control | None) -> list[tuple[Floats, Floats]]:
        """Class probabilities and token weights of each window, in order."""
        results: list[tuple[Floats, Floats]] = [(np.empty(0), np.empty(0))] * len(windows)
        for places in _batches([len(window.ids) for window in windows]):
            ids, mask = self._padded([windows[place] for place in places])
            outputs = self._sessions["model"].run({"input_ids": ids, "attention_mask": mask}, control)
            probabilities = _softmax(outputs["logits"].astype(np.float64) / self._spec.temperature)
            for row, place in enumerate(places):
                results[place] = probabilities[row], outputs["token_weights"][row]
        return results

    def _padded(self, windows: Sequence[Window]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        longest = max(len(window.ids) for window in windows)
        ids = np.full((len(windows), longest), self._spec.pad_id, np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
        return ids, mask

    def _affect(self, scored: Sequence[tuple[Window, Floats, Floats]]) -> TextAffect | None:
        """Joins the windows of one text, each with its class probabilities and token weights."""
        counts = np.array([len(window.pieces) for window, _, _ in scored], np.float64)
        if not counts.sum():
            return None
        shares = counts / counts.sum()
        probabilities = shares @ np.stack([of_window for _, of_window, _ in scored])
        weights = [
            share * weight
            for share, (window, _, tokens) in zip(shares.tolist(), scored, strict=True)
            for weight in _piece_weights(window, tokens.tolist())
        ]
        return TextAffect(
            valence=float(probabilities @ np.array(self._spec.valence)),
            confidence=float(probabilities.max()),
            distribution=tuple(zip(self._spec.labels, probabilities.tolist(), strict=True)),
            pieces=tuple((piece.start, piece.end) for window, _, _ in scored for piece in window.pieces),
            weights=tuple(weights),
        )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of similar length, so that little is padded, at most `BATCH_TOKENS` each."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _piece_weights(window: Window, tokens: Sequence[float]) -> list[float]:
    """The weights of the words, without the special tokens, adding up to 1."""
    weights = [sum(tokens[place] for place in piece.tokens) for piece in window.pieces]
    total = sum(weights)
    return [weight / total if total > 0 else 1 / len(weights) for weight in weights]


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def _spec(pack: Pack) -> TextSentimentSpec:
    if pack.manifest.text_sentiment is None:
        raise PackNotFound(
            str(Role.TEXT_SENTIMENT),
            sentence("The model pack {pack} does not judge texts.", pack=pack.manifest.name),
            sentence("Choose a pack with the role {role}.", role=str(Role.TEXT_SENTIMENT)),
        )
    return pack.manifest.text_sentiment

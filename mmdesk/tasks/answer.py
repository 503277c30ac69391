"""Short answers to questions about a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackError, PackNotFound, QuestionNotUnderstood
from mmdesk.events import Source
from mmdesk.models.text import Tokenizer
from mmdesk.packs.answer_spec import GRAPH, AnswerSpec, QuestionKind
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.runtime.device import Choice
from mmdesk.sentences import sentence
from mmdesk.tasks.loading import close, load_graphs, source
from mmdesk.tasks.vision import GRID, Encoded, EncoderPlace, PictureEncoder, encoder_place

# Questions of one run.
BATCH = 64

_LETTER = re.compile(r"[^\W_]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question about a picture.

    Attributes:
        text: A word or two in the question's language.
        confidence: In [0, 1], calibrated on validation pictures: the chance that people would say so.
        kind: The kind of question, as the pack names it, for example `colour`.
        cannot_tell: The answer is that the picture does not show it.
    """

    text: str
    confidence: float
    kind: str
    cannot_tell: bool


class Answerer:
    """Answers questions about pictures that its encoder saw. One thread at a time.

    Args:
        pack: A pack with the role `answer`.
        encoder: The picture encoder that `answer_encoder` finds for the pack; the owner of both
            closes it.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.

    Attributes:
        encoder: Makes `Encoded` of pictures.
        languages: BCP 47 tags of the languages that it understands.
        source: What findings name as their origin.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take the graph.
        ModelFailed: The graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(
        self, pack: Pack, encoder: PictureEncoder, choice: Choice, threads: int | None = None
    ) -> None:
        self._spec = _spec(pack)
        self.encoder = encoder
        self.languages = pack.manifest.languages
        self._tokenizer = Tokenizer(pack.read(self._spec.tokenizer), self._spec.max_tokens)
        self._sessions = load_graphs(pack, {GRAPH: threads}, choice)
        self.source: Source = source(pack, [*self._sessions.values(), encoder])

    def answer(
        self, encoded: Encoded, questions: Sequence[str], language: str, control: Control | None = None
    ) -> list[Answer]:
        """Answers questions about one picture.

        Args:
            encoded: The picture, from `encoder`.
            questions: Any number; what stands beside a question does not change its answer.
            language: One of `languages`.
            control: Stops between runs and within one.

        Returns:
            An answer for each question, in their order.

        Raises:
            QuestionNotUnderstood: A question is empty or of no kind that the pack knows.
            PackNotFound: The pack does not understand this language.
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        return self.answer_about([(encoded, question) for question in questions], language, control)

    def answer_about(
        self, asked: Sequence[tuple[Encoded, str]], language: str, control: Control | None = None
    ) -> list[Answer]:
        """Answers questions, each about a picture of its own; otherwise as `answer`."""
        self._check_language(language)
        kinds = [kind_of(question, language, self._spec) for _, question in asked]
        answers: list[Answer] = []
        for first in range(0, len(asked), BATCH):
            part = slice(first, first + BATCH)
            logits = self._run(asked[part], control)
            answers += [self._chosen(*pair, language) for pair in zip(logits, kinds[part], strict=True)]
        return answers

    def close(self) -> None:
        """Gives the memory of its graph back; the encoder may have other users."""
        close(self._sessions)

    def _run(self, asked: Sequence[tuple[Encoded, str]], control: Control | None) -> NDArray[np.float64]:
        rows = [windows[0].ids for windows in self._tokenizer.encode([question for _, question in asked])]
        ids = np.full((len(rows), max(1, *map(len, rows))), self._spec.pad_id, np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        grid = np.stack([encoded.tensors[GRID] for encoded, _ in asked])
        outputs = self._sessions[GRAPH].run({GRID: grid, "input_ids": ids, "attention_mask": mask}, control)
        return outputs["logits"].astype(np.float64)

    def _chosen(self, logits: NDArray[np.float64], kind: QuestionKind, language: str) -> Answer:
        """The most probable of the answers that the kind of question allows."""
        allowed = np.array(kind.answers)
        scaled = logits[allowed] / self._spec.temperature[kind.name]
        shares = np.exp(scaled - scaled.max())
        best = int(shares.argmax())
        place = kind.answers[best]
        return Answer(
            text=self._spec.labels[language][place],
            confidence=float(shares[best] / shares.sum()),
            kind=kind.name,
            cannot_tell=place == self._spec.cannot_tell,
        )

    def _check_language(self, language: str) -> None:
        if language not in self.languages or language not in self._spec.labels:
            raise PackNotFound(
                str(Role.ANSWER),
                sentence(
                    "The model pack {pack} does not understand questions in the language {language}.",
                    pack=self.source.pack,
                    language=language,
                ),
                sentence("Ask in another language, or add a pack that knows this one."),
            )


def kind_of(question: str, language: str, spec: AnswerSpec) -> QuestionKind:
    """The kind of a question.

    Args:
        question: As a person wrote it.
        language: BCP 47 tag.
        spec: Names the kinds.

    Raises:
        QuestionNotUnderstood: It has no letter, or it is of no kind that the pack knows.
    """
    if not _LETTER.search(question):
        raise QuestionNotUnderstood(
            sentence("There is no question."),
            sentence("Write a question about the picture, such as: What color is the dog?"),
        )
    plain = _SPACES.sub(" ", question).strip().lower()
    for kind in spec.kinds:
        if kind.fits(plain, language):
            return kind
    raise QuestionNotUnderstood(
        sentence("This kind of question is not known."),
        sentence("Ask what, who, where, how many, what color, or a question that is answered by yes or no."),
    )


def answer_encoder(pack: Pack, installed: Sequence[Pack | PackError]) -> EncoderPlace:
    """Where the encoder of an answer pack lies; raises as `encoder_place` does, or `PackNotFound`."""
    return encoder_place(pack, _spec(pack).eyes, "", installed)


def _spec(pack: Pack) -> AnswerSpec:
    if pack.manifest.answer is None:
        raise PackNotFound(
            str(Role.ANSWER),
            sentence("The model pack {pack} answers no questions.", pack=pack.manifest.name),
            sentence("Choose a pack with the role {role}.", role=str(Role.ANSWER)),
        )
    return pack.manifest.answer

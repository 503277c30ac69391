"""What the role `answer` needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmdesk.packs.fields import Fields
from mmdesk.packs.vision_spec import VisionReference, read_vision_reference

GRAPH = "answer"


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """One kind of question that the pack knows.

    A question is of the first kind of the pack whose beginnings and parts it has.

    Attributes:
        name: Lower-case name, for example `colour`.
        starts: By language: the question begins with one of these; any beginning where there is none.
        contains: By language: the question has one of these; anything where there is none.
        without: By language: the question has none of these.
        answers: The classes that it may be answered with.
    """

    name: str
    starts: Mapping[str, tuple[str, ...]]
    contains: Mapping[str, tuple[str, ...]]
    without: Mapping[str, tuple[str, ...]]
    answers: tuple[int, ...]

    def fits(self, question: str, language: str) -> bool:
        """Whether a lower-case question is of this kind."""
        starts, contains = self.starts.get(language, ()), self.contains.get(language, ())
        if not starts and not contains:
            return False
        if any(part in question for part in self.without.get(language, ())):
            return False
        begins = not starts or question.startswith(starts)
        return begins and (not contains or any(part in question for part in contains))


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """Section `answer`; its graph `answer` takes grid, input_ids and attention_mask and gives logits.

    Attributes:
        eyes: The pack that gives the grid.
        tokenizer: File of the pack, a Hugging Face `tokenizer.json`.
        max_tokens: Longest question.
        pad_id: The token that fills rows up.
        labels: By language, the answers in the order of the logits.
        cannot_tell: The class that says that the picture does not show it.
        kinds: The kinds of questions, in the order in which they are tried.
        temperature: By kind; the logits are divided by it before the softmax (Guo et al., 2017).
    """

    eyes: VisionReference
    tokenizer: str
    max_tokens: int
    pad_id: int
    labels: Mapping[str, tuple[str, ...]]
    cannot_tell: int
    kinds: tuple[QuestionKind, ...]
    temperature: Mapping[str, float]


def read_answer(fields: Fields) -> AnswerSpec:
    """Reads section `answer`."""
    eyes = read_vision_reference(fields)
    with fields.child("labels") as inside:
        labels = {name: inside.texts(name, at_least=2) for name in inside.names()}
    sizes = {len(names) for names in labels.values()}
    if len(sizes) != 1:
        raise fields.out_of_bounds("labels", "en = zh = ...")
    last = sizes.pop() - 1
    kinds = tuple(_kind(inside, last) for inside in fields.children("kinds", at_least=1))
    with fields.child("temperature") as inside:
        temperature = {kind.name: inside.number(kind.name, 0.01, 100.0) for kind in kinds}
    return AnswerSpec(
        eyes=eyes,
        tokenizer=fields.text("tokenizer"),
        max_tokens=fields.integer("max_tokens", 2, 1000),
        pad_id=fields.integer("pad_id", 0),
        labels=labels,
        cannot_tell=fields.integer("cannot_tell", 0, last),
        kinds=kinds,
        temperature=temperature,
    )


def _kind(fields: Fields, last: int) -> QuestionKind:
    return QuestionKind(
        name=fields.text("name"),
        starts=_phrases(fields, "starts"),
        contains=_phrases(fields, "contains"),
        without=_phrases(fields, "without"),
        answers=fields.integers("answers", 0, last, at_least=1),
    )


def _phrases(fields: Fields, key: str) -> dict[str, tuple[str, ...]]:
    with fields.child(key) as inside:
        return {name: inside.texts(name) for name in inside.names()}

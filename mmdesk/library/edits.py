"""What people change about a file, and what there is to see once it is changed.

Edits never touch what a model found: they are kept beside it, step by step, and laid over it when it
is read. So both are kept, any step can be undone, and a new run of the models changes no word of a
person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from mmdesk.analysis.marks import Mark
from mmdesk.analysis.passport import HumanEdit
from mmdesk.events import Finding, Origin, Source

# Share of the time of two findings that both have, from which a new run's finding is the one that was
# corrected, said in other words.
_SAME_PLACE = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """A finding or mark was added, changed or deleted.

    Attributes:
        before: As it was shown, a model's or a person's; None for what is new.
        after: As the person wants it, with `Origin.PERSON`; None for what is deleted.
    """

    before: Finding | Mark | None
    after: Finding | Mark | None


@dataclass(frozen=True, slots=True)
class Name:
    """A person in the picture got a name.

    Attributes:
        person: Their number in the file.
        name: Empty takes the name away.
    """

    person: int
    name: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag was given to the file, or taken away."""

    tag: str
    given: bool = True


@dataclass(frozen=True, slots=True)
class Note:
    """The note on the file has another text."""

    text: str


Edit = Change | Name | Tag | Note


@dataclass(frozen=True, slots=True)
class Step:
    """Edits that are undone together.

    Attributes:
        at: When, Unix time in seconds.
        edits: In order.
    """

    at: float
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as it is shown.

    Attributes:
        finding: The model's, or a person's.
        original: What a person's correction stands in the place of; None for anything else.
    """

    finding: Finding
    original: Finding | None = None


@dataclass
class Human:
    """Everything that people say about a file.

    Attributes:
        lines: Findings of people, each with the model's that it corrects.
        dropped: Findings of models that people deleted.
        marks: Moments that were marked.
        names: Name of each person in the picture that has one.
        tags: In the order in which they were given.
        note: On the file.
        history: What the passport says about it, oldest first.
    """

    lines: list[Line] = field(default_factory=list)
    dropped: list[Finding] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    note: str = ""
    history: list[HumanEdit] = field(default_factory=list)

    @classmethod
    def after(cls, steps: Iterable[Step]) -> Human:
        """What people say once these steps are done."""
        human = cls()
        for step in steps:
            for edit in step.edits:
                human._apply(step.at, edit)
        return human

    def laid_over(self, findings: Sequence[Finding]) -> list[Line]:
        """What is to be shown: the findings of a run, with what people corrected in its place.

        A correction stands where its original stood. Where another run found something else there, it
        stands in the place of the finding of the same kind and language whose time is most like the
        original's; where there is none, by its own time at the end. A deletion holds for just the
        finding that was deleted.
        """
        left: list[Finding | None] = list(findings)
        lines: list[Line | None] = [None] * len(findings)
        later: list[Line] = []
        for dropped in self.dropped:
            if dropped in left:
                left[left.index(dropped)] = None
        for line in self.lines:
            place = None if line.original is None else _place(line.original, left)
            if place is None:
                later.append(line)
            else:
                lines[place] = Line(line.finding, left[place])
                left[place] = None
        for place, each in enumerate(left):
            if each is not None:
                lines[place] = Line(each)
        return [line for line in lines if line is not None] + later

    def _apply(self, at: float, edit: Edit) -> None:
        match edit:
            case Change():
                self._change(edit)
                self.history.append(_told(at, edit))
            case Name():
                before = self.names.pop(edit.person, "")
                self.names |= {edit.person: edit.name} if edit.name else {}
                change = "deleted" if not edit.name else "changed" if before else "added"
                self.history.append(HumanEdit(at, change, "name", 0.0, before, edit.name))
            case Tag():
                self.tags = [tag for tag in self.tags if tag != edit.tag] + [edit.tag] * edit.given
            case Note():
                self.note = edit.text

    def _change(self, edit: Change) -> None:
        if isinstance(edit.before, Mark) or isinstance(edit.after, Mark):
            self.marks = [mark for mark in self.marks if mark != edit.before]
            self.marks += [edit.after] if isinstance(edit.after, Mark) else []
            return
        original = edit.before
        own = next((line for line in self.lines if line.finding == edit.before), None)
        place = len(self.lines)
        if own is not None:
            original, place = own.original, self.lines.index(own)
            self.lines.pop(place)
        if edit.after is not None:
            self.lines.insert(place, Line(edit.after, original))
        elif original is not None:
            self.dropped.append(original)


def _place(original: Finding, left: Sequence[Finding | None]) -> int | None:
    """Which finding of a run a correction stands in the place of."""
    if original in left:
        return left.index(original)
    like = [
        (_shared(original, each), -place)
        for place, each in enumerate(left)
        if each is not None and _same_sort(original, each)
    ]
    share, place = max(like, default=(0.0, 0))
    return -place if share >= _SAME_PLACE else None


def _same_sort(one: Finding, other: Finding) -> bool:
    return (one.kind, one.modality, one.language, one.person) == (
        other.kind,
        other.modality,
        other.language,
        other.person,
    )


def _shared(one: Finding, other: Finding) -> float:
    """Intersection over union of their times; 1 for the same moment."""
    if (one.t0, one.t1) == (other.t0, other.t1):
        return 1.0
    whole = max(one.t1, other.t1) - min(one.t0, other.t0)
    return max(0.0, min(one.t1, other.t1) - max(one.t0, other.t0)) / whole if whole > 0 else 1.0


def _told(at: float, edit: Change) -> HumanEdit:
    known = edit.before or edit.after
    change = "added" if edit.before is None else "deleted" if edit.after is None else "changed"
    kind = "mark" if isinstance(known, Mark) else str(known.kind) if known else ""
    return HumanEdit(at, change, kind, known.t0 if known else 0.0, _words(edit.before), _words(edit.after))


def _words(told: Finding | Mark | None) -> str:
    if told is None:
        return ""
    return told.label if isinstance(told, Mark) else told.text or ""


def merged(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Edits without those that change nothing."""
    return tuple(each for each in edits if not (isinstance(each, Change) and each.before == each.after))


def corrected(finding: Finding, text: str) -> Finding:
    """A person's version of a finding, with other words."""
    return replace(by_person(finding), text=text, confidence=None)


def by_person(finding: Finding) -> Finding:
    """The same finding, as said by a person."""
    return replace(finding, source=Source(Origin.PERSON, ""))

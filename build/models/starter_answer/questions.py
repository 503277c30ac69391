"""Questions with answers from the facts of pictures."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kit.flickr8k import CaptionedPicture
from starter_answer.asked import CANNOT_TELL, NO, NONE, YES, Question
from starter_answer.balance import halved, levelled
from starter_answer.facts import Facts, Key, agreed, read_facts
from starter_answer.families import may_be_there
from starter_answer.lexicon import NOUNS, Lexicon

# One question that cannot be answered for so many that can.
UNANSWERABLE = 5
# How often a picture is looked for in which a thing is certainly not mentioned.
TRIES = 30
ANYBODY, ANY_ANIMAL = ("person", "person"), ("animal", "animal")
COUNTED = (
    ANYBODY,
    ANY_ANIMAL,
    ("animal", "dog"),
    *(("person", key) for key in ("man", "woman", "boy", "girl", "child")),
)
PERSONS = frozenset({"man", "woman", "boy", "girl", "child", "baby"})
WORN = frozenset({"hat", "helmet", "glasses", "scarf", "gloves", "backpack", "mask", "uniform", "vest"})
PLACES = frozenset({"grass", "snow", "water", "beach", "mountain", "street", "forest", "pool"})
# What captions call by either name.
SAME_COLOUR = ({"brown", "gold", "yellow", "orange", "red"}, {"gray", "white"}, {"blue", "teal", "purple"})


class QuestionMaker:
    """Makes the questions of one split.

    Args:
        pictures: With their captions.
        lexicon: The words it knows.
        seed: Of the choices among candidates.
        share: Largest share of one answer among questions that differ in nothing but their picture.
    """

    def __init__(
        self, pictures: Sequence[CaptionedPicture], lexicon: Lexicon, seed: int, share: float
    ) -> None:
        self._lexicon = lexicon
        self._facts = [read_facts(picture, lexicon) for picture in pictures]
        self._chance = random.Random(seed)
        self._share = share

    def make(self) -> list[Question]:
        """All questions, in a random order that depends on the seed only."""
        answered = [q for row, facts in enumerate(self._facts) for q in _open(row, facts, self._lexicon)]
        affirmed = [q for row, facts in enumerate(self._facts) for q in _affirmed(row, facts, self._lexicon)]
        kept = levelled([*answered, *self._unanswerable(answered)], self._share, self._chance)
        closed = halved([*affirmed, *self._denied(affirmed)], self._chance)
        about = [q for q in closed if q.form in ("does", "has colour")]
        kept += [*closed, *self._unanswerable(about)]
        self._chance.shuffle(kept)
        return kept

    def _unanswerable(self, answered: Sequence[Question]) -> Iterator[Question]:
        """The same questions about pictures that do not show what they ask about."""
        for question in self._chance.sample(answered, len(answered) // UNANSWERABLE):
            about = question.about or {"animal": ANY_ANIMAL, "who": ANYBODY}.get(question.form)
            row = self._without(about) if about and question.form != "count" else None
            if row is not None:
                yield Question(
                    row, question.form, question.about, question.said, question.several, CANNOT_TELL
                )
        for about in COUNTED:
            yield from self._none_of(about, [q for q in answered if q.form == "count" and q.about == about])

    def _none_of(self, about: Key, counted: Sequence[Question]) -> Iterator[Question]:
        for _ in counted[::UNANSWERABLE]:
            row = self._without(about)
            if row is not None:
                yield Question(row, "count", about, "", True, NONE)

    def _denied(self, affirmed: Sequence[Question]) -> Iterator[Question]:
        """For each yes a no about the same thing, of a picture that shows something similar."""
        said = Counter((q.form, q.about, q.said) for q in affirmed)
        for question in affirmed:
            row = self._contrary(question)
            if row is not None and said[question.form, question.about, question.said] > 1:
                yield Question(row, question.form, question.about, question.said, question.several, NO)

    def _contrary(self, question: Question) -> int | None:
        about = question.about
        if about is None:
            return None
        if question.form in ("exists", "wears"):
            return self._without(about)
        other = self._other_colour if question.form == "has colour" else self._other_activity
        rows = self._chance.sample(range(len(self._facts)), min(TRIES * 4, len(self._facts)))
        return next((row for row in rows if other(self._facts[row], about, question.said)), None)

    def _other_colour(self, facts: Facts, about: Key, colour: str) -> bool:
        shades = set(facts.colours.get(about, ()))
        words = {word for shade in shades for word in shade.split()}
        close = {c for same in SAME_COLOUR if same & words for c in same}
        return bool(shades) and not set(colour.split()) & (words | close)

    def _other_activity(self, facts: Facts, about: Key, activity: str) -> bool:
        seen = bool(facts.activities.get(about))
        return seen and not may_be_there(("activity", activity), facts.hinted, self._lexicon)

    def _without(self, about: Key) -> int | None:
        """A picture in which a thing is not mentioned, and may not be."""
        rows = self._chance.sample(range(len(self._facts)), min(TRIES, len(self._facts)))
        absent = (row for row in rows if not may_be_there(about, self._facts[row].hinted, self._lexicon))
        return next(absent, None)


def _open(row: int, facts: Facts, lexicon: Lexicon) -> Iterator[Question]:
    yield from _colours(row, facts)
    yield from _counts(row, facts)
    yield from _whereabouts(row, facts)
    yield from _whats(row, facts, lexicon)


def _several(facts: Facts, about: Key) -> bool:
    number = agreed(facts.counts.get(about, Counter()), 1)
    return number is not None and number != "one"


def _colours(row: int, facts: Facts) -> Iterator[Question]:
    for about, shades in facts.colours.items():
        shade = agreed(shades, 1)
        if shade and about[0] != "person":
            yield Question(row, "colour", about, "", _several(facts, about), shade)


def _counts(row: int, facts: Facts) -> Iterator[Question]:
    for about in COUNTED:
        number = agreed(facts.counts.get(about, Counter()), 3 if about == ANYBODY else 2)
        if number:
            yield Question(row, "count", about, "", True, number)


def _whereabouts(row: int, facts: Facts) -> Iterator[Question]:
    place = agreed(facts.places, 2)
    subjects = {about for about in facts.mentioned if about[0] in ("person", "animal")}
    subjects = {about for about in subjects if facts.mentioned[about] >= 2}
    if place:
        yield Question(row, "scene", None, "", False, place)
        for about in sorted(subjects):
            yield Question(row, "place", about, "", _several(facts, about), place)
    for about in sorted(subjects):
        activity = agreed(facts.activities.get(about, Counter()), 2)
        if activity:
            yield Question(row, "activity", about, "", _several(facts, about), activity)


def _whats(row: int, facts: Facts, lexicon: Lexicon) -> Iterator[Question]:
    by_group = {
        group: Counter({key: n for (g, key), n in facts.mentioned.items() if g == group and key != group})
        for group in ("animal", "person")
    }
    animal, who = agreed(by_group["animal"], 2), agreed(by_group["person"], 3)
    if animal:
        yield Question(row, "animal", None, "", False, animal)
    if who in PERSONS:
        yield Question(row, "who", None, "", False, who)
    nouns = Counter({key: n for (group, key), n in facts.mentioned.items() if group in NOUNS})
    main = agreed(nouns, 4)
    if main:
        yield Question(row, "main", None, "", False, main)
    for (relation, about), things in facts.relations.items():
        thing = agreed(things, 1)
        if thing and len(things) == 1 and facts.mentioned[about] >= 2:
            yield Question(row, "relation", about, relation, _several(facts, about), thing)


def _affirmed(row: int, facts: Facts, lexicon: Lexicon) -> Iterator[Question]:
    for about in sorted(name for name, said in facts.mentioned.items() if said >= 2):
        form = _existence(about)
        if form:
            yield Question(row, form, about, "", False, YES)
    for about, activities in sorted(facts.activities.items()):
        for activity in sorted(a for a, said in activities.items() if said >= 2):
            yield Question(row, "does", about, activity, _several(facts, about), YES)
    for about, shades in sorted(facts.colours.items()):
        shade = agreed(shades, 1)
        if shade and about[0] != "person":
            yield Question(row, "has colour", about, shade, _several(facts, about), YES)


def _existence(about: Key) -> str:
    """The form in which it can be asked whether something is there; empty where it cannot."""
    group, key = about
    if group == "clothes":
        return "wears" if key in WORN else ""
    if group == "person":
        return "exists" if key in PERSONS else ""
    if group == "place":
        return "exists" if key in PLACES else ""
    return "exists" if group in ("animal", "object") else ""


def answers_of(questions: Iterable[Question], least: int) -> list[str]:
    """Answers that are given at least so often, the most frequent first."""
    counts = Counter(question.answer for question in questions)
    return [answer for answer, count in sorted(counts.items(), key=lambda x: (-x[1], x[0])) if count >= least]

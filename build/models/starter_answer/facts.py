"""What the captions of one picture agree on, the way of COCO-QA (Ren, Kiros, Zemel, 2015).

Only words are looked at: nouns of the lexicon with the numbers and colours before them, verbs with
the person or animal before them, and places. A fact that captions contradict is no fact.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kit.flickr8k import CaptionedPicture
from starter_answer.lexicon import NOUNS, Lexicon, Mention

COUNTED = ("one", "two", "three", "four", "five")
MANY = "many"
# What may stand between a number or colour and its noun.
REACH = 5
# Words that end a noun phrase on its left.
_BREAKS = """
    in on at of with by to from through over near while is are as that who wearing holding for
    into up down next behind front across around under , . along his her its their
"""
BREAKS = frozenset(_BREAKS.split())
RELATIONS: Mapping[str, frozenset[str]] = {
    "wearing": frozenset({"wearing", "wears", "dressed"}),
    "riding": frozenset({"riding", "rides", "ride"}),
    "holding": frozenset({"holding", "holds", "hold", "carrying", "carries", "carry"}),
    "playing with": frozenset({"chasing", "chases", "catching", "catches", "catch", "throwing", "throws"}),
    "sitting on": frozenset({"sitting", "sits", "sit"}),
    "jumping over": frozenset({"over"}),
}
RELATED_GROUPS: Mapping[str, frozenset[str]] = {
    "wearing": frozenset({"clothes"}),
    "riding": frozenset({"object", "animal"}),
    "holding": frozenset({"object", "animal"}),
    "playing with": frozenset({"object"}),
    "sitting on": frozenset({"object"}),
    "jumping over": frozenset({"object"}),
}
RELATION_REACH = 7

Key = tuple[str, str]


@dataclass
class Facts:
    """What is known about one picture, by how many captions say so.

    Attributes:
        mentioned: (group, key) to the number of English captions that mention it.
        hinted: Things that any caption, English or Chinese, may mean: nothing to deny.
        colours: Noun to its colours.
        counts: Noun (or ``person`` and ``animal`` for all of them) to number words.
        activities: Person or animal to what it does.
        places: Places.
        relations: (relation, subject) to objects.
    """

    mentioned: Counter[Key] = field(default_factory=Counter)
    hinted: set[Key] = field(default_factory=set)
    colours: dict[Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    counts: dict[Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    activities: dict[Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    places: Counter[str] = field(default_factory=Counter)
    relations: dict[tuple[str, Key], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def agreed(counter: Counter[str], least: int) -> str | None:
    """The most frequent value if ``least`` captions say it and more than any other."""
    ranked = counter.most_common(2)
    if not ranked or ranked[0][1] < least or (len(ranked) == 2 and ranked[1][1] == ranked[0][1]):
        return None
    return ranked[0][0]


def read_facts(picture: CaptionedPicture, lexicon: Lexicon) -> Facts:
    """Collects the facts of one picture from all its captions."""
    facts = Facts()
    for caption in picture.english:
        _read_caption(caption.lower().split(), lexicon, facts)
    chinese = " ".join(picture.chinese)
    for name, entry in lexicon.entries.items():
        if any(form in chinese for form in entry.chinese_forms):
            facts.hinted.add(name)
    return facts


def _read_caption(tokens: Sequence[str], lexicon: Lexicon, facts: Facts) -> None:
    mentions = lexicon.find(tokens)
    nouns = [m for m in _heads(mentions) if m.entry.group in NOUNS]
    names = {(m.entry.group, m.entry.key) for m in mentions}
    facts.mentioned.update(names)
    facts.hinted |= names
    facts.places.update({m.entry.key for m in mentions if m.entry.group == "place"})
    _read_nouns(tokens, mentions, nouns, facts)
    _read_activities(mentions, facts)
    _read_relations(tokens, nouns, facts)


def _heads(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions that no other noun follows at once: of "dog collar" only the collar."""
    starts = {m.start for m in mentions if m.entry.group in NOUNS}
    return [m for m in mentions if m.end not in starts]


def _read_nouns(
    tokens: Sequence[str], mentions: Sequence[Mention], nouns: Sequence[Mention], facts: Facts
) -> None:
    totals: dict[Key, list[str]] = defaultdict(list)
    colours: dict[Key, set[str]] = defaultdict(set)
    for noun in nouns:
        before = _before(tokens, mentions, noun)
        name = (noun.entry.group, noun.entry.key)
        number = _number(noun, before)
        for counted in {name, (noun.entry.group, noun.entry.group)}:
            totals[counted].append(number)
        colours[name] |= _colours(before)
    for name, shades in colours.items():
        if len(shades) == 1:
            facts.colours[name].update(shades)
    for name, numbers in totals.items():
        total = _sum(numbers)
        if total:
            facts.counts[name][total] += 1


def _before(tokens: Sequence[str], mentions: Sequence[Mention], noun: Mention) -> list[Mention]:
    """The lexicon's words in front of a noun that belong to it."""
    first = noun.start
    while first > max(0, noun.start - REACH) and tokens[first - 1] not in BREAKS:
        first -= 1
    if tokens[first - 1 : first] == ["of"] and first >= 2:
        first -= 2  # a group of dogs
    inside = [m for m in mentions if m.end > first and m.end <= noun.start]
    others = [m.end for m in inside if m.entry.group in NOUNS or m.entry.group == "activity"]
    return [m for m in inside if m.start >= max(others, default=0)]


def _number(noun: Mention, before: Sequence[Mention]) -> str:
    said = [m.entry.key for m in before if m.entry.group == "number"]
    if MANY in said:
        return MANY
    counted = [word for word in said if word != "one"]
    if counted:
        return counted[-1]
    return "" if noun.plural else "one"


def _colours(before: Sequence[Mention]) -> set[str]:
    return {m.entry.key for m in before if m.entry.group == "colour"}


def _sum(numbers: Sequence[str]) -> str:
    """The number word of a sum; empty where one part is unknown."""
    if "" in numbers:
        return ""
    if MANY in numbers:
        return MANY
    total = sum(COUNTED.index(number) + 1 for number in numbers)
    return COUNTED[total - 1] if total <= len(COUNTED) else MANY


def _read_activities(mentions: Sequence[Mention], facts: Facts) -> None:
    subject: Mention | None = None
    found: set[tuple[Key, str]] = set()
    for mention in mentions:
        if mention.entry.group in ("person", "animal"):
            subject = mention
        elif mention.entry.group == "activity" and subject:
            found.add(((subject.entry.group, subject.entry.key), mention.entry.key))
    for name, activity in found:
        facts.activities[name][activity] += 1


def _read_relations(tokens: Sequence[str], nouns: Sequence[Mention], facts: Facts) -> None:
    found: set[tuple[str, Key, str]] = set()
    for place, token in enumerate(tokens):
        for relation, words in RELATIONS.items():
            if token in words:
                found |= _related(relation, place, nouns)
    for relation, subject, thing in found:
        facts.relations[relation, subject][thing] += 1


def _related(relation: str, place: int, nouns: Sequence[Mention]) -> set[tuple[str, Key, str]]:
    subjects = [n for n in nouns if n.end <= place and n.entry.group in ("person", "animal")]
    things = [
        n
        for n in nouns
        if place < n.start <= place + RELATION_REACH and n.entry.group in RELATED_GROUPS[relation]
    ]
    if not subjects or not things:
        return set()
    subject = subjects[-1].entry
    return {(relation, (subject.group, subject.key), things[0].entry.key)}

"""A question before it is put into words."""

from collections.abc import Mapping
from dataclasses import dataclass

from starter_answer.facts import Key

CANNOT_TELL = "can't tell"
YES, NO, NONE = "yes", "no", "none"
# The kind of each form of question, by which answers are counted and allowed.
KINDS: Mapping[str, str] = {
    "colour": "colour",
    "count": "count",
    "place": "where",
    "scene": "where",
    "activity": "activity",
    "animal": "what",
    "who": "what",
    "main": "what",
    "relation": "what",
    "exists": "yes_no",
    "wears": "yes_no",
    "does": "yes_no",
    "has colour": "yes_no",
}


@dataclass(frozen=True)
class Question:
    """A question about one picture.

    Attributes:
        picture: Row of the picture in its split.
        form: How it is put; see `wording.ENGLISH`.
        about: What it asks about.
        said: What is said of it: a key, or empty.
        several: It asks about several of them.
        answer: English answer.
    """

    picture: int
    form: str
    about: Key | None
    said: str
    several: bool
    answer: str

    @property
    def kind(self) -> str:
        """``colour``, ``count``, ``where``, ``activity``, ``what`` or ``yes_no``."""
        return KINDS[self.form]

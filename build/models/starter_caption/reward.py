"""What a drawn caption is worth while CIDEr is optimised."""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.cider import Frequencies, Vector, similarity, vector

# Counted as a word, so that stopping in mid-sentence costs something.
END = "</s>"


@dataclass(frozen=True)
class CiderReward:
    """CIDEr-D against the training captions of the same picture.

    Attributes:
        frequencies: Document frequencies over the training pictures.
        references: Weighed reference captions of each training picture.
    """

    frequencies: Frequencies
    references: list[list[Vector]]

    @classmethod
    def of(cls, references: Sequence[Sequence[Sequence[str]]]) -> "CiderReward":
        """Prepares tokenised references, one list a picture."""
        ended = [[[*caption, END] for caption in known] for known in references]
        frequencies = Frequencies.of(ended)
        return cls(frequencies, [[vector(c, frequencies) for c in known] for known in ended])

    def __call__(self, picture: int, caption: Sequence[str], ended: bool) -> float:
        """Mean similarity of a caption to the references of one picture, in [0, 10]."""
        mine = vector([*caption, END] if ended else caption, self.frequencies)
        known = self.references[picture]
        return sum(similarity(mine, r) for r in known) / len(known)

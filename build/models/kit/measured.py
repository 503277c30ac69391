"""The result of an evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Figures of one pack on one split.

    Attributes:
        task: Name of the task, for example ``caption``.
        pack: Name of the measured pack.
        split: Split of the data set that was used.
        n: Number of samples (pictures, sentences, ...).
        metrics: Lower-case metric name to value; accuracies and BLEU in percent.
    """

    task: str
    pack: str
    split: str
    n: int
    metrics: Mapping[str, float]

    def as_object(self) -> dict[str, object]:
        """The object that ``evaluate.py`` prints."""
        return {
            "task": self.task,
            "pack": self.pack,
            "split": self.split,
            "n": self.n,
            "metrics": {name: round(value, 4) for name, value in self.metrics.items()},
        }

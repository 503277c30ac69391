"""Stop when validation has not improved for a while."""

from dataclasses import dataclass


@dataclass
class EarlyStopping:
    """Remembers the best validation score (higher is better).

    Attributes:
        patience: Evaluations without improvement after which to stop.
        best: Best score so far.
        waited: Evaluations since the best one.
    """

    patience: int
    best: float = float("-inf")
    waited: int = 0

    def improved(self, score: float) -> bool:
        """Records a score and says whether it is the best so far."""
        if score > self.best:
            self.best, self.waited = score, 0
            return True
        self.waited += 1
        return False

    @property
    def exhausted(self) -> bool:
        """Whether patience has run out."""
        return self.waited >= self.patience

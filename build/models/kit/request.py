"""What a person asks of a training recipe."""

from dataclasses import dataclass
from pathlib import Path

# The encoder that the other picture packs rest on, as it ships.
SHIPPED_VISION = Path(__file__).resolve().parents[3] / "models" / "starter-vision"


@dataclass(frozen=True)
class TrainRequest:
    """One call of ``train.py``.

    Attributes:
        data: Folder that holds the data sets, one sub-folder a set.
        work: Folder for checkpoints and caches; safe to delete after the run.
        pack: Folder of the pack that the recipe (re)writes.
        device: Torch device name, ``cpu`` or ``cuda``.
        threads: CPU threads for torch.
        resume: Continue from the newest checkpoint in ``work``.
        smoke: Train on a handful of samples for a few steps: shows that the recipe runs
            from data to pack, not that the pack is good.
        seed: Seed of every random choice in the recipe.
        vision: The picture encoder's pack, for packs that rest on it.
    """

    data: Path
    work: Path
    pack: Path
    device: str = "cpu"
    threads: int = 4
    resume: bool = False
    smoke: bool = False
    seed: int = 20240501
    vision: Path = SHIPPED_VISION

"""One seed for every source of chance in a run."""

import random

import numpy as np
import torch


def seed_everything(seed: int) -> np.random.Generator:
    """Seeds Python, numpy's legacy state and torch.

    Returns:
        A numpy generator with the same seed, for the recipe's own choices.
    """
    random.seed(seed)
    torch.manual_seed(seed)
    return np.random.default_rng(seed)

"""What a caption's confidence means: the chance that it agrees with people as people do.

A caption counts as right when its CIDEr-D against the people's captions of the picture reaches what
the weaker quarter of people reach against each other. Platt scaling (Platt, 1999) maps the mean
token log-probability to the share of right captions among the validation pictures.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.flickr8k import CaptionedPicture, read_captions
from metrics.cider import Frequencies, similarity, vector
from metrics.tokenize import tokens
from starter_caption.evaluation import open_captioner, write_captions

# Share of people's captions that a right one must reach at least.
WEAKER = 0.25
# Of what a manifest takes; a confidence never falls as the probability rises.
LEAST_SCALE = 0.001
BINS = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A calibration of one language and how well it fits.

    Attributes:
        scale: Factor of the mean log-probability.
        offset: Added to it.
        right: Share of right captions.
        error: Expected calibration error in 10 bins of equal width.
    """

    scale: float
    offset: float
    right: float
    error: float


def calibrate(pack: Path, vision: Path, data: Path, language: str, limit: int | None) -> Fitted:
    """Fits the confidence of one language on the validation pictures.

    Args:
        pack: A pack without calibration, whose confidence is the exponential of the mean.
        vision: The pack with the picture encoder.
        data: The flickr8k folder.
        language: ``en`` or ``zh``.
        limit: Only the first so many pictures.
    """
    pictures = read_captions(data, "val")[:limit]
    people = [p.english if language == "en" else p.chinese for p in pictures]
    known = [[tokens(caption, language) for caption in spoken] for spoken in people]
    means, texts = _written(pack, vision, data, pictures, language)
    right = _right([tokens(text, language) for text in texts], known)
    scale, offset = fit_platt(means, right)
    confidence = 1 / (1 + np.exp(-(scale * means + offset)))
    return Fitted(scale, offset, float(right.mean()), calibration_error(confidence, right))


def _written(
    pack: Path, vision: Path, data: Path, pictures: Sequence[CaptionedPicture], language: str
) -> tuple[Floats, list[str]]:
    """Mean log-probabilities and captions."""
    with open_captioner(pack, vision) as captioner:
        captions = list(write_captions(captioner, data, "val", pictures, language))
    means = [math.log(caption.confidence) for caption in captions]
    return np.array(means), [caption.text for caption in captions]


def _right(written: Sequence[Sequence[str]], known: Sequence[Sequence[Sequence[str]]]) -> Floats:
    """1 for captions that reach the weaker quarter of people, 0 for the others."""
    frequencies = Frequencies.of(known)
    vectors = [[vector(each, frequencies) for each in spoken] for spoken in known]
    people = [
        float(np.mean([similarity(one, other) for other in spoken if other is not one]))
        for spoken in vectors
        for one in spoken
        if len(spoken) > 1
    ]
    scores = [
        float(np.mean([similarity(vector(each, frequencies), other) for other in spoken]))
        for each, spoken in zip(written, vectors, strict=True)
    ]
    return (np.array(scores) >= np.quantile(people, WEAKER)).astype(np.float64)


def fit_platt(x: Floats, right: Floats, steps: int = 50) -> tuple[float, float]:
    """Logistic regression of one variable by Newton's method, with Platt's smoothed targets.

    Args:
        x: float64 [N].
        right: float64 [N] of 0 and 1.
        steps: Newton steps.

    Returns:
        Scale and offset; where ``x`` says nothing about right and wrong (a model that learned next to
        nothing), the smallest scale that a manifest takes and the share of right ones.
    """
    positive, total = right.sum(), len(right)
    target = np.where(right == 1, (positive + 1) / (positive + 2), 1 / (total - positive + 2))
    columns = np.stack([x, np.ones_like(x)], axis=1)
    weights = np.zeros(2)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-columns @ weights))
        curvature = (columns * (p * (1 - p))[:, None]).T @ columns + 1e-9 * np.eye(2)
        weights += np.linalg.solve(curvature, columns.T @ (target - p))
    if weights[0] < LEAST_SCALE:
        return LEAST_SCALE, float(np.log(target.mean() / (1 - target.mean())))
    return float(weights[0]), float(weights[1])


def calibration_error(confidence: Floats, right: Floats) -> float:
    """Expected calibration error (Guo et al., 2017) over bins of equal width."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in range(BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps))

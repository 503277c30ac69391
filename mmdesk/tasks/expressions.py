"""What faces express."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackNotFound
from mmdesk.events import Source
from mmdesk.models.face_crops import aligned, detail
from mmdesk.packs.face_spec import EXPRESSION_GRAPH, FaceExpressionSpec
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.runtime.device import Choice
from mmdesk.sentences import Sentence, sentence
from mmdesk.tasks.faces import Face
from mmdesk.tasks.loading import close, load_graphs, source

# Faces of one run: more do not go faster, and a run should be over soon after it is cancelled.
BATCH = 16
# The saliency map covers the crop with patches of this share of its side, half a patch apart.
PATCHES = 4

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FaceAffect:
    """What a face expresses.

    Attributes:
        valence: Expected valence under the distribution, in [-1, 1].
        confidence: Probability of the most probable expression, calibrated as the pack's card says.
        distribution: Probabilities by expression, in the pack's order; they add up to 1.
    """

    valence: float
    confidence: float
    distribution: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class FaceGap:
    """A face that cannot be judged.

    Attributes:
        reason: Why.
    """

    reason: Sentence


class ExpressionReader:
    """Judges faces with one pack. One thread at a time.

    Args:
        pack: A pack with the role `face-expression`.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take the graph.
        ModelFailed: The graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(self, pack: Pack, choice: Choice, threads: int | None = None) -> None:
        self._spec = _spec(pack)
        self._sessions = load_graphs(pack, {EXPRESSION_GRAPH: threads}, choice)
        self._valence = np.array(self._spec.valence)
        self.side = self._spec.side
        self.labels = self._spec.labels
        self.source: Source = source(pack, self._sessions.values())

    def read(
        self, rgb: NDArray[np.uint8], faces: Sequence[Face], control: Control | None = None
    ) -> list[FaceAffect | FaceGap]:
        """Judges faces of one picture.

        Args:
            rgb: The picture, uint8 [H, W, 3], in which the faces were found.
            faces: From `FaceDetector.find`; what stands beside a face does not change what is said of it.
            control: Stops between and within batches.

        Returns:
            For each face what it expresses, in order, or why it cannot be judged.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        crops = [self.crop(rgb, face) for face in faces]
        gaps = [self._gap(face, crop) for face, crop in zip(faces, crops, strict=True)]
        good = [crop for crop, gap in zip(crops, gaps, strict=True) if gap is None]
        affects = iter(self.read_crops(good, control))
        return [gap or next(affects) for gap in gaps]

    def read_crops(self, crops: Sequence[Floats], control: Control | None = None) -> list[FaceAffect]:
        """Judges crops as they are, whatever their quality.

        Args:
            crops: Grey levels 0..255, float32 [side, side] each, framed as the pack's template says.
            control: Stops between and within batches.

        Returns:
            What each expresses, in order.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        affects = []
        for first in range(0, len(crops), BATCH):
            batch = np.stack(crops[first : first + BATCH])[:, None]
            affects += [self._affect(chances) for chances in self._chances(batch, control)]
        return affects

    def crop(self, rgb: NDArray[np.uint8], face: Face) -> Floats:
        """The face as the model sees it: upright grey levels, float32 [side, side] in [0, 255]."""
        if len(set(face.points)) == 1:
            return np.zeros((self.side, self.side), np.float32)
        return aligned(rgb, face.points, self._spec.template, self.side)

    def saliency(self, rgb: NDArray[np.uint8], face: Face, control: Control | None = None) -> Floats:
        """Where in a face the judgement comes from, by occlusion (Zeiler and Fergus, 2014).

        Patches of the crop are replaced by its mean grey; what counts is how much less probable the
        expression becomes that was found most probable.

        Args:
            rgb: The picture, uint8 [H, W, 3].
            face: One of its faces.
            control: Stops between and within batches.

        Returns:
            float32 [side, side] over `crop`: 1 where covering costs most, 0 where it costs nothing.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        crop = self.crop(rgb, face)
        patch = max(1, self.side // PATCHES)
        starts = range(0, self.side - patch + 1, max(1, patch // 2))
        corners = [(top, left) for top in starts for left in starts]
        covered = np.repeat(crop[None], len(corners) + 1, axis=0)
        for row, (top, left) in enumerate(corners, start=1):
            covered[row, top : top + patch, left : left + patch] = crop.mean()
        parts = [covered[first : first + BATCH, None] for first in range(0, len(covered), BATCH)]
        chances = np.concatenate([self._chances(part, control) for part in parts])
        loss = np.clip(chances[0].max() - chances[1:, chances[0].argmax()], 0, None)
        return _spread(corners, loss, patch, self.side)

    def close(self) -> None:
        """Gives the memory of the graph back."""
        close(self._sessions)

    def _gap(self, face: Face, crop: Floats) -> FaceGap | None:
        if face.size < self._spec.smallest:
            return FaceGap(
                sentence(
                    "The face is too small to judge ({size} pixels; {needed} are needed).",
                    size=round(face.size),
                    needed=round(self._spec.smallest),
                )
            )
        if detail(crop) < self._spec.sharpest_needed:
            return FaceGap(sentence("The face is too blurred to judge."))
        return None

    def _chances(self, crops: Floats, control: Control | None) -> NDArray[np.float64]:
        """Calibrated probabilities, [batch, labels]."""
        outputs = self._sessions[EXPRESSION_GRAPH].run({"crops": crops}, control)
        logits = outputs["logits"].astype(np.float64) / self._spec.temperature
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: NDArray[np.float64] = chances / chances.sum(axis=1, keepdims=True)
        return result

    def _affect(self, chances: NDArray[np.float64]) -> FaceAffect:
        return FaceAffect(
            valence=float(chances @ self._valence),
            confidence=float(chances.max()),
            distribution=tuple(zip(self.labels["en"], chances.tolist(), strict=True)),
        )


def _spread(corners: Sequence[tuple[int, int]], loss: NDArray[np.float64], patch: int, side: int) -> Floats:
    """The mean loss of the patches over each pixel, the largest being 1."""
    total, times = np.zeros((side, side)), np.zeros((side, side))
    for (top, left), value in zip(corners, loss.tolist(), strict=True):
        total[top : top + patch, left : left + patch] += value
        times[top : top + patch, left : left + patch] += 1
    mean = total / np.maximum(times, 1)
    return (mean / mean.max() if mean.max() > 0 else mean).astype(np.float32)


def _spec(pack: Pack) -> FaceExpressionSpec:
    if pack.manifest.face_expression is None:
        raise PackNotFound(
            str(Role.FACE_EXPRESSION),
            sentence("The model pack {pack} does not judge faces.", pack=pack.manifest.name),
            sentence("Choose a pack with the role {role}.", role=str(Role.FACE_EXPRESSION)),
        )
    return pack.manifest.face_expression

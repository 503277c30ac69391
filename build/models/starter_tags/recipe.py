"""The whole recipe of the pack ``starter-tags``: data to pack."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from kit.request import TrainRequest
from kit.rows import RESULTS, Row, keep_rows
from kit.seeds import seed_everything
from starter_tags.agreement import agreement, lowest_threshold, softmax
from starter_tags.evaluation import TEACHER
from starter_tags.head import HeadPlan, TagHead, regress, train_head
from starter_tags.material import Lessons, flickr_lessons, tile_lessons, together
from starter_tags.packing import Chosen, finish
from starter_tags.teacher import Teacher, load_teacher

# Of first tags that are shown this share is wanted to be the teacher's first choice as well.
WANTED_PRECISION = 0.75
HIGHEST_THRESHOLD = 0.95


@dataclass(frozen=True)
class Sizes:
    """How much of everything; the smoke run has little of each.

    Attributes:
        pictures: Of each split of Flickr8k.
        tiles: Of each class of tiny_imagenet, to learn from.
        held: Of each class, to choose by; the last ones.
        head: How the head is trained.
    """

    pictures: int | None
    tiles: tuple[slice, ...]
    held: slice
    head: HeadPlan


FULL = Sizes(None, (slice(0, 20),), slice(55, 60), HeadPlan())
SMOKE = Sizes(40, (slice(0, 1),), slice(59, 60), replace(HeadPlan(), epochs=1))


def train(request: TrainRequest) -> None:
    """Trains the head, exports, measures and describes the pack.

    Raises:
        FileNotFoundError: A data set or the teacher's file is missing, or ``starter-vision`` is not trained.
    """
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    sizes = SMOKE if request.smoke else FULL
    teacher = load_teacher(request.data / TEACHER)
    photos = flickr_lessons(request, teacher, "train", True, sizes.pictures)
    tiles = [tile_lessons(request, teacher, part) for part in sizes.tiles]
    held = [
        flickr_lessons(request, teacher, "val", False, sizes.pictures),
        tile_lessons(request, teacher, sizes.held),
    ]
    head = started(teacher)
    rows = _rows("as the teacher's classifier is", head, held[0])
    regress(head, together([photos, *tiles]), sizes.head.ridge)
    rows += _rows("after the regression", head, held[0])
    # The flickr photos are what people will bring; the enlarged tiles only keep the classes alive.
    train_head(head, together([photos, *tiles]), sizes.head, lambda h: _score(h, held))
    rows += _rows("after training on soft labels", head, held[0])
    if not request.smoke:
        keep_rows(RESULTS / "starter-tags.json", rows)
    finish(
        request,
        head,
        choose(head, held[0]),
        len(photos.pooled) + sum(len(t.pooled) for t in tiles),
        sizes.pictures,
    )


def started(teacher: Teacher) -> TagHead:
    """A head that is the teacher's own classifier."""
    head = TagHead(HeadPlan().drop)
    head.classify.load_state_dict(teacher.classifier.state_dict())
    return head.eval()


def choose(head: TagHead, held: Lessons) -> Chosen:
    """Temperature and threshold from the validation photos; right is the teacher's first choice."""
    taught = softmax(held.taught.double().numpy())
    logits = _logits(head, held)
    options = np.geomspace(0.3, 3.0, 93)
    right = np.arange(len(logits)), taught.argmax(1)
    losses = [-np.log(softmax(logits / t)[right] + 1e-12).mean() for t in options]
    temperature = round(float(options[int(np.argmin(losses))]), 3)
    said = softmax(logits / temperature)
    threshold = min(HIGHEST_THRESHOLD, lowest_threshold(said, taught, WANTED_PRECISION))
    return Chosen(temperature, round(threshold, 3))


def _score(head: TagHead, held: list[Lessons]) -> float:
    """Mean agreement with the teacher over the validation sets."""
    found = [_agreement(head, part)["accuracy"] for part in held]
    return sum(found) / len(found)


@torch.inference_mode()
def _logits(head: TagHead, lessons: Lessons) -> NDArray[np.float64]:
    logits: NDArray[np.float64] = head.eval().judge(lessons.pooled).double().numpy()
    return logits


def _agreement(head: TagHead, lessons: Lessons) -> dict[str, float]:
    return agreement(softmax(_logits(head, lessons)), softmax(lessons.taught.double().numpy()))


def _rows(variant: str, head: TagHead, held: Lessons) -> list[Row]:
    found = _agreement(head, held)
    note = "the grids are tuned for captions, the teacher's are not"
    return [
        Row("head of the classes", variant, metric, "flickr8k val", found[metric], len(held.pooled), note)
        for metric in ("accuracy", "confident_accuracy")
    ]

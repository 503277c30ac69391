"""Members of the ensemble, each trained without the speakers of one fold.

So every training utterance has a member that never heard its speaker, whose answer is as honest as
one about a stranger: the fusion learns from those.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from kit.checkpoint import load_checkpoint, save_checkpoint
from starter_voice.batches import Augmentation, Batches
from starter_voice.model import Member
from starter_voice.pool import Version
from starter_voice.sources import Clip
from starter_voice.training import Plan, train_member, utterance_accuracy

FOLDS = 4


@dataclass(frozen=True)
class Lessons:
    """Everything that the members learn from.

    Attributes:
        clips: Utterances of the training speakers.
        pool: Versions of them; the first of each is the utterance as it is.
        noises: Log mel power of sounds without speech.
    """

    clips: Sequence[Clip]
    pool: Sequence[Version]
    noises: Sequence[Tensor]


def fold_of(actor: str, clips: Sequence[Clip]) -> int:
    """The fold of a speaker: neighbours in the list of names share one."""
    actors = sorted({clip.actor for clip in clips})
    return actors.index(actor) * FOLDS // len(actors)


def train_fold(
    lessons: Lessons,
    fold: int,
    plan: Plan,
    augmentation: Augmentation,
    work: Path,
    resume: bool,
    tell: Callable[[str], None],
) -> Member:
    """Trains the member that never hears the speakers of a fold."""
    done = load_checkpoint(work / f"member{fold}.pt") if resume else None
    if done is not None:
        return loaded(done["weights"])
    inside = [fold_of(clip.actor, lessons.clips) != fold for clip in lessons.clips]
    pool = [version for version in lessons.pool if inside[version.clip]]
    held = [v for v in lessons.pool[: len(lessons.clips)] if not inside[v.clip]]
    batches = Batches(lessons.clips, pool, lessons.noises, augmentation, 1000 + fold)

    def report(epoch: int, loss: float, member: Member) -> None:
        strangers = utterance_accuracy(member, lessons.clips, held[::2])
        tell(f"member {fold} epoch {epoch} loss {loss:.3f} accuracy on its fold {strangers:.3f}")

    member = train_member(batches, plan, fold, work / f"training{fold}.pt", resume, report)
    save_checkpoint(work / f"member{fold}.pt", {"weights": member.state_dict()})
    return member


def read_members(work: Path) -> list[Member]:
    """The members of an earlier run.

    Raises:
        FileNotFoundError: One of them has not been trained.
    """
    members = []
    for fold in range(FOLDS):
        state = load_checkpoint(work / f"member{fold}.pt")
        if state is None:
            raise FileNotFoundError(f"no {work / f'member{fold}.pt'}: train starter-voice first")
        members.append(loaded(state["weights"]))
    return members


def loaded(weights: dict[str, Tensor]) -> Member:
    """A member with given weights, ready to judge."""
    member = Member()
    member.load_state_dict(weights)
    return member.eval()

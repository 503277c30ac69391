"""The whole recipe of the pack ``starter-voice``: data to pack."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.request import TrainRequest
from kit.seeds import seed_everything
from starter_voice.batches import Augmentation
from starter_voice.folds import FOLDS, Lessons, fold_of, train_fold
from starter_voice.listening import find_teacher
from starter_voice.model import Member
from starter_voice.packing import write_pack
from starter_voice.pool import Version, noise_pool, versions
from starter_voice.sources import Clip, read_clips, read_rows, voice_folder
from starter_voice.teacher import SpeechTeacher
from starter_voice.training import Plan
from starter_voice.validation import accuracies, calibrated, rows

RESULTS = Path(__file__).resolve().parents[1] / "results" / "starter-voice.json"
TAKEN = (
    " The members come from an earlier run, in which a script drove the recipe's own functions; this run\n"
    "calibrated, exported and measured them."
)
AUGMENTATION_QUESTION = "What does augmentation bring to a voice?"


@dataclass(frozen=True)
class Sizes:
    """How much of everything; the smoke run has little of each."""

    versions: int = 9
    noises: int = 600
    plan: Plan = field(default_factory=Plan)
    ablation_epochs: int = 40
    clips: int | None = None


SMOKE = Sizes(versions=2, noises=8, plan=Plan(epochs=1, batch=8), ablation_epochs=0, clips=32)


def train(request: TrainRequest) -> None:
    """Trains the members, exports the pack, writes its card and the table of ablations.

    Members that ``request.work`` already holds are taken from there with ``resume``.

    Raises:
        FileNotFoundError: The voice set or the teacher of speech is not in ``request.data``.
    """
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    sizes = SMOKE if request.smoke else Sizes()
    teacher = _teacher(request.data)
    lessons = read_lessons(request, sizes, teacher)
    taken = request.resume and (request.work / "member0.pt").exists()
    members = [
        train_fold(lessons, fold, sizes.plan, Augmentation(), request.work, request.resume, _tell)
        for fold in range(FOLDS)
    ]
    held = read_split(request, "val", sizes)
    ensemble, temperature = calibrated(members, held, teacher)
    made: dict[str, float | str] = {
        "epochs": sizes.plan.epochs,
        "strangers": strangers_accuracy(members, lessons),
        "note": TAKEN if taken else "",
    }
    figures = write_pack(request.pack, ensemble, temperature, request.data, made, sizes.clips)
    _tell(json.dumps(dict(figures)))
    if sizes.ablation_epochs:
        table = compared(members, held)
        _keep(table)
        _keep(table + augmentation_rows(request, sizes, lessons, held))


def read_split(request: TrainRequest, split: str, sizes: Sizes) -> list[Clip]:
    """Utterances of one split; a few of all speakers for the smoke run."""
    folder = voice_folder(request.data)
    rows_read = read_rows(folder, split)
    every = max(1, len(rows_read) // sizes.clips) if sizes.clips else 1
    return read_clips(folder, rows_read[::every], request.work / "clips")


def read_lessons(request: TrainRequest, sizes: Sizes, teacher: SpeechTeacher) -> Lessons:
    """Training utterances with all their versions, or those that an earlier run computed."""
    clips = read_split(request, "train", sizes)
    done = load_checkpoint(request.work / "pool.pt") if request.resume else None
    if done is not None:
        pool = [Version(*one) for one in zip(done["clips"], done["powers"], done["speech"], strict=True)]
        return Lessons(clips, pool, done["noises"])
    pool = versions(clips, teacher.frames([clip.wave for clip in clips]), sizes.versions, request.seed)
    noises = noise_pool(sizes.noises, request.seed)
    state = {
        "clips": [one.clip for one in pool],
        "powers": [one.power for one in pool],
        "speech": [one.speech for one in pool],
        "noises": noises,
    }
    save_checkpoint(request.work / "pool.pt", state)
    return Lessons(clips, pool, noises)


def strangers_accuracy(members: Sequence[Member], lessons: Lessons) -> float:
    """Accuracy in percent of the members, each on the speakers that it never heard."""
    right, count = 0.0, 0
    for fold, member in enumerate(members):
        own = [clip for clip in lessons.clips if fold_of(clip.actor, lessons.clips) == fold]
        if own:
            right += accuracies([member], own, distorted=False)["accuracy"] * len(own)
            count += len(own)
    return right / count


def compared(members: Sequence[Member], held: Sequence[Clip]) -> list[dict[str, object]]:
    """Each member alone, and all together."""
    question = "What does an ensemble of members with different speakers bring?"
    table = rows(accuracies(members, held), question, f"all {len(members)} members", len(held))
    for number, member in enumerate(members):
        alone = accuracies([member], held, distorted=False)
        table += rows(alone, question, f"member {number} alone", len(held))
    return table


def augmentation_rows(
    request: TrainRequest, sizes: Sizes, lessons: Lessons, held: Sequence[Clip]
) -> list[dict[str, object]]:
    """One member with fewer epochs, with and without the distortions that are made while training."""
    plan = replace(sizes.plan, epochs=sizes.ablation_epochs)
    variants = {"all": Augmentation(), "no distorted spectrograms": Augmentation.none()}
    table = []
    for name, augmentation in variants.items():
        work = request.work / "ablation" / name.replace(" ", "-")
        member = train_fold(lessons, 2, plan, augmentation, work, request.resume, _tell)
        note = f"one member, {plan.epochs} instead of {sizes.plan.epochs} epochs"
        table += rows(accuracies([member], held), AUGMENTATION_QUESTION, name, len(held), note)
    return table


def _teacher(data: Path) -> SpeechTeacher:
    file = find_teacher(data)
    if file is None:
        raise FileNotFoundError(f"no pretrained_small with the teacher of speech in {data}")
    return SpeechTeacher(file)


def _keep(table: Sequence[dict[str, object]]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _tell(words: str) -> None:
    print(words, flush=True)

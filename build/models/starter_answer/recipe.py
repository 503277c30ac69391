"""The whole recipe of the pack ``starter-answer``: data to pack."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from kit.request import TrainRequest
from kit.seeds import seed_everything
from starter_answer.batches import Reader
from starter_answer.calibration import fit_temperatures
from starter_answer.card import write_card
from starter_answer.data import SMOKE_PICTURES, Data, limit_of, load_data
from starter_answer.guessing import guess_accuracy
from starter_answer.model import AnswerModel, Sizes
from starter_answer.packing import Learned, declare, write_pack
from starter_answer.samples import KIND_NAMES, Answers, learn_answers
from starter_answer.tokens import learn_vocabulary
from starter_answer.training import Classroom, Plan, learn
from starter_answer.wording import LANGUAGES


@dataclass(frozen=True)
class Prepared:
    """Data, words and answers.

    Attributes:
        data: Grids and questions.
        vocabulary: Tokens by id.
        answers: Classes.
    """

    data: Data
    vocabulary: list[str]
    answers: Answers


def train(request: TrainRequest) -> None:
    """Trains, exports, measures and describes the pack.

    Raises:
        FileNotFoundError: ``flickr8k`` or ``easy_vqa`` is not in the data folder, or the pack
            starter-vision was not made yet.
    """
    torch.set_num_threads(request.threads)
    prepared = prepare(request)
    plan = Plan(epochs=1) if request.smoke else Plan()
    room = classroom(request, prepared)
    history = learn(room, plan, request.resume)
    finish(request, prepared, room, history)


def prepare(request: TrainRequest) -> Prepared:
    """Reads the data and chooses words and answers."""
    data = load_data(request)
    texts = (text for s in data.named for ways in s.ways.values() for text in ways)
    return Prepared(data, learn_vocabulary(texts), learn_answers(data.named))


def classroom(request: TrainRequest, prepared: Prepared) -> Classroom:
    """An untrained network with what it needs."""
    seed_everything(request.seed)
    answers = prepared.answers
    allowed = torch.zeros(len(KIND_NAMES), len(answers.english), dtype=torch.bool)
    for row, kind in enumerate(KIND_NAMES):
        allowed[row, answers.allowed(kind)] = True
    return Classroom(
        model=AnswerModel(Sizes(len(prepared.vocabulary), len(answers.english))),
        reader=Reader(prepared.vocabulary, answers, KIND_NAMES),
        lessons=prepared.data.lessons(request),
        exam=prepared.data.photo_exam,
        allowed=allowed,
        checkpoint=request.work / "seeing.pt",
        seed=request.seed,
    )


def finish(
    request: TrainRequest,
    prepared: Prepared,
    room: Classroom,
    history: list[dict[str, float]],
) -> None:
    """Calibrates on validation questions, writes the pack, measures it and writes its card."""
    data = prepared.data
    temperature = fit_temperatures(room, [data.photo_exam, data.shape_exam], KIND_NAMES, LANGUAGES)
    learned = Learned(room.model, prepared.vocabulary, prepared.answers, temperature)
    write_pack(learned, request.pack, request.vision)
    guessed = guess_accuracy(data.photos.samples, data.photo_exam.samples)
    write_card(request, facts(request, learned, history), guessed, limit_of(request, SMOKE_PICTURES))
    declare(learned, request.pack, request.vision)


def facts(request: TrainRequest, learned: Learned, history: list[dict[str, float]]) -> Mapping[str, object]:
    """Values of the card's fields that are no measurements of the finished pack."""
    size = sum(path.stat().st_size for path in request.pack.iterdir())
    return {
        "parameters": f"{sum(p.numel() for p in learned.model.parameters()) / 1e6:.2f}",
        "mebibytes": f"{size / 2**20:.2f}",
        "answers": len(learned.answers.english),
        "words": len(learned.vocabulary),
        "seed": request.seed,
        "epochs": len(history),
        "best": f"{max(row['accuracy'] for row in history):.1f}",
        "note": _note([row["planned"] for row in history]),
        "temperatures": ", ".join(f"{kind} {value:.2f}" for kind, value in learned.temperature.items()),
    }


def _note(planned: list[float]) -> str:
    """Says so where the plan was changed while it ran."""
    plans = list(dict.fromkeys(int(epochs) for epochs in planned))
    if len(plans) == 1:
        return ""
    return (
        f"The plan was laid out for {plans[0]} epochs and cut to {plans[-1]} while it ran, for want of time."
    )

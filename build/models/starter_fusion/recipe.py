"""The whole recipe of the pack ``starter-fusion``: the other packs' answers to heads that fuse them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.request import TrainRequest
from kit.seeds import seed_everything
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.expressions import ExpressionReader
from mmdesk.tasks.text_sentiment import TextSentiment
from starter_face.expression_training import ExpressionPlan, load_expression_data
from starter_fusion.banks import Bank, Banks, Reading, Sample
from starter_fusion.baselines import Mean, fit_mean
from starter_fusion.batches import Talks, together
from starter_fusion.calibration import calibrate, lstm_reach
from starter_fusion.conversations import Conversation, Manner, conversations
from starter_fusion.declared import FEATURES, declared
from starter_fusion.heads import GraphHead, LstmHead
from starter_fusion.packing import write_pack
from starter_fusion.readings import face_samples, validation_sentences, voice_samples, word_samples
from starter_fusion.strangers import StrangerReader
from starter_fusion.training import Plan, fuse_all, train_head
from starter_fusion.vocabulary import MODALITIES
from starter_voice.folds import FOLDS, fold_of, read_members
from starter_voice.sources import Clip, read_clips, read_rows, voice_folder

RESULTS = Path(__file__).resolve().parents[1] / "results" / "starter-fusion.json"
HELD_SHARE = 0.25
DISAGREEMENT = 0.5


@dataclass(frozen=True)
class Sizes:
    """How much of everything; the smoke run has little of each."""

    talks: int = 1000
    held: int = 200
    test: int = 200
    plan: Plan = field(default_factory=Plan)
    clips: int | None = None


SMOKE = Sizes(talks=6, held=4, test=12, plan=Plan(epochs=1), clips=64)


def train(request: TrainRequest) -> None:
    """Asks the packs, trains both heads, exports them, writes the card and the table of ablations.

    The packs of face, voice and words must lie beside ``request.pack``, and the members of the voice
    ensemble in the work folder ``starter-voice`` beside ``request.work``.

    Raises:
        FileNotFoundError: One of those is not there.
    """
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    sizes = SMOKE if request.smoke else Sizes()
    learn, choose_by = read_banks(request, sizes).divided(HELD_SHARE, request.seed)
    spec = declared({"graph": 1, "lstm": 1}, DISAGREEMENT)
    train_talks = conversations(learn, Manner(), spec, sizes.talks, request.seed)
    held = conversations(choose_by, Manner(), spec, sizes.held, request.seed + 1)
    graph, lstm = trained_heads(request, sizes, together(train_talks), together(held))
    reach = {"graph": graph.reach, "lstm": lstm_reach(lstm, together(held))}
    made: dict[str, float | str] = {
        "train_talks": sizes.talks,
        "held_talks": sizes.held,
        "test_talks": sizes.test,
        "graph_reach": reach["graph"],
        "lstm_reach": reach["lstm"],
        "note": "",
    }
    final = declared(reach, DISAGREEMENT)
    heads: dict[str, nn.Module] = {"graph": graph, "lstm": lstm}
    figures = write_pack(request.pack, heads, fit_means(held), final, request.data, made)
    _tell(json.dumps(dict(figures)))
    if not request.smoke:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(rows(figures, sizes.test), indent=1) + "\n", encoding="utf-8")


def read_banks(request: TrainRequest, sizes: Sizes) -> Banks:
    """What the packs say about samples that they did not learn from."""
    device, packs = choose(Device.CPU), request.pack.parent
    expressions = ExpressionReader(open_pack(packs / "starter-face"), device, request.threads)
    held = load_expression_data(request.data / "fer2013", ExpressionPlan()).validation
    faces = face_samples(held, expressions.read_crops)
    sentiment = TextSentiment(open_pack(packs / "starter-sentiment-text"), device, request.threads)
    sentences = validation_sentences(request.data / "text_sentiment")
    words = word_samples(sentences, sentiment)
    for task in (expressions, sentiment):
        task.close()
    return Banks(Bank(faces), Bank(stranger_voices(request, sizes)), Bank(words))


def stranger_voices(request: TrainRequest, sizes: Sizes) -> list[Sample]:
    """Every training utterance as the member hears it that never heard its speaker."""
    done = load_checkpoint(request.work / "voices.pt") if request.resume else None
    if done is not None:
        return [_sample(one) for one in done["samples"]]
    work = request.work.parent / "starter-voice"
    folder = voice_folder(request.data)
    rows_read = read_rows(folder, "train")
    every = max(1, len(rows_read) // sizes.clips) if sizes.clips else 1
    clips = read_clips(folder, rows_read[::every], work / "clips")
    samples: list[Sample] = []
    for fold, member in zip(range(FOLDS), read_members(work), strict=True):
        own: list[Clip] = [clip for clip in clips if fold_of(clip.actor, clips) == fold]
        if own:
            samples += voice_samples(own, StrangerReader(member, own).read)
    save_checkpoint(request.work / "voices.pt", {"samples": [asdict(sample) for sample in samples]})
    return samples


def trained_heads(
    request: TrainRequest, sizes: Sizes, train_talks: Talks, held: Talks
) -> tuple[GraphHead, LstmHead]:
    """Both heads, trained and calibrated alike."""
    torch.manual_seed(request.seed)
    graph = GraphHead(len(MODALITIES), FEATURES)
    torch.manual_seed(request.seed)
    lstm = LstmHead(len(MODALITIES), FEATURES)
    for name, head in (("lstm", lstm), ("graph", graph)):

        def report(epoch: int, loss: float, score: float, name: str = name) -> None:
            _tell(f"{name} epoch {epoch} loss {loss:.4f} held-out {-score:.4f}")

        train_head(head, train_talks, held, sizes.plan, request.work / f"{name}.pt", request.resume, report)
        calibrate(head.answers, fuse_all(head, held), held)
    return graph, lstm


def fit_means(held: Sequence[Conversation]) -> dict[str, Mean]:
    """The baselines: the mean of all, each modality alone, and the means of the others."""
    places = range(len(MODALITIES))
    means = {"mean": fit_mean(held, places)}
    for place, name in enumerate(MODALITIES):
        means[name] = fit_mean(held, [place])
        means[f"without_{name}"] = fit_mean(held, [other for other in places if other != place])
    return means


def rows(figures: Mapping[str, float], talks: int) -> list[dict[str, object]]:
    """Rows of the table of ablations: ways to fuse, and each modality taken away."""
    ways = {"graph head": "", "LSTM head": "lstm_", "mean": "mean_", "best single modality": "best_single_"}
    asked = [("How to fuse?", variant, prefix) for variant, prefix in ways.items()]
    for name in MODALITIES:
        question = f"What is left without {name}?"
        asked += [
            (question, "graph head", f"without_{name}_"),
            (question, "LSTM head", f"without_{name}_lstm_"),
            (question, "mean of the others", f"without_{name}_mean_"),
        ]
    return [
        {
            "question": question,
            "variant": variant,
            "metric": metric,
            "split": "test",
            "value": round(figures[f"{prefix}{metric}"], 4),
            "n": talks,
            "note": "synthetic conversations",
        }
        for question, variant, prefix in asked
        for metric in ("accuracy", "valence_mae")
    ]


def _sample(stored: Mapping[str, Any]) -> Sample:
    readings = tuple(Reading(**reading) for reading in stored["readings"])
    return Sample(**{**stored, "readings": readings})


def _tell(words: str) -> None:
    print(words, flush=True)

"""Measures the pack through the program's own runtime, on conversations of strangers; no torch."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.measured import Measured
from mmdesk.events import Modality
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.expressions import ExpressionReader
from mmdesk.tasks.fusion import NOBODY, FusedMoment, Fuser, Head
from mmdesk.tasks.text_sentiment import TextSentiment
from mmdesk.tasks.voice import VoiceReader
from starter_face.fer_sheets import read_faces
from starter_fusion.banks import Bank, Banks
from starter_fusion.baselines import Mean
from starter_fusion.conversations import Conversation, Manner, conversations
from starter_fusion.readings import face_samples, test_sentences, voice_samples, word_samples
from starter_fusion.scores import (
    Judged,
    accuracy,
    area_under_curve,
    intervals,
    own_interval,
    valence_mae,
)
from starter_fusion.vocabulary import MODALITIES
from starter_voice.sources import read_clips, read_rows

BASELINES = "baselines.json"
TALKS = 200
SEED = 20240501

Told = tuple[list[Judged], list[NDArray[np.float64]], list[NDArray[np.float64]]]


def measure_fusion(pack: Path, data: Path, split: str, language: str, limit: int | None) -> Measured:
    """Fuses synthetic conversations made of the faces, voices and sentences of a split.

    Args:
        pack: Folder of the pack; the packs of face, voice and words lie beside it.
        data: Folder that holds ``fer2013``, ``ravdess_speech`` and ``text_sentiment``.
        split: Of the faces and voices, and of the sentences where there are files of it (else ``dev``).
        language: Of the sentences; only English ones have three classes.
        limit: So many conversations instead of 200.

    Returns:
        ``n`` is the number of moments. ``accuracy``, ``valence_mae`` (graph), the same with the
        prefixes ``lstm_``, ``mean_`` and ``best_single_``, each with ``_low`` and ``_high`` (95 %
        bootstrap over conversations); how much better the graph is (``accuracy_over_X_low`` ...);
        ``contradiction_auc``, ``coverage_80``; and ``without_X_accuracy`` beside
        ``without_X_mean_accuracy`` for each modality taken away. Accuracies in percent.

    Raises:
        FileNotFoundError: A set is not there.
        PackNotFound: One of the packs is not there.
    """
    talks = make_conversations(pack, data, split, limit or TALKS)
    fuser = Fuser(open_pack(pack), choose(Device.CPU))
    try:
        metrics = figures(fuser, means_of(pack), talks)
    finally:
        fuser.close()
    return Measured("fusion", pack.name, split, sum(int(talk.judged.sum()) for talk in talks), metrics)


def make_conversations(pack: Path, data: Path, split: str, count: int) -> list[Conversation]:
    """Conversations from the readings of the packs that lie beside the fusion pack."""
    fusion = open_pack(pack).manifest.fusion
    if fusion is None:
        raise ValueError(f"{pack} does not fuse")
    return conversations(read_banks(pack.parent, data, split), Manner(), fusion, count, SEED)


def read_banks(packs: Path, data: Path, split: str) -> Banks:
    """What the packs say about the faces, voices and sentences of a split."""
    device = choose(Device.CPU)
    expressions = ExpressionReader(open_pack(packs / "starter-face"), device)
    faces = face_samples(read_faces(data / "fer2013", split), expressions.read_crops)
    voice = VoiceReader(open_pack(packs / "starter-voice"), device)
    folder = data / "ravdess_speech"
    with tempfile.TemporaryDirectory() as unpacked:
        clips = read_clips(folder, read_rows(folder, split), Path(unpacked))
    voices = voice_samples(clips, voice.read)
    sentiment = TextSentiment(open_pack(packs / "starter-sentiment-text"), device)
    words = word_samples(test_sentences(data / "text_sentiment", split), sentiment)
    for task in (expressions, voice, sentiment):
        task.close()
    return Banks(Bank(faces), Bank(voices), Bank(words))


def means_of(pack: Path) -> dict[str, Mean]:
    """The baselines that were fitted with the heads, by name."""
    stored = json.loads(open_pack(pack).read(BASELINES))
    return {name: Mean.from_object(fields) for name, fields in stored.items()}


def figures(fuser: Fuser, means: Mapping[str, Mean], talks: Sequence[Conversation]) -> dict[str, float]:
    """All figures of `measure_fusion`."""
    graph, against, halves = fused(fuser, talks, Head.GRAPH)
    judges = {
        "lstm": fused(fuser, talks, Head.LSTM)[0],
        "mean": averaged(means["mean"], talks),
        "best_single": best_single(means, talks),
    }
    found: dict[str, float] = {}
    for prefix, judged in {"": graph, **{f"{name}_": judged for name, judged in judges.items()}}.items():
        found |= _with_intervals(prefix, judged)
    for name, (low, high) in intervals(graph, judges).items():
        found |= {f"{name}_low": low, f"{name}_high": high}
    found["contradiction_auc"] = _contradiction_auc(talks, against)
    found["coverage_80"] = _coverage(graph, halves)
    for modality in MODALITIES:
        found |= _without(fuser, means, talks, modality)
    return found


def fused(fuser: Fuser, talks: Sequence[Conversation], head: Head, without: str = "") -> Told:
    """Conversations as a head judges them, with probabilities of contradiction and bands."""
    unheard = frozenset({Modality(without)}) if without else NOBODY
    told = [fuser.fuse(talk.arranged, head, unheard) for talk in talks]
    judged = [
        _judged(talk, without, *_columns(moments))
        for talk, moments in zip(talks, told, strict=True)
        if moments
    ]
    against = [np.array([moment.contradiction for moment in moments]) for moments in told]
    halves = [np.array([moment.band for moment in moments]).reshape(-1, 2) for moments in told]
    return judged, against, halves


def averaged(mean: Mean, talks: Sequence[Conversation], without: str = "") -> list[Judged]:
    """Conversations as a mean of modalities judges them."""
    judged = []
    for talk in talks:
        said = _heard(talk, without)
        if said.any():
            valence, chances = mean(talk.arranged)
            judged.append(_judged(talk, without, valence[said], chances[said].argmax(1)))
    return judged


def best_single(means: Mapping[str, Mean], talks: Sequence[Conversation]) -> list[Judged]:
    """The single modality with the highest accuracy on these very conversations."""
    return max((averaged(means[name], talks) for name in MODALITIES), key=accuracy)


def _columns(moments: Sequence[FusedMoment]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    valence = np.array([moment.valence for moment in moments])
    chances = np.array([[p for _, p in moment.distribution] for moment in moments])
    return valence, chances.argmax(1)


def _heard(talk: Conversation, without: str) -> NDArray[np.bool_]:
    """Moments in which something but one modality is there."""
    others = [place for place, name in enumerate(MODALITIES) if name != without]
    return np.asarray(talk.arranged.present[:, others].any(1))


def _judged(
    talk: Conversation, without: str, valence: NDArray[np.float64], classes: NDArray[np.int64]
) -> Judged:
    said = _heard(talk, without)
    return Judged(valence, classes, talk.valence[said].astype(np.float64), talk.classes[said])


def _with_intervals(prefix: str, judged: Sequence[Judged]) -> dict[str, float]:
    right, error = own_interval(judged)
    return {
        f"{prefix}accuracy": accuracy(judged),
        f"{prefix}accuracy_low": right[0],
        f"{prefix}accuracy_high": right[1],
        f"{prefix}valence_mae": valence_mae(judged),
        f"{prefix}valence_mae_low": error[0],
        f"{prefix}valence_mae_high": error[1],
    }


def _contradiction_auc(talks: Sequence[Conversation], against: Sequence[NDArray[np.float64]]) -> float:
    """Over the moments in which at least two modalities are there."""
    scores, truth = [], []
    for talk, said in zip(talks, against, strict=True):
        several = (talk.arranged.present.sum(1) > 1)[talk.judged]
        scores.append(said[several])
        truth.append((talk.contradiction > 0)[talk.judged][several])
    return area_under_curve(np.concatenate(scores), np.concatenate(truth))


def _coverage(judged: Sequence[Judged], bands: Sequence[NDArray[np.float64]]) -> float:
    """Share of moments whose true valence lies in the band, in percent."""
    inside = [
        (talk.true_valence >= band[:, 0] - 1e-6) & (talk.true_valence <= band[:, 1] + 1e-6)
        for talk, band in zip(judged, (band for band in bands if len(band)), strict=True)
    ]
    return 100 * float(np.concatenate(inside).mean())


def _without(
    fuser: Fuser, means: Mapping[str, Mean], talks: Sequence[Conversation], modality: str
) -> dict[str, float]:
    graph = fused(fuser, talks, Head.GRAPH, modality)[0]
    lstm = fused(fuser, talks, Head.LSTM, modality)[0]
    others = averaged(means[f"without_{modality}"], talks, modality)
    found = {}
    for name, judged in (("", graph), ("lstm_", lstm), ("mean_", others)):
        found[f"without_{modality}_{name}accuracy"] = accuracy(judged)
        found[f"without_{modality}_{name}valence_mae"] = valence_mae(judged)
    return found

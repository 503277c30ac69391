"""Asks the packs about faces, voices and sentences, as the program would."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmdesk.tasks.expressions import FaceAffect
from mmdesk.tasks.text_sentiment import TextSentiment
from mmdesk.tasks.voice import VoiceAffect, VoiceGap
from starter_face.fer_sheets import LABELS as FACE_LABELS
from starter_face.fer_sheets import FaceSet
from starter_fusion.banks import Reading, Sample, states_of_class
from starter_fusion.vocabulary import ALIASES, STATES
from starter_sentiment_text.sources import Sentence, divide, read_meld, read_sst_fine
from starter_voice.framing import SAMPLE_RATE, WINDOW
from starter_voice.sources import EMOTIONS, Clip
from starter_voice.windows import window_at

# The first window begins before the utterance; then there is one a second, as in the program.
LEAD, HOP = 0.5, 1.0
# What is left of an utterance must be worth listening to.
LEAST = 1.5
SPOKEN_WORDS_A_SECOND = 2.6
LONGEST_SENTENCE = 30

Windows = NDArray[np.float32]
ReadFaces = Callable[[Sequence[NDArray[np.float32]]], Sequence[FaceAffect]]
ReadVoice = Callable[[Windows], Sequence[VoiceAffect | VoiceGap]]


def state_of(name: str) -> tuple[int, ...]:
    """The state that an emotion's name stands for; none for surprise and calm."""
    known = ALIASES.get(name, name)
    return (STATES.index(known),) if known in STATES else ()


def face_samples(faces: FaceSet, read: ReadFaces) -> list[Sample]:
    """Faces of expressions that are states, with what a reader says of them."""
    kept = faces.take(np.flatnonzero([bool(state_of(FACE_LABELS[label])) for label in faces.labels]))
    affects = read(list(kept.pixels.astype(np.float32)))
    return [
        Sample(
            state_of(FACE_LABELS[label]),
            None,
            0.0,
            (Reading(0.0, 0.0, affect.valence, affect.confidence, affect.distribution),),
        )
        for label, affect in zip(kept.labels.tolist(), affects, strict=True)
    ]


def voice_samples(clips: Iterable[Clip], read: ReadVoice) -> list[Sample]:
    """Utterances of emotions that are states, with what a reader says of their windows."""
    return [_utterance(clip, read) for clip in clips if state_of(EMOTIONS[clip.emotion])]


def word_samples(
    sentences: Iterable[Sentence], sentiment: TextSentiment, language: str = "en"
) -> list[Sample]:
    """Sentences with what the text pack says; very long ones are nothing that is said."""
    short = [s for s in sentences if len(s.text.split()) <= LONGEST_SENTENCE]
    affects = sentiment.score([s.text for s in short], language)
    samples = []
    for sentence, affect in zip(short, affects, strict=True):
        seconds = max(0.8, len(sentence.text.split()) / SPOKEN_WORDS_A_SECOND)
        said = (
            ()
            if affect is None
            else (Reading(0.0, seconds, affect.valence, affect.confidence, affect.distribution),)
        )
        samples.append(Sample(states_of_class(sentence.label), strength(sentence), seconds, said))
    return samples


def strength(sentence: Sentence) -> bool | None:
    """Whether a sentence is strongly felt, where its set says so (SST's outer levels)."""
    return None if sentence.level is None else sentence.level in (0, 4)


def validation_sentences(folder: Path) -> list[Sentence]:
    """The part of the training files that the text pack never learned from."""
    files = (read_sst_fine(folder / "sst_fine.train.txt.gz"), read_meld(folder / "meld_train.csv.gz"))
    return [sentence for file in files for sentence in divide(file).validation]


def test_sentences(folder: Path, split: str) -> list[Sentence]:
    """The sentences of a split's files, or of ``dev`` where there are none."""
    names = (f"sst_fine.{split}.txt.gz", f"meld_{split}.csv.gz")
    there = split if all((folder / name).is_file() for name in names) else "dev"
    return [
        *read_sst_fine(folder / f"sst_fine.{there}.txt.gz"),
        *read_meld(folder / f"meld_{there}.csv.gz"),
    ]


def _utterance(clip: Clip, read: ReadVoice) -> Sample:
    seconds = len(clip.wave) / SAMPLE_RATE
    starts = np.arange(-LEAD, max(seconds - LEAST, 0.1), HOP).tolist()
    windows = np.stack([window_at(clip.wave, round(start * SAMPLE_RATE)) for start in starts])
    readings = [
        Reading(start, start + WINDOW / SAMPLE_RATE, said.valence, said.confidence, said.distribution)
        for start, said in zip(starts, read(windows), strict=True)
        if isinstance(said, VoiceAffect)
    ]
    return Sample(state_of(EMOTIONS[clip.emotion]), clip.strong, seconds, tuple(readings))

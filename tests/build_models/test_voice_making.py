"""What the voice recipe is made of, as far as it needs no torch."""

from __future__ import annotations

import csv
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from starter_voice.distort import amplified, resampled, telephone, with_noise
from starter_voice.framing import SAMPLE_RATE, WINDOW
from starter_voice.interval import wilson
from starter_voice.listening import with_pauses
from starter_voice.noises import make_noise
from starter_voice.places import PLACES
from starter_voice.sources import EMOTIONS, read_clips, read_rows, voice_folder
from starter_voice.windows import speech_share, window_at, windows_of


def tone(hertz: float, seconds: float = 1.0) -> NDArray[np.float32]:
    t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sound: NDArray[np.float32] = (0.1 * np.sin(2 * np.pi * hertz * t)).astype(np.float32)
    return sound


def loudest(sound: NDArray[np.float32]) -> float:
    """The strongest frequency in Hz."""
    spectrum = np.abs(np.fft.rfft(sound))
    return float(np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)[spectrum.argmax()])


def level(sound: NDArray[np.float32]) -> float:
    return float(np.sqrt((sound.astype(np.float64) ** 2).mean()))


def write_set(folder: Path, names: list[tuple[str, str]]) -> None:
    """A set of one-second tones: emotion and split of each."""
    with zipfile.ZipFile(folder / "sounds.zip", "w") as archive:
        for number, _ in enumerate(names):
            path = folder / "one.wav"
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(SAMPLE_RATE)
                file.writeframes((tone(200 + 100 * number) * 32767).astype("<i2").tobytes())
            archive.write(path, f"inner/{number}.wav")
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, ["file", "actor", "emotion", "intensity", "split"])
        writer.writeheader()
        for number, (emotion, split) in enumerate(names):
            row = {"file": f"{number}.wav", "actor": f"actor{number}", "emotion": emotion}
            writer.writerow({**row, "intensity": "strong" if number % 2 else "normal", "split": split})


def test_the_split_is_the_column_of_the_table(tmp_path: Path) -> None:
    folder = tmp_path / "ravdess_speech"
    folder.mkdir()
    write_set(folder, [("happy", "train"), ("angry", "aside"), ("calm", "aside")])
    assert voice_folder(tmp_path) == folder == voice_folder(folder)
    clips = read_clips(folder, read_rows(folder, "aside"), tmp_path / "unpacked")
    assert [EMOTIONS[clip.emotion] for clip in clips] == ["angry", "calm"]
    assert [clip.strong for clip in clips] == [True, False]
    assert [loudest(clip.wave) for clip in clips] == pytest.approx([300, 400], abs=2)
    with pytest.raises(ValueError, match="no utterances"):
        read_rows(folder, "test")
    with pytest.raises(FileNotFoundError):
        voice_folder(tmp_path / "nothing")


def test_windows_cover_an_utterance_and_end_with_it() -> None:
    sound = np.arange(60_000, dtype=np.float32)
    starts, windows = windows_of(sound, 0.5)
    assert starts == [0.0, 0.5, 0.75]
    assert [float(window[0]) for window in windows] == [0, 8000, 12000]
    assert float(windows[-1, -1]) == 59_999
    starts, windows = windows_of(sound[:100], 0.5)
    assert starts == [0.0]
    assert windows.shape == (1, WINDOW)
    assert not windows[0, 100:].any()


def test_a_window_may_begin_before_the_sound() -> None:
    window = window_at(np.ones(10, np.float32), -5)
    assert window[:5].sum() == 0
    assert window[5:15].sum() == 10
    assert not window_at(np.ones(10, np.float32), 20).any()


def test_the_share_of_speech_counts_the_teachers_blocks() -> None:
    blocks = np.array([0.9] * 10 + [0.1] * 90, np.float32)
    assert speech_share(blocks, 0.0, 0.1) == pytest.approx(10 * 0.1 / 3)
    assert speech_share(blocks, 2.0, 0.1) == 0


def test_distortions_do_what_they_say() -> None:
    assert loudest(resampled(tone(400), 1.25)) == pytest.approx(500, abs=2)
    assert level(telephone(tone(100))) < 0.01 * level(tone(100))
    assert level(telephone(tone(1000))) == pytest.approx(level(tone(1000)), rel=0.01)
    assert level(amplified(tone(400), -20)) == pytest.approx(level(tone(400)) / 10, rel=0.01)
    assert np.abs(amplified(tone(400), 40)).max() == 1
    rng = np.random.default_rng(1)
    noise = rng.standard_normal(SAMPLE_RATE).astype(np.float32)
    added = with_noise(tone(400), noise, 10) - tone(400)
    assert 20 * np.log10(level(tone(400)) / level(added)) == pytest.approx(10, abs=0.1)


def test_noises_are_many_finite_and_of_one_level() -> None:
    sounds = [make_noise(np.random.default_rng(seed), SAMPLE_RATE) for seed in range(40)]
    assert all(np.isfinite(sound).all() for sound in sounds)
    assert [level(sound) for sound in sounds] == pytest.approx([1.0] * 40, rel=0.01)
    assert len({round(float(sound[1000]), 4) for sound in sounds}) > 30


def test_pauses_are_as_quiet_as_the_quietest_part() -> None:
    sound = np.concatenate(
        [0.001 * np.random.default_rng(1).standard_normal(8000).astype(np.float32), tone(300)]
    )
    paused = with_pauses(sound, np.random.default_rng(2))
    assert len(paused) == len(sound) + 2 * WINDOW
    assert level(paused[:WINDOW]) == pytest.approx(0.001, rel=0.3)


def test_places_lie_where_the_emotions_do() -> None:
    place = dict(zip(EMOTIONS, PLACES, strict=True))
    assert place["happy"][0] > 0 > place["sad"][0]
    assert place["angry"][1] > 0 > place["calm"][1]
    assert place["neutral"] == (0, 0)


def test_wilson_interval_of_a_known_case() -> None:
    low, high = wilson(5, 10)
    assert (low, high) == pytest.approx((23.66, 76.34), abs=0.05)

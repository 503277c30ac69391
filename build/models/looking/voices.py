"""Voices of actors kept aside, to listen to, with what was acted and what the pack says."""

import tempfile
from pathlib import Path

import numpy as np

from looking.page import Card, Line, evenly, page, sound
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.voice import VoiceReader
from starter_voice.evaluation import judge, mean_chances
from starter_voice.sources import EMOTIONS, Clip, read_clips, read_rows, voice_folder


def voice_sheet(pack: Path, data: Path, split: str, count: int) -> str:
    """The page.

    Args:
        pack: Folder of the voice pack.
        data: Folder of the data sets; the voices are in its ``ravdess_speech``.
        split: Of the utterances.
        count: How many, evenly spread over the split.
    """
    folder = voice_folder(data)
    rows = read_rows(folder, split)
    with tempfile.TemporaryDirectory() as unpacked:
        clips = read_clips(folder, [rows[place] for place in evenly(len(rows), count)], Path(unpacked))
    reader = VoiceReader(open_pack(pack), choose(Device.CPU))
    cards = [Card(clip.file, sound(clip.wave, reader.sample_rate), _lines(reader, clip)) for clip in clips]
    reader.close()
    right = sum(not card.lines[1].wrong for card in cards)
    return page("Voices", f"{len(cards)} utterances, split {split}; {right} as acted.", cards)


def _lines(reader: VoiceReader, clip: Clip) -> list[Line]:
    windows = judge(reader, clip.wave)
    chances = mean_chances(windows)
    first, second = np.argsort(-chances)[:2].tolist()
    said = f"{EMOTIONS[first]} {chances[first]:.0%}, {EMOTIONS[second]} {chances[second]:.0%}"
    places = np.array([(one.valence, one.arousal) for one in windows]).reshape(-1, 2)
    where = "valence {:+.2f}, arousal {:+.2f}".format(*places.mean(axis=0)) if len(places) else "no voice"
    acted = EMOTIONS[clip.emotion] + (", strong" if clip.strong else "")
    return [Line("acted", acted), Line("pack", said, first != clip.emotion), Line("place", where)]

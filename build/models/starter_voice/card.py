"""The model card: fixed words from ``card.md``, figures measured by the run."""

import os
from collections.abc import Mapping
from pathlib import Path

from kit.measured import Measured
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.voice import VoiceReader
from starter_voice.evaluation import measure_voice, milliseconds
from starter_voice.interval import wilson
from starter_voice.sources import voice_folder

THREADS = 2


def write_card(
    pack: Path, data: Path, made: Mapping[str, float | str], limit: int | None
) -> Mapping[str, float]:
    """Measures the pack on the test speakers, and writes its ``README.md``.

    Args:
        pack: With a valid manifest.
        data: Folder of the sets.
        made: What only the training knows.
        limit: Only the first so many utterances, for the smoke run.

    Returns:
        The figures of the test speakers.
    """
    measured = measure_voice(pack, voice_folder(data), "test", "en", limit)
    words = Path(__file__).with_name("card.md").read_text(encoding="utf-8")
    size = sum(file.stat().st_size for file in pack.iterdir()) / 2**20
    lines = "\n".join(f"| {name} | {value:.4g} |" for name, value in measured.metrics.items())
    low, high = _interval(measured)
    text = words.format(
        **made,
        n=measured.n,
        lines=lines,
        low=low,
        high=high,
        accuracy=measured.metrics["accuracy"],
        size=size,
        speed=_speed(pack),
        threads=THREADS,
        load=f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
    )
    (pack / "README.md").write_text(text, encoding="utf-8")
    return measured.metrics


def _interval(measured: Measured) -> tuple[float, float]:
    return wilson(round(measured.metrics["accuracy"] * measured.n / 100), measured.n)


def _speed(pack: Path) -> float:
    reader = VoiceReader(open_pack(pack), choose(Device.CPU), THREADS)
    try:
        return milliseconds(reader)
    finally:
        reader.close()

"""The model card: fixed words from ``card.md``, figures measured by the run."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.fusion import Fuser, Head
from mmdesk.tasks.moments import Arranged
from starter_fusion.declared import FEATURES
from starter_fusion.evaluation import measure_fusion
from starter_fusion.vocabulary import MODALITIES

THREADS = 2
HOUR = 18_000

_NAMES = {
    "graph head": "",
    "LSTM head": "lstm_",
    "mean of the modalities": "mean_",
    "best single modality": "best_single_",
}


def write_card(pack: Path, data: Path, made: Mapping[str, float | str]) -> Mapping[str, float]:
    """Measures the pack on conversations of strangers, and writes its ``README.md``.

    Args:
        pack: With a valid manifest; the packs of face, voice and words lie beside it.
        data: Folder of the sets.
        made: What only the training knows.

    Returns:
        The figures of the test conversations.
    """
    limit = int(made["test_talks"])
    measured = measure_fusion(pack, data, "test", "en", limit)
    words = Path(__file__).with_name("card.md").read_text(encoding="utf-8")
    text = words.format(
        **made,
        **measured.metrics,
        n=measured.n,
        table=_table(measured.metrics),
        missing=_missing(measured.metrics),
        size=sum(file.stat().st_size for file in pack.iterdir()) / 2**20,
        speeds=", ".join(f"{head} {seconds(pack, head):.2f} s" for head in Head),
        threads=THREADS,
        load=f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
    )
    (pack / "README.md").write_text(text, encoding="utf-8")
    return measured.metrics


def seconds(pack: Path, head: Head) -> float:
    """Median time to fuse an hour of five moments a second with everything present, warm."""
    rng = np.random.default_rng(1)
    features = rng.random((HOUR, len(MODALITIES), FEATURES), np.float32)
    arranged = Arranged(0, features, np.ones((HOUR, len(MODALITIES)), np.float32))
    fuser = Fuser(open_pack(pack), choose(Device.CPU), THREADS)
    times = []
    for _ in range(4):
        began = time.perf_counter()
        fuser.fuse(arranged, head)
        times.append(time.perf_counter() - began)
    fuser.close()
    return float(np.median(times[1:]))


def _table(metrics: Mapping[str, float]) -> str:
    rows = []
    for name, prefix in _NAMES.items():
        right = [metrics[f"{prefix}accuracy{end}"] for end in ("", "_low", "_high")]
        error = [metrics[f"{prefix}valence_mae{end}"] for end in ("", "_low", "_high")]
        rows.append(
            f"| {name} | {right[0]:.1f} % ({right[1]:.1f} to {right[2]:.1f}) "
            f"| {error[0]:.3f} ({error[1]:.3f} to {error[2]:.3f}) |"
        )
    return "\n".join(rows)


def _missing(metrics: Mapping[str, float]) -> str:
    return "\n".join(
        f"| {name} | {metrics[f'without_{name}_accuracy']:.1f} % "
        f"| {metrics[f'without_{name}_lstm_accuracy']:.1f} % "
        f"| {metrics[f'without_{name}_mean_accuracy']:.1f} % "
        f"| {metrics[f'without_{name}_valence_mae']:.3f} "
        f"| {metrics[f'without_{name}_mean_valence_mae']:.3f} |"
        for name in MODALITIES
    )

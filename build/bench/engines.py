"""The models that the benchmarks run."""

from __future__ import annotations

import os
from pathlib import Path

from mmdesk.config.paths import packs_dirs
from mmdesk.packs.pack import Pack, find_packs, pack_for
from mmdesk.packs.roles import Role
from mmdesk.tasks.engine import Engine


def folders() -> tuple[Path, ...]:
    """Where packs are looked for: those that ship, or the folder in MMDESK_BENCH_PACKS."""
    other = os.environ.get("MMDESK_BENCH_PACKS")
    return (Path(other),) if other else packs_dirs()


def engine(threads: int | None = None) -> Engine:
    """An engine on the device that the program would choose."""
    return Engine(folders(), threads=threads)


def pack(role: Role) -> Pack:
    """The pack that the program would use for English."""
    return pack_for(role, "en", find_packs(folders()))

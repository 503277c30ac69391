"""Tries every recipe from data to pack on tiny made-up sets: minutes, and no data needed.

    python build/models/smoke.py [PACK...] [--data DIR]

Needs torch, as the recipes do. The packs go into a temporary folder, are opened as the program opens
packs, and are thrown away; nothing is said about how good they are.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kit.starter_packs import CLASSIC, StarterPack

ROOT = Path(__file__).resolve().parents[2]
TRAIN = Path(__file__).with_name("train.py")


def main(argv: list[str] | None = None) -> int:
    """Tries the recipes; 1 when one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    recipes = [*StarterPack, CLASSIC]
    parser.add_argument("packs", nargs="*", metavar="PACK", help=", ".join(recipes))
    parser.add_argument("--data", type=Path, help="real sets instead of made-up ones")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args(argv)
    sys.path.append(str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        data = args.data or made_up(Path(folder) / "data")
        failed = [name for name in args.packs or recipes if not tried(name, data, Path(folder), args.threads)]
    print("Recipes failed: " + ", ".join(failed) if failed else "All recipes ran.", flush=True)
    return 1 if failed else 0


def made_up(folder: Path) -> Path:
    """The tiny sets."""
    from tiny.sets import write_sets

    write_sets(folder)
    return folder


def tried(pack: str, data: Path, folder: Path, threads: int) -> bool:
    """Whether a recipe makes a pack that the program takes; tells what went wrong."""
    began = time.perf_counter()
    out = folder / "models" / pack
    command = [sys.executable, str(TRAIN), pack, "--smoke", "--data", str(data), "--out", str(out)]
    command += ["--work", str(folder / "work" / pack), "--threads", str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, env=_environment(), check=False)
    problem = done.stderr[-3000:] if done.returncode else "" if pack == CLASSIC else _refused(out)
    print(f"  {pack:24} {'failed' if problem else 'ok':8} {time.perf_counter() - began:6.1f} s", flush=True)
    if problem:
        print(problem, flush=True)
    return not problem


def _refused(pack: Path) -> str:
    """Why the program would not take the pack; empty where it does."""
    from mmdesk.errors import PackError
    from mmdesk.packs.pack import open_pack

    try:
        open_pack(pack)
    except PackError as error:
        return str(error)
    return ""


def _environment() -> dict[str, str]:
    """Threads that wait sleep, so that recipes do not slow each other down where cores are shared."""
    return {**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "ORT_DISABLE_TELEMETRY": "1"}


if __name__ == "__main__":
    sys.exit(main())

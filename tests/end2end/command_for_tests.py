"""The real command line in a real process, with the tiny packs as the person's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_START = [sys.executable, "-m", "mmdesk"]
Json = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """What a command left behind.

    Attributes:
        code: Exit code.
        out: Its stdout.
        err: Its stderr.
    """

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[Json]:
        """The objects of `--json`; fails when anything else stands on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind: str, path: Path | str | None = None) -> list[Json]:
        """The events of a type, of one file if it is named."""
        return [e for e in self.events if e["type"] == kind and (path is None or e["path"] == str(path))]

    def captions(self, path: Path | str | None = None) -> list[Json]:
        """The captions that were found; shipped packs may have found more than them."""
        return [finding for finding in self.of("finding", path) if finding["kind"] == "caption"]

    def ends(self) -> dict[str, list[str]]:
        """For each path, how it ended; each should have ended once."""
        found: dict[str, list[str]] = {}
        for event in self.events:
            if event["type"] in ("finished", "failed"):
                found.setdefault(event["path"], []).append(event["type"])
        return found


def mmdesk(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None, seconds: float = 60
) -> Done:
    """Runs a command to its end."""
    done = subprocess.run(
        command(arguments),
        env=environment(env),
        cwd=cwd,
        capture_output=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def command(arguments: Sequence[str | Path]) -> list[str | bytes]:
    """The command as the operating system gets it."""
    return [*_START, *(os.fsencode(argument) for argument in arguments)]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours (with `MMDESK_HOME` of the test), and the checkout for `-m mmdesk` from any folder."""
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "", **(more or {})}

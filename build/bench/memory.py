"""Peak memory of `mmdesk analyze` for an hour of film against a minute of the same film."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.clips import looped, small_minute
from bench.engines import folders
from bench.figures import tell

_ANALYSE = """
import resource, sys
from pathlib import Path
from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.events import Failed, Found
from mmdesk.tasks.engine import Engine
clip, *folders = map(Path, sys.argv[1:])
found = 0
for event in analyze(AnalysisRequest(clip), Engine(folders), Control()):
    found += isinstance(event, Found)
    if isinstance(event, Failed):
        sys.exit(str(event.message))
scale = 1 if sys.platform == "darwin" else 1024
print(found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 2**20)
"""


def main() -> None:
    """Prints both peaks and their ratio; needs a system that keeps peaks (not Windows)."""
    with tempfile.TemporaryDirectory() as folder:
        minute = small_minute(Path(folder) / "minute.mp4")
        hour = looped(minute, Path(folder) / "hour.mp4", 60)
        one, sixty = _peak(minute), _peak(hour)
    tell(
        "Peak memory of an analysis, film of 320 × 180",
        {
            "1 minute": f"{one[1]:.0f} MiB, {one[0]} findings in {one[2]:.0f} s",
            "60 minutes": f"{sixty[1]:.0f} MiB, {sixty[0]} findings in {sixty[2]:.0f} s",
            "60 minutes / 1 minute": f"{sixty[1] / one[1]:.2f}  (wanted: at most 1.1)",
        },
    )


def _peak(clip: Path) -> tuple[int, float, float]:
    """Findings, MiB, seconds of an analysis in a process of its own."""
    began = time.monotonic()
    command = [sys.executable, "-c", _ANALYSE, str(clip), *map(str, folders())]
    done = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found, mebibytes = done.stdout.split()
    return int(found), float(mebibytes), time.monotonic() - began


if __name__ == "__main__":
    main()

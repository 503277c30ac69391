"""`make bench`: runs all benchmarks, or those named, each in a process of its own.

MMDESK_BENCH_PACKS names another folder of packs than the shipped one.
"""

from __future__ import annotations

import subprocess
import sys

_ALL = ("window", "caption", "models", "video", "sentiment", "face", "event_loop", "memory", "library")


def main(names: list[str]) -> int:
    """Runs benchmarks in turn; 1 when one of them could not measure."""
    unknown = [name for name in names if name not in _ALL]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(_ALL)}")
        return 2
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
        for name in names or _ALL
    ]
    return max(map(abs, codes)) and 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

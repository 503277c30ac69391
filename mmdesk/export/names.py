"""Names for result files: files of the same name from different folders do not overwrite each other."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

# What Windows refuses, and what nobody wants in a name.
_UNWANTED = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
# Bytes: systems allow 255, and the suffix of a format comes on top.
_LONGEST = 200


class Names:
    """Gives each analysed file a name of its own; the same files in the same order get the same names."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self._taken: set[str] = set()

    def name(self, path: Path) -> str:
        """A name without suffix: `clip`, else `clip.mp4`, else `folder-clip.mp4`, else with a number."""
        name = next(each for each in _candidates(path) if each.casefold() not in self._taken)
        self._taken.add(name.casefold())
        return name


def _candidates(path: Path) -> Iterator[str]:
    whole = f"{path.absolute().parent.name}-{path.name}"
    yield from map(_clean, (path.stem, path.name, whole))
    yield from (f"{_clean(whole)}-{number}" for number in itertools.count(2))


def _clean(name: str) -> str:
    while len(os.fsencode(name)) > _LONGEST:
        name = name[:-1]
    return _UNWANTED.sub("_", name) or "_"

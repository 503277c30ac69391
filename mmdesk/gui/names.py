"""Names of files as they can be shown."""

from __future__ import annotations

import os
from pathlib import Path


def shown_name(path: Path) -> str:
    """The name of a file in one line, whatever bytes it is made of.

    A name need not be text (Linux allows any bytes); what is none becomes U+FFFD here, and the path
    itself stays as it is.
    """
    return " ".join(os.fsencode(path.name).decode("utf-8", "replace").split())


def shown_path(path: Path) -> str:
    """The whole path in the same way."""
    return " ".join(os.fsencode(path).decode("utf-8", "replace").split())

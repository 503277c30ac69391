"""Where things lie: what ships with the program, and what belongs to the person.

`MMDESK_HOME` in the environment moves everything that belongs to the person (results, settings,
logs, packs of their own) into one folder; tests and portable installs use it. Nothing here creates
a folder: whoever writes does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

HOME_VARIABLE = "MMDESK_HOME"
_APP = "mmdesk"


def _shipped(folder: str) -> Path:
    """A folder that ships with the program: bundle, checkout or installed wheel, in that order."""
    bundle = getattr(sys, "_MEIPASS", None)
    checkout = Path(__file__).resolve().parents[2]
    installed = Path(sys.prefix) / "share" / _APP
    roots = [checkout, installed] if bundle is None else [Path(str(bundle)), checkout, installed]
    return next((root / folder for root in roots if (root / folder).is_dir()), checkout / folder)


def _home() -> Path | None:
    """The folder of `MMDESK_HOME`; None when it is not set."""
    value = os.environ.get(HOME_VARIABLE, "")
    return Path(value).expanduser().absolute() if value else None


def resources_dir() -> Path:
    """Icons, styles, translations and the sample."""
    return _shipped("resources")


def shipped_packs_dir() -> Path:
    """The model packs that ship with the program."""
    return _shipped("models")


def packs_dirs() -> tuple[Path, ...]:
    """Folders in which model packs are looked for: the shipped ones, then the person's own."""
    return shipped_packs_dir(), data_dir() / "packs"


def data_dir() -> Path:
    """Kept results and the person's own packs."""
    home = _home()
    return home / "data" if home else platformdirs.user_data_path(_APP, appauthor=False)


def results_file() -> Path:
    """The database of kept results, which the window and the command line share."""
    return data_dir() / "results.sqlite"


def settings_file() -> Path:
    """The one JSON file of settings."""
    home = _home()
    folder = home or platformdirs.user_config_path(_APP, appauthor=False)
    return folder / "settings.json"


def log_dir() -> Path:
    """Log files; they never hold contents, names or paths of the person's files."""
    home = _home()
    return home / "logs" if home else platformdirs.user_log_path(_APP, appauthor=False)

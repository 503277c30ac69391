"""Importing does no work, the core knows no Qt, and the first window waits for no heavy library."""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import mmdesk
from workshop.torchless import training_files

_ROOT = Path(__file__).parents[2]
_HEAVY = ("numpy", "onnxruntime", "cv2", "av", "PIL", "tokenizers")

_WITHOUT_QT = """
import importlib, sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(name)
sys.meta_path.insert(0, NoQt())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""

_LOADED = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""

_WORK = """
import importlib, os, sys, threading, mmdesk
OURS = os.path.dirname(mmdesk.__file__) + os.sep
WORK = ("subprocess.Popen", "os.mkdir", "os.remove", "os.rename", "os.system", "sqlite3.connect", "os.putenv")
def ours():
    frame = sys._getframe(2)
    while frame is not None and "importlib" not in frame.f_code.co_filename:
        if frame.f_code.co_filename.startswith(OURS):
            return frame.f_code.co_filename
        frame = frame.f_back
def watch(event, args):
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if (event in WORK or writes) and ours():
        print(event, args, ours())
sys.addaudithook(watch)
for name in sys.argv[1:]:
    importlib.import_module(name)
print(*(thread.name for thread in threading.enumerate() if thread is not threading.main_thread()), end="")
"""


def _modules() -> list[str]:
    return [module.name for module in pkgutil.walk_packages(mmdesk.__path__, "mmdesk.")]


def _python(script: str, modules: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *modules],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_core_imports_where_there_is_no_qt() -> None:
    core = [name for name in _modules() if not name.startswith("mmdesk.gui")]
    assert len(core) > 20
    _python(_WITHOUT_QT, core)


def test_the_front_ends_start_without_heavy_libraries() -> None:
    loaded = set(json.loads(_python(_LOADED, ["mmdesk.__main__", "mmdesk.gui.application", "mmdesk.cli"])))
    assert loaded.isdisjoint(_HEAVY)


def test_importing_does_no_work() -> None:
    assert _python(_WORK, _modules()).strip() == ""


def test_only_recipes_and_their_tests_reach_pytorch() -> None:
    allowed = (_ROOT / "build" / "models", _ROOT / "tests" / "build_models")
    assert [file for file in training_files() if not file.is_relative_to(allowed[0])] == []
    assert training_files()

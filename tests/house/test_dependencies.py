"""Dependencies are chosen, not collected, and what the lock says is what pyproject.toml asks for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from workshop.torchless import checked_files

_ROOT = Path(__file__).parents[2]
_OUR_ROOTS = (_ROOT, _ROOT / "build", _ROOT / "build" / "models")
# PySide6 and ONNX Runtime are one import each and several distributions.
_SEVERAL = {"pyside6-essentials", "pyside6-addons", "onnxruntime", "onnxruntime-gpu"}
_LOCKS = ("requirements.lock", "requirements-cuda.lock")
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _run_time() -> list[Requirement]:
    return [Requirement(text) for text in _PROJECT["project"]["dependencies"]]


def _development() -> list[Requirement]:
    return [Requirement(text) for text in _PROJECT["dependency-groups"]["dev"]]


def _locked(name: str) -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for line in (_ROOT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
            found.setdefault(_canonical(match[1]), set()).add(Version(match[2]))
    return found


def _imported(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def _distributions(files: Iterable[Path]) -> set[str]:
    """The published packages that files import."""
    ours = {file.stem for folder in _OUR_ROOTS for file in folder.iterdir()}
    installed = packages_distributions()
    foreign = set(_imported(files)) - ours - sys.stdlib_module_names
    return {_canonical(name) for imported in foreign for name in installed[imported]}


def test_every_dependency_has_its_reason() -> None:
    lines = (_ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    wanted = {requirement.name for requirement in (*_run_time(), *_development())}
    silent = set()
    for number, line in enumerate(lines):
        if (match := re.match(r'\s*"([A-Za-z0-9-]+)[>=<!;]', line)) and match[1] in wanted:
            block = next(before for before in reversed(lines[:number]) if not before.strip().startswith('"'))
            if not block.strip().startswith("#") and "#" not in line:
                silent.add(match[1])
    assert silent == set()


def test_every_dependency_has_a_lower_bound() -> None:
    for requirement in (*_run_time(), *_development()):
        assert any(bound.operator == ">=" for bound in requirement.specifier), requirement.name


def test_the_program_imports_what_it_depends_on_and_nothing_else() -> None:
    used = _distributions((_ROOT / "mmdesk").rglob("*.py"))
    declared = {_canonical(requirement.name) for requirement in _run_time()}
    assert used - _SEVERAL == declared - _SEVERAL


def test_tests_and_scripts_import_what_is_declared() -> None:
    declared = {_canonical(requirement.name) for requirement in (*_run_time(), *_development())}
    files = [file for file in checked_files() if not file.is_relative_to(_ROOT / "mmdesk")]
    assert _distributions(files) - declared - _SEVERAL == set()


@pytest.mark.parametrize("lock", _LOCKS)
def test_the_lock_holds_what_the_project_asks_for(lock: str) -> None:
    locked = _locked(lock)
    for requirement in (*_run_time(), *_development()):
        versions = locked[_canonical(requirement.name)]
        assert all(version in requirement.specifier for version in versions), requirement


@pytest.mark.parametrize("lock", _LOCKS)
def test_every_locked_release_has_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (_ROOT / lock).read_text(encoding="utf-8").strip())
    assert len(blocks) == sum(len(versions) for versions in _locked(lock).values())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", _LOCKS)
def test_the_lock_names_no_index(lock: str) -> None:
    text = (_ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)


def test_the_cuda_lock_only_adds_to_the_lock() -> None:
    plain, cuda = map(_locked, _LOCKS)
    assert all(cuda[name] == versions for name, versions in plain.items())
    assert all(name.startswith("nvidia-") for name in cuda.keys() - plain.keys())


def test_the_release_that_loses_references_is_not_locked() -> None:
    assert Version("6.12.0") not in _locked("requirements.lock")["pyside6"]


def test_pytorch_is_no_dependency() -> None:
    assert all("torch" not in _locked(lock) for lock in _LOCKS)

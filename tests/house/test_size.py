"""Small and typed: files with one purpose, functions that fit on a screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

_ROOT = Path(__file__).parents[2]
_FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
_LONGEST_FILE = 400


def _files(*folders: str) -> list[Path]:
    return [file for folder in folders for file in sorted((_ROOT / folder).rglob("*.py"))]


def _function_lengths() -> Iterator[int]:
    for file in _files("mmdesk", "build"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                documented = ast.get_docstring(node) is not None
                first = node.body[1] if documented and len(node.body) > 1 else node.body[0]
                yield node.end_lineno - first.lineno + 1


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {
        f.relative_to(_ROOT): len(f.read_bytes().splitlines()) for f in _files("mmdesk", "tests", "build")
    }
    assert {file: lines for file, lines in lengths.items() if lines > _LONGEST_FILE} == {}


def test_files_are_named_after_what_they_do() -> None:
    assert [file for file in _files("mmdesk", "tests", "build") if file.stem in _FORBIDDEN_NAMES] == []


def test_functions_fit_on_a_screen() -> None:
    lengths = list(_function_lengths())
    assert median(lengths) <= 10
    assert quantiles(lengths, n=10)[-1] < 30


def test_rules_are_not_switched_off_in_our_own_code() -> None:
    marks = ("# type: " + "ignore", "# no" + "qa", "# fmt: " + "off", "ruff: " + "noqa", "mypy: " + "ignore")
    found = [
        f"{file.relative_to(_ROOT)}:{number}"
        for file in _files("mmdesk", "tests", "build")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if any(mark in line for mark in marks)
    ]
    assert found == []

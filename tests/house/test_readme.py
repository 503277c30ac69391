"""What the README tells people to type exists."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]


def _said() -> set[str]:
    """Every command line in the README, from its blocks and from the text."""
    text = (_ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|text|bash)\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return {re.split(r"\s+#", line)[0].strip() for line in [*lines, *re.findall(r"`([^`\n]+)`", text)]}


def _words_after(start: str) -> set[str]:
    return {line.removeprefix(start).split()[0] for line in _said() if line.startswith(start + " ")}


def _output(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_make_commands_exist() -> None:
    rules = re.findall(r"^([a-z][a-z -]*):$", (_ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"run", "test"} <= _words_after("make") <= set(" ".join(rules).split())


def test_dev_commands_exist() -> None:
    commands = re.findall(r"^  ([a-z-]+) ", _output("build/dev.py", "--help"), re.MULTILINE)
    named = {word for line in _said() for word in re.findall(r"build/dev\.py ([a-z-]+)", line)}
    assert {"run", "test"} <= named <= set(commands)


@pytest.mark.parametrize("subcommand", ["analyze", "caption", "doctor"])
def test_subcommands_are_told_and_exist(subcommand: str) -> None:
    assert subcommand in _words_after("mmdesk")
    assert "usage" in _output("-m", "mmdesk", subcommand, "--help").lower()


def test_files_that_the_readme_links_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (_ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert {link for link in links if not (_ROOT / link).exists()} == set()


def test_one_version_everywhere() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] in _output("-m", "mmdesk", "--version")

"""The one way in which the workshop gives up: a sentence on the terminal, and exit code 1."""

from __future__ import annotations


class Problem(Exception):
    """Something that a person has to mend; the text says what, and how."""


def say(line: str) -> None:
    """One line for the person, at once, and in order with what started programs print."""
    print(line, flush=True)

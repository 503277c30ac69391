"""Sentences for people that the core can make without knowing the language of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template and the values that stand in it.

    The template is the msgid of the translation catalogue (gettext), so it must be a literal where
    `sentence()` is called: that is where the extraction of translatable text looks.

    Attributes:
        template: English text with `{name}` fields as in `str.format`.
        values: The values of the fields.
    """

    template: str
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        return self.translated(str)

    def translated(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language.

        Args:
            translate: Maps an English template to its translation with the same fields.

        Returns:
            The translated template with the values filled in.
        """
        template = translate(self.template)
        return template.format(**dict(self.values)) if self.values else template


def sentence(template: str, **values: Value) -> Sentence:
    """Makes a `Sentence`; call it with a literal template so that it is found for translation."""
    return Sentence(template, tuple(values.items()))

"""Translations of the program's texts (gettext; the msgid is the English text itself).

Catalogues lie in `resources/translations/<language>/LC_MESSAGES/mmdesk.mo`; English needs none.
"""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from pathlib import Path

from mmdesk.config.paths import resources_dir
from mmdesk.sentences import Sentence

DOMAIN = "mmdesk"
SOURCE_LANGUAGE = "en"


def translations_dir() -> Path:
    """The folder with one folder per language."""
    return resources_dir() / "translations"


def languages() -> tuple[str, ...]:
    """Languages that the program speaks: English, then the catalogues found, sorted."""
    found = translations_dir().glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return SOURCE_LANGUAGE, *sorted(path.parent.parent.name for path in found)


def spoken(wanted: Sequence[str]) -> str:
    """The first wanted language that the program speaks, otherwise English.

    Args:
        wanted: BCP 47 or POSIX names, best first ("zh-Hans-CN", "de_DE").
    """
    known = languages()
    bases = (name.replace("_", "-").split("-")[0].lower() for name in wanted)
    return next((base for base in bases if base in known), SOURCE_LANGUAGE)


class Catalogue:
    """Translates English texts into one language. Immutable, usable on any thread."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations

    @classmethod
    def load(cls, language: str) -> Catalogue:
        """Loads the catalogue of a language.

        Args:
            language: A name from `languages()`.

        Raises:
            FileNotFoundError: There is no catalogue for it.
        """
        if language == SOURCE_LANGUAGE:
            return cls(language, gettext.NullTranslations())
        return cls(language, gettext.translation(DOMAIN, translations_dir(), [language]))

    def text(self, english: str) -> str:
        """The translation of a text, or the English text where there is none."""
        return self._translations.gettext(english) if english else ""

    def plural(self, one: str, many: str, count: int) -> str:
        """The translation that fits a count, its fields not yet filled in."""
        return self._translations.ngettext(one, many, count)

    def sentence(self, said: Sentence) -> str:
        """A sentence of the core in this language, its values filled in."""
        return said.translated(self.text)

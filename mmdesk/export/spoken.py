"""Sentences that came out of files: a broken template is shown as it is, instead of failing."""

from __future__ import annotations

from mmdesk.config.catalogue import Catalogue
from mmdesk.sentences import Sentence


def spoken(said: Sentence, catalogue: Catalogue | None = None) -> str:
    """A sentence in a language, English by default."""
    try:
        return str(said) if catalogue is None else catalogue.sentence(said)
    except (LookupError, ValueError, AttributeError):
        return said.template

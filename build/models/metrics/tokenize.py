"""Tokens for the caption metrics.

English follows what pycocoevalcap's PTBTokenizer leaves over: Penn Treebank tokens in lower
case without punctuation. Chinese captions are compared character by character.
"""

import re
import unicodedata

# Clitics that the Penn Treebank convention splits off: dog's -> dog 's, don't -> do n't.
_CLITIC = re.compile(r"(?<=\w)(n't|'(?:s|m|d|re|ve|ll))(?!\w)")
_TOKEN = re.compile(r"n't|'(?:s|m|d|re|ve|ll)(?!\w)|[^\W_]+(?:[.,'/&_-][^\W_]+)*")


def english_tokens(text: str) -> list[str]:
    """Splits an English caption into lower-case words, punctuation left out."""
    plain = text.lower().replace("\u2019", "'")
    found: list[str] = _TOKEN.findall(_CLITIC.sub(r" \1", plain))
    return found


def chinese_tokens(text: str) -> list[str]:
    """Splits a Chinese caption into characters, punctuation and white space left out.

    A run of Latin letters or digits is split into characters too.
    """
    plain = unicodedata.normalize("NFKC", text.lower())
    return [c for c in plain if c.isalnum()]


def tokens(text: str, language: str) -> list[str]:
    """Splits a caption of the given language, ``en`` or ``zh``."""
    return chinese_tokens(text) if language == "zh" else english_tokens(text)

"""Languages: ISO 639-2 codes of containers and suffixes of file names as BCP 47 tags."""

from __future__ import annotations

import re

_TWO_LETTERS = {
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "chi": "zh", "cmn": "zh", "cze": "cs", "dan": "da",
    "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fas": "fa", "fin": "fi", "fra": "fr",
    "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "ind": "id",
    "isl": "is", "ita": "it", "jpn": "ja", "kor": "ko", "lav": "lv", "lit": "lt", "may": "ms", "msa": "ms",
    "nld": "nl", "nob": "nb", "nor": "no", "per": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro",
    "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv", "tam": "ta",
    "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi", "yue": "yue", "zho": "zh",
}  # fmt: skip
_NICKNAMES = {
    "chs": "zh-Hans",
    "cht": "zh-Hant",
    "sc": "zh-Hans",
    "tc": "zh-Hant",
    "gb": "zh-Hans",
    "big5": "zh-Hant",
}
_UNKNOWN = frozenset({"und", "mis", "mul", "zxx"})
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")


def language_tag(code: str | None) -> str | None:
    """The BCP 47 tag for a container's language.

    Args:
        code: ISO 639-2 ("chi"), ISO 639-1 ("zh") or a BCP 47 tag ("zh-CN"); None when not given.

    Returns:
        The tag with the shortest language subtag (RFC 5646), or None for "unknown" in any form.
    """
    if code is None or not _TAG.fullmatch(code.strip()):
        return None
    first, *rest = re.split("[-_]", code.strip())
    language = _TWO_LETTERS.get(first.lower(), first.lower())
    return None if language in _UNKNOWN else "-".join([language, *rest])


def language_of_suffix(suffix: str) -> str | None:
    """The BCP 47 tag that a part of a subtitle's file name stands for ("zh", "eng", "chs").

    Returns:
        The tag; None when the part is no language that mmdesk knows.
    """
    key = suffix.lower().replace("_", "-")
    if key in _NICKNAMES:
        return _NICKNAMES[key]
    tag = language_tag(suffix)
    known = tag is not None and tag.split("-")[0] in set(_TWO_LETTERS.values())
    return tag if known else None


def language_by_script(text: str) -> str | None:
    """Chinese when at least a third of the letters are Han and none are kana or Hangul.

    Returns:
        "zh", or None: other languages cannot be told by their script alone.
    """
    letters = len(_LETTER.findall(text))
    han = len(_HAN.findall(text))
    return "zh" if han and han * 3 >= letters and not _KANA_OR_HANGUL.search(text) else None

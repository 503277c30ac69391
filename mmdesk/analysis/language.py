"""Which language a text is in, when nobody says so: an honest guess, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable

# The commonest function words; those that two of the languages share count for both.
_FUNCTION_WORDS = {
    "en": """
        the and you to is of it that in not what this my we was for are have do a me so be on with your
        no he she they at but i i'm it's don't that's how all can just about there from if out up know
        like will her his
    """,
    "de": """
        der die das und ist nicht ich du sie es ein eine wir was mit auf den dem für sich so ja nein wie
        mir mich dich haben hat bin sind war zu im von aber auch noch nur wenn
    """,
    "fr": """
        le la les et est pas je tu il elle nous vous que qui de des un une dans pour ce ça c'est j'ai
        mais avec sur ne au du en se mon ma oui non être
    """,
    "es": """
        el la los las y es no yo tú él ella que de un una en por para con se lo mi su pero está qué sí
        muy como me te más ya esto del al
    """,
    "it": """
        il lo la gli le e è non io tu lui lei che di un una in per con si mi ti ma sono ho ha questo
        come più della del al ci anche
    """,
    "pt": """
        o a os as e é não eu tu ele ela que de um uma em por para com se mas está você do da no na meu
        minha isso muito foi
    """,
    "nl": """
        de het een en is niet ik je hij zij we wij dat die van in op met voor maar zijn was heb heeft
        wat er te aan mijn naar ook nog
    """,
    "sv": """
        och att det är inte jag du han hon vi de som en ett på med för har var den så men vad av till
    """,
}
_WORDS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")),
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENOUGH = 0.1
_CLEARLY = 1.2


def guess_language(texts: Iterable[str]) -> str | None:
    """The language of a whole subtitle track.

    Scripts decide for Japanese, Korean and Chinese; for languages in Latin letters the share of
    function words among all words, of which one language must clearly have the most.

    Returns:
        A BCP 47 tag, or None where it cannot be told.
    """
    text = " ".join(texts)
    letters = sum(map(str.isalpha, text))
    for language, script in _SCRIPTS:
        if len(script.findall(text)) * 5 > letters > 0:
            return language
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    shares = sorted(
        ((sum(word in known for word in words) / max(1, len(words)), name) for name, known in _WORDS.items()),
        reverse=True,
    )
    (best, language), (second, _), *_ = shares
    return language if best >= _ENOUGH and best >= _CLEARLY * second else None

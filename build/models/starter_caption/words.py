"""What the caption decoder reads and writes: words for English, characters for Chinese."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers.processors import TemplateProcessing

PAD, EOS, ENGLISH, CHINESE, UNKNOWN = range(5)
SPECIAL = ("<pad>", "</s>", "<en>", "<zh>", "<unk>")
START = {"en": ENGLISH, "zh": CHINESE}
# A word seen less often than this in training is not learnt: it would only teach noise.
RAREST = {"en": 5, "zh": 5}

_WORD = re.compile(r"\w")


def split(text: str, language: str) -> list[str]:
    """Splits a caption of flickr8k into training tokens, punctuation left out.

    The set's English captions are already tokenised by spaces.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    if language == "zh":
        return [c for c in plain if c.isalnum()]
    return [word for word in plain.split() if _WORD.search(word)]


def learn_vocabulary(captions: Iterable[tuple[str, str]]) -> list[str]:
    """Chooses the tokens.

    Args:
        captions: Pairs of language and caption from the training split.

    Returns:
        Tokens by id, the special ones first, then by falling frequency.
    """
    counts = {language: Counter[str]() for language in START}
    for language, caption in captions:
        counts[language].update(split(caption, language))
    kept: Counter[str] = Counter()
    for language, counter in counts.items():
        kept.update({t: n for t, n in counter.items() if n >= RAREST[language]})
    ordered = sorted(kept, key=lambda token: (-kept[token], token))
    return [*SPECIAL, *ordered]


def encode(tokens: Sequence[str], index: dict[str, int], longest: int) -> list[int]:
    """Turns tokens into ids ending in the end token, cut to ``longest`` tokens and the end."""
    return [*(index.get(token, UNKNOWN) for token in tokens[:longest]), EOS]


def build_tokenizer(vocabulary: Sequence[str]) -> Tokenizer:
    """Makes the ``tokenizers`` object that the pack carries as ``tokenizer.json``."""
    index = {token: number for number, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordLevel(index, unk_token=SPECIAL[UNKNOWN]))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    cjk = Regex("[\u3400-\u4dbf\u4e00-\u9fff]")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(cjk, "isolated")]
    )
    tokenizer.post_processor = TemplateProcessing(
        single=f"$A {SPECIAL[EOS]}", special_tokens=[(SPECIAL[EOS], EOS)]
    )
    # Joins words by spaces and glues clitics: man 's -> man's.
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    tokenizer.add_special_tokens(list(SPECIAL))
    return tokenizer

"""What the question encoder reads: lower-case words of English, characters of Chinese."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

PAD, UNKNOWN = range(2)
SPECIAL = ("<pad>", "<unk>")
MAX_TOKENS = 24
# A word seen less often than this in training is not learnt.
RAREST = 3

_PIECE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]|[^\W_\u3400-\u4dbf\u4e00-\u9fff]+")


def split(question: str) -> list[str]:
    """Words and Chinese characters; punctuation is left out."""
    return _PIECE.findall(unicodedata.normalize("NFKC", question).lower())


def learn_vocabulary(questions: Iterable[str]) -> list[str]:
    """Tokens by id, the special ones first, then by falling frequency."""
    counts = Counter(token for question in questions for token in split(question))
    kept = sorted((t for t, n in counts.items() if n >= RAREST), key=lambda t: (-counts[t], t))
    return [*SPECIAL, *kept]


def encode(question: str, index: dict[str, int]) -> list[int]:
    """Token ids of a question, at least one, at most `MAX_TOKENS`."""
    ids = [index.get(token, UNKNOWN) for token in split(question)[:MAX_TOKENS]]
    return ids or [UNKNOWN]


def build_tokenizer(vocabulary: Sequence[str]) -> Tokenizer:
    """The same splitting as a ``tokenizers`` object for the pack."""
    index = {token: number for number, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordLevel(index, unk_token=SPECIAL[UNKNOWN]))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{M}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex("[\u3400-\u4dbf\u4e00-\u9fff]"), "isolated"),
        ]
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    return tokenizer

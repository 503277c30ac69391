"""The tokenizer of the pack: MiniLM's WordPiece, spellings normalised, unused pieces gone.

MiniLM's own tokenizer is used for the teacher with the same normaliser, so that teacher
and student see the same pieces. Chinese is cut into characters (BertNormalizer puts
spaces around them), which both keep.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer, Lowercase, Normalizer, Replace, Sequence, Strip
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

PAD, UNKNOWN, BEGIN, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
SPECIAL = (PAD, UNKNOWN, BEGIN, END)
MAX_PIECES = 256  # a subtitle has 20, a long hotel review 250

# Treebank spellings (SST) and typographic marks (subtitles) become plain typed English.
_SPELLINGS = (
    ("\u2019", "'"), ("\u2018", "'"), ("\u0092", "'"), ("\u201c", '"'), ("\u201d", '"'),
    ("``", '"'), ("''", '"'), (" n't", "n't"), ("-lrb-", "("), ("-rrb-", ")"), ("\u2026", "..."),
)  # fmt: skip


def normalizer() -> Normalizer:
    """Lower case, no accents, Chinese characters apart, one spelling for each mark."""
    bert = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=False)
    replaced = [Replace(old, new) for old, new in _SPELLINGS]
    return Sequence([bert, Lowercase(), *replaced, Strip()])


def build_tokenizer(pieces: list[str]) -> Tokenizer:
    """A WordPiece tokenizer over ``pieces``; ids are their places in the list.

    Long texts are cut at ``MAX_PIECES``; padding is left to whoever makes batches.
    """
    ids = {piece: place for place, piece in enumerate(pieces)}
    tokenizer = Tokenizer(WordPiece(ids, unk_token=UNKNOWN, max_input_chars_per_word=64))
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single=f"{BEGIN} $A {END}", special_tokens=[(BEGIN, ids[BEGIN]), (END, ids[END])]
    )
    tokenizer.enable_truncation(MAX_PIECES)
    return tokenizer


def minilm_pieces(tokenizer_file: Path) -> list[str]:
    """The vocabulary of a published ``tokenizer.json``, in the order of its ids."""
    vocabulary = json.loads(tokenizer_file.read_text(encoding="utf-8"))["model"]["vocab"]
    return sorted(vocabulary, key=vocabulary.__getitem__)


def kept_pieces(
    pieces: list[str], english: Counter[str], chinese: Counter[str], whole_words: int
) -> list[str]:
    """The pieces worth shipping: all that the texts use and the commonest other words.

    BERT's vocabulary is sorted by frequency within its alphabet blocks, so the first
    ``whole_words`` Latin words that the texts do not use are the commonest unseen ones.
    """
    used = set(english)
    fragments = [p for p in pieces if p.startswith("##") and p[2:].isascii()]
    singles = [p for p in pieces if len(p) == 1 and p.isascii()]
    words = [p for p in pieces if p.isascii() and p.isalpha() and len(p) > 1][:whole_words]
    wanted = used | set(fragments) | set(singles) | set(words)
    ordered = [piece for piece in pieces if piece in wanted and piece not in SPECIAL]
    extra = [character for character, _ in chinese.most_common() if character not in wanted]
    return [*SPECIAL, *ordered, *extra]


def count_pieces(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[str]:
    """How often each piece of ``tokenizer`` occurs in ``texts``."""
    counts: Counter[str] = Counter()
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        counts.update(encoding.tokens)
    return counts

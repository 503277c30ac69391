"""The pieces that the text tower knows."""

from collections import Counter
from collections.abc import Iterable, Sequence

from kit.flickr8k import CaptionedPicture
from starter_sentiment_text.wordpieces import build_tokenizer, count_pieces, kept_pieces

COMMON_WORDS = 6000


def choose_pieces(
    known: list[str], pictures: Sequence[CaptionedPicture], pairs: Iterable[tuple[str, str]]
) -> list[str]:
    """MiniLM's pieces that captions and names use, its commonest words, and Chinese characters.

    Args:
        known: MiniLM's vocabulary.
        pictures: Training pictures.
        pairs: English and Chinese names.
    """
    english = [caption for picture in pictures for caption in picture.english]
    chinese = [caption for picture in pictures for caption in picture.chinese]
    for name, translated in pairs:
        english.append(name)
        chinese.append(translated)
    counts = count_pieces(build_tokenizer(known), english)
    characters = Counter(c for text in chinese for c in text if not c.isascii() and not c.isspace())
    return kept_pieces(known, counts, characters, COMMON_WORDS)

from collections import Counter

import pytest

from starter_sentiment_text.spans import SpanMaker, clauses
from starter_sentiment_text.wordpieces import SPECIAL, build_tokenizer, count_pieces, kept_pieces

PIECES = [*SPECIAL, *"abcdefghijklmnopqrstuvwxyz'(\".", "it", "is", "isn", "good", "##ness", "好"]


def test_a_sentence_falls_into_its_clauses() -> None:
    assert clauses("the plot is thin , but the cast is good . no") == ["the plot is thin", "the cast is good"]


def test_made_text_is_the_same_for_the_same_seed_and_different_for_another() -> None:
    sentences = ["the plot is thin , but the cast is very good", "we left before the end of it all"]
    first, again, other = (list(SpanMaker(sentences, ["fine", "bad"], s).texts(50)) for s in (1, 1, 2))
    assert first == again
    assert first != other
    assert all(text.strip() for text in first)


@pytest.mark.parametrize(
    ("treebank", "typed"),
    [("it is n't good", "it isn't good"), ("it isn’t good", "it isn't good"), ("-lrb- good", "( good")],
)
def test_treebank_and_typographic_spellings_become_typed_ones(treebank: str, typed: str) -> None:
    tokenizer = build_tokenizer(PIECES)
    assert tokenizer.encode(treebank).ids == tokenizer.encode(typed).ids


def test_chinese_is_read_character_by_character() -> None:
    assert build_tokenizer(PIECES).encode("好goodness好").tokens == [
        "[CLS]", "好", "good", "##ness", "好", "[SEP]",
    ]  # fmt: skip


def test_pieces_that_texts_use_are_kept_and_rare_ones_go() -> None:
    pieces = ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "a", "##b", "the", "of", "zebra", "quagga", "мир"]
    kept = kept_pieces(pieces, Counter(["zebra"]), Counter({"好": 9}), whole_words=1)
    assert kept == [*SPECIAL, "a", "##b", "the", "zebra", "好"]


def test_counting_pieces_leaves_special_ones_out() -> None:
    assert count_pieces(build_tokenizer(PIECES), ["it is", "it"]) == Counter({"it": 2, "is": 1})

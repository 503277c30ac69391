"""Texts become windows of tokens whose words point back to their characters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Library
from tokenizers import models, pre_tokenizers, processors

from mmdesk.errors import ModelFailed
from mmdesk.models.text import Tokenizer
from tests.packs_for_tests import write_sentiment_pack

PIECES = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "won": 4, "##der": 5, "##ful": 6, "day": 7, "!": 8}


def word_piece() -> bytes:
    library = Library(models.WordPiece(PIECES, unk_token="[UNK]"))
    library.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    library.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    # What published files often carry and must not decide.
    library.enable_padding(length=64)
    library.enable_truncation(4)
    return library.to_str().encode()


def test_the_tokens_of_a_word_are_one_piece() -> None:
    ((window,),) = Tokenizer(word_piece()).encode(["wonderful  day!"])
    assert window.ids == (2, 4, 5, 6, 7, 8, 3)
    assert [(piece.start, piece.end) for piece in window.pieces] == [(0, 9), (11, 14), (14, 15)]
    assert window.pieces[0].tokens == (1, 2, 3)


def test_what_the_file_says_about_padding_and_truncation_is_ignored() -> None:
    ((window,),) = Tokenizer(word_piece()).encode(["day " * 50])
    assert len(window.ids) == 52


def test_long_texts_have_several_windows_with_offsets_of_the_whole_text() -> None:
    text = "day " * 10
    (windows,) = Tokenizer(word_piece(), max_tokens=6).encode([text])
    assert [len(window.ids) for window in windows] == [6, 6, 4]
    assert all(window.ids[0] == 2 and window.ids[-1] == 3 for window in windows)
    pieces = [piece for window in windows for piece in window.pieces]
    assert [piece.start for piece in pieces] == list(range(0, 40, 4))
    assert {text[piece.start : piece.end] for piece in pieces} == {"day"}


def test_offsets_are_characters_and_not_bytes() -> None:
    text = "😀 ü 中文 day"
    ((window,),) = Tokenizer(word_piece()).encode([text])
    last = window.pieces[-1]
    assert text[last.start : last.end] == "day"


def test_an_empty_text_has_no_pieces() -> None:
    ((window,),) = Tokenizer(word_piece()).encode([""])
    assert window.pieces == ()
    assert Tokenizer(word_piece()).encode([]) == []


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_read_and_pieces_ascend(texts: list[str]) -> None:
    for text, windows in zip(texts, Tokenizer(word_piece(), 8).encode(texts), strict=True):
        pieces = [piece for window in windows for piece in window.pieces]
        assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
        assert [piece.start for piece in pieces] == sorted(piece.start for piece in pieces)


def test_decodes_without_special_tokens(tmp_path: Path) -> None:
    json = (write_sentiment_pack(tmp_path) / "tokenizer.json").read_bytes()
    tokenizer = Tokenizer(json)
    ((window,),) = tokenizer.encode(["good wonderful"])
    assert tokenizer.decode(window.ids) == "good wonderful"


@pytest.mark.parametrize("json", [b"", b"{}", b"\xff\xfe", b'{"model": {"type": "Oracle"}}'])
def test_refuses_what_is_no_tokenizer(json: bytes) -> None:
    with pytest.raises(ModelFailed, match="tokenizer"):
        Tokenizer(json)

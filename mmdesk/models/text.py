"""From text to tokens and back: the one room that imports tokenizers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Encoding
from tokenizers import Tokenizer as Library

from mmdesk.errors import ModelFailed
from mmdesk.sentences import sentence


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a text, or what the tokenizer takes for one.

    Attributes:
        start: First character of the text that it covers.
        end: One behind its last character.
        tokens: Places in `Window.ids` of its tokens.
    """

    start: int
    end: int
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """As many tokens of a text as a model takes at once.

    Attributes:
        ids: Token ids, special tokens included.
        pieces: The words, in their order.
    """

    ids: tuple[int, ...]
    pieces: tuple[Piece, ...]


class Tokenizer:
    """A published `tokenizer.json`. Any thread.

    Args:
        json: The file's bytes.
        max_tokens: Longest window, special tokens included; 0 for no limit.

    Raises:
        ModelFailed: It is not a tokenizer.
    """

    def __init__(self, json: bytes, max_tokens: int = 0) -> None:
        try:
            self._tokenizer = Library.from_str(json.decode("utf-8"))
        except Exception as error:
            raise ModelFailed(
                sentence("The tokenizer of a model pack cannot be read: {detail}.", detail=str(error)),
                sentence("Install the pack again, or ask whoever made it for a corrected one."),
            ) from error
        # What stands in the file under these two is often null or wrong: the manifest decides.
        self._tokenizer.no_padding()
        if max_tokens:
            self._tokenizer.enable_truncation(max_tokens)
        else:
            self._tokenizer.no_truncation()

    def encode(self, texts: Sequence[str]) -> list[list[Window]]:
        """Splits texts into windows of tokens.

        Args:
            texts: Any Unicode text.

        Returns:
            For each text its windows, at least one; offsets are characters of that text.
        """
        # One by one: encode_batch starts a pool of threads, and where memory for their stacks is short the
        # library panics with an error that no `except Exception` sees.
        encodings = [self._tokenizer.encode(text) for text in texts]
        return [[_window(part) for part in (whole, *whole.overflowing)] for whole in encodings]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, without special tokens."""
        text: str = self._tokenizer.decode(list(ids), skip_special_tokens=True)
        return text


def _window(encoding: Encoding) -> Window:
    words: dict[int, list[int]] = {}
    for place, word in enumerate(encoding.word_ids):
        if word is not None:
            words.setdefault(word, []).append(place)
    offsets = encoding.offsets
    pieces = [
        Piece(offsets[places[0]][0], offsets[places[-1]][1], tuple(places)) for places in words.values()
    ]
    return Window(tuple(encoding.ids), tuple(piece for piece in pieces if piece.end > piece.start))

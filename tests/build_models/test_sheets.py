import base64
import io
import re
import wave

import numpy as np
from PIL import Image

from looking.page import Card, Line, evenly, page, picture, sound


def content(element: str) -> bytes:
    found = re.search(r"base64,([^\"]+)", element)
    assert found
    return base64.b64decode(found[1])


def test_a_sound_on_a_sheet_can_be_played() -> None:
    element = sound(np.array([0.0, 0.5, -2.0], np.float32), 16000)
    with wave.open(io.BytesIO(content(element))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (16000, 1, 3)
        assert np.frombuffer(file.readframes(3), "<i2").tolist() == [0, 16383, -32767]


def test_a_picture_on_a_sheet_can_be_seen() -> None:
    with Image.open(io.BytesIO(content(picture(np.full((20, 30, 3), 200, np.uint8))))) as shown:
        assert shown.size == (30, 20)


def test_what_is_said_cannot_break_the_page() -> None:
    card = Card(
        "a<b>", picture(np.zeros((2, 2), np.uint8)), [Line("people", "<i>happy</i> & sad", wrong=True)]
    )
    text = page("Faces", "one", [card])
    assert '<dd class="wrong">&lt;i&gt;happy&lt;/i&gt; &amp; sad</dd>' in text
    assert "a&lt;b&gt;" in text
    assert "http" not in text


def test_samples_are_spread_over_the_whole_split() -> None:
    assert evenly(100, 3) == [0, 50, 99]
    assert evenly(2, 40) == [0, 1]

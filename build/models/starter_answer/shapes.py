"""easy-VQA (Zhou, 2019): shapes on a plain ground and questions about them, English and Chinese."""

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

CHINESE_ANSWERS = {
    "circle": "圆形",
    "rectangle": "长方形",
    "triangle": "三角形",
}
COLOURS = {
    "green": "绿色",
    "red": "红色",
    "gray": "灰色",
    "teal": "青色",
    "black": "黑色",
    "yellow": "黄色",
    "brown": "棕色",
    "blue": "蓝色",
}
_WORD = re.compile(rf"\b({'|'.join([*CHINESE_ANSWERS, *COLOURS])})\b")


@dataclass(frozen=True)
class ShapeQuestion:
    """One triple of the set: English question, answer, number of the picture."""

    text: str
    answer: str
    picture: int

    @property
    def kind(self) -> str:
        """``yes_no``, ``colour`` or ``what``."""
        if self.answer in ("yes", "no"):
            return "yes_no"
        return "colour" if self.answer in COLOURS else "what"


def read_questions(folder: Path, split: str) -> list[ShapeQuestion]:
    """The questions of ``train`` or ``test``."""
    with gzip.open(folder / f"{split}_questions.json.gz", "rt", encoding="utf-8") as file:
        return [ShapeQuestion(text, answer, int(number)) for text, answer, number in json.load(file)]


def read_shapes(folder: Path, split: str, numbers: Sequence[int]) -> Iterator[NDArray[np.uint8]]:
    """Decodes pictures by their numbers; RGB, uint8 [64, 64, 3]."""
    with zipfile.ZipFile(folder / f"{split}_images.zip") as archive:
        inside = {Path(name).stem: name for name in archive.namelist() if name.endswith(".png")}
        for number in numbers:
            with Image.open(io.BytesIO(archive.read(inside[str(number)]))) as picture:
                yield np.asarray(picture.convert("RGB"))


def in_chinese(question: ShapeQuestion) -> str:
    """The same question in Chinese; the set's English questions follow a few patterns."""
    named = _WORD.search(question.text)
    word = named[0] if named else ""
    thing = CHINESE_ANSWERS.get(word) or f"{COLOURS.get(word, '')}的形状".removeprefix("的")
    if question.kind == "colour":
        return f"{thing}是什么颜色的？"
    if question.kind == "what":
        return f"{thing}是什么形状？" if word else "图中是什么形状？"
    denied = re.search(r"\b(not|no)\b", question.text)
    return f"图中没有{thing}吗？" if denied else f"图中有{thing}吗？"

"""text_sentiment: SST, MR, MELD, the lexicon, and Chinese reviews."""

import csv
import gzip
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

_GOOD, _BAD = ("good", "moving", "funny", "fine"), ("bad", "dull", "awful", "weak")
_THINGS = ("film", "story", "cast", "plot", "music")
_CHINESE = {0: ("难吃", "太慢", "很差"), 1: ("好吃", "很快", "不错")}

Rows = list[tuple[str, ...]]


def write_sentences(folder: Path) -> None:
    """Writes all files."""
    for split, count in (("train", 400), ("dev", 40), ("test", 40)):
        _write_lines(folder / f"sst_fine.{split}.txt.gz", _reviews(split, count, 5))
        _write_lines(folder / f"sst_binary.{split}.txt.gz", _reviews(split, count, 2))
    _write_lines(folder / "mr.rt-polarity.all.gz", _reviews("mr", 100, 2))
    for split, count in (("train", 200), ("dev", 40), ("test", 40)):
        _write_table(folder / f"meld_{split}.csv.gz", [("Utterance", "Sentiment"), *_spoken(split, count)])
    lexicon = [f"{word}\t2.0\t0.5\t[2]" for word in _GOOD] + [f"{word}\t-2.0\t0.5\t[-2]" for word in _BAD]
    (folder / "vader_lexicon.txt").write_text("\n".join(lexicon) + "\n", encoding="utf-8")
    for place, name in (("酒店", "ChnSentiCorp_htl_all"), ("外卖", "waimai_10k")):
        rows = [("label", "review", "split"), *_chinese(place, 200)]
        _write_table(folder / f"zh_{name}.csv.gz", rows)
    _write_shops(folder / "zh_online_shopping_10_cats.zip")


def _reviews(name: str, count: int, levels: int) -> list[str]:
    """Lines ``level text`` in which the level decides the words."""
    lines = []
    for n in range(count):
        level = n % levels
        word = (_GOOD if level > (levels - 1) / 2 else _BAD)[n // 5 % 4]
        middle = level == (levels - 1) / 2
        said = "runs for two hours" if middle else f"is {word} , and we saw it"
        lines.append(f"{level} the {_THINGS[n % 5]} number {n} of {name} {said} .")
    return lines


def _spoken(split: str, count: int) -> Rows:
    said = {"positive": "I am so happy !", "neutral": "we meet at nine .", "negative": "I hate this !"}
    kinds = list(said.items())
    return [(f"{kinds[n % 3][1]} {split} {n}", kinds[n % 3][0]) for n in range(count)]


def _chinese(place: str, count: int) -> Rows:
    rows: Rows = []
    for n in range(count):
        split = ("train",) * 8 + ("val", "test")
        words = _CHINESE[n % 2]
        rows.append(
            (str(n % 2), f"第{n}次来{place}，{words[n % 3]}，{words[n // 3 % 3]}。", split[n // 2 % 10])
        )
    return rows


def _write_shops(target: Path) -> None:
    text = io.StringIO()
    rows = [(("书籍", "手机")[n % 2], str(n % 2), f"买了{n}件，{_CHINESE[n % 2][n % 3]}") for n in range(150)]
    csv.writer(text).writerows([("cat", "label", "review"), *rows])
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("online_shopping_10_cats.csv", text.getvalue().encode("utf-8-sig"))


def _write_lines(target: Path, lines: Sequence[str]) -> None:
    target.write_bytes(gzip.compress("\n".join(lines).encode()))


def _write_table(target: Path, rows: Sequence[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    target.write_bytes(gzip.compress(text.getvalue().encode("utf-8-sig")))

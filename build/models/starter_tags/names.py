"""The classes' names in English and Chinese, in the order of ImageNet's 1,000 classes."""

from pathlib import Path

FILE = Path(__file__).with_name("names.tsv")


def read_labels() -> dict[str, list[str]]:
    """By language, 1,000 names."""
    rows = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines()]
    return {"en": [row[0] for row in rows], "zh": [row[1] for row in rows]}


def class_numbers(labels: Path, words: dict[str, str]) -> dict[str, int]:
    """The numbers of classes that another set names by the same words.

    Args:
        labels: ``imagenet_labels.txt``, the background first, then all names of a class on each line.
        words: WordNet number to all names of a class.

    Returns:
        WordNet number to the class's place in `read_labels`; those of other words are left out.
    """
    lines = labels.read_text(encoding="utf-8").splitlines()[1:]
    place = {line.strip(): number for number, line in enumerate(lines)}
    return {wnid: place[names] for wnid, names in words.items() if names in place}

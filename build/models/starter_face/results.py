"""The rows that the run adds to RESULTS.md."""

from collections.abc import Iterator, Mapping

from kit.measured import Measured
from kit.rows import RESULTS, Row, keep_rows
from starter_face.packing import NAME, Chosen

FILE = RESULTS / f"{NAME}.json"


def write_results(
    chosen: Chosen,
    measured: tuple[Measured, Measured],
    by_itself: Mapping[str, float],
    speed: Mapping[str, float],
) -> None:
    """Writes the rows of the questions that a whole run answers."""
    read, found = measured
    keep_rows(FILE, [*_tried(chosen), *_tests(read, found), *_whole(by_itself), *_times(speed)])


def _tried(chosen: Chosen) -> Iterator[Row]:
    for variant, value in chosen.judging.accuracies.items():
        question = (
            "faces: at which side are they judged, and mirrored too?"
            if variant.startswith("side")
            else "faces: how small or blurred may they be?"
        )
        yield Row(question, variant, "accuracy", "validation", value, chosen.judging.n)


def _tests(read: Measured, found: Measured) -> Iterator[Row]:
    for metric, value in read.metrics.items():
        yield Row("faces: how well are expressions read?", "shipped", metric, read.split, value, read.n)
    for metric, value in found.metrics.items():
        question = "faces: does the detector find what YuNet finds?"
        yield Row(question, "shipped", metric, found.split, value, found.n)


def _whole(by_itself: Mapping[str, float]) -> Iterator[Row]:
    for variant, value in by_itself.items():
        question = "faces: does the program frame them as fer2013 does?"
        yield Row(question, variant, "percent", "test", value, 700, "found in a grey picture, then judged")


def _times(speed: Mapping[str, float]) -> Iterator[Row]:
    for variant, value in speed.items():
        yield Row("faces: how fast on two threads?", variant, "milliseconds", "none", value, 40)

"""The shipped pack, run as the program runs it."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.text_sentiment import TextAffect, TextSentiment
from starter_sentiment_text.evaluation import measure_sentiment_text

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "models" / "starter-sentiment-text"
MIXED = [
    "Fine.",
    "I'm so happy to see you, and the rest of us will be there in a minute or two!",
    "That was a terrible day .",
    "Nobody told us that the whole thing would be so boring, so long and so badly acted; we left early.",
    "The train leaves at nine",
    "好吃，很快就送到了，下次还点。",
] * 6


@pytest.fixture(scope="module")
def sentiment() -> Iterator[TextSentiment]:
    loaded = TextSentiment(open_pack(PACK), choose(Device.CPU), threads=2)
    yield loaded
    loaded.close()


def score(sentiment: TextSentiment, texts: list[str]) -> list[TextAffect]:
    affects = sentiment.score(texts, "en")
    assert all(affect is not None for affect in affects)
    return [affect for affect in affects if affect is not None]


def test_a_text_scores_the_same_alone_and_padded_in_a_batch(sentiment: TextSentiment) -> None:
    for alone, together in zip(
        (score(sentiment, [text])[0] for text in MIXED), score(sentiment, MIXED), strict=True
    ):
        assert together.valence == pytest.approx(alone.valence, abs=1e-4)
        assert together.weights == pytest.approx(alone.weights, abs=1e-4)
        assert dict(together.distribution) == pytest.approx(dict(alone.distribution), abs=1e-4)


def test_weights_cover_the_words_and_add_up_to_one(sentiment: TextSentiment) -> None:
    text = "That wasn’t a terrible day."
    affect = score(sentiment, [text])[0]
    assert sum(affect.weights) == pytest.approx(1.0)
    assert [text[start:end] for start, end in affect.pieces][-3:] == ["terrible", "day", "."]


def test_in_a_plain_sentence_the_word_of_feeling_counts_most(sentiment: TextSentiment) -> None:
    text = "That was a terrible day."
    affect = score(sentiment, [text])[0]
    start, end = affect.pieces[affect.weights.index(max(affect.weights))]
    assert text[start:end] == "terrible"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I'm so happy to see you!", "positive"),
        ("Thank you, this is wonderful.", "positive"),
        ("That was a terrible day.", "negative"),
        ("I hate this boring film.", "negative"),
        ("The train leaves at nine.", "neutral"),
        ("What time is it?", "neutral"),
    ],
)
def test_plain_feelings_are_heard(sentiment: TextSentiment, text: str, label: str) -> None:
    distribution = dict(score(sentiment, [text])[0].distribution)
    assert max(distribution, key=distribution.__getitem__) == label


@pytest.mark.parametrize(("text", "sign"), [("今天真开心，服务很好", 1), ("太难吃了，再也不来了", -1)])
def test_chinese_has_the_right_sign(sentiment: TextSentiment, text: str, sign: int) -> None:
    affect = sentiment.score([text], "zh")[0]
    assert affect is not None
    assert affect.valence * sign > 0.3


def test_nothing_to_read_gets_no_number(sentiment: TextSentiment) -> None:
    assert sentiment.score(["", "  "], "en") == [None, None]


def test_the_pack_stays_small() -> None:
    assert sum(file.stat().st_size for file in PACK.iterdir()) <= 9 * 2**20


def test_mosi_transcripts_are_measured_by_themselves(tmp_path: Path) -> None:
    texts = np.array(["I love this movie, it is great", "it was awful and boring", "just wonderful"])
    target = tmp_path / "mosi_bclstm_features.npz"
    np.savez(target, test_transcript=texts, test_label=np.array([1, 0, 0]))
    measured = measure_sentiment_text(PACK, tmp_path, "test", "en", None)
    assert measured.n == 3
    assert measured.metrics["accuracy"] == pytest.approx(200 / 3)


def test_evaluate_prints_one_object_for_a_folder_of_the_same_layout(tmp_path: Path) -> None:
    sentences = b"1 a wonderful , moving film\n0 a dull and terrible mess\n1 awful , awful , awful\n"
    (tmp_path / "sst_binary.test.txt.gz").write_bytes(gzip.compress(sentences))
    command = [sys.executable, str(ROOT / "build" / "models" / "evaluate.py"), "sentiment-text"]
    command += ["--data", str(tmp_path), "--split", "test", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == {
        "task": "sentiment-text",
        "pack": "starter-sentiment-text",
        "split": "test",
        "n": 3,
        "metrics": {"accuracy": 66.6667},
    }

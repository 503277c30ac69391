import csv
import gzip
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from starter_sentiment_text import sources
from starter_sentiment_text.sources import NEGATIVE, NEUTRAL, POSITIVE


def write_lines(path: Path, lines: Sequence[str]) -> None:
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


def write_table(path: Path, rows: Sequence[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode("utf-8-sig")))


def chinese_rows(count: int) -> list[list[str]]:
    splits = ["train"] * count + ["val"] * 3 + ["test"] * 2
    return [["label", "review", "split"]] + [
        [str(i % 2), f"第{i}家酒店，很好", s] for i, s in enumerate(splits)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "text_sentiment"
    data.mkdir()
    write_lines(data / "sst_binary.dev.txt.gz", ["1 a fine film", "0 dull ."])
    write_lines(data / "sst_fine.train.txt.gz", [f"{i % 5} film number {i} , they say" for i in range(200)])
    write_lines(data / "mr.rt-polarity.all.gz", ["1 film number 3, they say", "0 another film altogether"])
    meld = [["Utterance", "Sentiment"], ["The train leaves at nine", "neutral"], ["Oh my God!", "positive"]]
    write_table(data / "meld_train.csv.gz", meld)
    (data / "vader_lexicon.txt").write_text(
        "good\t1.9\t0.9\t[2]\n:-)\t1.3\t0.5\t[1]\nawful\t-2.0\t0.5\t[-2]\n"
    )
    write_table(data / "zh_ChnSentiCorp_htl_all.csv.gz", chinese_rows(9))
    write_table(data / "zh_waimai_10k.csv.gz", [["label", "review", "split"], ["0", "没有送水", "train"]])
    shops = "cat,label,review\n书籍,1,好书\n酒店,1,干净\n水果,0,第9家酒店，很好\n"
    with zipfile.ZipFile(data / "zh_online_shopping_10_cats.zip", "w") as archive:
        archive.writestr("online_shopping_10_cats.csv", shops.encode("utf-8-sig"))
    return data


def test_the_set_is_found_from_its_own_folder_and_from_the_data_root(folder: Path) -> None:
    assert sources.text_folder(folder) == sources.text_folder(folder.parent) == folder


def test_a_folder_without_sentences_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="sst_binary"):
        sources.text_folder(tmp_path)


def test_five_levels_become_three_classes(folder: Path) -> None:
    levels = [s.label for s in sources.read_sst_fine(folder / "sst_fine.train.txt.gz")][:5]
    assert levels == [NEGATIVE, NEGATIVE, NEUTRAL, POSITIVE, POSITIVE]


def test_every_target_is_a_distribution_whose_peak_is_the_label(folder: Path) -> None:
    for corpus in (sources.english(folder), sources.chinese(folder)):
        for sentence in corpus.train + corpus.validation:
            assert sum(sentence.target) == pytest.approx(1.0)
            assert max(sentence.target) == sentence.target[sentence.label]


def test_a_review_that_sst_has_already_is_not_taken_again_from_mr(folder: Path) -> None:
    corpus = sources.english(folder)
    assert [s.text for s in corpus.train + corpus.validation if s.source == "mr"] == [
        "another film altogether"
    ]


def test_validation_shares_no_sentence_with_training_whatever_its_spelling(folder: Path) -> None:
    corpus = sources.english(folder)
    train = {sources.sentence_key(s.text) for s in corpus.train}
    assert corpus.validation
    assert not train & {sources.sentence_key(s.text) for s in corpus.validation}
    assert sources.held_out("Film number 3, they say") == sources.held_out("film number 3 , they say .")


def test_the_lexicon_gives_words_but_no_smileys(folder: Path) -> None:
    words = {s.text: s.label for s in sources.read_lexicon(folder / "vader_lexicon.txt")}
    assert words == {"good": POSITIVE, "awful": NEGATIVE}


def test_chinese_reviews_kept_for_choosing_and_reporting_are_not_learned(folder: Path) -> None:
    corpus = sources.chinese(folder)
    learned = {s.text for s in corpus.train}
    assert "好书" in learned
    assert "没有送水" in learned
    assert "干净" not in learned
    assert len(corpus.validation) == 3
    assert len(sources.chinese_report(folder)) == 2
    assert not learned & {s.text for s in corpus.validation + sources.chinese_report(folder)}

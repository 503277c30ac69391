import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kit.flickr8k import read_captions, read_pictures
from starter_caption.reward import CiderReward
from starter_caption.words import (
    CHINESE,
    ENGLISH,
    EOS,
    RAREST,
    SPECIAL,
    UNKNOWN,
    build_tokenizer,
    encode,
    learn_vocabulary,
    split,
)


def make_set(folder: Path) -> None:
    rows = [
        {"image": f"{name}.jpg", "split": part, "en": [f"A {name} ."] * 5, "zh": [f"{number}只狗。"] * 5}
        for number, (name, part) in enumerate([("dog", "train"), ("cat", "train"), ("cow", "val")])
    ]
    with gzip.open(folder / "captions.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    for part in ("train", "val"):
        with zipfile.ZipFile(folder / f"{part}.zip", "w") as archive:
            for row in rows:
                if row["split"] == part:
                    archive.writestr(str(row["image"]), jpeg(len(str(row["image"])) * 20))


def jpeg(level: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (24, 24), (level, level, level)).save(file, "JPEG")
    return file.getvalue()


def test_a_split_is_read_from_the_field_in_the_data(tmp_path: Path) -> None:
    make_set(tmp_path)
    assert [p.name for p in read_captions(tmp_path, "train")] == ["dog.jpg", "cat.jpg"]
    (cow,) = read_captions(tmp_path, "val")
    assert cow.english == ("A cow .",) * 5
    assert cow.chinese == ("2只狗。",) * 5


def test_pictures_come_as_rgb_pixels_in_the_asked_order(tmp_path: Path) -> None:
    make_set(tmp_path)
    first, second = read_pictures(tmp_path, "train", ["cat.jpg", "dog.jpg"])
    assert first.shape == second.shape == (24, 24, 3)
    assert first.dtype == np.uint8
    assert abs(int(first[0, 0, 0]) - 140) < 3


def test_captions_whose_picture_is_not_in_the_folder_are_left_out(tmp_path: Path) -> None:
    make_set(tmp_path)
    with zipfile.ZipFile(tmp_path / "train.zip", "w") as archive:
        archive.writestr("dog.jpg", jpeg(9))
    assert [p.name for p in read_captions(tmp_path, "train")] == ["dog.jpg"]


def test_an_empty_split_is_refused(tmp_path: Path) -> None:
    make_set(tmp_path)
    with zipfile.ZipFile(tmp_path / "test.zip", "w"):
        pass
    with pytest.raises(ValueError, match="test"):
        read_captions(tmp_path, "test")


def test_english_splits_into_words_and_chinese_into_characters() -> None:
    assert split("A man 's Dog , running .", "en") == ["a", "man", "'s", "dog", "running"]
    assert split("两只狗，跑。", "zh") == list("两只狗跑")


def test_the_vocabulary_leaves_rare_words_out_and_starts_with_the_special_tokens() -> None:
    captions = [("en", "dog cat")] * RAREST["en"] + [("en", "dog okapi")] + [("zh", "狗")] * RAREST["zh"]
    assert learn_vocabulary(captions) == [*SPECIAL, "dog", "cat", "狗"]


def test_ids_end_with_the_end_token_and_unknown_words_have_their_own() -> None:
    index = {token: number for number, token in enumerate([*SPECIAL, "dog", "cat"])}
    assert encode(["dog", "okapi"], index, 5) == [5, UNKNOWN, EOS]
    assert encode(["dog"] * 9, index, 3) == [5, 5, 5, EOS]


def test_the_packs_tokenizer_agrees_with_the_recipe_and_glues_clitics() -> None:
    tokenizer = build_tokenizer([*SPECIAL, "a", "man", "'s", "dog", "两", "狗"])
    assert tokenizer.encode("A man 's dog").ids == [5, 6, 7, 8, EOS]
    assert tokenizer.encode("两狗").ids == [9, 10, EOS]
    assert tokenizer.decode([ENGLISH, 5, 6, 7, 8, EOS]) == "a man's dog"
    assert tokenizer.decode([CHINESE, 9, 10, EOS]).split() == ["两", "狗"]


def test_the_reward_is_highest_for_what_people_wrote_and_less_if_it_does_not_end() -> None:
    references = [[["a", "dog", "runs"], ["a", "dog", "jumps"]], [["a", "boy", "swims"]]]
    reward = CiderReward.of(references)
    whole = reward(0, ["a", "dog", "runs"], ended=True)
    assert whole > reward(0, ["a", "dog"], ended=True) > reward(0, ["a", "boy"], ended=True)
    assert whole > reward(0, ["a", "dog", "runs"], ended=False)

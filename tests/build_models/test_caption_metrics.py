import math

import pytest

from metrics.bleu import bleu
from metrics.captions import score_captions
from metrics.cider import Frequencies, cider_d, similarity, vector
from metrics.rouge import rouge_l
from metrics.tokenize import chinese_tokens, english_tokens


def test_bleu_of_the_seven_the_is_the_papers_two_sevenths() -> None:
    # Papineni et al., 2002, example 2: the word "the" is clipped to its 2 in reference 1.
    candidate = ["the", "the", "the", "the", "the", "the", "the"]
    references = [["the", "cat", "is", "on", "the", "mat"], ["there", "is", "a", "cat", "on", "the", "mat"]]
    assert bleu([candidate], [references])[0] == pytest.approx(2 / 7)


def test_bleu_counts_are_added_over_the_corpus_before_dividing() -> None:
    # 1-grams: 3 of 3 and 1 of 3; 2-grams: 2 of 2 and 0 of 2. Same lengths, so no penalty.
    candidates = [["a", "b", "c"], ["x", "y", "c"]]
    references = [[["a", "b", "c"]], [["a", "b", "c"]]]
    one, two, *_ = bleu(candidates, references)
    assert one == pytest.approx(4 / 6)
    assert two == pytest.approx(math.sqrt(4 / 6 * 2 / 4))


def test_a_short_caption_pays_by_the_closest_reference() -> None:
    candidate = ["a", "b"]
    references = [["a", "b", "c"], ["a", "b", "c", "d", "e", "f"]]
    assert bleu([candidate], [references])[0] == pytest.approx(math.exp(1 - 3 / 2))


def test_of_two_equally_close_references_the_shorter_counts() -> None:
    candidate = ["a", "b", "c"]
    references = [["a", "b", "c", "d"], ["a", "b"]]
    assert bleu([candidate], [references])[0] == pytest.approx(1.0)


def test_a_perfect_caption_has_bleu_one_and_nothing_in_common_nearly_zero() -> None:
    words = ["two", "dogs", "run", "on", "the", "beach"]
    assert bleu([words], [[words]]) == pytest.approx([1.0] * 4)
    assert bleu([["x"] * 6], [[words]])[3] < 1e-6


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        bleu([["a"]], [])
    with pytest.raises(ValueError, match="zip"):
        cider_d([["a"]], [])


def test_cider_of_identical_rare_captions_is_ten() -> None:
    # Four pictures; every n-gram of the caption occurs in one of them, so all weights are ln 4.
    captions = [["a", "b", "c", "d"], ["e", "f", "g", "h"], ["i", "j", "k", "l"], ["m", "n", "o", "p"]]
    assert cider_d(captions, [[c] for c in captions]) == pytest.approx([10.0] * 4)


def test_cider_by_hand() -> None:
    # Two pictures. "a" is in both (weight ln 2 - ln 2 = 0), "b" and "c" in one each (ln 2).
    # Caption "a b" against reference "a b c", lengths 1 and 2 in 2-grams:
    #   n=1: weights b against b, c: 1 / (1 * sqrt 2); n=2: "a b" against "a b", "b c": the same;
    #   n=3 and n=4: the caption has none, 0. Penalty exp(-1 / 72). Times 10, mean over four n.
    references = [[["a", "b", "c"]], [["a", "d"]]]
    scores = cider_d([["a", "b"], ["d", "a"]], references)
    assert scores[0] == pytest.approx(10 * math.exp(-1 / 72) * (2 / math.sqrt(2)) / 4)
    # "d a" against "a d": 1-gram "d" fits fully, 2-grams do not fit; 10 * 1 / 4.
    assert scores[1] == pytest.approx(2.5)


def test_a_repeated_word_is_clipped_to_the_reference() -> None:
    frequencies = Frequencies(2, {("b",): 1})
    once, thrice = vector(["b"], frequencies), vector(["b", "b", "b"], frequencies)
    # 1-grams: min(3, 1) * 1 / (3 * 1); longer ones occur in no reference; lengths 2 and 0.
    assert similarity(thrice, once) == pytest.approx(10 * math.exp(-4 / 72) * (1 / 3) / 4)


def test_words_that_are_in_every_picture_weigh_nothing() -> None:
    assert cider_d([["a"], ["a"]], [[["a"]], [["a"]]]) == [0.0, 0.0]


def test_english_tokens_follow_the_penn_treebank_without_punctuation() -> None:
    text = "A man's t-shirt, isn't \"red\" - it\u2019s the dogs' ball."
    expected = ["a", "man", "'s", "t-shirt", "is", "n't", "red", "it", "'s", "the", "dogs", "ball"]
    assert english_tokens(text) == expected


def test_chinese_tokens_are_characters_without_punctuation() -> None:
    assert chinese_tokens("两只狗，在 T 台上。") == list("两只狗在t台上")


def test_a_sentence_with_capital_and_full_stop_scores_like_its_bare_words() -> None:
    references = [["A dog runs on grass .", "The brown dog runs ."], ["A boy swims .", "A boy in a pool ."]]
    bare = score_captions(["a dog runs on grass", "a boy swims"], references, "en")
    dressed = score_captions(["A dog runs on grass.", "A boy swims."], references, "en")
    assert dressed == bare
    assert dressed.bleu == pytest.approx((100.0,) * 4)
    assert set(dressed.as_metrics()) == {"bleu_1", "bleu_2", "bleu_3", "bleu_4", "rouge_l", "cider_d"}


def test_rouge_by_hand() -> None:
    # Common subsequence "police killed gunman" of 4 words with 4: precision and recall 3/4, so F is 3/4.
    candidate = ["police", "ended", "killed", "gunman"]
    assert rouge_l([candidate], [[["police", "killed", "the", "gunman"]]]) == [pytest.approx(0.75)]


def test_rouge_takes_the_best_precision_and_the_best_recall_of_all_references() -> None:
    # Precision 2/2 from the first, recall 1/1 from the second: F is 1 although neither reference is met.
    assert rouge_l([["a", "b"]], [[["a", "x", "b", "y"], ["a"]]]) == [pytest.approx(1.0)]


def test_rouge_favours_recall() -> None:
    # Precision 1, recall 1/2: (1 + 1.44) * 0.5 / (0.5 + 1.44).
    assert rouge_l([["a"]], [[["a", "b"]]]) == [pytest.approx(2.44 * 0.5 / 1.94)]


def test_rouge_of_nothing_in_common_is_nought() -> None:
    assert rouge_l([["a"], []], [[["b"]], [["b"]]]) == [0.0, 0.0]

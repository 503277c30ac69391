"""The Chinese teacher: logistic regression over groups of characters (Wang and Manning, 2012).

No published Chinese model is at hand. A linear model over one to four neighbouring characters is
hard to beat on short reviews, and what it thinks of a review that it did not learn from shows which
labels are doubtful.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline

from starter_sentiment_text.sources import POSITIVE, Sentence

FOLDS = 3
SHOP_WEIGHT = 0.2  # shop reviews speak of other things; weight chosen on the split val

Floats = NDArray[np.float64]


def fit_ngrams(sentences: Sequence[Sentence]) -> Pipeline:
    """A model of P(positive) of reviews that are labelled negative or positive."""
    groups = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=min(3, len(sentences) // 20 + 1))
    groups.sublinear_tf = True
    model = make_pipeline(groups, LogisticRegression(C=4.0, solver="liblinear"))
    weights = [SHOP_WEIGHT if s.source == "shop" else 1.0 for s in sentences]
    labels = [s.label for s in sentences]
    fitted: Pipeline = model.fit(_texts(sentences), labels, logisticregression__sample_weight=weights)
    return fitted


def positive(model: Pipeline, texts: Sequence[str]) -> Floats:
    """P(positive) float64 [N]."""
    place = list(model.classes_).index(POSITIVE)
    probabilities: Floats = model.predict_proba(texts)[:, place]
    return probabilities


def unseen(sentences: Sequence[Sentence], seed: int) -> Floats:
    """P(positive) of each sentence by a model that did not learn from it, float64 [N]."""
    found = np.zeros(len(sentences))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for learned, asked in folds.split(sentences, [f"{s.source} {s.label}" for s in sentences]):
        model = fit_ngrams([sentences[i] for i in learned])
        found[asked] = positive(model, [sentences[i].text for i in asked])
    return found


def _texts(sentences: Sequence[Sentence]) -> list[str]:
    return [sentence.text for sentence in sentences]

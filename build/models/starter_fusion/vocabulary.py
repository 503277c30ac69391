"""The words that all modalities' labels are put into, and what they mean."""

from starter_voice.places import PLACES
from starter_voice.sources import EMOTIONS

MODALITIES = ("face", "voice", "words")
CLASSES = ("negative", "neutral", "positive")
NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2

# What people in the synthetic conversations can feel. Surprise and calm are left out: whether they
# are good or bad is not said by the sets.
STATES = ("angry", "disgust", "fear", "sad", "neutral", "happy")
STATE_CLASSES = (NEGATIVE, NEGATIVE, NEGATIVE, NEGATIVE, NEUTRAL, POSITIVE)

VOCABULARY = (*STATES, "surprise", "calm", "negative", "positive")
ALIASES = {
    "fearful": "fear",
    "surprised": "surprise",
    "happiness": "happy",
    "sadness": "sad",
    "anger": "angry",
}

# Rows of the vocabulary by class, for the baselines; surprise and calm count for none.
CLASS_WORDS = (
    ("angry", "disgust", "fear", "sad", "negative"),
    ("neutral",),
    ("happy", "positive"),
)

_VOICE_NAMES = tuple(ALIASES.get(name, name) for name in EMOTIONS)

# Valence of a strongly felt state; a mild one has three quarters of it.
STATE_VALENCE = tuple(PLACES[_VOICE_NAMES.index(state)][0] for state in STATES)
MILD = 0.75

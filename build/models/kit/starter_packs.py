"""Names of the packs that ship, in the order in which they are made: each rests on earlier ones only."""

from enum import StrEnum

# The mission's own example: a network to learn from, exported to its work folder, no pack.
CLASSIC = "classic"


class StarterPack(StrEnum):
    """A pack under ``models/``; its recipe lies in the folder of the same name with underscores."""

    VISION = "starter-vision"
    CAPTION = "starter-caption"
    TAGS = "starter-tags"
    EMBED = "starter-embed"
    ANSWER = "starter-answer"
    SENTIMENT_TEXT = "starter-sentiment-text"
    FACE = "starter-face"
    VOICE = "starter-voice"
    FUSION = "starter-fusion"

"""What a pack can do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A job that a pack can do; its section in the manifest has the name with underscores."""

    VISION = "vision"
    CAPTION = "caption"
    TAGS = "tags"
    EMBED = "embed"
    ANSWER = "answer"
    TEXT_SENTIMENT = "text-sentiment"
    FACE_DETECT = "face-detect"
    FACE_EXPRESSION = "face-expression"
    VOICE = "voice"
    FUSION = "fusion"

    @property
    def section(self) -> str:
        """The manifest's section for this role."""
        return self.value.replace("-", "_")

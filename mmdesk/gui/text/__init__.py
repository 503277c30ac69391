"""The text panel: captions and transcript lines with their time and sentiment."""

"""Recipe of the pack ``starter-sentiment-text``: words to negative, neutral, positive."""

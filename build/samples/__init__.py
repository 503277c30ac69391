"""Renders the clip that greets a person: free pictures, spoken lines with some feeling, subtitles."""

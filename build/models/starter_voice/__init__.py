"""Recipe of the pack ``starter-voice``: three seconds of sound to speech or not, and emotions."""

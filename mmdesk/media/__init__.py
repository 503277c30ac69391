"""Files turned into timed samples: pictures, frames, sound, subtitles.

The only room that imports PyAV (and Pillow, beside `models.pixels`). What comes out of here is
numpy and our own dataclasses; what goes wrong comes out as a `MediaError` with a sentence.
"""

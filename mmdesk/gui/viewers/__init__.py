"""Viewers for pictures, films and sound, on one `Stage`.

Nothing here decodes on the Qt thread: pixels, thumbnails and waveforms come from plain threads with
latest-wins slots (`latest`), joined when a viewer closes.
"""

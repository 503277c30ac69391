"""Sentiment over time: faces, voice and words of each moment, fused, with what they rest on."""

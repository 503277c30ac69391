"""Tiny sets of made-up data in the layouts of the real ones, so that every recipe can be tried anywhere."""

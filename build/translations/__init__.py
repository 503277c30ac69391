"""Brings the translation catalogues in step with the texts in the program, and checks that they are."""

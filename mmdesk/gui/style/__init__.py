"""The visual language: tokens, themes, icons."""

"""Recorded answers of published code, for tests that run without it."""

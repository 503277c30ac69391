"""Results that are kept: one SQLite database per person."""

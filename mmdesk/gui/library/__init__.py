"""The library page: every file that was ever analysed."""

"""Joint embedding of pictures and texts (pack ``starter-embed``)."""

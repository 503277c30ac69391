"""Settings as typed data, where things lie, and the catalogue of translations."""

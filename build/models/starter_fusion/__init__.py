"""Recipe of the pack ``starter-fusion``: faces, voices and words to one curve of valence."""

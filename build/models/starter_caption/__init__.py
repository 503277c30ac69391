"""Recipe of the pack ``starter-caption``: a picture in, a sentence out."""

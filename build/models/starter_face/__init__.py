"""The recipe of the pack ``starter-face``: a face detector with five points, and seven expressions."""

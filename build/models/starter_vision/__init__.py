"""Recipe of the pack ``starter-vision``: the picture encoder that every starter picture pack rests on."""

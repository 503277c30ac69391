"""Where the acted emotions lie on the two scales of affect.

Nobody rated the utterances, so valence and arousal are learned from the emotion that was acted:
pleasure and arousal of the emotion words as commonly quoted from Russell and Mehrabian (1977), in
the plane of Russell's circumplex (1980); calm is their "relaxed". Normal intensity counts three
quarters of strong.
"""

# (valence, arousal) in [-1, 1], in the order of `sources.EMOTIONS`.
PLACES: tuple[tuple[float, float], ...] = (
    (0.0, 0.0),
    (0.68, -0.46),
    (0.81, 0.51),
    (-0.63, -0.27),
    (-0.51, 0.59),
    (-0.64, 0.60),
    (-0.60, 0.35),
    (0.40, 0.67),
)

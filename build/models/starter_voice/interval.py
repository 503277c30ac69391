"""How sure a share is."""

import math


def wilson(right: int, count: int) -> tuple[float, float]:
    """95 % interval of a share in percent (Wilson, 1927)."""
    z, share = 1.96, right / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 100 / (1 + z * z / count)
    return scale * (middle - half), scale * (middle + half)

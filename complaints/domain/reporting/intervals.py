"""How far a share may lie from the true one by chance alone."""

from math import sqrt
from statistics import NormalDist


def share_interval(some: int, whole: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of `some` out of `whole`, as parts of one.

    Source: E. B. Wilson, JASA 22 (1927) 209–212. Raises ValueError for nothing counted, or more of
    it than there is.
    """
    if whole <= 0 or not 0 <= some <= whole:
        raise ValueError(f"{some} of {whole} is no share")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = some / whole
    spread = 1 + z * z / whole
    middle = (share + z * z / (2 * whole)) / spread
    half = z / spread * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return max(0.0, middle - half), min(1.0, middle + half)

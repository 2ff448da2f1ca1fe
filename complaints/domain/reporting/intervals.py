"""How far a share may lie from the true one by chance alone."""

from math import exp, lgamma, log, log1p, sqrt
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


def exact_share_interval(some: int, whole: int, confidence: float = 0.95) -> tuple[float, float]:
    """Clopper's and Pearson's exact interval of `some` out of `whole`, as parts of one.

    Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404–413. Raises ValueError for
    nothing counted, or more of it than there is.
    """
    if whole <= 0 or not 0 <= some <= whole:
        raise ValueError(f"{some} of {whole} is no share")
    tail = (1 - confidence) / 2
    low = _beta_quantile(tail, some, whole - some + 1) if some else 0.0
    high = _beta_quantile(1 - tail, some + 1, whole - some) if some < whole else 1.0
    return low, high


def ratio_interval(
    some: int, whole: int, other_some: int, other_whole: int, confidence: float = 0.95
) -> tuple[float, float | None]:
    """Exact interval of how many times the one rate is the other; None above has no end.

    Of what was counted in both, the share that the first has is binomial whatever the rates are
    (Poisson): so its exact interval is that of the ratio. Source: J. Przyborowski, H. Wilenski,
    Biometrika 31 (1940) 313–323. `whole` is what each count is out of: complaints, or days.
    """
    low, high = exact_share_interval(some, some + other_some, confidence)
    scale = other_whole / whole
    return low / (1 - low) * scale, None if high == 1.0 else high / (1 - high) * scale


def _beta_quantile(share: float, a: float, b: float) -> float:
    """Where the beta distribution has so large a part below it, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _beta_below(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta_below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz)."""
    if x <= 0.0 or x >= 1.0:
        return float(x >= 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _beta_below(1.0 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, 100_000):
        up = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        down = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        before = found
        for each in (up, down):
            d = 1.0 / (1.0 + each * d)
            c = 1.0 + each / c
            found *= c * d
        if abs(found - before) <= 1e-14 * found:
            break
    return front * found

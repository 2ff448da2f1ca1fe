"""Whether a figure of two stretches of time differs by more than chance would have it."""

from math import sqrt

from complaints.domain.reporting.intervals import share_interval

#: Many lines are looked at, so that one in a hundred, not one in twenty, may be called wrongly.
CERTAINTY = 0.99


def shares_differ(
    some: int, whole: int, other_some: int, other_whole: int, certainty: float = CERTAINTY
) -> bool:
    """Whether two shares differ: the interval of their difference does not hold nought.

    Newcombe's interval without pooling (method 10). Source: R. G. Newcombe, Statistics in Medicine
    17 (1998) 873–890.
    """
    share, other = some / whole, other_some / other_whole
    low, high = share_interval(some, whole, certainty)
    other_low, other_high = share_interval(other_some, other_whole, certainty)
    difference = share - other
    below = difference - sqrt((share - low) ** 2 + (other_high - other) ** 2)
    above = difference + sqrt((high - share) ** 2 + (other - other_low) ** 2)
    return below > 0 or above < 0


def counts_differ(
    count: int, days: int, other: int, other_days: int, certainty: float = CERTAINTY
) -> bool:
    """Whether more or less came in than as many days as these would have brought.

    Of what came in in both, the share that the first days had is held against their share of the
    days: so two counts by chance (Poisson) are compared.
    """
    if not count + other or not days + other_days:
        return False
    low, high = share_interval(count, count + other, certainty)
    return not low <= days / (days + other_days) <= high

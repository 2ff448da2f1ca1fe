"""From which rating on somebody has to find out why, and note what was done."""

#: Ratings are from 1 to 5; up to this one they are low.
LOW = 2


def is_low(overall: int) -> bool:
    """Whether a rating is followed up."""
    return overall <= LOW

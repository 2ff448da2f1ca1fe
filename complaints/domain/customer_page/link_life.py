"""How long a customer's link works: while the complaint is open, and for a while after its end."""

from datetime import datetime, timedelta


def is_link_over(
    closed_at: datetime | None, given_at: datetime | None, at: datetime, days: int
) -> bool:
    """Whether the link has stopped working at this instant.

    The `days` are calendar days from the end, or from when the link was given anew after it;
    an open complaint's link never stops.
    """
    if closed_at is None:
        return False
    begun = closed_at if given_at is None else max(closed_at, given_at)
    return at > begun + timedelta(days=days)

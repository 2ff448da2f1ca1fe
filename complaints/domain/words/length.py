"""How long a text may be that somebody writes to us."""

from complaints.domain.errors import N_, Invalid


def require_at_most(text: str, most: int, *, field: str) -> None:
    """Raise Invalid for a text of more than `most` characters."""
    if len(text) > most:
        raise Invalid(
            N_("The text is too long (at most %(most)d characters)."), field=field, most=most
        )

"""What the organisation has given up, and that nobody chooses it any more."""

from typing import Protocol

from complaints.domain.errors import N_, Invalid


class Retirable(Protocol):
    """What the organisation may have given up: a category, a cause, a unit and so on."""

    @property
    def retired(self) -> bool:
        """Whether nobody chooses it any more."""


def require_in_use(field: str, code: str, item: Retirable) -> None:
    """Raise Invalid for what is no longer chosen; what records have already, they keep."""
    if item.retired:
        raise Invalid(N_("%(code)s is no longer used. Choose another."), field=field, code=code)

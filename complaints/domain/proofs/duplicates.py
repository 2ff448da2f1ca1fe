"""Which complaint another may be closed as a duplicate of: one that goes on, and promises no less.

A duplicate names the original itself, never another duplicate, so that no chain and no circle can
come about: what went on as the duplicate goes on as its original. The earlier of two promises
survives, whichever complaint it was told on: the original takes over a date that still lies ahead.
"""

from dataclasses import dataclass
from datetime import datetime

from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import ENDED, Status


@dataclass(frozen=True, slots=True)
class Original:
    """The complaint that is to go on for both; `duplicate_of` is the number it repeats itself."""

    number: str
    status: Status
    duplicate_of: str | None
    promised_at: datetime | None


def require_original(
    number: str, promised_at: datetime | None, original: Original, *, may_move: bool = False
) -> datetime | None:
    """Refuse to close a complaint, promised for `promised_at`, as a duplicate of `original`.

    Returns the earlier date that the original is due at from now on, None where it is due as it
    was. That needs a date told on both and time that runs for both (`may_move`): what is missed,
    paused, extended or not promised yet goes on as the complaint that it was told on.
    """
    if original.number == number:
        raise Invalid(N_("A complaint cannot be a duplicate of itself."), field="into")
    if original.duplicate_of == number:
        raise Invalid(N_("%(other)s is a duplicate of this one."), field="into", **_named(original))
    if original.duplicate_of is not None:
        raise Invalid(
            N_("%(other)s is itself a duplicate. Enter %(original)s instead."),
            field="into",
            original=original.duplicate_of,
            **_named(original),
        )
    if original.status in ENDED:
        raise Invalid(
            N_("%(other)s has ended; nobody would go on with it. Reopen it first."),
            field="into",
            **_named(original),
        )
    if promised_at is None:
        return None
    if original.promised_at is not None and original.promised_at <= promised_at:
        return None
    if original.promised_at is None or not may_move:
        raise Refused(
            N_(
                "The customer was told an earlier date on this complaint than on %(other)s. So "
                "that the earlier date stays, close %(other)s as a duplicate of %(number)s instead."
            ),
            number=number,
            **_named(original),
        )
    return promised_at


def _named(original: Original) -> dict[str, str]:
    return {"other": original.number}

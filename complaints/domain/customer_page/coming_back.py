"""What becomes of a customer's word that comes after the end of their complaint."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from complaints.domain.lifecycle import ENDED, Status


class WayBack(StrEnum):
    """Where the word goes; the comment says it as a sentence."""

    KEPT = "kept"  # it is kept on the complaint, where somebody still sees to it
    REOPENS = "reopens"  # it opens the complaint again
    CONTINUES = "continues"  # it is too late for that: a new complaint goes on from this one


@dataclass(frozen=True, slots=True)
class Ended:
    """How a complaint stands, as far as this asks; `closed_at` is an aware instant."""

    status: str
    closed_at: datetime | None
    is_duplicate: bool = False
    awaits_delivery: bool = False


def way_back(stands: Ended, at: datetime, *, reopen_days: int, take_back_days: int) -> WayBack:
    """What becomes of the customer's word at this instant; the days are calendar days.

    What goes on elsewhere, is still to be delivered or can still be taken back needs no opening.
    """
    if stands.status not in ENDED or stands.closed_at is None:
        return WayBack.KEPT
    if stands.is_duplicate or stands.awaits_delivery:
        return WayBack.KEPT
    if stands.status == Status.WITHDRAWN:
        is_open = at <= stands.closed_at + timedelta(days=take_back_days)
        return WayBack.KEPT if is_open else WayBack.CONTINUES
    is_in_time = at <= stands.closed_at + timedelta(days=reopen_days)
    return WayBack.REOPENS if is_in_time else WayBack.CONTINUES

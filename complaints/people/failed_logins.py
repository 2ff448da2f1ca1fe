"""What is kept of failed logins: counted by door, read before a password is looked at, cleared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.accounts.login_delay import (
    Door,
    account_key,
    is_forgotten,
    place_of,
    seconds_to_wait,
)
from complaints.models import LoginAttempt


@dataclass(frozen=True, slots=True)
class Doors:
    """The doors that one attempt goes through: key → what kind of door it is."""

    keys: Mapping[str, Door]
    account: str = ""
    address: str = ""

    @classmethod
    def of_login(cls, email: str, address: str, device: str | None) -> "Doors":
        """The doors of a login; `device` is one on which this account has logged in before.

        A known device has a door of its own, so nobody else shuts its owner out.
        """
        account, place = account_key(email), place_of(address)
        if device is not None:
            keys = {f"{Door.DEVICE}:{account}:{device}"[:120]: Door.DEVICE}
        else:
            keys = {
                f"{Door.ACCOUNT}:{account}": Door.ACCOUNT,
                f"{Door.ADDRESS}:{place}": Door.ADDRESS,
                f"{Door.PAIR}:{account}:{place}": Door.PAIR,
            }
        return cls(keys, account, place)

    @classmethod
    def of_portal(cls, address: str) -> "Doors":
        """The door of customers' links that open nothing."""
        place = place_of(address)
        return cls({f"{Door.PORTAL}:{place}": Door.PORTAL}, address=place)


def take_door_turns(session: Session, doors: Doors) -> None:
    """Wait until nobody else counts at these doors."""
    for key in sorted(doors.keys):
        take_turns(session, f"door:{key}")


def seconds_left(session: Session, doors: Doors, at: datetime) -> int:
    """How long whoever comes through these doors has to wait, 0 when all of them are open."""
    query = select(LoginAttempt.door, LoginAttempt.failures, LoginAttempt.last_at).where(
        LoginAttempt.door.in_(doors.keys)
    )
    waits = (
        seconds_to_wait(doors.keys[row.door], row.failures, row.last_at, at)
        for row in session.execute(query)
    )
    return max(waits, default=0)


def note_failure(session: Session, doors: Doors, at: datetime) -> None:
    """Count a failure at each door; the caller commits."""
    for key in sorted(doors.keys):
        attempt = session.get(LoginAttempt, key, with_for_update=True, populate_existing=True)
        if attempt is None:
            attempt = LoginAttempt(door=key, account="", address=doors.address, failures=0)
            # Who shares an address has nothing to do with the account that came from it last.
            attempt.account = "" if doors.keys[key] is Door.ADDRESS else doors.account
            session.add(attempt)
        elif is_forgotten(attempt.last_at, at):
            attempt.failures = 0
        attempt.failures += 1
        attempt.last_at = at


def forget_own(session: Session, doors: Doors) -> None:
    """A right login clears what was counted for the account, not what its address did to others."""
    keys = [key for key, door in doors.keys.items() if door is not Door.ADDRESS]
    session.execute(delete(LoginAttempt).where(LoginAttempt.door.in_(keys)))


def forget_account(session: Session, email: str) -> int:
    """Clear every failure counted for an account; how many there were."""
    query = select(LoginAttempt.failures).where(LoginAttempt.account == account_key(email))
    failures: Sequence[int] = session.scalars(query).all()
    session.execute(delete(LoginAttempt).where(LoginAttempt.account == account_key(email)))
    return max(failures, default=0)

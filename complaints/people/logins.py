"""Logging in: from which device, whether it may be tried yet, and who came with the right word.

A login is three acts, because the middle one takes its time on purpose and nobody else must wait
for the database meanwhile: `begin_login`, `passwords.check_password`, `finish_login`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.contacts import staff_email
from complaints.domain.errors import N_, TooSoon, counted
from complaints.models import User
from complaints.people.failed_logins import (
    ThrottleKeys,
    forget_own,
    note_failure,
    seconds_left,
    take_throttle_turns,
)
from complaints.people.passwords import Checked

#: From here on a wait is said in minutes.
_MINUTES_FROM = 120


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A browser that has logged in before, and the ids of the accounts it did so with."""

    id: str
    user_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BegunLogin:
    """A login under way: the account named, its keys, and the hash to check against ("": none)."""

    email: str
    throttle: ThrottleKeys
    password_hash: str


def begin_login(
    session: Session,
    *,
    email: str,
    address: str,
    at: datetime,
    device: KnownDevice | None = None,
) -> BegunLogin:
    """Begin a login, only reading; raises TooSoon while it has to wait."""
    name = staff_email(email)
    kept = session.execute(select(User.id, User.password_hash).where(User.email == name)).first()
    knows = device is not None and kept is not None and kept.id in device.user_ids
    throttle = ThrottleKeys.of_login(
        name, address, device.id if device is not None and knows else None
    )
    _refuse_while_waiting(session, throttle, at)
    return BegunLogin(name, throttle, kept.password_hash if kept else "")


def finish_login(
    session: Session, begun: BegunLogin, checked: Checked, at: datetime
) -> User | None:
    """The user who came with the right password, or None; failures are counted.

    Of many logins at once none learns anything once it would have to wait, not even that the
    password was right: then this raises TooSoon too. The caller commits in every other case, so
    that failures count.
    """
    take_throttle_turns(session, begun.throttle)
    _refuse_while_waiting(session, begun.throttle, at)
    user = session.scalar(select(User).where(User.email == begun.email))
    # The password may have been changed while it was checked.
    is_same = user is not None and user.password_hash == begun.password_hash
    if user is not None and checked.is_right and is_same and user.is_active:
        forget_own(session, begun.throttle)
        user.password_hash = checked.renewed or user.password_hash
        return user
    note_failure(session, begun.throttle, at)
    return None


def _refuse_while_waiting(session: Session, throttle: ThrottleKeys, at: datetime) -> None:
    seconds = seconds_left(session, throttle, at)
    if not seconds:
        return
    if seconds < _MINUTES_FROM:
        raise TooSoon(
            counted(
                seconds,
                N_(
                    "Too many failed logins. This password was not checked. Try again in one "
                    "second."
                ),
                N_(
                    "Too many failed logins. This password was not checked. "
                    "Try again in %(count)d seconds."
                ),
            ),
            seconds=seconds,
            count=seconds,
        )
    raise TooSoon(
        N_(
            "Too many failed logins. This password was not checked. Try again in %(count)d "
            "minutes, or ask your administrator to unlock the account."
        ),
        seconds=seconds,
        count=-(-seconds // 60),
    )

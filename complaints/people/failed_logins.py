"""What is kept of failed logins: counted by key, read before a password is looked at, cleared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.accounts.login_delay import (
    ThrottleScope,
    account_key,
    is_forgotten,
    place_of,
    seconds_to_wait,
)
from complaints.models import LoginAttempt


@dataclass(frozen=True, slots=True)
class ThrottleKeys:
    """The keys that one attempt is counted by: key → its scope."""

    keys: Mapping[str, ThrottleScope]
    account: str = ""
    address: str = ""

    @classmethod
    def of_login(cls, email: str, address: str, device: str | None) -> "ThrottleKeys":
        """The keys of a login; `device` is one on which this account has logged in before.

        A known device has a key of its own, so nobody else locks its owner out.
        """
        account, place = account_key(email), place_of(address)
        if device is not None:
            keys = {f"{ThrottleScope.DEVICE}:{account}:{device}"[:120]: ThrottleScope.DEVICE}
        else:
            keys = {
                f"{ThrottleScope.ACCOUNT}:{account}": ThrottleScope.ACCOUNT,
                f"{ThrottleScope.ADDRESS}:{place}": ThrottleScope.ADDRESS,
                f"{ThrottleScope.PAIR}:{account}:{place}": ThrottleScope.PAIR,
            }
        return cls(keys, account, place)

    @classmethod
    def of_portal(cls, address: str) -> "ThrottleKeys":
        """The key of customers' links that open nothing."""
        place = place_of(address)
        return cls({f"{ThrottleScope.PORTAL}:{place}": ThrottleScope.PORTAL}, address=place)


def take_throttle_turns(session: Session, throttle: ThrottleKeys) -> None:
    """Wait until nobody else counts by these keys."""
    for key in sorted(throttle.keys):
        take_turns(session, f"throttle:{key}")


def seconds_left(session: Session, throttle: ThrottleKeys, at: datetime) -> int:
    """How many seconds the next try by these keys has to wait, 0 when none has to."""
    query = select(LoginAttempt.throttle_key, LoginAttempt.failures, LoginAttempt.last_at).where(
        LoginAttempt.throttle_key.in_(throttle.keys)
    )
    waits = (
        seconds_to_wait(throttle.keys[row.throttle_key], row.failures, row.last_at, at)
        for row in session.execute(query)
    )
    return max(waits, default=0)


def note_failure(session: Session, throttle: ThrottleKeys, at: datetime) -> None:
    """Count a failure by each key; the caller commits."""
    for key in sorted(throttle.keys):
        attempt = session.get(LoginAttempt, key, with_for_update=True, populate_existing=True)
        if attempt is None:
            attempt = LoginAttempt(
                throttle_key=key, account="", address=throttle.address, failures=0
            )
            # Who shares an address has nothing to do with the account that came from it last.
            attempt.account = (
                "" if throttle.keys[key] is ThrottleScope.ADDRESS else throttle.account
            )
            session.add(attempt)
        elif is_forgotten(attempt.last_at, at):
            attempt.failures = 0
        attempt.failures += 1
        attempt.last_at = at


def forget_own(session: Session, throttle: ThrottleKeys) -> None:
    """A right login clears what was counted for the account, not what its address did to others."""
    keys = [key for key, scope in throttle.keys.items() if scope is not ThrottleScope.ADDRESS]
    session.execute(delete(LoginAttempt).where(LoginAttempt.throttle_key.in_(keys)))


def forget_account(session: Session, email: str) -> int:
    """Clear every failure counted for an account; how many there were."""
    query = select(LoginAttempt.failures).where(LoginAttempt.account == account_key(email))
    failures: Sequence[int] = session.scalars(query).all()
    session.execute(delete(LoginAttempt).where(LoginAttempt.account == account_key(email)))
    return max(failures, default=0)

"""The failed logins of accounts, for administrators: from where, and until when one waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.accounts.login_delay import (
    ThrottleScope,
    account_key,
    is_forgotten,
    seconds_to_wait,
)
from complaints.models import LoginAttempt


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed logins of one account by one key: from where, and how long the next one waits."""

    scope: ThrottleScope
    address: str
    failures: int
    last_at: datetime
    seconds_left: int
    #: Until when the next one waits.
    until: datetime


def failures_of(
    session: Session, emails: Collection[str], at: datetime
) -> dict[str, list[Failures]]:
    """The failed logins that still count, by e-mail address, the newest first."""
    names = {account_key(email): email for email in emails}
    query = (
        select(LoginAttempt)
        .where(LoginAttempt.account.in_(names))
        .order_by(LoginAttempt.last_at.desc(), LoginAttempt.throttle_key)
    )
    found: dict[str, list[Failures]] = {}
    for row in session.scalars(query):
        if is_forgotten(row.last_at, at):
            continue
        scope = ThrottleScope(row.throttle_key.partition(":")[0])
        wait = seconds_to_wait(scope, row.failures, row.last_at, at)
        until = at + timedelta(seconds=wait)
        line = Failures(scope, row.address, row.failures, row.last_at, wait, until)
        found.setdefault(names[row.account], []).append(line)
    return found

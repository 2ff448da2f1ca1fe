"""The same act on several complaints: each through its own step and gates, by itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.actions.idempotency import Done, OneTime, do_once
from complaints.actions.recording import parse_body, record_given, require_role
from complaints.channels.one_by_one import RowResult, take_each
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor

#: What may be done to several at once. A note is for colleagues; nothing here writes a customer.
BULK_NOUNS = ("assignment", "note", "parties", "escalation")


def record_bulk(
    session: Session,
    numbers: Sequence[str],
    noun: str,
    given: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    key: str = "",
) -> list[RowResult]:
    """Record it on each complaint; one that is refused is named, and holds up no other.

    With a key the same form sent again does nothing a second time, also where it was cut off
    halfway. Raises Invalid for what cannot be done to several, or cannot be read.
    """
    if noun not in BULK_NOUNS:
        raise Invalid(N_("This cannot be done to several complaints at once."), field="noun")
    require_role(by, noun)
    if {"at", "version"} & given.keys():
        raise Invalid(N_("Several at once are recorded now; leave the time out."), field="at")
    parse_body(noun, given)

    def take(number: str) -> bool:
        def do() -> Done:
            case = record_given(session, number, noun, given, by=by, now=now)
            return Done({}, case.complaint.id)

        body = {"number": number, **given}
        once = OneTime(f"{key}:{number}" if key else "", by.id, f"bulk/{noun}", body)
        do_once(session, do, once, at=now)
        return True

    return take_each(session, numbers, take)

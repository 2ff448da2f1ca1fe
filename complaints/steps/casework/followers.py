"""The dates told to other customers whose duplicates go on as a complaint: nothing moves past them.

A duplicate was merged into a complaint that promised no less. To move the date of that complaint
afterwards would pass what the other customer was told, with no clock left to say so. Whoever told
both hears of the new date themselves, and the first date, the earlier of the two, is judged.
"""

from datetime import datetime

from sqlalchemy import select

from complaints.clocks.changes import Clocks
from complaints.domain.errors import N_, Refused
from complaints.domain.lifecycle import Status
from complaints.domain.scripts import LANGUAGES
from complaints.formatting import say_instant
from complaints.models import Complaint
from complaints.queries.complaint.same_customer import told_by_another
from complaints.steps.case import Case


def require_within_followers(case: Case, due: datetime) -> None:
    """Refuse to let this complaint fall due later than another customer was told on a duplicate."""
    query = (
        select(Complaint.id, Complaint.year, Complaint.promised_at)
        .where(
            Complaint.duplicate_of_id == case.complaint.id,
            Complaint.status == Status.CLOSED.value,
            told_by_another(case.complaint),
            Complaint.promised_at < due,
        )
        .order_by(Complaint.promised_at, Complaint.id)
        .limit(1)
    )
    first = case.session.execute(query).first()
    if first is None:
        return
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    raise Refused(
        N_(
            "%(number)s was closed as a duplicate of this complaint, and its customer was told "
            "%(until)s. The deadline cannot move beyond that. If it has to, first reopen "
            "%(number)s, so that its own deadline runs."
        ),
        field="until",
        number=case.rules.numbers.write(first.year, first.id),
        until={lang: say_instant(first.promised_at, zone, lang) for lang in LANGUAGES},
    )


def require_pause_within_followers(case: Case, until: datetime) -> None:
    """The same for a pause up to `until`, as late as it would let this complaint fall due."""
    clocks = Clocks.of(case.session, case.rules, case.complaint, case.by.id)
    clock = clocks.outcome()
    if clock is not None and clock.is_pausable:
        terms = clocks.ledger(clock).terms
        seconds = terms.paused_seconds(case.at, until)
        require_within_followers(case, terms.shift(clock.due_at, seconds))

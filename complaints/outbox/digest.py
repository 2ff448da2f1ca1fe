"""One letter for each person after a standstill, or once a day, instead of one for each notice.

Notices made while catching up wait for it; the letter is written and they are let go in one
transaction, so that a crash neither loses nor doubles them. What is late, the sweep decides.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from complaints.domain.notices.choices import ONLY_TO_READERS
from complaints.models import Complaint, Notice, Timer, User
from complaints.outbox.queue import letter_row, queue_letters
from complaints.queries.brief import read_briefs
from complaints.queries.people.readers import readable_among
from complaints.rulebook import current_rules

#: Firing so late is catching up after a standstill: a busy worker is seconds behind, and a restart
#: or a failover takes a few minutes, in which single letters are still news worth sending.
CATCHING_UP = timedelta(minutes=10)
#: So many numbers a person takes in; the notifications name them all.
MOST_NUMBERS = 20
#: Kinds of notice from the most urgent on.
_URGENCY = ("escalation", "reminder", "ack_expired", "ack_expired_below", "breach", "warn")


def is_catching_up(session: Session, at: datetime) -> bool:
    """Whether timers are still overdue by more than `CATCHING_UP`."""
    query = select(Timer.id).where(Timer.fire_at < at - CATCHING_UP).limit(1)
    return session.scalar(query) is not None


def is_digest_due(session: Session, at: datetime) -> bool:
    """Whether notices wait for a digest and the standstill has been caught up.

    Or a summary is due that somebody chose.
    """
    late = select(Notice.id).where(Notice.awaits_digest.is_(True)).limit(1)
    daily = select(Notice.id).where(_is_daily(at)).limit(1)
    if session.scalar(daily) is not None:
        return True
    return session.scalar(late) is not None and not is_catching_up(session, at)


def write_next_digest(session: Session, *, at: datetime) -> bool:
    """Write the digest of one person for whom notices wait; the caller commits.

    False when there is nobody left. The person's row is locked, so that two workers never share
    one person's notices between them.
    """
    if not is_catching_up(session, at) and _write_next(
        session, Notice.awaits_digest.is_(True), {"awaits_digest": False}, at, is_daily=False
    ):
        return True
    return _write_next(session, _is_daily(at), {"digest_at": None}, at, is_daily=True)


def _is_daily(at: datetime) -> ColumnElement[bool]:
    return and_(Notice.digest_at.is_not(None), Notice.digest_at <= at)


def _write_next(
    session: Session,
    is_waiting: ColumnElement[bool],
    done: dict[str, object],
    at: datetime,
    *,
    is_daily: bool,
) -> bool:
    waiting = select(Notice.id).where(Notice.user_id == User.id, is_waiting).exists()
    query = (
        select(User)
        .where(waiting)
        .order_by(User.id)
        .limit(1)
        .with_for_update(of=User, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    person = session.scalar(query)
    if person is None:
        return False
    let_go = (
        update(Notice)
        .where(Notice.user_id == person.id, is_waiting)
        .values(done)
        .returning(Notice.id, Notice.kind, Notice.complaint_id, Notice.facts)
    )
    notices = session.execute(let_go, execution_options={"synchronize_session": False}).all()
    notices = _readable(session, person, notices)
    if notices and person.is_active:
        row = letter_row(
            "digest",
            f"{'daily' if is_daily else 'digest'}:{person.id}:{max(each.id for each in notices)}",
            to=person.email,
            language=person.language,
            complaint_id=None,
            facts={"name": person.name, "is_daily": is_daily, **_summary(session, notices)},
            at=at,
        )
        queue_letters(session, [row])
    return True


def _readable(session: Session, person: User, notices: Sequence[Any]) -> Sequence[Any]:
    """Without what is only for readers of complaints that the person may not read any more."""
    bound = {each.complaint_id for each in notices if each.kind in ONLY_TO_READERS}
    if not bound:
        return notices
    open_to = readable_among(session, person.actor, {each for each in bound if each})
    return [
        each for each in notices if each.kind not in ONLY_TO_READERS or each.complaint_id in open_to
    ]


def _summary(session: Session, notices: Any) -> dict[str, Any]:
    counts = Counter(each.kind for each in notices)
    in_order = sorted(counts, key=_rank)
    # The most urgent notice of a complaint decides where it stands, of two alike the later one.
    first: dict[int, Any] = {}
    for each in sorted(notices, key=lambda each: (_rank(each.kind), -each.id)):
        if each.complaint_id is not None:
            first.setdefault(each.complaint_id, each)
    listed = sorted(first, key=lambda key: (_rank(first[key].kind), key))[:MOST_NUMBERS]
    rules = current_rules(session)
    briefs = read_briefs(session, rules, listed)
    years = select(Complaint.id, Complaint.year).where(Complaint.id.in_(listed))
    year_of = {row.id: row.year for row in session.execute(years)}
    numbers = {key: rules.numbers.write(year_of[key], key) for key in listed}
    return {
        "total": len(notices),
        # Pairs, because a stored mapping does not keep its order everywhere.
        "counts": [[kind, counts[kind]] for kind in in_order],
        "numbers": [numbers[key] for key in listed],
        "complaints": [
            {**first[key].facts, **briefs[key], "notice": first[key].kind, "number": numbers[key]}
            for key in listed
        ],
        "more": len(first) - len(listed),
    }


def _rank(kind: str) -> int:
    return _URGENCY.index(kind) if kind in _URGENCY else len(_URGENCY)

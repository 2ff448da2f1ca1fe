"""A complaint on the desk: the row, locked, with the rules, the person and the instant."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from complaints.domain.clock_state import ClockState
from complaints.domain.errors import N_, Forbidden, Invalid, NotFound, Refused, Stale
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import SYSTEM, Actor, may_see
from complaints.files.keep import KeptFile
from complaints.models import Complaint, HistoryEntry, Note, Party, StepRecord
from complaints.rulebook import RuleBook, current_rules

#: Complaints with their customers, which nothing loads behind our back.
WITH_CUSTOMER = (
    select(Complaint).join(Complaint.customer).options(contains_eager(Complaint.customer))
)

#: What is told to have happened so lately happened now.
JUST_NOW = timedelta(minutes=5)


@dataclass(slots=True)
class Case:
    """What every step works on; `at` is an aware instant, never later than now.

    `recorded_at` is the moment of writing where that may differ from `at`; the history keeps it
    when it does. `started` are the first clocks of a complaint received a moment ago, `taken` is
    the last action that the history was told and `noted` what it was told of it; `records` are
    what was written down of the criteria. A step that had nothing left to do has `said` why.
    """

    session: Session
    rules: RuleBook
    complaint: Complaint
    by: Actor
    at: datetime
    recorded_at: datetime | None = None
    #: The person named the version that they read, and it is the one there is.
    has_read: bool = False
    #: A pause was over when the complaint was opened, and has been ended at its own end.
    has_ended_pause: bool = False
    #: What was told of an earlier moment, for an act that counts from when it is recorded.
    happened_at: datetime | None = None
    started: Sequence[ClockState] = ()
    taken: Action | None = None
    noted: Mapping[str, Any] = field(default_factory=dict)
    records: list[StepRecord] = field(default_factory=list)
    said: Refused | None = None
    #: The note or message that was written.
    written: Note | None = None
    #: Means → the outbox key of the letter that this conversation writes, once there is one.
    letters: dict[str, str] = field(default_factory=dict)
    #: Files that came with the words and go with their letter; whichever step takes files attaches
    #: them. `door` is the way they came in.
    uploads: Sequence[KeptFile] = ()
    door: str = ""

    @property
    def number(self) -> str:
        """The complaint's public number."""
        return self.rules.numbers.write(self.complaint.year, self.complaint.id)


def open_case(
    session: Session,
    number: str,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    is_now: bool = False,
) -> Case:
    """Lock a complaint for a step.

    With `is_now` nobody told `at`, it is what the machine's clock says. The record is never older
    than what it holds: after a clock was set back, the case goes on where the record stands.

    Raises NotFound, Forbidden when it lies outside the person's scope, Stale when `version` is
    given and the complaint has moved on since, Invalid when `at` precedes its receipt.
    """
    rules = current_rules(session)
    complaint = _find(session, rules, number, lock=True)
    case = Case(session, rules, complaint, by, at, has_read=version is not None)
    require_sight(case)
    if version is not None and version != complaint.version:
        raise Stale(
            N_(
                "Someone else recorded something on this complaint while you "
                "were writing. Check the changes, then send again; your text is "
                "saved."
            )
        )
    if is_now:
        case.at = max(at, _written_until(case))
    require_received(case)
    return case


def view_case(session: Session, number: str, *, by: Actor, at: datetime) -> Case:
    """Open a complaint for reading only, without a lock; raises NotFound and Forbidden."""
    rules = current_rules(session)
    case = Case(session, rules, _find(session, rules, number, lock=False), by, at)
    require_sight(case)
    return case


@contextmanager
def as_if_category(case: Case, category: str | None) -> Iterator[None]:
    """Let what is only read meanwhile find another category on the complaint; nothing is stored.

    Only for a case opened by `view_case`.
    """
    before = case.complaint.category
    set_committed_value(case.complaint, "category", category)
    try:
        yield
    finally:
        set_committed_value(case.complaint, "category", before)


def case_of_locked(session: Session, rules: RuleBook, complaint_id: int, at: datetime) -> Case:
    """The case of a complaint that the caller has locked, for what happens by itself."""
    query = WITH_CUSTOMER.where(Complaint.id == complaint_id)
    complaint = session.scalars(query.execution_options(populate_existing=True)).one()
    return Case(session, rules, complaint, SYSTEM, at)


def open_beside(case: Case, number: str, *, field: str) -> Case:
    """Lock another complaint for the same step; `field` is where its number was given.

    Raises Invalid for one that this person cannot see, and Refused while somebody else has it
    locked: two steps that wait for each other would never end.
    """
    try:
        other = view_case(case.session, number.strip(), by=case.by, at=case.at)
    except (NotFound, Forbidden) as error:
        raise Invalid(
            N_("There is no complaint %(number)s that you may see."),
            field=field,
            number=number.strip()[:40],
        ) from error
    if other.complaint is not case.complaint:
        query = WITH_CUSTOMER.where(Complaint.id == other.complaint.id).with_for_update(
            of=(Complaint,), skip_locked=True, key_share=True
        )
        query = query.execution_options(populate_existing=True)
        if case.session.scalar(query) is None:
            raise Refused(
                N_("Somebody is recording something on %(number)s at this moment. Try again."),
                number=other.number,
            )
    other.recorded_at = case.recorded_at
    return other


def count_from_now(case: Case) -> None:
    """Let the act count from when it is recorded; the history keeps an earlier moment told."""
    if case.recorded_at is None:
        return
    if case.at < case.recorded_at - JUST_NOW:
        case.happened_at = case.at
    case.at = case.recorded_at


def goes_on_elsewhere(complaint: Complaint) -> bool:
    """Whether it ended only to go on as another complaint, or as a contact that is none."""
    return complaint.duplicate_of_id is not None or complaint.contact_id is not None


def require_received(case: Case) -> None:
    """Raise Invalid when the instant of the case precedes the receipt of the complaint."""
    if case.at < case.complaint.received_at:
        raise Invalid(N_("This cannot have happened before the complaint came in."), field="at")


def _written_until(case: Case) -> datetime:
    """The moment at which the record was last written to, or the receipt."""
    complaint = case.complaint
    written = case.session.scalar(
        select(func.coalesce(HistoryEntry.recorded_at, HistoryEntry.at)).where(
            HistoryEntry.complaint_id == complaint.id, HistoryEntry.seq == complaint.history_seq
        )
    )
    return max(complaint.received_at, written or complaint.received_at)


def require_sight(case: Case) -> None:
    """Raise Forbidden when the complaint lies outside the person's branch and teams."""
    complaint, by = case.complaint, case.by
    teams: set[int | None] = {complaint.team_id}
    if by.team_id is not None and by.team_id != complaint.team_id:
        is_party = case.session.scalar(
            select(Party.id).where(Party.complaint_id == complaint.id, Party.team_id == by.team_id)
        )
        if is_party:
            teams.add(by.team_id)
    if not may_see(by, complaint.branch_id, teams, complaint.handler_id):
        raise Forbidden(N_("This complaint belongs to another branch."))


_BY_NUMBER = WITH_CUSTOMER.where(
    Complaint.id == bindparam("id"), Complaint.year == bindparam("year")
)
_LOCKED = _BY_NUMBER.with_for_update(of=(Complaint,)).execution_options(populate_existing=True)


def _find(session: Session, rules: RuleBook, number: str, *, lock: bool) -> Complaint:
    read = rules.numbers.read(number)
    if read is None:
        raise NotFound(N_("There is no complaint %(number)s."), number=number[:40])
    year, complaint_id = read
    complaint = session.scalar(_LOCKED if lock else _BY_NUMBER, {"id": complaint_id, "year": year})
    if complaint is None:
        raise NotFound(N_("There is no complaint %(number)s."), number=number[:40])
    return complaint

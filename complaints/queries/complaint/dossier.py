"""One complaint with everything its page shows, in a fixed number of queries whatever it holds.

The step opened the complaint and saw to it that the person may see it; here is only reading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.alternatives import last_refusal
from complaints.domain.clock_state import ClockState, live_by_due
from complaints.domain.evidence import EvidenceItem
from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import PERMISSIONS, Permission
from complaints.models import (
    Attachment,
    Complaint,
    ComplaintLink,
    Deadline,
    Exit,
    HistoryEntry,
    IncidentLink,
    OutboxMessage,
    StepRecord,
    User,
)
from complaints.models.shapes import CLOCK, ReadAs
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.complaint.activity import Activity, read_activity
from complaints.queries.complaint.activity_rows import (
    CauseRow,
    EscalationRow,
    ExtensionRow,
    OfferRow,
    PartyRow,
    RecordRow,
)
from complaints.queries.complaint.commitments import CommitmentRow, commitments_of
from complaints.queries.complaint.exits import exits_of, exits_waiting
from complaints.queries.complaint.letters import DID_NOT_GO, CustomerLetter, letters_stuck
from complaints.queries.complaint.notes import SHOWN, NotesAsked, internal_counted
from complaints.queries.complaint.proofs import (
    WAITS_ON_PAPER,
    CaseFile,
    LetterRow,
    evidence_of,
    letters_behind,
    paper_waiting,
    units_not_needed,
)
from complaints.queries.complaint.told_dates import ToldDate, told_dates
from complaints.queries.correction import is_corrected
from complaints.queries.paging import at_most
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Dossier:
    """The complaint's rows as its page needs them; names of people are already there."""

    complaint: Complaint
    handler: str | None
    handler_email: str | None
    handler_role: str | None
    handler_branch_id: int | None
    handler_supervisor_id: int | None
    received_by: str | None
    others_open: int
    others: int
    #: Notes among colleagues, counted up to one more than MOST_COUNTED.
    internal_notes: int
    records: Sequence[RecordRow]
    deadlines: Sequence[ClockState]
    evidence: tuple[EvidenceItem, ...]
    units_not_needed: frozenset[int]
    activity: Activity
    letters: Mapping[str, LetterRow]
    commitments: Sequence[CommitmentRow]
    exits: Sequence[Exit] = ()
    #: Those that somebody has to sign before closing.
    to_sign: Sequence[Exit] = ()
    #: Whether another complaint is a duplicate of it.
    is_repeated: bool = False
    #: Part of an incident, or linked with another complaint.
    has_links: bool = False
    has_files: bool = False
    #: Whether the customer has corrected the summary that was put to them: it is our turn.
    is_corrected: bool = False
    #: Letters to the customer that did not go, or not yet because they were refused.
    stuck: Sequence[CustomerLetter] = ()

    @property
    def is_mail_held_up(self) -> bool:
        """Whether letters of it wait because no mail leaves at all."""
        return any(each.held_up_since for each in self.stuck)

    @property
    def live_deadlines(self) -> list[ClockState]:
        """Clocks that still run or are paused, the earliest due first."""
        return live_by_due(self.deadlines)

    def steps(self, kind: str) -> list[CommitmentRow]:
        """The steps that were told (`step`) or planned (`plan`) last and stand, in order."""
        of_kind = [each for each in self.commitments if each.kind == kind]
        last = max((each.revision for each in of_kind), default=0)
        latest = [each for each in of_kind if each.revision == last and each.dropped_at is None]
        return sorted(latest, key=lambda each: each.position)

    @property
    def offers_now(self) -> list[OfferRow]:
        """The offers of the current cycle."""
        return [each for each in self.activity.offers if each.cycle == self.complaint.cycle]

    @property
    def waiting_offer(self) -> OfferRow | None:
        """The offer that waits for approval."""
        return self._last_offer("waiting_approval")

    @property
    def open_offer(self) -> OfferRow | None:
        """The offer that the customer has before them."""
        return self._last_offer("open")

    @property
    def last_refusal(self) -> OfferRow | None:
        """The refused offer to which the next one is the alternative."""
        return last_refusal(self.offers_now)

    @property
    def told_dates(self) -> Sequence[ToldDate]:
        """Every date the customer was told, the first one first."""
        return told_dates(self.records, self.activity.extensions)

    @property
    def waiting_extension(self) -> ExtensionRow | None:
        """The extension that waits for approval."""
        return next((each for each in self.activity.extensions if each.answer is None), None)

    @property
    def confirmed_cause(self) -> CauseRow | None:
        """The confirmed cause of the current cycle."""
        cycle = self.complaint.cycle
        causes = (each for each in reversed(self.activity.causes) if each.cycle == cycle)
        return next((each for each in causes if each.stage == "confirmed"), None)

    @property
    def acceptances(self) -> Mapping[int, int]:
        """Answer → its record, with which it stands in the order of the history.

        By its instant alone an acceptance would follow what was recorded after it within the same
        second. One copied from a message is left out: it stands behind that message.
        """
        proofs = {
            (str(row.detail.get("offer")), row.at): row.id
            for row in self.records
            if row.criterion == "020-3.4" and not row.is_unable
        }
        written = {note.at for note in self.activity.notes if note.direction == "in"}
        return {
            each.id: proofs[key]
            for each in self.activity.answers
            if (key := (str(each.offer_id), each.at)) in proofs and each.at not in written
        }

    @property
    def waiting_parties(self) -> list[PartyRow]:
        """The parties that have not answered yet."""
        return [each for each in self.activity.parties if each.answer is None]

    @property
    def open_escalations(self) -> list[EscalationRow]:
        """The escalations that nobody has acknowledged."""
        return [each for each in self.activity.escalations if each.acknowledged_at is None]

    def _last_offer(self, state: str) -> OfferRow | None:
        return next((each for each in reversed(self.offers_now) if each.state == state), None)


class HistoryRow(NamedTuple):
    """One line of the history."""

    seq: int
    what: str
    at: datetime
    by_name: str
    detail: dict[str, Any]
    hash: str


def read_dossier(
    session: Session, complaint: Complaint, rules: RuleBook, notes: NotesAsked | None = None
) -> Dossier:
    """Everything about a complaint that was opened, in five queries; of its notes those asked for.

    Exits ask once more, and so do paper that waits for a customer without an address and a summary
    that waits for its answer.
    """
    of_it = {"complaint_id": complaint.id}
    # The first, because it writes what is still to be written.
    records = _RECORD.values(session, _RECORDS, of_it)
    people = (
        session.connection().execute(_PEOPLE, {**of_it, "customer_id": complaint.customer_id}).one()
    )
    deadlines = CLOCK.values(session, _DEADLINES, of_it)
    activity = read_activity(session, complaint.id, notes)
    letters = letters_behind(session, records)
    if people.has_paper and not complaint.contact_email:
        letters = {**paper_waiting(session, complaint.id), **letters}
    file = CaseFile(records, activity.parties, activity.causes, activity.offers, letters)
    return Dossier(
        complaint=complaint,
        handler=people.handler,
        handler_email=people.handler_email,
        handler_role=people.handler_role,
        handler_branch_id=people.handler_branch_id,
        handler_supervisor_id=people.handler_supervisor_id,
        received_by=people.received_by,
        others_open=people.others_open,
        others=people.others,
        internal_notes=people.internal_notes,
        is_repeated=people.is_repeated,
        has_links=people.has_links,
        has_files=people.has_files,
        is_corrected=complaint.awaiting_confirmation and is_corrected(session, complaint.id),
        stuck=letters_stuck(session, complaint.id) if people.has_stuck else (),
        records=records,
        deadlines=deadlines,
        evidence=evidence_of(complaint, file, rules),
        units_not_needed=frozenset(units_not_needed(file)),
        activity=activity,
        letters=letters,
        commitments=commitments_of(session, complaint.id),
        exits=exits_of(session, complaint.id) if any(row.is_unable for row in records) else (),
        to_sign=(
            exits_waiting(session, complaint.id, rules.authority.exits.countersign_from)
            if complaint.signature_asked_at is not None
            else ()
        ),
    )


def read_history(
    session: Session,
    complaint_id: int,
    *,
    since: int = 0,
    before: int | None = None,
    limit: int | None = SHOWN,
) -> list[HistoryRow]:
    """The history, newest first: the entries after `since` and before `before`, by their `seq`."""
    query = (
        select(
            HistoryEntry.seq,
            HistoryEntry.what,
            HistoryEntry.at,
            HistoryEntry.by_name,
            HistoryEntry.detail,
            HistoryEntry.hash,
        )
        .where(HistoryEntry.complaint_id == complaint_id, HistoryEntry.seq > since)
        .order_by(HistoryEntry.seq.desc())
    )
    if before is not None:
        query = query.where(HistoryEntry.seq < before)
    if limit is not None:
        query = query.limit(at_most(limit))
    return [HistoryRow(*row) for row in session.execute(query)]


class Colleague(NamedTuple):
    """Somebody who may be given the complaint."""

    name: str
    email: str
    role: str
    team_id: int | None


def list_handlers(session: Session, complaint: Complaint) -> list[Colleague]:
    """Who handles complaints in this branch or team, by name; at most MOST_CHOICES + 1."""
    roles = [role.value for role, held in PERMISSIONS.items() if Permission.HANDLE in held]
    query = (
        select(User.name, User.email, User.role, User.team_id)
        .where(
            User.is_active.is_(True),
            User.role.in_(roles),
            or_(User.branch_id == complaint.branch_id, User.team_id == complaint.team_id),
        )
        .order_by(User.name, User.id)
        .limit(MOST_CHOICES + 1)
    )
    return [Colleague(*row) for row in session.execute(query)]


def _has_links() -> ColumnElement[bool]:
    """Whether the complaint is part of an incident or linked with another one."""
    own = bindparam("complaint_id", type_=Integer)
    part = (IncidentLink.complaint_id == own, IncidentLink.ended_at.is_(None))
    return or_(
        select(ComplaintLink.id).where(ComplaintLink.complaint_id == own).exists(),
        select(ComplaintLink.id).where(ComplaintLink.other_id == own).exists(),
        select(IncidentLink.id).where(*part).exists(),
    )


def _people_query() -> Select[Any]:
    handler, receiver, other = aliased(User), aliased(User), aliased(Complaint)
    mine = (
        other.customer_id == bindparam("customer_id", type_=Integer),
        other.id != bindparam("complaint_id", type_=Integer),
    )
    repeating = aliased(Complaint)
    repeats_it = repeating.duplicate_of_id == bindparam("complaint_id", type_=Integer)
    are_open = other.status.in_([each.value for each in OPEN])
    return (
        select(
            handler.name.label("handler"),
            handler.email.label("handler_email"),
            handler.role.label("handler_role"),
            handler.branch_id.label("handler_branch_id"),
            handler.supervisor_id.label("handler_supervisor_id"),
            receiver.name.label("received_by"),
            select(func.count()).where(*mine).scalar_subquery().label("others"),
            select(func.count()).where(*mine, are_open).scalar_subquery().label("others_open"),
            select(repeating.id).where(repeats_it).exists().label("is_repeated"),
            _has_links().label("has_links"),
            select(OutboxMessage.id)
            .where(OutboxMessage.complaint_id == Complaint.id, DID_NOT_GO)
            .exists()
            .label("has_stuck"),
            select(OutboxMessage.id)
            .where(OutboxMessage.complaint_id == Complaint.id, WAITS_ON_PAPER)
            .exists()
            .label("has_paper"),
            select(Attachment.id)
            .where(Attachment.complaint_id == Complaint.id)
            .exists()
            .label("has_files"),
            internal_counted(bindparam("complaint_id", type_=Integer)).label("internal_notes"),
        )
        .select_from(Complaint)
        .outerjoin(handler, handler.id == Complaint.handler_id)
        .outerjoin(receiver, receiver.id == Complaint.received_by_id)
        .where(Complaint.id == bindparam("complaint_id", type_=Integer))
    )


_PEOPLE = _people_query()
_OF_IT: BindParameter[int] = bindparam("complaint_id", type_=Integer)
_RECORD = ReadAs(RecordRow, **{name: getattr(StepRecord, name) for name in RecordRow._fields})
_RECORDS = select(*_RECORD.parts).where(StepRecord.complaint_id == _OF_IT).order_by(StepRecord.id)
_DEADLINES = select(*CLOCK.parts).where(Deadline.complaint_id == _OF_IT).order_by(Deadline.id)

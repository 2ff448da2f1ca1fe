"""One complaint with everything its page shows, in a fixed number of queries whatever it holds.

The step opened the complaint and saw to it that the person may see it; here is only reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.alternatives import last_refusal
from complaints.domain.clock_state import ClockState
from complaints.domain.evidence import EvidenceItem
from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import PERMISSIONS, Permission
from complaints.models import (
    Cause,
    Complaint,
    Deadline,
    HistoryEntry,
    Offer,
    Party,
    StepRecord,
    User,
)
from complaints.models.shapes import CLOCK
from complaints.queries.complaint.activity import PAPERS, Paper
from complaints.queries.complaint.proofs import CaseFile, evidence_of

#: History entries shown at once; the page links to the rest.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Dossier:
    """The complaint's rows as its page needs them; names of people are already there."""

    complaint: Complaint
    handler: str | None
    handler_email: str | None
    received_by: str | None
    others_open: int
    others: int
    records: Sequence[StepRecord]
    deadlines: Sequence[ClockState]
    evidence: tuple[EvidenceItem, ...]
    notes: Sequence[Paper]
    parties: Sequence[Paper]
    causes: Sequence[Paper]
    offers: Sequence[Paper]
    answers: Sequence[Paper]
    planned: Sequence[Paper]
    escalations: Sequence[Paper]
    extensions: Sequence[Paper]

    @property
    def live_deadlines(self) -> list[ClockState]:
        """Clocks that still run or are paused, the earliest due first."""
        live = [each for each in self.deadlines if each.ended_at is None]
        return sorted(live, key=lambda each: each.due_at)

    def steps(self, purpose: str) -> list[Paper]:
        """The latest revision of the steps `promised` or of the `plan`, in order."""
        of_purpose = [each for each in self.planned if each.state == purpose]
        last = max((each.number or 0 for each in of_purpose), default=0)
        latest = [each for each in of_purpose if each.number == last]
        return sorted(latest, key=lambda each: each.ref or 0)

    @property
    def waiting_offer(self) -> Paper | None:
        """The offer that waits for approval."""
        return _last(self.offers_now, "waiting_approval")

    @property
    def open_offer(self) -> Paper | None:
        """The offer that the customer has before them."""
        return _last(self.offers_now, "open")

    @property
    def offers_now(self) -> list[Paper]:
        """The offers of the current cycle."""
        return [each for each in self.offers if each.cycle == self.complaint.cycle]

    @property
    def last_refusal(self) -> Paper | None:
        """The refused offer to which the next one is the alternative."""
        return last_refusal(self.offers_now)

    @property
    def waiting_extension(self) -> Paper | None:
        """The extension that waits for approval."""
        return next((each for each in self.extensions if each.state is None), None)

    @property
    def confirmed_cause(self) -> Paper | None:
        """The confirmed cause of the current cycle."""
        now = [each for each in self.causes if each.cycle == self.complaint.cycle]
        return _last(now, "confirmed")

    @property
    def waiting_parties(self) -> list[Paper]:
        """The parties that have not answered yet."""
        return [each for each in self.parties if each.state is None]

    def open_escalations(self) -> list[Paper]:
        """The escalations that nobody has acknowledged."""
        return [each for each in self.escalations if each.until is None]


class HistoryRow(NamedTuple):
    """One line of the history."""

    seq: int
    what: str
    at: datetime
    by_name: str
    detail: dict[str, Any]
    hash: str


def read_dossier(session: Session, complaint: Complaint, *, is_written_channel: bool) -> Dossier:
    """Everything about a complaint that was opened, in four queries."""
    people = session.execute(
        _PEOPLE, {"complaint_id": complaint.id, "customer_id": complaint.customer_id}
    ).one()
    records = session.scalars(
        select(StepRecord).where(StepRecord.complaint_id == complaint.id).order_by(StepRecord.id)
    ).all()
    deadlines = session.scalars(
        select(CLOCK).where(Deadline.complaint_id == complaint.id).order_by(Deadline.id)
    ).all()
    papers: dict[str, list[Paper]] = {}
    for row in session.execute(PAPERS, {"complaint_id": complaint.id}):
        paper = Paper(*row)
        papers.setdefault(paper.kind, []).append(paper)
    for each in papers.values():
        each.sort(key=lambda paper: paper.id)
    # The evidence asks three kinds of row for fields that a Paper has under the same names.
    file = CaseFile(
        records=records,
        parties=cast(Sequence[Party], papers.get("party", [])),
        causes=cast(Sequence[Cause], papers.get("cause", [])),
        offers=cast(Sequence[Offer], papers.get("offer", [])),
    )
    return Dossier(
        complaint=complaint,
        handler=people.handler,
        handler_email=people.handler_email,
        received_by=people.received_by,
        others_open=people.others_open,
        others=people.others,
        records=records,
        deadlines=deadlines,
        evidence=evidence_of(complaint, file, is_written_channel=is_written_channel),
        notes=papers.get("note", []),
        parties=papers.get("party", []),
        causes=papers.get("cause", []),
        offers=papers.get("offer", []),
        answers=papers.get("answer", []),
        planned=papers.get("step", []),
        escalations=papers.get("escalation", []),
        extensions=papers.get("extension", []),
    )


def read_history(
    session: Session, complaint_id: int, *, since: int = 0, limit: int | None = SHOWN
) -> list[HistoryRow]:
    """The history, newest first; `since` leaves out entries up to that sequence number."""
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
        .limit(limit)
    )
    return [HistoryRow(*row) for row in session.execute(query)]


class Colleague(NamedTuple):
    """Somebody who may be given the complaint."""

    name: str
    email: str
    role: str
    team_id: int | None


def list_handlers(session: Session, complaint: Complaint) -> list[Colleague]:
    """Who handles complaints in this branch, at head office, or in the complaint's team."""
    roles = [role.value for role, held in PERMISSIONS.items() if Permission.HANDLE in held]
    query = (
        select(User.name, User.email, User.role, User.team_id)
        .where(
            User.is_active.is_(True),
            User.role.in_(roles),
            or_(User.branch_id == complaint.branch_id, User.team_id == complaint.team_id),
        )
        .order_by(User.name, User.id)
        .limit(200)
    )
    return [Colleague(*row) for row in session.execute(query)]


def _people_query() -> Select[Any]:
    handler, receiver, other = aliased(User), aliased(User), aliased(Complaint)
    mine = (
        other.customer_id == bindparam("customer_id", type_=Integer),
        other.id != bindparam("complaint_id", type_=Integer),
    )
    are_open = other.status.in_([each.value for each in OPEN])
    return (
        select(
            handler.name.label("handler"),
            handler.email.label("handler_email"),
            receiver.name.label("received_by"),
            select(func.count()).where(*mine).scalar_subquery().label("others"),
            select(func.count()).where(*mine, are_open).scalar_subquery().label("others_open"),
        )
        .select_from(Complaint)
        .outerjoin(handler, handler.id == Complaint.handler_id)
        .outerjoin(receiver, receiver.id == Complaint.received_by_id)
        .where(Complaint.id == bindparam("complaint_id", type_=Integer))
    )


_PEOPLE = _people_query()


def _last(papers: Sequence[Paper], state: str) -> Paper | None:
    return next((each for each in reversed(papers) if each.state == state), None)

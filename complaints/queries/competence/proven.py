"""Which criteria a person's records prove: the rule of the evidence panel, over many complaints.

A record is whose it was made by. What it proves is asked of `evidence_of`, complaint by complaint,
as the complaint stands now; there is no second rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from complaints.domain.errors import N_, Invalid
from complaints.domain.evidence import CRITERIA, EvidenceItem, EvidenceState
from complaints.domain.permissions import Actor, may_see
from complaints.models import Cause, Complaint, Offer, Party, StepRecord
from complaints.queries.complaint.proofs import CaseFile, evidence_of, letters_behind
from complaints.queries.reports.period import Period
from complaints.rulebook import RuleBook

#: Complaints of one report, records of them all, and how many are read at once.
MOST, _MOST_RECORDS, _AT_ONCE = 2_000, 60_000, 100
#: Complaints named for each criterion.
SAMPLES = 3


@dataclass(slots=True)
class Counts:
    """How often a criterion stands how; `numbers` are the newest complaints where it is proven."""

    proven: int = 0
    unable: int = 0
    waiting: int = 0
    missing: int = 0
    numbers: list[str] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """Proven of what the person recorded and needs no letter or answer any more."""
        whole = self.proven + self.unable
        return self.proven / whole if whole else None


@dataclass(frozen=True, slots=True)
class Proven:
    """The eighteen criteria of a person; `complaints` is in how many they recorded something."""

    complaints: int
    counts: Mapping[str, Counts]


def read_proven(
    session: Session, actor: Actor, person_id: int, period: Period, rules: RuleBook
) -> Proven:
    """Count what the person's records of the period prove; bounded, six queries a hundred.

    Raises Invalid where the period holds too many complaints to be read.
    """
    query = (
        select(StepRecord.id, StepRecord.complaint_id)
        .join(Complaint, Complaint.id == StepRecord.complaint_id)
        .where(StepRecord.by_id == person_id, period.holds(StepRecord.at))
        .limit(_MOST_RECORDS + 1)
    )
    own = {row.id: row.complaint_id for row in session.execute(query)}
    ids = sorted(set(own.values()), reverse=True)
    if len(ids) > MOST or len(own) > _MOST_RECORDS:
        raise Invalid(N_("This is too much for one report. Choose a shorter period."), field="from")
    counts = {key: Counts() for key in CRITERIA}
    for complaint, file in _files(session, ids):
        teams = {complaint.team_id, *(each.team_id for each in file.parties)}
        is_seen = may_see(actor, complaint.branch_id, teams, complaint.handler_id)
        number = rules.numbers.write(complaint.year, complaint.id) if is_seen else ""
        for item in evidence_of(complaint, file, rules):
            is_theirs = complaint.handler_id == person_id
            _count(counts[item.criterion], item, item.record_id in own, is_theirs, number)
    return Proven(len(ids), counts)


def _count(counts: Counts, item: EvidenceItem, is_own: bool, is_handler: bool, number: str) -> None:
    """Add one criterion of one complaint: to whoever made the record, or has it to do."""
    if item.state is EvidenceState.MISSING:
        counts.missing += is_handler
    elif not is_own:
        return
    elif item.state is EvidenceState.PROVEN:
        counts.proven += 1
        if number and len(counts.numbers) < SAMPLES:
            counts.numbers.append(number)
    elif item.state is EvidenceState.UNABLE:
        counts.unable += 1
    else:
        counts.waiting += 1


def _files(session: Session, ids: Sequence[int]) -> Iterator[tuple[Complaint, CaseFile]]:
    """The complaints with what their evidence rests on, in the order of their ids."""
    for some in _parts(ids):
        query = (
            select(Complaint)
            .where(Complaint.id.in_(some))
            .options(joinedload(Complaint.customer))
            .order_by(Complaint.id.desc())
        )
        complaints = session.scalars(query).all()
        records = _by_complaint(session, StepRecord, some)
        parties = _by_complaint(session, Party, some)
        causes = _by_complaint(session, Cause, some)
        offers = _by_complaint(session, Offer, some)
        letters = letters_behind(session, [row for rows in records.values() for row in rows])
        for each in complaints:
            yield (
                each,
                CaseFile(
                    records=records.get(each.id, []),
                    parties=parties.get(each.id, []),
                    causes=causes.get(each.id, []),
                    offers=offers.get(each.id, []),
                    letters=letters,
                ),
            )


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(ids), _AT_ONCE):
        yield ids[at : at + _AT_ONCE]


R = TypeVar("R", StepRecord, Party, Cause, Offer)


def _by_complaint(session: Session, table: type[R], ids: Sequence[int]) -> dict[int, list[R]]:
    found: dict[int, list[R]] = {}
    query = select(table).where(table.complaint_id.in_(ids)).order_by(table.id)
    for row in session.scalars(query):
        found.setdefault(row.complaint_id, []).append(row)
    return found

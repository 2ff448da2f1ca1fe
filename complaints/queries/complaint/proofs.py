"""One complaint's own facts for the rules: its step records as proofs, its open questions.

Steps ask before a gate; the complaint page asks for the evidence panel.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import Integer, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from complaints.domain.alternatives import last_refusal, unanswered_refusal
from complaints.domain.evidence import EvidenceItem, Facts, Proof, evaluate, units_left
from complaints.domain.lifecycle import NEXT, Action, Status
from complaints.domain.words.comparing import is_same
from complaints.domain.words.letter_state import LETTER_STATES, LetterState
from complaints.models.complaint import Complaint, StepRecord
from complaints.models.customer import Customer
from complaints.models.post import OutboxMessage
from complaints.models.work import Cause, Offer, Party
from complaints.queries.complaint.activity_rows import CauseRow, OfferRow, PartyRow, RecordRow
from complaints.rulebook import RuleBook

#: What was written down of one criterion: its table's row, or all that pages read of it.
Record: TypeAlias = StepRecord | RecordRow

#: The kind of the letter that reminds of an offer.
REMINDER = "reminder"

#: The record of an exit that was not signed: what it stood for is to be done.
RETURNED = "countersignature"


class LetterRow(NamedTuple):
    """A letter behind records; `sent_at` is when it left, None until then."""

    id: int
    key: str
    via: str
    state: str
    sent_at: datetime | None

    @property
    def standing(self) -> LetterState:
        """What it means for the records: a letter of a state unknown here has not left."""
        return LETTER_STATES.get(self.state, LetterState.FAILED)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The rows that the evidence rests on, in the order they were made."""

    records: Sequence[Record]
    parties: Sequence[Party | PartyRow]
    causes: Sequence[Cause | CauseRow]
    offers: Sequence[Offer | OfferRow]
    letters: Mapping[str, LetterRow]


_LETTERS = select(
    OutboxMessage.id,
    OutboxMessage.key,
    OutboxMessage.via,
    OutboxMessage.state,
    OutboxMessage.sent_at,
)


def case_file(session: Session, complaint_id: int) -> CaseFile:
    """Read a complaint's records, parties, causes and offers (four queries), and its letters."""
    records = _rows(session, StepRecord, complaint_id)
    return CaseFile(
        records=records,
        parties=_rows(session, Party, complaint_id),
        causes=_rows(session, Cause, complaint_id),
        offers=_rows(session, Offer, complaint_id),
        letters=letters_behind(session, records),
    )


def letters_behind(session: Session, records: Iterable[Record]) -> Mapping[str, LetterRow]:
    """The letters that carry the words of these records, and the reminders of what they offer.

    By key; one query where there are any.
    """
    behind = {record.letter_key: record.complaint_id for record in records if record.letter_key}
    if not behind:
        return {}
    reminders = and_(
        OutboxMessage.complaint_id.in_(set(behind.values())), OutboxMessage.kind == REMINDER
    )
    query = _LETTERS.where(or_(OutboxMessage.key.in_(behind), reminders))
    return {row.key: LetterRow(*row) for row in session.connection().execute(query)}


#: Whether a letter on paper waits to be printed; a receipt has a page of its own.
WAITS_ON_PAPER = and_(OutboxMessage.state == "to_print", OutboxMessage.kind != "receipt")
_ON_PAPER = _LETTERS.where(
    OutboxMessage.complaint_id == bindparam("complaint_id", type_=Integer), WAITS_ON_PAPER
)


def paper_waiting(session: Session, complaint_id: int) -> Mapping[str, LetterRow]:
    """The letters on paper that wait to be printed, whatever they tell, by key.

    A receipt is not among them: it has a page of its own, and nobody is reminded of it.
    """
    rows = session.connection().execute(_ON_PAPER, {"complaint_id": complaint_id})
    return {row.key: LetterRow(*row) for row in rows}


CauseT = TypeVar("CauseT", Cause, CauseRow, Cause | CauseRow)
R = TypeVar("R", StepRecord, Party, Cause, Offer)


def _rows(session: Session, table: type[R], complaint_id: int) -> Sequence[R]:
    found: Sequence[R] = session.scalars(_all_of(table), {"complaint_id": complaint_id}).all()
    return found


@cache
def _all_of(table: type[R]) -> Select[Any]:
    query = select(table).where(table.complaint_id == bindparam("complaint_id"))
    return query.order_by(table.id)


def evidence_of(
    complaint: Complaint,
    file: CaseFile,
    rules: RuleBook,
) -> tuple[EvidenceItem, ...]:
    """The eighteen criteria of this complaint with their states."""
    cycle = complaint.cycle
    proofs = [
        Proof(
            row.criterion,
            row.cycle,
            row.is_unable,
            row.at,
            row.by_name,
            row.record,
            letter=file.letters[row.letter_key].standing if row.letter_key else None,
            id=row.id,
            rules=row.proof_rules,
            is_returned=row.record == RETURNED,
            is_asked=bool(row.detail.get("asked")),
            cause_id=row.cause_id,
            offer_id=_offer_answered(row),
        )
        for row in file.records
    ]
    offers = [offer for offer in file.offers if offer.cycle == cycle]
    facts = Facts(
        cycle=cycle,
        is_written_channel=not rules.taxonomy.channels[complaint.channel].oral,
        has_waiting_party=any(party.answer is None for party in file.parties),
        has_untold_unit=_has_untold_unit(complaint, file, rules),
        has_record_gap=_has_record_gap(complaint, file, rules),
        has_other_procedure=_has_other_procedure(complaint, file, rules),
        has_unclear_explanation=_is_unclear(file, cycle),
        has_confirmed_cause=any(
            cause.stage == "confirmed" and cause.cycle == cycle for cause in file.causes
        ),
        causes=frozenset(each.id for each in causes_that_stand(file.causes, cycle)),
        accepted_offer=_accepted(offers),
        has_refusal=last_refusal(offers) is not None,
        has_unanswered_refusal=unanswered_refusal(offers) is not None,
        has_told_date=complaint.promised_at is not None,
    )
    return evaluate(proofs, facts)


def causes_that_stand(causes: Sequence[CauseT], cycle: int) -> list[CauseT]:
    """The confirmed causes of a cycle that say the same as the last one, the latest first.

    Whoever confirms in other commas what was confirmed has changed nothing.
    """
    confirmed = [each for each in causes if each.stage == "confirmed" and each.cycle == cycle]
    standing: list[CauseT] = []
    for each in reversed(confirmed):
        last = standing[0] if standing else each
        if each.code != last.code or not is_same(each.text, last.text):
            break
        standing.append(each)
    return standing


def _accepted(offers: Sequence[Offer | OfferRow]) -> int | None:
    """The last offer that was put to the customer, where they have accepted it."""
    put = [each for each in offers if each.state in ("open", "accepted", "refused")]
    return put[-1].id if put and put[-1].state == "accepted" else None


def _offer_answered(record: Record) -> int | None:
    """The offer that a record of 020-3.4 answers; None where it names none."""
    offer = str(record.detail.get("offer", "")) if record.criterion == "020-3.4" else ""
    return int(offer) if offer.isdecimal() else None


def routed_units(complaint: Complaint, rules: RuleBook) -> tuple[int, ...]:
    """The ids of the teams that the complaint's category names (020-2.1)."""
    return tuple(rules.teams_by_code[each].id for each in rules.units_of(complaint.category))


def units_not_needed(file: CaseFile) -> set[int]:
    """The teams of which a supervisor has said why they need not be told."""
    records = (row for row in file.records if row.criterion == "020-2.1")
    return {unit for row in records for unit in row.detail.get("not_needed", ())}


def _has_untold_unit(complaint: Complaint, file: CaseFile, rules: RuleBook) -> bool:
    """Whether the routing, as the category is now, names a unit that nobody has told.

    Without a category nobody can say; records that know of no routing are older than this rule.
    """
    records = [row for row in file.records if row.criterion == "020-2.1"]
    if not records or "routing" not in records[-1].detail:
        return False
    told = {party.team_id for party in file.parties}
    left = units_left(routed_units(complaint, rules), told, units_not_needed(file))
    return complaint.category is None or bool(left)


def _has_record_gap(complaint: Complaint, file: CaseFile, rules: RuleBook) -> bool:
    """Whether a category or need changed since the receipt wants a field that is still empty.

    Records that do not name what they were judged by are older than this rule, and so is nobody
    asked again because the organisation wants more by now.
    """
    records = [row for row in file.records if row.criterion == "020-1.6"]
    judged = records[-1].detail if records else {}
    if judged.get("category", complaint.category) == complaint.category and sorted(
        judged.get("needs", complaint.customer.needs)
    ) == sorted(complaint.customer.needs):
        return False
    return bool(record_lacks(rules, complaint, complaint.customer))


def judged_by(complaint: Complaint) -> dict[str, Any]:
    """What decides which fields the record has to hold, to be kept with its proof."""
    return {"category": complaint.category, "needs": sorted(complaint.customer.needs)}


def _has_other_procedure(complaint: Complaint, file: CaseFile, rules: RuleBook) -> bool:
    """Whether the plan was drawn up for a category that is handled by another procedure.

    Asked as long as there can be another plan; plans that name no group are older than this rule.
    """
    plans = [row for row in file.records if row.criterion == "020-2.5"]
    if not plans or Status(complaint.status) not in NEXT[Action.PLAN]:
        return False
    planned = plans[-1].detail.get("group")
    category = rules.taxonomy.categories.get(complaint.category or "")
    return planned is not None and category is not None and category.group != planned


def record_lacks(rules: RuleBook, complaint: Complaint, customer: Customer) -> tuple[str, ...]:
    """The mandatory fields of the written record that are empty, as the rules are now."""
    category = rules.taxonomy.categories.get(complaint.category or "")
    facts: dict[str, set[str | None]] = {
        "channel": {complaint.channel},
        "category": {complaint.category},
        "category_group": {category.group if category else None},
        "need": set(customer.needs),
    }
    return lacking_fields(complaint, customer, rules.record.mandatory_for(facts))


def _is_unclear(file: CaseFile, cycle: int) -> bool:
    """Whether the customer has not said of the last explanation that it is clear (020-3.2)."""
    records = [row for row in file.records if row.criterion == "020-3.2" and row.cycle == cycle]
    return bool(records) and bool(records[-1].detail.get("is_open"))


def lacking_fields(
    complaint: Complaint, customer: Customer, mandatory: Iterable[str]
) -> tuple[str, ...]:
    """The mandatory fields of the written record that are empty and not explained away.

    Fields this system does not keep count as lacking until somebody says why they are not there.
    """
    values: Mapping[str, object] = {
        "received_at": complaint.received_at,
        "channel": complaint.channel,
        "branch": complaint.branch_id,
        "customer_name": complaint.contact_name.strip(),
        "contact": complaint.contact_phone
        or complaint.contact_email
        or customer.number
        or customer.no_contact_reason,
        "salutation": complaint.contact_salutation,
        "phone": complaint.contact_phone,
        "email": complaint.contact_email,
        "customer_number": customer.number,
        "story": complaint.story.strip(),
        "summary": complaint.summary.strip(),
        "category": complaint.category,
        "product": complaint.product.strip(),
        "incident_at": complaint.incident_at,
        "remedy_wanted": complaint.remedy_wanted.strip(),
        "external_id": complaint.external_id,
    }
    return tuple(
        name for name in mandatory if not values.get(name) and name not in complaint.record_gaps
    )

"""The customer objects: a superior looks at it a second time and answers by a date."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from complaints.domain.commitments.rules import CommitmentKind, is_unsettled
from complaints.domain.customer_page.coming_back import WayBack
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import ENDED, Action, Status
from complaints.domain.permissions import PERMISSIONS, Permission, Role
from complaints.domain.words.length import require_at_most
from complaints.domain.worktime.durations import due_at as due_after
from complaints.files.keep import KeptFile
from complaints.models import Commitment, HistoryEntry, User
from complaints.people.signers import handler_of
from complaints.rulebook import RuleBook
from complaints.steps.advance import advance
from complaints.steps.by_customer.come_back import CameBack, come_back, where_it_goes
from complaints.steps.by_customer.send_files import send_files
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import Case
from complaints.steps.casework.escalate import call_superior, level_of, superior_to_call
from complaints.steps.commitments.undertake import (
    StepGiven,
    Undertaking,
    commitments_of,
    undertake_one,
)
from complaints.steps.notify import tell_people

LONGEST_TEXT = 5_000

#: What is to be done, as the organisation writes it.
_WHAT = {
    "id": "Menanggapi keberatan pelanggan",
    "en": "Answer the customer's objection",
}
#: What stands before the customer's words where a superior reads why they are called.
_CALLED = {"id": "Keberatan pelanggan: %s", "en": "Objection of the customer: %s"}


def object_to(case: Case, *, text: str, files: Sequence[KeptFile] = ()) -> CameBack:
    """Put the complaint before the handler's superior because its customer objects.

    The superior's answer is undertaken by a date, with a clock of its own, and nothing closes over
    it. What has ended opens again first, or goes on as a new complaint. The same words sent twice
    are one objection; another one is taken when the one before is answered, and further words until
    then are a message. Raises Refused for a duplicate and for what its customer withdrew.
    """
    text = text.strip()
    require_at_most(text, LONGEST_TEXT, field="text")
    if not text:
        raise Invalid(N_("Please tell us what you do not agree with."), field="text")
    complaint = case.complaint
    if complaint.duplicate_of_id is not None or complaint.status == Status.WITHDRAWN:
        raise Refused(N_("You cannot object here. Write to us, or call us."))
    goes = where_it_goes(case)
    if goes.is_elsewhere:
        return CameBack(goes.told, object_to(goes.case, text=text, files=files).case)
    if _is_waiting(case):
        if text != _last_words(case):
            write_message(case, text=text)
        send_files(case, files)
        return CameBack(WayBack.KEPT, case)
    back = come_back(goes, text, is_told=False)
    if Status(back.case.complaint.status) in ENDED:
        raise Refused(N_("You cannot object here. Write to us, or call us."))
    _object(back.case, text)
    send_files(back.case, files)
    return back


def answer_due(rules: RuleBook, branch_id: int, at: datetime) -> datetime:
    """By when an objection that comes at this instant is answered."""
    days = rules.authority.portal.objection_days
    return due_after(rules.calendar_of(branch_id).value, at, days, "working_day")


def open_objection(case: Case) -> Commitment | None:
    """The answer that is owed to an objection; None where none is."""
    rows = commitments_of(case)
    objections = (each for each in rows if each.kind == CommitmentKind.OBJECTION)
    return next((each for each in objections if is_unsettled(each)), None)


def _is_waiting(case: Case) -> bool:
    """Whether an objection of the customer's waits for its answer already."""
    return open_objection(case) is not None


def _last_words(case: Case) -> str:
    """What the customer wrote when they objected last."""
    details = select(HistoryEntry.detail).where(
        HistoryEntry.complaint_id == case.complaint.id, HistoryEntry.what == Action.OBJECT.value
    )
    detail = case.session.scalar(details.order_by(HistoryEntry.seq.desc()).limit(1)) or {}
    return str(detail.get("reason", ""))


def _object(case: Case, text: str) -> None:
    handler = handler_of(case.complaint)
    to_id = superior_to_call(case, handler)
    level = level_of(case, to_id) if to_id is not None else case.complaint.escalation_level
    undertaking = _undertake(case, to_id)
    (_, wanted, _) = undertaking.new[0]
    detail = {"reason": text, "to": to_id, "level": level, "until": wanted.due_at.isoformat()}
    advance(case, Action.OBJECT, detail=detail, keep=undertaking.start)
    undertaking.store()
    if to_id is not None:
        reason = _CALLED[case.rules.organisation.language] % text
        call_superior(case, to_id, level, reason)
    facts = {"reason": text, "until": wanted.due_at.isoformat()}
    tell_people(case, [to_id, handler], "customer_objected", facts=facts)


def _undertake(case: Case, to_id: int | None) -> Undertaking:
    """The answer, owed by the superior where their role can tick it, else by the handler."""
    due_at = answer_due(case.rules, case.complaint.branch_id, case.at)
    person = case.session.get(User, to_id) if to_id is not None else None
    may_tick = person is not None and Permission.HANDLE in PERMISSIONS[Role(person.role)]
    owner = person.email if person is not None and may_tick else ""
    what = _WHAT[case.rules.organisation.language]
    return undertake_one(
        case, CommitmentKind.OBJECTION, StepGiven(what, owner, due_at=due_at), None
    )

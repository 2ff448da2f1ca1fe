"""End a complaint — closed, referred or withdrawn — and open it again."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from complaints.clocks.changes import Clocks
from complaints.clocks.taking_up import take_up
from complaints.domain.alternatives import last_refusal
from complaints.domain.commitments.rules import DropCause
from complaints.domain.deadlines import OUTCOME_KINDS, Event, Kind
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action, Status, is_one_conversation
from complaints.domain.permissions import CUSTOMER
from complaints.domain.proofs.endings import may_close
from complaints.domain.scripts import LANGUAGES
from complaints.domain.short_reason import require_reason
from complaints.domain.taxonomy import Ending, Outcome
from complaints.domain.words.exits import ExitKind
from complaints.models import Offer, StepRecord
from complaints.people.reaching import team_people
from complaints.people.signers import handler_of
from complaints.people.staff import Staff
from complaints.steps.advance import advance
from complaints.steps.case import Case, count_from_now, goes_on_elsewhere
from complaints.steps.casework.approve import drop_waiting_offer
from complaints.steps.casework.approver import offers_of
from complaints.steps.casework.customer_weight import note_lighter_since
from complaints.steps.casework.escalation_end import tell_called
from complaints.steps.casework.extend import drop_request
from complaints.steps.casework.merge import note_apart, others_following, tell_followers
from complaints.steps.casework.pause import note_end_of_pause
from complaints.steps.casework.promise_state import keep_exception, promise_state
from complaints.steps.casework.withdrawal import (
    keep_withdrawal,
    may_take_back,
    note_taken_back,
    require_take_back,
    require_withdrawal,
)
from complaints.steps.commitments.deliver import given_up, note_deliveries
from complaints.steps.commitments.resume import Resumption
from complaints.steps.commitments.settle import give_up_all, keep_commitments, require_settled
from complaints.steps.files.enclose import choose_files
from complaints.steps.inform import parties_of
from complaints.steps.letters.survey import ask_no_more_of_this_end
from complaints.steps.notify import drop_paper, letter_to_customer, tell_people, tell_team
from complaints.steps.other_contacts.back import note_complaint_again

#: Why a complaint is open again that was withdrawn.
_TAKEN_BACK = {
    "id": "Pelanggan membatalkan pencabutan lewat halaman keluhannya",
    "en": "The customer took the withdrawal back on their page",
}

#: Why a duplicate is open again whose original was taken back by somebody else.
_LEFT_ALONE = {
    "id": "Pelanggan lain mencabut %s, yang meneruskan keluhan ini",
    "en": "Another customer withdrew %s, as which this complaint went on",
}

#: What a reopened complaint still owes the customer, by where it goes on.
_AWAITED = {
    Status.RECEIVED: (Kind.ACK, Kind.PLAN, *OUTCOME_KINDS),
    Status.REGISTERED: (Kind.PLAN, *OUTCOME_KINDS),
    Status.IN_HANDLING: OUTCOME_KINDS,
}


def close_complaint(
    case: Case,
    *,
    outcome: str | None = None,
    done: Collection[int] = (),
    note: str = "",
    enclose: Sequence[int] = (),
    enclose_internal: Sequence[int] = (),
) -> None:
    """Open the closing gate: everything of element 3 stands or is honestly explained.

    Whatever was undertaken is done, dropped with a reason, or a delivery dated later. Without
    `outcome` it follows from the customer's answer. `done` are commitments that are kept by now:
    who closes a small complaint ticks them in the same breath. `enclose` are files that go with the
    last letter (`files.enclose`).
    """
    if done:
        keep_commitments(case, ids=done, note=note)
        case.said = case.happened_at = None
    taxonomy, ending = case.rules.taxonomy, ending_of(case)
    language = case.rules.organisation.language
    code = outcome or taxonomy.outcome_of(ending).id
    chosen = taxonomy.outcomes.get(code)
    if chosen is None:
        raise Invalid(N_("Choose an outcome from the list."), field="outcome")
    if chosen.is_own_act:
        raise Invalid(
            N_("A duplicate names the other complaint: use “Close as a duplicate”.")
            if chosen.merges
            else N_("What is no complaint goes on as a contact: use “Not a complaint”."),
            field="outcome",
        )
    via = "email" if case.complaint.contact_email else "letter"
    files = choose_files(case, enclose, enclose_internal, method=via)
    advance(
        case,
        Action.REFER if chosen.refers else Action.CLOSE,
        detail={"outcome": code, **files.detail},
        guard=lambda: _require_end(case, chosen, ending),
    )
    if chosen.refers:
        keep_exception(
            case, ExitKind.REFERRAL, chosen.label(language), promise_state(case), code=code
        )
    case.complaint.outcome = code
    case.complaint.is_first_contact = chosen.agreed and _was_one_conversation(case)
    case.complaint.waiting_customer = False
    note_deliveries(case)
    note_end_of_pause(case)
    drop_request(case)
    drop_waiting_offer(case)
    facts = {"outcome": code, **_final_facts(case), **files.facts()}
    letter_to_customer(case, "closed", facts=facts, or_paper=True)
    tell_followers(case)


def withdraw_complaint(
    case: Case, *, reason: str, method: str = "signature", number: str = ""
) -> None:
    """End the complaint because the customer takes it back, by an act of their own.

    `method` is their own page, a signature, a message of their own that is on record, or a call to
    `number`. It takes effect when it is recorded, whenever it was said, and the customer hears of
    it with the way to take it back. What other customers told is theirs: their duplicates of this
    complaint are open again.
    """
    # The customer's own words are never too few.
    is_theirs = case.by == CUSTOMER and bool(reason.strip())
    reason = reason.strip() if is_theirs else require_reason(reason)
    act = require_withdrawal(case, method, number)
    count_from_now(case)
    state = promise_state(case)
    detail = {"reason": reason, **act.said(), "promise": state}
    advance(
        case,
        Action.WITHDRAW,
        detail=detail,
        keep=lambda clocks: give_up_all(case, clocks, DropCause.WITHDRAWN),
    )
    keep_withdrawal(case, reason, act, state)
    days = case.rules.authority.withdrawal.take_back_days
    until = case.at + timedelta(days=days)
    facts = {"reason": reason, "until": until.isoformat()}
    letter_to_customer(case, "withdrawn", facts=facts, or_paper=True)
    tell_called(case, "escalated_withdrawn", reason=reason)
    case.complaint.outcome = case.rules.taxonomy.outcome_of(Ending.WITHDRAWN).id
    case.complaint.waiting_customer = False
    note_end_of_pause(case)
    drop_request(case)
    drop_waiting_offer(case)
    _open_those_of_others(case)


def reopen_complaint(case: Case, *, reason: str) -> None:
    """Open an ended complaint again: a new cycle with new clocks; what was stays.

    It goes on behind the last gate it had passed, under the policies that are switched on by now.
    A duplicate had its promise, and so had what was withdrawn a few days ago, with all that was
    undertaken: nobody gains time, or is rid of a step, by ending a complaint and opening it.
    """
    reason = require_reason(reason)
    _open_for_good(case, reason)
    told = [handler_of(case.complaint), *_people_of_units(case)]
    tell_people(case, told, "reopened", facts={"reason": reason})


def reopen_for_customer(case: Case, *, reason: str, is_told: bool = True) -> None:
    """Open an ended complaint again because its customer says so, in their own words.

    Whether it is time for that the caller has asked. The handler hears it with the words, unless
    they hear of more anyhow (`is_told`).
    """
    _open_for_good(case, reason)
    told = [handler_of(case.complaint), *_people_of_units(case)] if is_told else []
    tell_people(case, told, "customer_reopened", facts={"reason": reason})


def take_back_withdrawal(case: Case) -> None:
    """Go on with a withdrawn complaint because its customer says so, within the days for it.

    It was promised by a date, and by that date it is judged: nobody gains time by a withdrawal.
    """
    require_take_back(case)
    note_taken_back(case)
    drop_paper(case, "withdrawn")
    complaint = case.complaint
    _open_again(case, _TAKEN_BACK[case.rules.organisation.language], complaint.closed_at or case.at)
    handler = handler_of(complaint)
    tell_people(case, [handler], "withdrawal_taken_back", facts={})


def _open_for_good(case: Case, reason: str) -> None:
    ended_at = case.complaint.closed_at
    goes_on = goes_on_elsewhere(case.complaint) or may_take_back(case)
    if not goes_on:
        case.complaint.policy_codes = case.rules.policy_codes
    _open_again(case, reason, ended_at if goes_on else None)


def _open_those_of_others(case: Case) -> None:
    """Go on with the duplicates of other customers: what one takes back is theirs alone."""
    reason = _LEFT_ALONE[case.rules.organisation.language] % case.number
    for follower in others_following(case):
        complaint = follower.complaint
        _open_again(follower, reason, complaint.closed_at or follower.at)
        drop_paper(follower, "merged")
        handler = handler_of(complaint)
        tell_people(follower, [handler], "original_withdrawn", facts={"original": case.number})


def _open_again(case: Case, reason: str, ended_at: datetime | None) -> None:
    """Begin a new cycle, which goes on with what was stopped at `ended_at`: clocks, commitments.

    Without that a promise of its own begins; the first date of all stays where it is. How the one
    before stood is kept: what was missed is missed for good.
    """
    complaint = case.complaint
    drop_paper(case, "closed")
    drop_paper(case, "renamed")
    ask_no_more_of_this_end(case)
    keep_exception(case, ExitKind.REOPENING, reason, promise_state(case))
    note_lighter_since(case)
    if ended_at is None:
        complaint.promised_at = None
    resumption = Resumption.of(case, ended_at)
    # A unit that had not answered is asked still, and the time to answer begins anew.
    waiting = [each for each in parties_of(case) if each.answer is None]

    def set_clocks(clocks: Clocks) -> None:
        kinds = _AWAITED[Status(complaint.status)]
        if ended_at is None:
            clocks.restart(kinds, case.at)
        else:
            take_up(clocks, kinds, ended_at, case.at)
            resumption.start(clocks)
        if waiting:
            clocks.start((Event.ROUTED,), case.at)

    complaint.cycle += 1
    complaint.awaiting_delivery = False
    advance(
        case,
        Action.REOPEN,
        detail={"reason": reason, "cycle": complaint.cycle, **resumption.said()},
        events=(Event.LAST_CONTACT,),
        keep=set_clocks,
    )
    resumption.store()
    complaint.closed_at = None
    complaint.outcome = None
    note_apart(case)
    note_complaint_again(case)
    for each in waiting:
        code = case.rules.teams[each.team_id].code
        tell_team(case, each.team_id, "party_asked", facts={"teams": [code], "team": code})


def _people_of_units(case: Case) -> list[int]:
    """Everybody in the units that had accepted the complaint, which is theirs again."""
    accepted = {each.team_id for each in parties_of(case) if each.answer == "accepted"}
    staff = Staff.read(case.session)
    return [person.id for each in sorted(accepted) for person in team_people(staff, each)]


def _was_one_conversation(case: Case) -> bool:
    """Whether who took the complaint also closed it, in the conversation in which it came."""
    complaint, by = case.complaint, case.by.id
    is_alone = by is not None and by == complaint.received_by_id
    zone = case.rules.calendar_of(complaint.branch_id).value.tz
    return (
        is_alone
        and complaint.cycle == 1
        and complaint.handler_id in (None, by)
        and complaint.escalation_level == 0
        and is_one_conversation(complaint.received_at, case.at, zone)
    )


def ending_of(case: Case) -> Ending:
    """How the complaint comes to its end, by what the customer answered and what they receive."""
    offers = offers_of(case)
    accepted = _accepted(offers)
    if accepted is not None:
        if given_up(case, accepted) is not None:
            return Ending.NOT_GRANTED
        is_alternative = accepted.alternative_to_id is not None
        return Ending.ACCEPTED_ALTERNATIVE if is_alternative else Ending.ACCEPTED
    if not offers and case.complaint.status == Status.ACCEPTED:
        # Offered and accepted in the system that it was taken over from.
        return Ending.ACCEPTED
    refused = last_refusal(offers)
    return Ending.NOT_GRANTED if refused or not offers else Ending.UNANSWERED


def _accepted(offers: Sequence[Offer]) -> Offer | None:
    return next((each for each in reversed(offers) if each.state == "accepted"), None)


def _require_end(case: Case, chosen: Outcome, ending: Ending) -> None:
    """Refuse an outcome that the customer's answer contradicts, and one over what is still owed."""
    _require_true(case, chosen, ending)
    require_settled(case, may_deliver_later=not chosen.refers)


def _require_true(case: Case, chosen: Outcome, ending: Ending) -> None:
    """Refuse an outcome that says of the customer what they have not done."""
    if chosen.follows is Ending.WITHDRAWN:
        raise Invalid(
            N_(
                "Only the customer withdraws a complaint. If they did, record the withdrawal; "
                "else choose another outcome."
            ),
            field="outcome",
        )
    if not may_close(chosen, ending):
        fitting = case.rules.taxonomy.outcome_of(ending)
        raise Invalid(
            N_(
                "This outcome does not fit the customer's answer. Leave the outcome empty (then "
                "it is “%(outcome)s”) or choose another one."
            ),
            field="outcome",
            outcome={lang: fitting.label(lang) for lang in LANGUAGES},
        )


def _final_facts(case: Case) -> dict[str, str]:
    """What the last letter says of the cause, the solution, or why there is none."""
    complaint = case.complaint
    query = (
        select(StepRecord)
        .where(StepRecord.complaint_id == complaint.id, StepRecord.cycle == complaint.cycle)
        .order_by(StepRecord.id)
    )
    latest = {record.criterion: record for record in case.session.scalars(query)}
    cause = latest.get("020-3.2")
    nothing = [latest[key].reason for key in ("020-3.3", "020-3.5") if key in latest]
    offers = [each for each in offers_of(case) if each.state in ("accepted", "open", "refused")]
    accepted = _accepted(offers)
    dropped = given_up(case, accepted) if accepted is not None else None
    if dropped is not None:
        nothing.append(dropped.drop_reason)
    return {
        "cause": cause.words if cause else "",
        "solution": offers[-1].description if offers and not any(nothing) else "",
        "reason": "\n".join(filter(None, nothing)),
    }

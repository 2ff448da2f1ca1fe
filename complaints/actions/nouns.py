"""The nouns under a complaint: what may be sent for each, and the step that takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from complaints.actions import bodies
from complaints.actions.bodies import Body
from complaints.domain.errors import N_, NotFound
from complaints.domain.lifecycle import PERMISSION_FOR, Action
from complaints.domain.permissions import Actor
from complaints.steps.amend import amend_record
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.attest import attest_listening
from complaints.steps.case import Case
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.complete_documents import complete_documents
from complaints.steps.casework.converse import record_message, write_note
from complaints.steps.casework.escalate import (
    acknowledge_escalation,
    escalate_by_hand,
    return_escalation,
)
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.confirm import confirm_back
from complaints.steps.explain import explain_cause
from complaints.steps.find_cause import find_cause
from complaints.steps.inform import answer_as_party, inform_parties
from complaints.steps.inform_standard import inform_standard
from complaints.steps.note_condition import note_condition
from complaints.steps.offer import decide_offer, offer_solution
from complaints.steps.plan import draw_up_plan
from complaints.steps.prioritise import override_priority, set_priority
from complaints.steps.promise import promise_deadline
from complaints.steps.register import register_complaint
from complaints.steps.thank import thank_customer

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Noun:
    """A sub-resource of a complaint; `apply` takes a body of class `body` to its step."""

    name: str
    body: type[Body]
    apply: Callable[[Case, Any], None]
    actions: tuple[Action, ...]

    def may_be_taken_by(self, actor: Actor) -> bool:
        """Whether the person's role allows any of the actions behind the noun."""
        return any(actor.has(PERMISSION_FOR[action]) for action in self.actions)

    @property
    def summary(self) -> str:
        """What it is, as the API's description says it."""
        return " ".join((self.body.__doc__ or "").split())


def find_noun(name: str) -> Noun:
    """The noun by its name in the address; raises NotFound."""
    noun = NOUNS.get(name)
    if noun is None:
        raise NotFound(N_("A complaint has nothing called %(name)s."), name=name[:40])
    return noun


def _attest(case: Case, body: bodies.Attestation) -> None:
    attest_listening(case, listened=body.listened, unable=body.why_not, **body.means())


def _confirm(case: Case, body: bodies.Confirmation) -> None:
    confirm_back(
        case,
        summary=body.summary,
        answer=body.answer or "",
        corrections=body.corrections,
        unable=body.why_not,
        **body.means(),
    )


def _apologise(case: Case, body: bodies.Apology) -> None:
    send_apology(case, stage=body.stage, text=body.text, unable=body.why_not, **body.means())


def _promise(case: Case, body: bodies.Promise) -> None:
    promise_deadline(
        case,
        steps=[step.given() for step in body.steps],
        due_at=body.due_at,
        unable=body.why_not,
        **body.means(),
    )


def _receipt(case: Case, body: bodies.Receipt) -> None:
    register_complaint(case, unable=body.why_not, **body.means())


def _parties(case: Case, body: bodies.Parties) -> None:
    inform_parties(case, teams=body.teams, reason=body.reason, unable=body.why_not)


def _acceptance(case: Case, body: bodies.Acceptance) -> None:
    answer_as_party(case, team=body.team, answer=body.answer, reason=body.reason)


def _cause(case: Case, body: bodies.CauseFound) -> None:
    find_cause(
        case,
        stage=body.stage,
        code=body.code,
        text=body.text,
        quote=body.quote,
        unable=body.why_not,
    )


def _condition(case: Case, body: bodies.Condition) -> None:
    note_condition(case, relevant=body.relevant, none=body.none, unable=body.why_not)


def _priority(case: Case, body: bodies.PrioritySet) -> None:
    if body.override is None:
        set_priority(case)
    else:
        override_priority(case, priority=body.override, reason=body.reason)


def _plan(case: Case, body: bodies.Plan) -> None:
    draw_up_plan(case, steps=[step.given() for step in body.steps], unable=body.why_not)


def _explain(case: Case, body: bodies.CauseExplanation) -> None:
    explain_cause(case, text=body.text, view=body.view, unable=body.why_not, **body.means())


def _offer(case: Case, body: bodies.OfferMade) -> None:
    offer_solution(
        case,
        remedy=body.remedy,
        description=body.description,
        amount=body.amount,
        alternative_to=body.alternative_to,
        unable=body.why_not,
        **body.means(),
    )


def _decide_offer(case: Case, body: bodies.Approval) -> None:
    decide_offer(case, answer=body.answer, reason=body.reason)


def _answer(case: Case, body: bodies.AnswerTaken) -> None:
    take_answer(
        case, answer=body.answer or "", reason=body.reason, unable=body.why_not, **body.means()
    )


def _thank(case: Case, body: bodies.Thanks) -> None:
    thank_customer(case, text=body.text, unable=body.why_not, **body.means())


def _inform_standard(case: Case, body: bodies.StandardInformation) -> None:
    inform_standard(case, items=body.items, all_items=body.all, unable=body.why_not, **body.means())


def _close(case: Case, body: bodies.Closure) -> None:
    close_complaint(case, outcome=body.outcome)


def _withdraw(case: Case, body: bodies.Reasoned) -> None:
    withdraw_complaint(case, reason=body.reason)


def _reopen(case: Case, body: bodies.Reasoned) -> None:
    reopen_complaint(case, reason=body.reason)


def _escalate(case: Case, body: bodies.Reasoned) -> None:
    escalate_by_hand(case, reason=body.reason)


def _return(case: Case, body: bodies.Returned) -> None:
    return_escalation(case, instruction=body.instruction)


def _acknowledge(case: Case, body: bodies.Plain) -> None:
    acknowledge_escalation(case)


def _assign(case: Case, body: bodies.Assignment) -> None:
    assign_complaint(case, handler=body.handler, team=body.team, reason=body.reason)


def _pause(case: Case, body: bodies.Pause) -> None:
    pause_clocks(case, reason=body.reason, until=body.until)


def _resume(case: Case, body: bodies.Plain) -> None:
    resume_clocks(case)


def _ask_extension(case: Case, body: bodies.ExtensionAsked) -> None:
    ask_extension(case, until=body.until, reason=body.reason, condition=body.condition)


def _decide_extension(case: Case, body: bodies.Approval) -> None:
    decide_extension(case, answer=body.answer, reason=body.reason)


def _documents(case: Case, body: bodies.DocumentsComplete) -> None:
    complete_documents(case, note=body.note)


def _note(case: Case, body: bodies.NoteWritten) -> None:
    write_note(case, text=body.text)


def _message(case: Case, body: bodies.Message) -> None:
    record_message(case, text=body.text, direction=body.direction, method=body.method or "spoken")


def _amend(case: Case, body: bodies.Amended) -> None:
    amend_record(case, body.change())


def _noun(name: str, body: type[B], apply: Callable[[Case, B], None], *actions: Action) -> Noun:
    """A row of the table; the step takes exactly the body that the row names."""
    return Noun(name, body, apply, actions)


A = Action

#: The address of a noun under ``/complaints/<number>/``, in the order of the protocol.
NOUNS: dict[str, Noun] = {
    noun.name: noun
    for noun in (
        _noun("attestation", bodies.Attestation, _attest, A.ATTEST),
        _noun("confirmation", bodies.Confirmation, _confirm, A.CONFIRM),
        _noun("apology", bodies.Apology, _apologise, A.APOLOGISE, A.APOLOGISE_AGAIN),
        _noun("promise", bodies.Promise, _promise, A.PROMISE),
        _noun("receipt", bodies.Receipt, _receipt, A.REGISTER),
        _noun("parties", bodies.Parties, _parties, A.INFORM),
        _noun("parties/acceptance", bodies.Acceptance, _acceptance, A.ANSWER_AS_PARTY),
        _noun("cause", bodies.CauseFound, _cause, A.FIND_CAUSE, A.CONFIRM_CAUSE),
        _noun("condition", bodies.Condition, _condition, A.NOTE_CONDITION),
        _noun("priority", bodies.PrioritySet, _priority, A.PRIORITISE, A.OVERRIDE_PRIORITY),
        _noun("plan", bodies.Plan, _plan, A.PLAN),
        _noun("cause-explanation", bodies.CauseExplanation, _explain, A.EXPLAIN_CAUSE),
        _noun("offer", bodies.OfferMade, _offer, A.OFFER, A.ASK_APPROVAL, A.OFFER_NOTHING),
        _noun("offer/approval", bodies.Approval, _decide_offer, A.APPROVE_OFFER, A.REJECT_OFFER),
        _noun("answer", bodies.AnswerTaken, _answer, A.ACCEPT, A.REFUSE, A.STAY_UNDECIDED),
        _noun("thanks", bodies.Thanks, _thank, A.THANK),
        _noun(
            "standard-information", bodies.StandardInformation, _inform_standard, A.INFORM_STANDARD
        ),
        _noun("closure", bodies.Closure, _close, A.CLOSE, A.REFER),
        _noun("withdrawal", bodies.Reasoned, _withdraw, A.WITHDRAW),
        _noun("reopening", bodies.Reasoned, _reopen, A.REOPEN),
        _noun("escalation", bodies.Reasoned, _escalate, A.ESCALATE),
        _noun("escalation/return", bodies.Returned, _return, A.RETURN_ESCALATION),
        _noun("acknowledgement", bodies.Plain, _acknowledge, A.ACKNOWLEDGE),
        _noun("assignment", bodies.Assignment, _assign, A.ASSIGN),
        _noun("pause", bodies.Pause, _pause, A.PAUSE),
        _noun("resumption", bodies.Plain, _resume, A.RESUME),
        _noun("extension", bodies.ExtensionAsked, _ask_extension, A.ASK_EXTENSION),
        _noun("extension/approval", bodies.Approval, _decide_extension, A.DECIDE_EXTENSION),
        _noun("documents", bodies.DocumentsComplete, _documents, A.COMPLETE_DOCUMENTS),
        _noun("note", bodies.NoteWritten, _note, A.NOTE),
        _noun("message", bodies.Message, _message, A.MESSAGE),
        _noun("record", bodies.Amended, _amend, A.AMEND),
    )
}

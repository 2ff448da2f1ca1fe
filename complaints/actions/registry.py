"""All acts in the order of the protocol, and what pages, API, journey and history ask of them."""

import re
from collections.abc import Mapping
from typing import Any

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.casework import (
    assignment,
    attachments,
    commitments,
    correspondence,
    customer,
    documents,
    escalation,
    extension,
    facts,
    letters,
    linking,
    pause,
    record,
    signing,
)
from complaints.actions.casework.attachments import FILE_DETAILS
from complaints.actions.planning import cause, condition, parties, plan, priority
from complaints.actions.receiving import apology, attestation, confirmation, promise, receipt
from complaints.actions.resolving import (
    answer,
    cause_explanation,
    ending,
    offer,
    standard_information,
    thanks,
)
from complaints.domain.errors import N_, NotFound
from complaints.domain.lifecycle import Action

#: Noun → act: its address under ``/complaints/<number>/``.
ACTS: Mapping[str, Act[Any]] = {
    act.noun: act
    for act in (
        attestation.ATTESTATION,
        confirmation.CONFIRMATION,
        apology.APOLOGY,
        promise.PROMISE,
        receipt.RECEIPT,
        parties.PARTIES,
        parties.PARTIES_ACCEPTANCE,
        cause.CAUSE,
        condition.CONDITION,
        priority.PRIORITY,
        plan.PLAN,
        cause_explanation.CAUSE_EXPLANATION,
        offer.OFFER,
        offer.OFFER_APPROVAL,
        offer.OFFER_REMINDER,
        answer.ANSWER,
        thanks.THANKS,
        standard_information.STANDARD_INFORMATION,
        ending.CLOSURE,
        ending.WITHDRAWAL,
        ending.MERGER,
        linking.LINK,
        linking.SPLIT,
        ending.RENAMING,
        ending.SURVEY,
        ending.REOPENING,
        escalation.ESCALATION,
        escalation.ESCALATION_RETURN,
        escalation.ACKNOWLEDGEMENT,
        assignment.ASSIGNMENT,
        pause.PAUSE,
        pause.RESUMPTION,
        extension.EXTENSION,
        extension.EXTENSION_APPROVAL,
        commitments.COMMITMENTS,
        commitments.COMMITMENTS_DONE,
        commitments.COMMITMENTS_DROP,
        documents.DOCUMENTS,
        letters.PRINTING,
        letters.RETURN,
        attachments.HIDING,
        attachments.SHOWING,
        signing.ATTEMPT,
        signing.COUNTERSIGNATURE,
        correspondence.NOTE,
        correspondence.MESSAGE,
        record.RECORD,
        facts.FACTS,
        customer.CUSTOMER,
        customer.CUSTOMER_MERGE,
        customer.NEW_LINK,
    )
}

#: What the history says of what no act on a complaint stands for; files are no body of an act.
_BY_ITSELF = {
    Action.RECEIVE: N_("Complaint received"),
    Action.CONTINUE: N_("The customer came back; it goes on as a new complaint"),
    Action.FOLLOW_UP: N_("The customer said whether it is settled"),
    Action.RATE: N_("The customer rated how they were dealt with"),
    Action.CONSENT: N_("The customer's leave to publish their words changed"),
    Action.NOT_ASKED: N_("The customer was not asked how it was"),
    Action.DECLINE_SURVEYS: N_("The customer does not want to be asked how it was"),
    Action.OBJECT: N_("The customer objected"),
    Action.SEND_LINK: N_("The customer had lost the link; it was sent again"),
    Action.ADOPT: N_("Another complaint joined as a duplicate"),
    Action.ATTACH: N_("File attached"),
    Action.ASK_REMINDER: N_("Handler asked to remind the customer of the offer"),
    Action.JOIN_INCIDENT: N_("Linked to an incident"),
    Action.LEAVE_INCIDENT: N_("Taken out of an incident"),
    Action.TELL_INCIDENT: N_("Customer told about the incident"),
    Action.WARN: N_("Deadline nearing"),
    Action.BREACH: N_("Deadline missed"),
    Action.MISS_DELIVERY: N_("Reopened: the solution was not delivered in time"),
    Action.ACKNOWLEDGEMENT_EXPIRED: N_("Acknowledgement expired"),
    Action.RECALCULATE: N_("Deadlines recalculated"),
}

#: What older entries of the history call an action; nothing in a sealed chain can be renamed.
_EARLIER_NAMES = {"recount": Action.RECALCULATE}

_HISTORY = {
    action: words
    for table in (*(act.history for act in ACTS.values()), _BY_ITSELF)
    for action, words in table.items()
}

#: What the history calls an action → words.
HISTORY: Mapping[str, str] = {
    **{action.value: words for action, words in _HISTORY.items()},
    **{name: _HISTORY[action] for name, action in _EARLIER_NAMES.items()},
}

#: What the history calls an action → what is kept beside it, and how that is said.
DETAILS: Mapping[str, Mapping[str, str]] = {
    **{action.value: act.details for act in ACTS.values() for action in act.actions},
    Action.FOLLOW_UP.value: {"text": "%(words)s"},
    Action.RATE.value: {
        "comment": "%(words)s",
        "suggestion": N_("Suggestion: %(words)s"),
        "consent": N_("The words may be published, without the name."),
    },
    Action.CONTINUE.value: {"into": N_("goes on as %(words)s")},
    Action.ADOPT.value: {"duplicate": N_("closed as its duplicate: %(words)s")},
    Action.ATTACH.value: FILE_DETAILS,
    Action.NOT_ASKED.value: {
        "no_address": N_("There is no email address."),
        "came_back": N_("The last letter to their address came back."),
        "declined": N_("They do not want to be asked."),
    },
    **{
        action.value: {
            "incident": N_("incident %(words)s"),
            "with": N_("in the letter on %(words)s"),
            "into": N_("goes on as %(words)s"),
            "from": N_("in place of %(words)s"),
            "task": N_("No email address: telling them is a task of the handler."),
        }
        for action in (Action.JOIN_INCIDENT, Action.LEAVE_INCIDENT, Action.TELL_INCIDENT)
    },
}

_OF_ONE = re.compile(r"(commitments)/(\d{1,10})/(done|drop)")

#: Noun → all that may be said where the address has named the one thing already.
BODIES_OF_ONE: Mapping[str, type[Body]] = {
    "commitments/done": commitments.KeptOne,
    "commitments/drop": commitments.DroppedOne,
}

_PROVING = {
    criterion: (act, stage)
    for act in ACTS.values()
    for stage, face in act.faces.items()
    for criterion in face.criteria
}


def find_act(noun: str) -> Act[Any]:
    """The act by its noun, which may name one thing by its id; raises NotFound."""
    act = ACTS.get(of_one(noun)[0])
    if act is None:
        raise NotFound(N_("A complaint has nothing called %(name)s."), name=noun[:40])
    return act


def of_one(noun: str) -> tuple[str, dict[str, int]]:
    """A noun that names one thing by its id, as its act and what that adds to the body.

    ``commitments/12/done`` is the act ``commitments/done`` with the id 12; others stay as they are.
    """
    found = _OF_ONE.fullmatch(noun)
    if found is None:
        return noun, {}
    return f"{found[1]}/{found[3]}", {"id": int(found[2])}


def face_of(noun: str, stage: str = "") -> Face:
    """What an act is called in one of its stages; KeyError for an unknown noun."""
    return ACTS[noun].face(stage)


def act_proving(criterion: str) -> tuple[Act[Any], str]:
    """The act whose record proves a criterion, and the stage of it that does."""
    return _PROVING[criterion]

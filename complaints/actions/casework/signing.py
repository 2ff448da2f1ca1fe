"""Tries to reach the customer, and the signature under what could not be done."""

from typing import Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.fields import Reason
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.casework.attempt import record_attempt
from complaints.steps.casework.countersign import countersign


class AttemptMade(Body):
    """A try to reach the customer that reached nobody; it counts on the day it is recorded."""

    method: Literal["phone", "message", "email", "spoken"]
    text: Reason = Field("", description=N_("What happened: no answer, nobody at home."))


class Countersignature(Body):
    """The signature of another person under the steps that could not be done."""

    answer: Literal["signed", "refused"]
    reason: Reason = Field("", description=N_("Needed where the steps are returned."))


def _attempt(case: Case, body: AttemptMade) -> None:
    record_attempt(case, method=body.method, text=body.text)


def _countersign(case: Case, body: Countersignature) -> None:
    countersign(case, answer=body.answer, reason=body.reason)


ATTEMPT = Act(
    noun="attempt",
    body=AttemptMade,
    take=_attempt,
    history={
        Action.ATTEMPT: N_("Tried to reach the customer"),
    },
    faces={
        "": Face(
            title=N_("Record an attempt to reach the customer"),
            button=N_("Record the attempt"),
            icon="phone-outgoing",
        ),
    },
    details={"tried": N_("Tried at: %(words)s")},
    example={"method": "phone", "text": "Dua kali berdering, tidak diangkat"},
    is_kept_open=True,
)


COUNTERSIGNATURE = Act(
    noun="countersignature",
    body=Countersignature,
    take=_countersign,
    history={
        Action.COUNTERSIGN: N_("Steps that could not be done were signed"),
        Action.RETURN_EXITS: N_("Steps that could not be done were returned"),
    },
    faces={
        "": Face(
            title=N_("Sign the steps that could not be done"),
            button=N_("Decide on the signature"),
            icon="signature",
        ),
    },
    example={"answer": "signed"},
)

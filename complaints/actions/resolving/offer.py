"""Offer a solution or an alternative (020-3.3, 020-3.5), decide on one that waits, remind of it."""

from typing import Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Approval, Body, OfferVersion, SpokenOrUnable
from complaints.actions.enclosing import ENCLOSED_DETAILS, TO_ENCLOSE_DETAILS, Enclosing
from complaints.actions.fields import Amount, Code, RowId, Said
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.case import Case
from complaints.steps.casework.approve import decide_offer
from complaints.steps.casework.remind import remind_of_offer
from complaints.steps.offer import offer_solution


class OfferMade(SpokenOrUnable, Enclosing):
    """020-3.3 and 020-3.5"""

    content = (("remedy", "description"),)

    remedy: Code = ""
    description: Said = ""
    amount: Amount = Field(0, description=N_("Whole units of the organisation's currency."))
    alternative_to: RowId | None = None


class OfferReminder(Body):
    """A reminder of the open offer, written and sent by the system."""

    method: Literal["email", "letter"] | None = Field(
        None,
        description=N_("By email where the customer has an address; else a letter to print."),
    )


def _offer(case: Case, body: OfferMade) -> None:
    offer_solution(
        case,
        remedy=body.remedy,
        description=body.description,
        amount=body.amount,
        alternative_to=body.alternative_to,
        unable=body.why_not,
        method=body.method or "spoken",
        enclose=body.enclose,
        enclose_internal=body.enclose_internal,
    )


class OfferDecision(Approval):
    """A decision on an offer that waits for one."""

    version: OfferVersion = None


def _decide_offer(case: Case, body: OfferDecision) -> None:
    decide_offer(case, answer=body.answer, reason=body.reason)


def _remind(case: Case, body: OfferReminder) -> None:
    remind_of_offer(case, method=body.method or "")


OFFER = Act(
    noun="offer",
    body=OfferMade,
    take=_offer,
    history={
        Action.OFFER: N_("Solution offered"),
        Action.ASK_APPROVAL: N_("Approval of an offer asked for"),
        Action.OFFER_NOTHING: N_("Nothing could be offered"),
    },
    faces={
        "": Face(
            title=N_("Offer the customer a solution"),
            button=N_("Offer a solution"),
            icon="gift",
            conversation="resolution",
            scripts=(ScriptKey.OFFER_SOLUTION,),
            standards=("std5-solusi",),
            criteria=("020-3.3", "020-3.5"),
        ),
        "alternative": Face(
            title=N_("Offer the customer an alternative"),
            button=N_("Offer an alternative"),
            icon="gift",
            conversation="resolution",
            scripts=(ScriptKey.OFFER_ALTERNATIVE, ScriptKey.OFFER_SOLUTION),
            standards=("std5-solusi",),
        ),
    },
    writes_letters=True,
    details={**ENCLOSED_DETAILS, **TO_ENCLOSE_DETAILS},
    example={"remedy": "PERBAIKAN", "description": "Kabel disambung hari ini"},
)


OFFER_APPROVAL = Act(
    noun="offer/approval",
    counts_now=True,
    body=OfferDecision,
    take=_decide_offer,
    history={
        Action.APPROVE_OFFER: N_("Offer approved"),
        Action.REJECT_OFFER: N_("Offer rejected"),
    },
    faces={
        "": Face(
            title=N_("Decide on the offer"),
            button=N_("Decide on the offer"),
            icon="scale",
        ),
    },
    details=ENCLOSED_DETAILS,
    example={"answer": "approved"},
)


OFFER_REMINDER = Act(
    noun="offer/reminder",
    counts_now=True,
    body=OfferReminder,
    take=_remind,
    history={
        Action.REMIND: N_("Customer reminded of the offer"),
    },
    faces={
        "": Face(
            title=N_("Remind the customer of the offer"),
            button=N_("Write the reminder"),
            icon="mail-forward",
        ),
    },
    writes_letters=True,
    example={"method": "email"},
    is_kept_open=True,
)

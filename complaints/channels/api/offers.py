"""The offers of a complaint as JSON: the money ledger, the sums, and whose word an amount needs."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At, Code, Number, one_of
from complaints.domain.approval import Bound
from complaints.domain.errors import N_
from complaints.domain.permissions import Permission
from complaints.queries.complaint.given import GivenRow, read_ledger
from complaints.steps.case import Case
from complaints.steps.casework.approve import pending_approval
from complaints.steps.casework.approver import foresee, recorded_at

STATES = ("open", "waiting_approval", "accepted", "refused", "rejected", "replaced")

Amount = Annotated[int, Field(description=N_("Whole units of the organisation's currency."))]
OfferState = Annotated[
    str,
    one_of(STATES),
    Field(
        description=N_(
            "`refused` by the customer, `rejected` by who had to approve it, `replaced` by a "
            "later offer; `open` and `accepted` count as given."
        )
    ),
]


class OfferAnswer(TypedDict):
    """One offer, from when it was asked for to the customer's acceptance."""

    id: int
    cycle: int
    remedy: Code
    description: str
    amount: Amount
    state: OfferState
    alternative_to: int | None
    at: At
    by: str | None
    exceeds: Annotated[
        str | None,
        Field(
            description=N_(
                "Why it needed approval: the limit for one `offer`, the sum on the `complaint` or "
                "to the `customer`, or an amount `rejected` before."
            ),
            json_schema_extra={"enum": [*Bound, None]},
        ),
    ]
    asked_of: Annotated[str | None, Field(description=N_("Who was asked to approve it."))]
    decided_at: At | None
    decided_by: str | None
    decision_reason: str
    agreed_at: Annotated[At | None, Field(description=N_("When the customer accepted it."))]
    agreed_by: Annotated[str | None, Field(description=N_("Who took the customer's answer."))]
    deliver_by: Annotated[At | None, Field(description=N_("When it has to be delivered."))]
    delivered_at: At | None
    delivered_by: str | None
    reference: Annotated[
        str | None, Field(description=N_("The transfer or order that proves the delivery."))
    ]


class GivenElsewhere(TypedDict):
    """What the same customer was given on another complaint."""

    number: Number
    branch: str
    remedy: Code
    amount: Amount
    state: OfferState
    granted_at: At | None


class Sums(TypedDict):
    """What counts as given."""

    on_complaint: Amount
    agreed: Annotated[Amount, Field(description=N_("Of this complaint, what was accepted."))]
    delivered: Annotated[Amount, Field(description=N_("Of this complaint, what was delivered."))]
    to_customer: Amount
    days: Annotated[int, Field(description=N_("How far back the customer's sum reaches."))]


class ApproverAnswer(TypedDict):
    """Who is asked for more than one's own limit, and up to which amount."""

    name: str
    up_to: Amount


class WaitingApproval(TypedDict):
    """The offer that waits, and whether the caller may decide on it."""

    id: int
    asked_of: str | None
    may_decide: bool


class Offers(TypedDict):
    """The offers of a complaint with their money."""

    items: list[OfferAnswer]
    given: Sums
    elsewhere: list[GivenElsewhere]
    waiting: WaitingApproval | None
    own_limit: Annotated[
        Amount, Field(description=N_("What the caller may offer here without approval."))
    ]
    approvers: list[ApproverAnswer]


def offers_answer(case: Case) -> Offers:
    """The money of one complaint for the caller."""
    ledger = read_ledger(case.session, case.rules.authority, case.complaint, now=recorded_at(case))
    pending = pending_approval(case)
    outlook = foresee(case) if case.by.has(Permission.HANDLE) else None
    above = outlook.above if outlook else ()
    return {
        "items": [_offer(each) for each in ledger.own],
        "given": {
            "on_complaint": ledger.on_complaint,
            "agreed": ledger.agreed,
            "delivered": ledger.delivered,
            "to_customer": ledger.to_customer,
            "days": ledger.days,
        },
        "elsewhere": [_elsewhere(each, case) for each in ledger.others],
        "waiting": {
            "id": pending.offer.id,
            "asked_of": pending.approver or None,
            "may_decide": pending.may,
        }
        if pending
        else None,
        "own_limit": outlook.own if outlook else 0,
        "approvers": [{"name": person.name, "up_to": most} for person, most in above],
    }


def _offer(row: GivenRow) -> OfferAnswer:
    return {
        "id": row.id,
        "cycle": row.cycle,
        "remedy": row.remedy,
        "description": row.description,
        "amount": row.amount,
        "state": row.state,
        "alternative_to": row.alternative_to_id,
        "at": stamp(row.at),
        "by": row.by,
        "exceeds": row.bound or None,
        "asked_of": row.approver,
        "decided_at": stamp(row.decided_at),
        "decided_by": row.decided_by,
        "decision_reason": row.decision_reason,
        "agreed_at": stamp(row.agreed_at),
        "agreed_by": row.agreed_by,
        "deliver_by": stamp(row.deliver_by),
        "delivered_at": stamp(row.delivered_at),
        "delivered_by": row.delivered_by,
        "reference": row.reference or None,
    }


def _elsewhere(row: GivenRow, case: Case) -> GivenElsewhere:
    return {
        "number": case.rules.numbers.write(row.year, row.complaint_id),
        "branch": row.branch,
        "remedy": row.remedy,
        "amount": row.amount,
        "state": row.state,
        "granted_at": stamp(row.granted_at),
    }

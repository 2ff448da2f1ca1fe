"""Whose complaint it is, two records of one customer, and the customer's link."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.fields import Line, Reason, Short
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.casework.contacts import renew_link
from complaints.steps.casework.customer import Whose, change_customer, merge_customers
from complaints.steps.casework.unmerge import unmerge_customers


class CustomerNamed(Body):
    """A customer, named by number or by a complaint of theirs."""

    number: Short = Field("", description=N_("Their customer number."))
    complaint: Line = Field("", description=N_("The number of another complaint of theirs."))
    reason: Reason = Field("", description=N_("How you know; kept and shown."))


class CustomerChanged(CustomerNamed):
    """Whose complaint this is."""

    is_own: bool = Field(
        False,
        description=N_("They are someone else: a record of their own, with what was told here."),
    )


class CustomersMerged(CustomerNamed):
    """Two records of one customer, or that they are two after all."""

    undo: bool = Field(
        False,
        description=N_("The latest merging into this record is undone; no other is named then."),
    )


class LinkRenewed(Body):
    """The customer's link, void at once; a new one is sent."""


def _change(case: Case, body: CustomerChanged) -> None:
    whose = Whose(body.number, body.complaint, body.is_own)
    change_customer(case, whose, reason=body.reason)


def _merge(case: Case, body: CustomersMerged) -> None:
    if body.undo:
        unmerge_customers(case, reason=body.reason)
        return
    merge_customers(case, Whose(body.number, body.complaint), reason=body.reason)


def _renew(case: Case, body: LinkRenewed) -> None:
    renew_link(case)


_DETAILS = {
    "was": N_("Customer before: %(words)s"),
    "now": N_("Customer now: %(words)s"),
    "reason": N_("Reason: %(words)s"),
    "misses": N_("Missed deadlines that no longer count: %(words)s"),
}

CUSTOMER = Act(
    noun="customer",
    body=CustomerChanged,
    take=_change,
    history={Action.CHANGE_CUSTOMER: N_("Customer of the complaint set")},
    faces={
        "": Face(
            title=N_("Say whose complaint this is"),
            button=N_("Save the customer"),
            icon="user-question",
        ),
    },
    details=_DETAILS,
    counts_now=True,
    example={"number": "PLG-000123", "reason": "Ibu Ani menyebut nomor yang benar"},
)

CUSTOMER_MERGE = Act(
    noun="customer/merge",
    body=CustomersMerged,
    take=_merge,
    history={
        Action.MERGE_CUSTOMERS: N_("Two records of the customer merged"),
        Action.UNMERGE_CUSTOMERS: N_("Merged records of two customers parted again"),
    },
    faces={
        "": Face(
            title=N_("Merge two records of this customer"),
            button=N_("Merge the records"),
            icon="users-group",
        ),
    },
    details=_DETAILS,
    counts_now=True,
    example={"number": "PLG-000123", "reason": "Nomor KTP sama"},
)

NEW_LINK = Act(
    noun="new-link",
    body=LinkRenewed,
    take=_renew,
    history={Action.RENEW_LINK: N_("Customer's link renewed; the one before is void")},
    faces={
        "": Face(
            title=N_("Renew the customer's link"),
            button=N_("Void the old link and send a new one"),
            icon="refresh",
        ),
    },
    example={},
)

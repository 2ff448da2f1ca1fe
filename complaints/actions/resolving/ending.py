"""End the complaint, and open it again."""

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body, Reasoned
from complaints.actions.fields import Code
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint


class Closure(Body):
    """The end of the complaint; without `outcome` it follows from the customer's answer."""

    outcome: Code | None = None


def _close(case: Case, body: Closure) -> None:
    close_complaint(case, outcome=body.outcome)


def _withdraw(case: Case, body: Reasoned) -> None:
    withdraw_complaint(case, reason=body.reason)


def _reopen(case: Case, body: Reasoned) -> None:
    reopen_complaint(case, reason=body.reason)


CLOSURE = Act(
    noun="closure",
    body=Closure,
    take=_close,
    history={
        Action.CLOSE: N_("Complaint closed"),
        Action.REFER: N_("Referred elsewhere"),
    },
    faces={
        "": Face(
            title=N_("Close the complaint"),
            button=N_("Close"),
            icon="circle-check",
            scripts=("std7-c",),
        ),
    },
    example={},
)


WITHDRAWAL = Act(
    noun="withdrawal",
    body=Reasoned,
    take=_withdraw,
    history={
        Action.WITHDRAW: N_("Withdrawn by the customer"),
    },
    faces={
        "": Face(
            title=N_("The customer withdraws the complaint"),
            button=N_("Record the withdrawal"),
            icon="arrow-back-up",
        ),
    },
    example={"reason": "Pelanggan mencabut keluhannya"},
)


REOPENING = Act(
    noun="reopening",
    body=Reasoned,
    take=_reopen,
    history={
        Action.REOPEN: N_("Reopened"),
    },
    faces={
        "": Face(
            title=N_("Reopen the complaint"),
            button=N_("Reopen"),
            icon="repeat",
        ),
    },
    example={"reason": "Gangguan kembali pada hari yang sama"},
)

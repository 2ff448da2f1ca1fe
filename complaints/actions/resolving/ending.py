"""End the complaint, and open it again."""

from typing import Annotated, Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body, Plain, Reasoned
from complaints.actions.enclosing import ENCLOSED_DETAILS, Enclosing
from complaints.actions.fields import Code, CodeGiven, Reason, RowId, Short
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.case import Case
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.letters.survey import ask_for_rating
from complaints.steps.renaming.rename import rename_complaint


class Closure(Enclosing):
    """The end of the complaint; without `outcome` it follows from the customer's answer."""

    outcome: Code | None = None
    done: Annotated[
        list[RowId],
        Field(max_length=50, description=N_("Commitments that are done by now, by their ids.")),
    ] = []
    note: Reason = Field(
        "", description=N_("Who reported what a unit has done, or how a payment is evidenced.")
    )


def _close(case: Case, body: Closure) -> None:
    close_complaint(
        case,
        outcome=body.outcome,
        done=body.done,
        note=body.note,
        enclose=body.enclose,
        enclose_internal=body.enclose_internal,
    )


class Withdrawal(Reasoned):
    """The customer takes the complaint back: with a signature, in writing, or on the phone."""

    method: Literal["signature", "phone", "email", "message", "letter"]
    number: Short = Field(
        "",
        description=N_(
            "The number on which the customer was called; needed for a call. One that is not on "
            "record is a supervisor's to record."
        ),
    )


def _withdraw(case: Case, body: Withdrawal) -> None:
    withdraw_complaint(case, reason=body.reason, method=body.method, number=body.number)


class Merger(Body):
    """The complaint ends as a duplicate of another one, which its customer follows."""

    into: Annotated[
        Short,
        Field(min_length=1, description=N_("The number of the complaint that goes on for both.")),
    ]
    reason: Reason = Field("", description=N_("Why it is the same matter; it is kept and shown."))


def _ask_for_rating(case: Case, body: Plain) -> None:
    ask_for_rating(case)


def _merge(case: Case, body: Merger) -> None:
    merge_complaint(case, into=body.into, reason=body.reason)


class Renaming(Reasoned):
    """What was recorded is no complaint, and goes on as a contact of another kind."""

    kind: CodeGiven = Field(description=N_("A code of `not_complaints`; GET /codes lists them."))


def _rename(case: Case, body: Renaming) -> None:
    rename_complaint(case, kind=body.kind, reason=body.reason)


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
            conversation="resolution",
            scripts=(ScriptKey.CLOSING_THANKS, ScriptKey.ASK_FEEDBACK),
            standards=("std7-penutup",),
        ),
    },
    details=ENCLOSED_DETAILS,
    example={},
)


WITHDRAWAL = Act(
    noun="withdrawal",
    counts_now=True,
    body=Withdrawal,
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
    details={"other_number": N_("called on a number not on record: %(words)s")},
    example={"reason": "Pelanggan mencabut keluhannya", "method": "signature"},
)


SURVEY = Act(
    noun="survey",
    body=Plain,
    take=_ask_for_rating,
    history={
        Action.ASK_RATING: N_("Customer asked whether it is settled"),
    },
    faces={
        "": Face(
            title=N_("Ask the customer whether it is settled"),
            button=N_("Ask the customer"),
            icon="mail-forward",
        ),
    },
    example={},
    is_kept_open=True,
)


MERGER = Act(
    noun="merge",
    counts_now=True,
    body=Merger,
    take=_merge,
    history={
        Action.MERGE: N_("Closed as a duplicate"),
    },
    faces={
        "": Face(
            title=N_("Close as a duplicate"),
            button=N_("Close as a duplicate"),
            icon="link",
        ),
    },
    example={"into": "KLH-2026-000123"},
    details={"into": N_("goes on as %(words)s")},
)


RENAMING = Act(
    noun="not-a-complaint",
    counts_now=True,
    body=Renaming,
    take=_rename,
    history={
        Action.RENAME: N_("Not a complaint"),
    },
    faces={
        "": Face(
            title=N_("This is not a complaint"),
            button=N_("Not a complaint"),
            icon="transfer",
        ),
    },
    example={"kind": "INFORMASI", "reason": "Pelanggan hanya menanyakan jam buka"},
)


REOPENING = Act(
    noun="reopening",
    counts_now=True,
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

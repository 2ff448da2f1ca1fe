"""Undertake something for a complaint, note that it was done, or give it up with a reason."""

from typing import Annotated, Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.fields import Instant, Line, LineGiven, Reason, ReasonGiven, RowId
from complaints.domain.commitments.rules import CommitmentKind
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.commitments.settle import drop_commitment, keep_commitments, undertake
from complaints.steps.commitments.undertake import StepGiven


class Undertaken(Body):
    """One thing more that is undertaken, beside what was told and planned."""

    kind: Literal["step", "plan", "document"] = Field(
        "plan",
        description=N_("A step told to the customer, one of the plan, or what they will bring."),
    )
    what: LineGiven
    owner: Line = Field(
        "",
        description=N_("A unit, a colleague, or `customer`; whoever handles it when absent."),
    )
    due_at: Instant | None = None


class Kept(Body):
    """Commitments that were kept."""

    id: RowId | None = Field(None, description=N_("Which one; or `ids`, or `all` that are open."))
    ids: Annotated[list[RowId], Field(max_length=50)] = []
    all: bool = False
    note: Reason = ""
    reference: Line = Field("", description=N_("What proves it: a transfer, a work order."))


class Dropped(Body):
    """A commitment that is given up, and why."""

    id: RowId
    reason: ReasonGiven


class KeptOne(Body):
    """The commitment that the address names was kept."""

    note: Reason = ""
    reference: Line = Field("", description=N_("What proves it: a transfer, a work order."))


class DroppedOne(Body):
    """The commitment that the address names is given up."""

    reason: ReasonGiven


def _undertake(case: Case, body: Undertaken) -> None:
    step = StepGiven(body.what, body.owner or _usual(body.kind), body.due_at)
    undertake(case, kind=body.kind, step=step)


def _usual(kind: str) -> str:
    """Whose it is when nobody is named: a document is the customer's to bring."""
    return "customer" if kind == CommitmentKind.DOCUMENT else ""


def _keep(case: Case, body: Kept) -> None:
    keep_commitments(
        case,
        ids=[*([body.id] if body.id else []), *body.ids],
        everything=body.all,
        note=body.note,
        reference=body.reference,
    )


def _drop(case: Case, body: Dropped) -> None:
    drop_commitment(case, commitment=body.id, reason=body.reason)


COMMITMENTS = Act(
    noun="commitments",
    body=Undertaken,
    take=_undertake,
    history={
        Action.UNDERTAKE: N_("Commitment added"),
    },
    faces={
        "": Face(
            title=N_("Add a commitment: what, who, by when"),
            button=N_("Add a commitment"),
            icon="list-check",
        ),
    },
    example={
        "kind": "plan",
        "what": "Mengirim teknisi",
        "owner": "TEKNIK",
        "due_at": "2026-11-20T10:00:00+07:00",
    },
    is_kept_open=True,
)


COMMITMENTS_DONE = Act(
    noun="commitments/done",
    body=Kept,
    take=_keep,
    history={
        Action.KEEP_COMMITMENT: N_("Commitment done"),
    },
    faces={
        "": Face(
            title=N_("Mark commitments as done"),
            button=N_("Done"),
            icon="check",
        ),
    },
    example={"all": True, "note": "Teknisi sudah datang"},
    details={
        "reference": N_("Reference: %(words)s"),
    },
    is_kept_open=True,
)


COMMITMENTS_DROP = Act(
    noun="commitments/drop",
    body=Dropped,
    take=_drop,
    history={
        Action.DROP_COMMITMENT: N_("Commitment dropped"),
    },
    faces={
        "": Face(
            title=N_("Drop a commitment with a reason"),
            button=N_("Drop"),
            icon="x",
        ),
    },
    example={"id": 1, "reason": "Pelanggan sudah menyalakan ulang modem sendiri"},
    is_kept_open=True,
)

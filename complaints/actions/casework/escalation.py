"""Put the complaint before a superior, who takes it on or hands it back."""

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body, Plain, Reasoned
from complaints.actions.fields import ReasonGiven
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.casework.escalate import (
    acknowledge_escalation,
    escalate_by_hand,
    return_escalation,
)


class Returned(Body):
    """An escalation handed back to the handler with an instruction."""

    instruction: ReasonGiven


def _escalate(case: Case, body: Reasoned) -> None:
    escalate_by_hand(case, reason=body.reason)


def _return(case: Case, body: Returned) -> None:
    return_escalation(case, instruction=body.instruction)


def _acknowledge(case: Case, body: Plain) -> None:
    acknowledge_escalation(case)


ESCALATION = Act(
    noun="escalation",
    counts_now=True,
    body=Reasoned,
    take=_escalate,
    history={
        Action.ESCALATE: N_("Escalated"),
    },
    faces={
        "": Face(
            title=N_("Escalate to your line manager"),
            button=N_("Escalate"),
            icon="stairs-up",
        ),
    },
    example={"reason": "Pelanggan sangat marah"},
    is_kept_open=True,
)


ESCALATION_RETURN = Act(
    noun="escalation/return",
    counts_now=True,
    body=Returned,
    take=_return,
    history={
        Action.RETURN_ESCALATION: N_("Returned to the handler with an instruction"),
    },
    faces={
        "": Face(
            title=N_("Return the complaint to its handler with an instruction"),
            button=N_("Return with an instruction"),
            icon="arrow-back-up",
        ),
    },
    example={"instruction": "Telepon pelanggan hari ini"},
    is_kept_open=True,
)


ACKNOWLEDGEMENT = Act(
    noun="acknowledgement",
    counts_now=True,
    body=Plain,
    take=_acknowledge,
    history={
        Action.ACKNOWLEDGE: N_("Escalation acknowledged"),
    },
    faces={
        "": Face(
            title=N_("Acknowledge the escalation"),
            button=N_("Acknowledge"),
            icon="hand-stop",
        ),
    },
    example={},
    is_kept_open=True,
)

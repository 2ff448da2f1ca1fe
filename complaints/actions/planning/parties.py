"""Pass the complaint to the units concerned and take their answer (020-2.1)."""

from typing import Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body, Proving
from complaints.actions.fields import CodeGiven, Codes, Reason
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.inform import answer_as_party, inform_parties


class Parties(Proving):
    """020-2.1"""

    content = (("teams",), ("desk",), ("not_needed",))

    teams: Codes = []
    desk: bool = Field(
        False,
        description=N_("True when the desk handles it, as where the category names no unit."),
    )
    not_needed: Codes = Field(
        [],
        description=N_(
            "Units of the category that need not be told; by a supervisor, with reason."
        ),
    )
    reason: Reason = ""


class Acceptance(Body):
    """A team's answer to 020-2.1"""

    team: CodeGiven
    answer: Literal["accepted", "returned"]
    reason: Reason = ""


def _parties(case: Case, body: Parties) -> None:
    inform_parties(
        case,
        teams=body.teams,
        desk=body.desk,
        not_needed=body.not_needed,
        reason=body.reason,
    )


def _acceptance(case: Case, body: Acceptance) -> None:
    answer_as_party(case, team=body.team, answer=body.answer, reason=body.reason)


PARTIES = Act(
    noun="parties",
    body=Parties,
    take=_parties,
    history={
        Action.INFORM: N_("Sent to units"),
    },
    faces={
        "": Face(
            title=N_("Send the complaint to the units concerned"),
            button=N_("Send to units"),
            icon="mail-forward",
            conversation="analysis",
            criteria=("020-2.1",),
        ),
    },
    example={"teams": ["TEKNIK"]},
)


PARTIES_ACCEPTANCE = Act(
    noun="parties/acceptance",
    body=Acceptance,
    take=_acceptance,
    history={
        Action.ANSWER_AS_PARTY: N_("A unit answered"),
    },
    faces={
        "": Face(
            title=N_("Accept the complaint for the unit, or return it"),
            button=N_("Accept or return"),
            icon="inbox",
        ),
    },
    example={"team": "TEKNIK", "answer": "accepted"},
)

"""Give the complaint to somebody."""

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.fields import Address, Code, Reason
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.casework.assign import assign_complaint


class Assignment(Body):
    """To whom the complaint is given: a person's e-mail address, a team's code, or both."""

    handler: Address | None = None
    team: Code | None = None
    reason: Reason = ""


def _assign(case: Case, body: Assignment) -> None:
    assign_complaint(case, handler=body.handler, team=body.team, reason=body.reason)


ASSIGNMENT = Act(
    noun="assignment",
    body=Assignment,
    take=_assign,
    history={
        Action.ASSIGN: N_("Assigned"),
    },
    faces={
        "": Face(
            title=N_("Assign the complaint"),
            button=N_("Assign"),
            icon="user-check",
        ),
    },
    example={"team": "TEKNIK", "reason": "Soal jaringan"},
)

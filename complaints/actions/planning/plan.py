"""Draw up the handling plan (020-2.5)."""

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Proving, Steps
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.plan import draw_up_plan


class Plan(Proving):
    """020-2.5"""

    content = (("steps",),)

    steps: Steps = []


def _plan(case: Case, body: Plan) -> None:
    draw_up_plan(case, steps=[step.given() for step in body.steps])


PLAN = Act(
    noun="plan",
    body=Plan,
    take=_plan,
    history={
        Action.PLAN: N_("Handling plan drawn up"),
    },
    faces={
        "": Face(
            title=N_("Draw up the handling plan"),
            button=N_("Write the plan"),
            icon="list-check",
            conversation="analysis",
            criteria=("020-2.5",),
        ),
    },
    details={
        "left_out": N_("Not in the plan, though the procedure has it: %(words)s"),
        "added": N_("In the plan, though not in the procedure: %(words)s"),
    },
    example={"steps": [{"what": "Menyambung kabel", "owner": "TEKNIK"}]},
)

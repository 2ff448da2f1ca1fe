"""Set the priority (020-2.4)."""

from typing import Literal

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Proving
from complaints.actions.fields import Reason
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.prioritise import override_priority, set_priority


class PrioritySet(Proving):
    """020-2.4: computed from the matrix, or overridden by a supervisor with a reason."""

    override: Literal["P1", "P2", "P3", "P4"] | None = None
    reason: Reason = ""


def _priority(case: Case, body: PrioritySet) -> None:
    if body.override is None:
        set_priority(case)
    else:
        override_priority(case, priority=body.override, reason=body.reason)


PRIORITY = Act(
    noun="priority",
    body=PrioritySet,
    take=_priority,
    history={
        Action.PRIORITISE: N_("Priority set"),
        Action.OVERRIDE_PRIORITY: N_("Priority set by a supervisor"),
    },
    faces={
        "": Face(
            title=N_("Set the priority"),
            button=N_("Set the priority"),
            icon="flag",
            conversation="analysis",
            criteria=("020-2.4",),
        ),
    },
    example={},
)

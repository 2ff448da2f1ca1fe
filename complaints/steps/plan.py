"""Draw up the handling plan (020-2.5); with it the complaint is in handling."""

from collections.abc import Sequence

from complaints.clocks.changes import Clocks
from complaints.domain.lifecycle import Action
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.promise import StepGiven, store_steps


def draw_up_plan(case: Case, *, steps: Sequence[StepGiven] = (), unable: str | None = None) -> None:
    """Store the plan as a new revision; its first one opens the handling gate."""
    if unable is None:
        clock = Clocks.of(case.session, case.rules, case.complaint, case.by.id).outcome()
        ends = clock.due_at if clock and clock.due_at > case.at else None
        revision = store_steps(case, "plan", steps, ends)
    else:
        revision = 0
    words = "\n".join(step.what.strip() for step in steps)
    advance(
        case,
        Action.PLAN,
        proven=[Proven("020-2.5", words=words, unable=unable, detail={"revision": revision})],
        detail={"revision": revision, "steps": len(steps)},
    )

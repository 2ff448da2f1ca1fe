"""Stop the clocks while the customer has to do something, and start them again."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body, Plain
from complaints.actions.fields import Code, Instant, ReasonGiven
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.casework.pause import pause_clocks, resume_clocks


class Pause(Body):
    """The clocks stop while the customer has to do something."""

    reason: ReasonGiven
    until: Instant
    awaits: Code = Field(
        "",
        description=N_(
            "What the customer is waited for; needed where the reason does not name it."
        ),
    )


def _pause(case: Case, body: Pause) -> None:
    pause_clocks(case, reason=body.reason, until=body.until, awaits=body.awaits)


def _resume(case: Case, body: Plain) -> None:
    resume_clocks(case)


PAUSE = Act(
    noun="pause",
    body=Pause,
    take=_pause,
    history={
        Action.PAUSE: N_("Clocks paused"),
    },
    faces={
        "": Face(
            title=N_("Pause the clocks while waiting for the customer"),
            button=N_("Pause"),
            icon="clock-pause",
        ),
    },
    example={"reason": "Menunggu foto dari pelanggan", "until": "2026-11-21T09:00:00+07:00"},
)


RESUMPTION = Act(
    noun="resumption",
    counts_now=True,
    body=Plain,
    take=_resume,
    history={
        Action.RESUME: N_("Clocks resumed"),
    },
    faces={
        "": Face(
            title=N_("Resume the clocks"),
            button=N_("Resume the clocks"),
            icon="clock-play",
        ),
    },
    example={},
)

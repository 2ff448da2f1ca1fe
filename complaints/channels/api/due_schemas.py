"""What the answers about clocks hold: due times, and how each was counted."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from complaints.channels.api.values import At, Day, DeadlineStateCode, KindCode, UnitCode, one_of
from complaints.domain.deadlines import Event
from complaints.domain.errors import N_
from complaints.domain.ledger import EntryKind
from complaints.domain.worktime.durations import Counting
from complaints.domain.worktime.opening import Reason

YearsUnknown = Annotated[
    list[int],
    Field(
        description=N_(
            "Years the deadline reaches for which the calendar has no holidays yet; it may be"
            " too early."
        )
    ),
]


class Deadline(TypedDict):
    """One clock of a complaint."""

    kind: KindCode
    started_at: At
    due_at: Annotated[
        At | None,
        Field(description=N_("Null while paused: it follows from the end of the pause.")),
    ]
    paused_until: Annotated[
        At | None, Field(description=N_("The latest end of the pause; null unless it is paused."))
    ]
    years_without_holidays: YearsUnknown
    told_at: Annotated[At | None, Field(description=N_("What the customer was told."))]
    first_told_at: Annotated[
        At | None,
        Field(description=N_("The date told first in this cycle; it never changes.")),
    ]
    state: DeadlineStateCode
    ended_at: At | None
    breached_at: At | None
    policy: Annotated[str, Field(description=N_("The policy that sets it."))]
    clause: Annotated[str, Field(description=N_("The clause of the policy."))]
    cycle: Annotated[int, Field(description=N_("Grows when the complaint is reopened."))]


class WaitingClock(TypedDict):
    """A clock that has not started, and the event that starts it."""

    kind: KindCode
    policy: str
    clause: str
    starts: Annotated[str, one_of(Event)]


class Deadlines(TypedDict):
    """The clocks of a complaint, and those that wait for an event."""

    items: list[Deadline]
    waiting: list[WaitingClock]


class Labels(TypedDict):
    """Words in both languages."""

    label_id: str
    label_en: str


class CodeItem(Labels):
    """A code with its words."""

    code: str


class RetirableCode(CodeItem):
    """A code that may have been given up."""

    retired: Annotated[
        bool, Field(description=N_("No longer to be sent; complaints that have it keep it."))
    ]


class GroupedCode(RetirableCode):
    """A code that belongs to a group."""

    group: str


class CategoryCode(GroupedCode):
    """A type of complaint."""

    severity: Annotated[int, Field(description=N_("1 is minor, 4 is very high."))]


class ChannelCode(RetirableCode):
    """A way in."""

    oral: Annotated[
        bool,
        Field(description=N_("Whether it is oral; oral complaints have time limits of their own.")),
    ]
    reply_hours: Annotated[
        int,
        Field(description=N_("Working hours to answer a public post; 0 where nobody posts.")),
    ]


class PolicyAnswer(TypedDict):
    """The version of the policy."""

    code: str
    name: str
    version: int


class ExtensionAnswer(TypedDict):
    """How far, how often and on which conditions a limit may be extended."""

    duration: int
    unit: UnitCode
    max_count: int
    conditions: list[Labels]


class ClauseAnswer(TypedDict):
    """The clause of the policy that sets the limit."""

    id: str
    label_id: str
    label_en: str
    duration: int
    unit: UnitCode
    end_of_day: bool
    counting: Annotated[
        str,
        one_of(Counting),
        Field(description=N_("Whether a count of days takes in the day it starts on.")),
    ]
    evidence: Annotated[str, Field(description=N_("Where the limit comes from."))]
    extension: Annotated[
        ExtensionAnswer | None,
        Field(description=N_("Null where the rule names none: then the approval decides.")),
    ]


class CalendarAnswer(TypedDict):
    """The version of the calendar that was counted by."""

    code: str
    version: int
    tz: str


class CountedDay(TypedDict):
    """The time counted on one date, or why it was closed."""

    date: Day
    opened_at: At | None
    closed_at: At | None
    seconds: int
    reason: Annotated[str, one_of(Reason)] | None
    name: Annotated[str | None, Field(description=N_("The holiday's name."))]


class DueChange(TypedDict):
    """What moved or ended the clock, and the due time it left."""

    what: Annotated[str, one_of(EntryKind)]
    at: At
    by: str | None
    reason: str | None
    until: At | None
    due_at: At
    paused_seconds: int
    clause: str | None
    condition: Labels | None


class Explanation(TypedDict):
    """One due time taken apart."""

    kind: KindCode
    state: DeadlineStateCode
    started_at: At
    due_at: Annotated[At | None, Field(description=N_("Null while paused."))]
    told_at: At | None
    first_told_at: At | None
    base_due_at: Annotated[At, Field(description=N_("The deadline by the rule alone."))]
    policy: PolicyAnswer
    clause: ClauseAnswer
    calendar: CalendarAnswer
    worktime_seconds: int
    lines: list[CountedDay]
    changes: list[DueChange]
    governed_by: Annotated[str, one_of(("rule", "promise", "extension"))]
    adds_up: Annotated[
        bool,
        Field(
            description=N_("Whether the recorded changes, counted again, give the stored deadline.")
        ),
    ]
    years_without_holidays: YearsUnknown


class Explanations(TypedDict):
    """How each clock of a complaint was counted."""

    items: list[Explanation]

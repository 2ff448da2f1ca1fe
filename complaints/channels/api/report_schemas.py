"""What the answers that are reports hold."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from complaints.channels.api.values import At, Day, ExitCode, KindCode, one_of
from complaints.domain.commitments.rules import OwnerKind
from complaints.domain.errors import N_


class HandlingFigures(TypedDict):
    """Working time from receipt to closing, of the complaints closed in the period."""

    closed: int
    median_seconds: int | None
    p90_seconds: int | None
    longest_seconds: int | None


class AgeFigures(TypedDict):
    """Open complaints that came in so many days ago."""

    from_days: int
    to_days: int | None
    open: int


class AgeingFigures(TypedDict):
    """Open complaints at this moment, whenever they came in, by age in local days."""

    open: int
    oldest_days: int | None
    ages: list[AgeFigures]


#: `from` is a word of Python, so this one is written as a call.
StretchFigures = TypedDict(
    "StretchFigures",
    {
        "from": Day,
        "to": Day,
        "working_days": int,
        "received": int,
        "met": int,
        "breached": int,
        "on_time": float | None,
    },
)
StretchFigures.__doc__ = "Some days, how many of them are working days, and what was counted."


class Comparison(TypedDict):
    """The days of the period that have come, and as many before it."""

    period: StretchFigures
    before: StretchFigures
    points: Annotated[
        float | None,
        Field(description=N_("Percentage points between the shares; null where either is of few.")),
    ]


class Figures(TypedDict):
    """What was received in the period, and what fell due in it."""

    received: int
    met: Annotated[
        int,
        Field(description=N_("Promises kept, of each complaint only those of its first round.")),
    ]
    breached: Annotated[int, Field(description=N_("Promises missed, of every round."))]
    late_open: Annotated[
        int, Field(description=N_("The part of `breached` that still waits for its solution."))
    ]
    on_time: Annotated[
        float | None, Field(description=N_("The share met of those decided; null when none was."))
    ]
    first_kept: Annotated[
        int, Field(description=N_("Promises settled by the date told first, which nothing moves."))
    ]
    first_missed: int
    first_on_time: float | None
    moved: Annotated[
        int,
        Field(description=N_("Promises due in the period that had been told an earlier date.")),
    ]
    again_kept: Annotated[
        int,
        Field(
            description=N_("Promises kept after a reopening; no part of `met` and of its share.")
        ),
    ]
    again_missed: Annotated[
        int, Field(description=N_("The part of `breached` that was missed after a reopening."))
    ]
    again_on_time: float | None


class Balance(TypedDict):
    """The complaints received in the period, each in one place by its latest promise."""

    received: Annotated[
        int,
        Field(
            description=N_(
                "The sum of the places, without `missed`, `kept_dated_back` and `taken_over`."
            )
        ),
    ]
    kept: int
    missed_settled: int
    missed_open: int
    running: int
    paused: int
    withdrawn: int
    referred: int
    duplicate: int
    renamed: Annotated[int, Field(description=N_("Ended before registration: no complaint."))]
    no_promise: Annotated[int, Field(description=N_("Ended, and no date was ever due."))]
    missed: Annotated[int, Field(description=N_("`missed_settled` and `missed_open` together."))]
    kept_dated_back: Annotated[
        int,
        Field(
            description=N_(
                "Those of `kept` whose settlement was written down only after the deadline."
            )
        ),
    ]
    taken_over: Annotated[
        int, Field(description=N_("Ended in another system before the import; counted apart."))
    ]


class FirstPromise(TypedDict):
    """The promises whose first date lies in the period, judged by that date."""

    kept: int
    missed: int
    on_time: float | None


class OpenedAgain(TypedDict):
    """The promises of complaints that were decided before and opened again; beside the others."""

    kept: int
    missed: int
    on_time: float | None


class ClockFigures(TypedDict):
    """All deadlines of one kind that fall due in the period."""

    kind: KindCode
    met: int
    breached: int
    late_open: int
    again_kept: int
    on_time: Annotated[
        float | None,
        Field(
            description=N_("Null for updates and commitments, which are begun and ended at will.")
        ),
    ]


PastDue = Annotated[
    int,
    Field(
        description=N_("Of entries dated back: those written down after a deadline, told before.")
    ),
]


class PersonCount(TypedDict):
    """How often one person did it, customers on their own pages, or Tanggap by itself."""

    key: Annotated[
        str, Field(description=N_("An email address, `customer`, or empty for Tanggap itself."))
    ]
    email: Annotated[str, Field(description=N_("Empty where there is no account."))]
    name: str
    count: int
    past_due: PastDue


class ExceptionFigures(TypedDict):
    """One kind of exit, and who took it how often."""

    kind: ExitCode
    count: int
    past_due: PastDue
    people: list[PersonCount]


class EscalationFigures(TypedDict):
    """The escalations of one level; times are working seconds until the acknowledgement."""

    level: int
    raised: int
    by_hand: int
    acknowledged: int
    unanswered: int
    median_seconds: int | None
    p90_seconds: int | None
    longest_seconds: int | None
    waiting_seconds: Annotated[
        int | None,
        Field(description=N_("Of the oldest one that nobody acknowledged, on an open complaint.")),
    ]


class FirstContact(TypedDict):
    """Taken, handled and closed in one conversation, of those taken in conversation."""

    resolved: int
    possible: int
    share: float | None


class MoneyFigures(TypedDict):
    """What one of us gave, asked for, approved and rejected; amounts in whole units."""

    name: str
    email: Annotated[str, Field(description=N_("Empty for the system."))]
    given: int
    given_amount: int
    agreed: int
    agreed_amount: int
    asked: int
    asked_amount: int
    approved: int
    approved_amount: int
    rejected: int


class Standings(TypedDict):
    """How the promise stood when the complaint was taken back."""

    kept: int
    missed: int
    paused: int
    running: int
    none: int


class StoppedFigures(TypedDict):
    """Pauses that began in the period, and withdrawals."""

    pauses: int
    paused_seconds: Annotated[
        int, Field(description=N_("Working seconds of those pauses that are over."))
    ]
    withdrawals: Standings


class OwnerFigures(TypedDict):
    """Commitments due in the period that one owner kept, missed, dropped or still owes."""

    kind: Annotated[str, one_of(OwnerKind)]
    key: Annotated[
        str, Field(description=N_("An email address, a unit's code, `customer`; empty for nobody."))
    ]
    label_id: str
    label_en: str
    kept: int
    missed: int
    dropped: int
    open: int


class ReportLine(Figures):
    """The figures of one branch, team, category and so on."""

    key: Annotated[str, Field(description=N_("A code, an email address, a month; empty for none."))]
    label: str
    label_en: str


#: `from` is a word of Python, so this one is written as a call.
Report = TypedDict(
    "Report",
    {
        "from": Day,
        "to": Day,
        "zones": Annotated[
            list[str], Field(description=N_("Whose local days were counted, by their branches."))
        ],
        "by": str | None,
        "total": Figures,
        "rows": list[ReportLine],
        "balance": Balance,
        "first_promise": FirstPromise,
        "moved": int,
        "opened_again": OpenedAgain,
        "clocks": list[ClockFigures],
        "exceptions": list[ExceptionFigures],
        "stopped": StoppedFigures,
        "escalations": list[EscalationFigures],
        "first_contact": FirstContact,
        "money": list[MoneyFigures],
        "commitments": list[OwnerFigures],
        "handling": HandlingFigures,
        "ageing": AgeingFigures,
        "compared": Comparison | None,
    },
)
Report.__doc__ = "The deadline report of a period."


class KindCount(TypedDict):
    """How many of one kind."""

    kind: ExitCode
    count: int


class ExitGroup(TypedDict):
    """Those of one criterion, reason, person or branch, and the complaints they are on."""

    key: Annotated[str, Field(description=N_("A code, an email address; empty for none."))]
    label: str
    label_en: str
    count: int
    kinds: list[KindCount]
    numbers: list[str]


class ExitItem(TypedDict):
    """One exit: what, on which complaint, by whom, why, and who signed it."""

    kind: ExitCode
    number: str
    at: At
    by: Annotated[str | None, Field(description=N_("Null for the system."))]
    by_email: str | None
    by_key: Annotated[
        str, Field(description=N_("An email address, `customer`, or empty for Tanggap itself."))
    ]
    criterion: str | None
    code: Annotated[str | None, Field(description=N_("Of the reason, where there is a list."))]
    reason: str
    signed_by: str | None
    signed_at: At | None
    returned_by: Annotated[
        str | None, Field(description=N_("Who did not sign it, so that the step had to be done."))
    ]
    amount: Annotated[
        int | None, Field(description=N_("In whole units of the currency, of a decided offer."))
    ]
    past_kind: Annotated[
        KindCode | None, Field(description=N_("The deadline that an entry was dated back past."))
    ]
    past_due_at: At | None
    code_label: str | None
    code_label_en: str | None


#: `from` is a word of Python, so this one is written as a call.
Exits = TypedDict(
    "Exits",
    {
        "from": Day,
        "to": Day,
        "by": str | None,
        "total": int,
        "past_due": PastDue,
        "kinds": list[KindCount],
        "rows": list[ExitGroup],
        "items": list[ExitItem],
    },
)
Exits.__doc__ = "Every exit of a period, one by one and in groups."

"""What the answers about codes, persons and figures hold."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from complaints.channels.api.due_schemas import (
    CategoryCode,
    ChannelCode,
    CodeItem,
    GroupedCode,
    RetirableCode,
)
from complaints.channels.api.report_schemas import AgeingFigures, Comparison, HandlingFigures
from complaints.channels.api.values import At, Code, Day, ExitCode, KindCode, one_of
from complaints.domain.commitments.rules import OwnerKind
from complaints.domain.errors import N_
from complaints.domain.permissions import Role
from complaints.domain.taxonomy.items import ShortEnd


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


class NeedCode(CodeItem):
    """Something to heed about a person."""

    vulnerable: bool


class CauseCode(GroupedCode):
    """A cause, or a whole group of causes where the group is its own code."""

    needs_supervisor: bool
    needs_investigation: bool


class RemedyCode(RetirableCode):
    """Something that may be offered."""

    kind: str
    takes_amount: bool


class UnableCode(RetirableCode):
    """A reason for which a criterion may stay unmet."""

    criteria: list[str]


class InformationCode(CodeItem):
    """An item of the leaflet on the service standard."""

    mandatory: bool


class NotComplaintCode(CodeItem):
    """What people also come with, and how it ends."""

    ending: Annotated[str, one_of(ShortEnd)]


class Codes(TypedDict):
    """The codes of the rules in force, with their words in both languages."""

    category_groups: list[CodeItem]
    categories: list[CategoryCode]
    channels: list[ChannelCode]
    tiers: list[CodeItem]
    needs: list[NeedCode]
    causes: list[CauseCode]
    remedies: list[RemedyCode]
    not_complaints: list[NotComplaintCode]
    outcomes: list[CodeItem]
    unable_reasons: list[UnableCode]
    pause_reasons: list[RetirableCode]
    products: list[RetirableCode]
    standard_information: list[InformationCode]
    teams: list[RetirableCode]
    branches: list[CodeItem]


class Me(TypedDict):
    """Who the token belongs to and what it may do."""

    email: str
    name: str
    role: Annotated[str, one_of(Role)]
    branch: Annotated[Code | None, Field(description=N_("Null at head office."))]
    team: Code | None
    language: Annotated[str, one_of(("id", "en"))]
    scopes: list[Annotated[str, one_of(("read", "write"))]]

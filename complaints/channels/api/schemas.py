"""What every answer of the API holds, field by field; the description is drawn from these types.

They are dictionaries with named keys: mypy holds the code that fills them to the names and types,
the tests hold every answer to the schema made of them, and nothing is copied on the way out (ADR 16
says why they are no models). Clocks, codes and reports stand beside, in `due_schemas`,
`code_schemas` and `report_schemas`.
"""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from complaints.channels.api.after_end.schemas import FollowUpAnswer, RatingAnswer
from complaints.channels.api.due_schemas import Deadline, YearsUnknown
from complaints.channels.api.values import (
    At,
    Code,
    CriterionCode,
    KindCode,
    Missing,
    Number,
    PriorityCode,
    StageCode,
    StatusCode,
    one_of,
)
from complaints.domain.commitments.rules import (
    CommitmentKind,
    CommitmentState,
    DropCause,
    OwnerKind,
)
from complaints.domain.errors import N_
from complaints.domain.evidence import EvidenceState
from complaints.domain.lifecycle import Action
from complaints.domain.priority import Raise


class Recorded(TypedDict):
    """Where the complaint stands after what was recorded."""

    number: Number
    status: StatusCode
    stage: StageCode
    waiting_customer: Annotated[
        bool, Field(description=N_("Whether the clocks are paused until the customer answers."))
    ]
    missing: Missing
    priority: PriorityCode
    deadlines: list[Deadline]
    version: Annotated[int, Field(description=N_("Grows with every change."))]
    said: NotRequired[
        Annotated[
            str,
            Field(description=N_("Why there was nothing left to record, such as who was quicker.")),
        ]
    ]


class NextDue(TypedDict):
    """What is due next; null while that clock is paused."""

    next_due_at: At | None
    next_due_kind: KindCode | None


class Handler(TypedDict):
    """Who handles the complaint."""

    email: str
    name: str


class ContactAnswer(TypedDict):
    """Who complained and where the letters of this complaint go, whatever the record says."""

    name: str
    salutation: str
    phone: str | None
    email: str | None
    doubted_number: Annotated[
        str | None,
        Field(description=N_("The customer number told that has someone else's record.")),
    ]


class CustomerAnswer(TypedDict):
    """The customer as the record has them."""

    name: str
    salutation: str
    phone: str | None
    email: str | None
    number: Annotated[str | None, Field(description=N_("The organisation's customer number."))]
    tier: Code
    needs: list[Code]
    language: Annotated[str, one_of(("id", "en"))]


class PriorityReason(TypedDict):
    """How the priority came about; only what applies is there."""

    severity: NotRequired[int]
    tier_weight: NotRequired[int]
    base: NotRequired[PriorityCode]
    raises: NotRequired[list[Annotated[str, one_of(Raise)]]]
    matrix: NotRequired[Annotated[str, Field(description=N_("The version of the matrix."))]]
    provisional: NotRequired[bool]
    computed: NotRequired[PriorityCode]
    override: NotRequired[PriorityCode]
    override_reason: NotRequired[str]
    override_by: NotRequired[str]


class Complaint(Recorded):
    """One complaint: all of what a recording is answered with, the record and the customer."""

    channel: Code
    branch: Code
    team: Code | None
    handler: Handler | None
    category: Code | None
    story: Annotated[str, Field(description=N_("The customer's own words."))]
    summary: Annotated[str, Field(description=N_("As read back to the customer."))]
    product: str
    remedy_wanted: str
    received_at: At
    incident_at: At | None
    documents_complete_at: At | None
    promised_at: Annotated[At | None, Field(description=N_("The date told last."))]
    first_told_at: Annotated[
        At | None, Field(description=N_("The very first date told; it never changes."))
    ]
    closed_at: At | None
    next_due_at: At | None
    next_due_kind: KindCode | None
    outcome: Code | None
    duplicate_of: Annotated[
        Number | None,
        Field(description=N_("The complaint that goes on for this one; the customer follows it.")),
    ]
    duplicates: Annotated[
        list[Number], Field(description=N_("The complaints that ended as duplicates of this one."))
    ]
    continues: Annotated[
        Number | None,
        Field(
            description=N_(
                "The ended complaint that this one goes on from, its customer having come back."
            )
        ),
    ]
    continued_by: Annotated[
        list[Number], Field(description=N_("The complaints that go on from this one."))
    ]
    follow_ups: Annotated[
        list[FollowUpAnswer],
        Field(description=N_("Whether the customer says it is settled, once for each closing.")),
    ]
    ratings: Annotated[
        list[RatingAnswer],
        Field(description=N_("How the customer was dealt with, once for each closing.")),
    ]
    severity: Annotated[int, Field(description=N_("1 is minor, 4 is very high."))]
    priority_reason: PriorityReason
    awaiting_delivery: Annotated[
        bool,
        Field(description=N_("Closed, with a remedy that is still to be delivered.")),
    ]
    escalation_level: int
    cycle: Annotated[int, Field(description=N_("Grows when the complaint is reopened."))]
    source: Annotated[str, Field(description=N_("By which way in it came: desk, api, a file."))]
    external_id: Annotated[str | None, Field(description=N_("The number another system gave it."))]
    customer: CustomerAnswer
    contact: ContactAnswer


class DueStatus(TypedDict):
    """How the next due time stands."""

    state: Annotated[str, one_of(("safe", "nearing", "late", "paused"))]
    seconds: Annotated[int, Field(description=N_("Working time left, or by how much it is late."))]
    paused_until: Annotated[
        At | None,
        Field(description=N_("The latest end of the pause; until then nothing is due next.")),
    ]
    years_without_holidays: YearsUnknown


class ListLine(TypedDict):
    """One complaint in a list."""

    number: Number
    status: StatusCode
    stage: StageCode
    waiting_customer: bool
    priority: PriorityCode
    customer: str
    category: Code | None
    summary: str
    channel: Code
    branch: Code
    team: Code | None
    handler: str | None
    received_at: At
    closed_at: At | None
    outcome: Code | None
    escalation_level: int
    next_due_at: At | None
    next_due_kind: KindCode | None
    standing: Annotated[DueStatus | None, Field(description=N_("Null when no time limit runs."))]


class ComplaintPage(TypedDict):
    """A page of the list."""

    items: list[ListLine]
    next: Annotated[
        str | None, Field(description=N_("`cursor` of the page after; null on the last."))
    ]


class HistoryItem(TypedDict):
    """One line of the history."""

    seq: int
    what: Annotated[str, one_of(Action)]
    at: At
    by: str
    detail: Annotated[
        dict[str, Any],
        Field(description=N_("What belongs to this kind of entry.")),
    ]
    hash: Annotated[str, Field(description=N_("Seals this entry and every one before it."))]


class History(TypedDict):
    """What happened to a complaint, oldest first."""

    items: list[HistoryItem]
    next: Annotated[
        str | None,
        Field(description=N_("`cursor` of the page after; null on the last, and without a limit.")),
    ]


class Deviations(TypedDict):
    """How the plan differs from the steps that the category proposes."""

    procedure: Annotated[str, Field(description=N_("The version of the procedure."))]
    left_out: Annotated[str, Field(description=N_("Its steps that the plan leaves out."))]
    added: Annotated[str, Field(description=N_("Steps of the plan that it does not have."))]


class EvidenceAnswer(TypedDict):
    """One criterion with the record that stands for it."""

    criterion: CriterionCode
    state: Annotated[str, one_of(EvidenceState)]
    at: At | None
    by: str | None
    record: str | None
    noun: Annotated[str, Field(description=N_("The noun that proves it."))]
    method: str | None
    heard_by: Annotated[
        str | None, Field(description=N_("Who heard it or saw it signed, where that is kept."))
    ]
    copied_by: Annotated[
        str | None, Field(description=N_("Who copied what the customer wrote, where somebody did."))
    ]
    words: Annotated[str | None, Field(description=N_("What was said or sent, as it was."))]
    reason: Annotated[str | None, Field(description=N_("Why it could not be done."))]
    why: Annotated[str | None, Field(description=N_("What its record still waits for."))]
    deviations: Annotated[
        Deviations | None,
        Field(description=N_("Of the plan (020-2.5), where its category has a procedure.")),
    ]
    earlier_rules: Annotated[
        bool, Field(description=N_("Whether it was proven under the rules of an earlier version."))
    ]


class EnclosedFile(TypedDict):
    """A file of the complaint that goes with a letter."""

    id: int
    sha256: Annotated[str, Field(description=N_("Which bytes; nothing else is sent for it."))]
    held_back: Annotated[
        bool,
        Field(
            description=N_("It was hidden from the customer before the letter left; it did not go.")
        ),
    ]


class LetterAnswer(TypedDict):
    """A letter to the customer."""

    id: int
    kind: Annotated[
        str, Field(description=N_("The noun whose words it carries, or what it is about."))
    ]
    method: Annotated[Literal["email", "letter"], Field(description=N_("By which way it leaves."))]
    state: Annotated[
        Literal["queued", "sent", "failed", "bounced", "printed", "replaced"],
        Field(description=N_("What became of it; `at` is when it left, or was written.")),
    ]
    at: At
    criteria: Annotated[
        list[CriterionCode], Field(description=N_("The criteria that its words are to prove."))
    ]
    files: Annotated[list[EnclosedFile], Field(description=N_("The files that go with it."))]


class Letters(TypedDict):
    """What was written to the customer of one complaint, oldest first."""

    items: list[LetterAnswer]


class Evidence(TypedDict):
    """The eighteen criteria of the unit for one complaint."""

    items: list[EvidenceAnswer]


class CommitmentAnswer(TypedDict):
    """Something undertaken for the complaint, and how it stands."""

    id: int
    kind: Annotated[str, one_of(CommitmentKind)]
    what: str
    owner: Annotated[str, Field(description=N_("A unit's code, a name, or `customer`."))]
    owner_kind: Annotated[str, one_of(OwnerKind)]
    made_at: Annotated[
        At | None, Field(description=N_("When it was undertaken; null in what was taken over."))
    ]
    due_at: Annotated[At | None, Field(description=N_("The date in force."))]
    agreed_at: Annotated[At | None, Field(description=N_("The date as first agreed."))]
    state: Annotated[str, one_of(CommitmentState)]
    was_late: Annotated[
        bool, Field(description=N_("Whether it is late, or was settled after it was due."))
    ]
    done_at: At | None
    done_by: str | None
    note: str
    reference: Annotated[str, Field(description=N_("What proves it: a transfer, a work order."))]
    dropped_at: At | None
    dropped_by: str | None
    drop_cause: Annotated[str, one_of(DropCause)] | None
    drop_reason: str
    cycle: int
    earlier_rules: Annotated[
        bool, Field(description=N_("Recorded before commitments were kept; nothing is owed."))
    ]


class Commitments(TypedDict):
    """What was undertaken for a complaint, in the order it was made."""

    items: list[CommitmentAnswer]


class FieldError(TypedDict):
    """What is wrong with one field."""

    field: str
    detail: str


class Problem(TypedDict):
    """Why a call was refused (RFC 9457); `detail` says it in the caller's language."""

    type: Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
    title: str
    status: int
    detail: str
    missing: NotRequired[Missing]
    errors: NotRequired[list[FieldError]]
    commitments: NotRequired[
        Annotated[list[int], Field(description=N_("The open commitments that prevent closing."))]
    ]
    index: NotRequired[Annotated[int, Field(description=N_("Which of several acts, from 0."))]]
    noun: NotRequired[Annotated[str, Field(description=N_("The noun of that act."))]]

"""Undertake something for a complaint: the steps of a list anew, or one thing more.

The clocks start within the step's own `advance`, and the rows are stored behind it, when the clocks
have their ids. A new list never removes an old step in silence: what it leaves out is dropped, and
stays readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from complaints.clocks.changes import Clocks
from complaints.clocks.commitment_clocks import release_commitments, start_commitment
from complaints.domain.clock_state import ClockState
from complaints.domain.commitments.config import Term
from complaints.domain.commitments.rules import (
    CommitmentKind,
    DropCause,
    OwnerKind,
    Wanted,
    goes_on,
    is_unsettled,
)
from complaints.domain.errors import N_, Forbidden, Invalid, counted
from complaints.domain.permissions import Permission
from complaints.domain.words.exits import ExitKind
from complaints.domain.words.substance import has_a_word, says_something
from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import due_at as due_after
from complaints.domain.worktime.durations import end_of_day_at
from complaints.formatting import say_date
from complaints.models import Commitment, Exit
from complaints.rulebook.in_use import require_in_use
from complaints.steps.case import Case
from complaints.steps.commitments.owners import Owner, find_owners
from complaints.steps.excuse import exit_columns

_COMMITMENTS = (
    select(Commitment)
    .where(Commitment.complaint_id == bindparam("complaint_id"))
    .order_by(Commitment.id)
)


#: Further ahead nobody dates anything, whoever they are.
LATEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class StepGiven:
    """One step to be taken: what, by whom (a name, a unit or its code), by when."""

    what: str
    owner: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Refusals:
    """What is said of a step that cannot be undertaken, and where its text was given."""

    field_of_text: str
    empty: str
    too_late: str
    past: str


_OF_LIST = _Refusals(
    "steps",
    N_("A step is empty. Enter what will be done."),
    N_("Step %(position)d ends after the deadline. Choose an earlier date."),
    N_("Step %(position)d would be late already. Choose a later date."),
)
_ONE = _Refusals(
    "what",
    N_("Enter what will be done."),
    N_("This date is after the deadline. Choose an earlier one."),
    N_("This date has passed already. Choose a later one."),
)


#: What is said of a step that names no work.
_THIN = N_("Step %(position)d says too little. Enter what will be done, and to what.")


@dataclass(slots=True)
class Undertaking:
    """What is undertaken in one step: new commitments, and the old ones they replace.

    Call `start` with the clocks, within `advance`, and `store` behind it.
    """

    case: Case
    kind: CommitmentKind
    revision: int
    new: list[tuple[int, Wanted, Owner]]
    kept: list[Commitment] = field(default_factory=list)
    dropped: list[Commitment] = field(default_factory=list)
    offer_id: int | None = None
    _clocks: dict[int, ClockState] = field(default_factory=dict)

    def start(self, clocks: Clocks) -> None:
        """Stop the clocks of what is dropped, start those of what is new.

        Nobody of ours answers for what the customer has to do, so no clock runs for that.
        """
        case = self.case
        release_commitments(
            clocks,
            [each.deadline_id for each in self.dropped if each.deadline_id],
            case.at,
            is_done=False,
        )
        for position, wanted, owner in self.new:
            if owner.kind is not OwnerKind.CUSTOMER:
                self._clocks[position] = start_commitment(
                    clocks, wanted.due_at, case.at, follows_promise=wanted.follows_promise
                )

    def replaced(self) -> dict[str, Any]:
        """What the history says of the steps that the new list leaves out; empty for none."""
        return {"dropped": said_of(self.dropped)} if self.dropped else {}

    def told(self) -> list[dict[str, Any]]:
        """The whole list in its order, as a letter tells it."""
        steps = [
            (position, wanted.what, owner.name, wanted.due_at)
            for position, wanted, owner in self.new
        ]
        steps += [
            (each.position, each.what, each.owner, each.due_at) for each in self.kept if each.due_at
        ]
        return [
            {"what": what, "owner": owner, "due_at": due_at.isoformat()}
            for _, what, owner, due_at in sorted(steps, key=lambda step: step[0])
        ]

    def store(self) -> list[Commitment]:
        """Drop what is replaced and add what is new; returns the new ones."""
        case = self.case
        for each in self.dropped:
            drop(each, DropCause.REWRITTEN, case)
        added = [self._row(*each) for each in self.new]
        case.session.add_all(added)
        case.session.add_all(self._exit(wanted) for _, wanted, _ in self.new if wanted.is_far)
        return added

    def _exit(self, wanted: Wanted) -> Exit:
        """A date beyond the limit, which counts under the name of who set it."""
        zone, language = _calendar(self.case).tz, self.case.rules.organisation.language
        return Exit(
            kind=ExitKind.FAR_DATE.value,
            code=self.kind.value,
            reason=f"{wanted.what}: {say_date(wanted.due_at.astimezone(zone).date(), language)}",
            **exit_columns(self.case),
        )

    def _row(self, position: int, wanted: Wanted, owner: Owner) -> Commitment:
        clock = self._clocks.get(position)
        return Commitment(
            complaint_id=self.case.complaint.id,
            cycle=self.case.complaint.cycle,
            kind=self.kind.value,
            revision=self.revision,
            position=position,
            what=wanted.what,
            owner=owner.name[:120],
            owner_kind=owner.kind.value,
            owner_id=owner.user_id,
            team_id=owner.team_id,
            offer_id=self.offer_id,
            due_at=wanted.due_at,
            follows_promise=wanted.follows_promise,
            deadline_id=clock.id if clock else None,
            at=self.case.at,
            by_id=self.case.by.id,
            note="",
            reference="",
            drop_reason="",
            is_earlier=False,
        )


def undertake_list(
    case: Case, kind: CommitmentKind, steps: Sequence[StepGiven], promised: datetime | None
) -> Undertaking:
    """A new list of steps of this kind in the place of the one there is.

    A step without a date of its own is due with the promise; where none lies ahead, in the time
    that the organisation proposes. What stands in the old list unchanged, or done already, goes on;
    the rest of it is dropped. What a plan takes over of the steps that the customer was told is
    undertaken already and stays that one commitment. Raises Invalid without any step of ours, for
    one that says too little, and for one due in the past or after the promise.
    """
    if not steps:
        raise Invalid(N_("Name at least one step."), field="steps")
    owners = find_owners(case, [step.owner for step in steps])
    if all(owner.kind is OwnerKind.CUSTOMER for owner in owners):
        raise Invalid(
            N_(
                "All of this is left to the customer. Name at least one step of ours, with a unit "
                "or a colleague who takes it."
            ),
            field="steps",
        )
    known = commitments_of(case)
    old = [each for each in known if each.kind == kind]
    revision = max((each.revision for each in old), default=0) + 1
    current = [each for each in old if each.cycle == case.complaint.cycle and not each.is_earlier]
    told = [
        each
        for each in known
        if kind is CommitmentKind.PLAN
        and each.kind == CommitmentKind.STEP
        and each.cycle == case.complaint.cycle
        and not each.is_earlier
    ]
    new: list[tuple[int, Wanted, Owner]] = []
    kept: list[Commitment] = []
    for position, (step, owner) in enumerate(zip(steps, owners, strict=True), start=1):
        if step.what.strip() and not says_enough(kind, step.what):
            raise Invalid(_THIN, field="steps", position=position)
        wanted = _wanted(case, step, owner, promised, _OF_LIST, "steps", position)
        same = next(
            (each for each in current if goes_on(each, each.owner, wanted) and each not in kept),
            None,
        )
        if same is None and any(goes_on(each, each.owner, wanted) for each in told):
            continue
        if same is None:
            _require_unit_in_use(case, owner, "steps")
            new.append((position, wanted, owner))
        else:
            same.revision, same.position = revision, position
            kept.append(same)
    dropped = [each for each in current if is_unsettled(each) and each not in kept]
    return Undertaking(case, kind, revision, new, kept, dropped)


def undertake_one(
    case: Case,
    kind: CommitmentKind,
    step: StepGiven,
    promised: datetime | None,
    *,
    offer_id: int | None = None,
    field: str = "due_at",
) -> Undertaking:
    """One commitment more, beside those there are; `field` is where its date was given."""
    (owner,) = find_owners(case, [step.owner])
    _require_unit_in_use(case, owner, "owner")
    wanted = _wanted(case, step, owner, promised, _ONE, field)
    same = [each for each in commitments_of(case) if each.kind == kind]
    revision = max((each.revision for each in same), default=1)
    position = max((each.position for each in same if each.revision == revision), default=0) + 1
    return Undertaking(case, kind, revision, [(position, wanted, owner)], offer_id=offer_id)


def _require_unit_in_use(case: Case, owner: Owner, field: str) -> None:
    if owner.team_id is not None:
        require_in_use(field, owner.name, case.rules.teams[owner.team_id])


def says_enough(kind: CommitmentKind, what: str) -> bool:
    """Whether it says what will be done: a step told in a word, one of the plan in more.

    What a customer brings is named like a thing, however short.
    """
    if kind is CommitmentKind.DOCUMENT:
        return True
    return has_a_word(what) if kind is CommitmentKind.STEP else says_something(what)


def commitments_of(case: Case) -> list[Commitment]:
    """All commitments of the complaint in the order they were made."""
    return list(case.session.scalars(_COMMITMENTS, {"complaint_id": case.complaint.id}))


def drop(each: Commitment, cause: DropCause, case: Case, reason: str = "") -> None:
    """Note that a commitment was given up, by whom and why."""
    each.dropped_at, each.dropped_by_id = case.at, case.by.id
    each.drop_cause, each.drop_reason = cause.value, reason


def said_of(rows: Sequence[Commitment]) -> list[dict[str, Any]]:
    """Commitments as the history and letters keep them."""
    return [
        {
            "what": each.what,
            "owner": each.owner,
            "due_at": each.due_at.isoformat() if each.due_at else None,
        }
        for each in rows
    ]


def _wanted(
    case: Case,
    step: StepGiven,
    owner: Owner,
    promised: datetime | None,
    words: _Refusals,
    field: str,
    position: int = 1,
) -> Wanted:
    if not step.what.strip():
        raise Invalid(words.empty, field=words.field_of_text)
    due_at = step.due_at or promised or due_in(case, case.rules.commitments.step)
    if promised is not None and due_at > promised:
        raise Invalid(words.too_late, field=field, position=position)
    if step.due_at is not None and step.due_at < case.at:
        raise Invalid(words.past, field=field, position=position)
    latest_days = case.rules.authority.commitments.latest_days
    is_far = step.due_at is not None and promised is None and _is_far(case, step.due_at, field)
    if is_far and not case.by.has(Permission.APPROVE):
        raise Forbidden(
            counted(
                latest_days,
                N_(
                    "This date is more than one working day ahead. Choose an earlier one, or ask a "
                    "supervisor to record it."
                ),
                N_(
                    "This date is more than %(days)d working days ahead. Choose an earlier one, or "
                    "ask a supervisor to record it."
                ),
            ),
            field=field,
            days=latest_days,
            position=position,
        )
    follows = step.due_at is None and promised is not None
    return Wanted(step.what.strip(), owner.name, due_at, follows, is_far)


def _is_far(case: Case, due_at: datetime, field: str) -> bool:
    """Whether a date lies beyond what anybody may set; Invalid where nobody waits for it.

    What the organisation itself proposes needs nobody's leave.
    """
    if due_at > case.at + LATEST:
        raise Invalid(
            N_("This date is more than a year ahead. Choose an earlier one."), field=field
        )
    days = case.rules.authority.commitments.latest_days
    rules = case.rules.commitments
    usual = (Term(days, "working_day"), rules.step, rules.document, rules.delivery)
    return due_at > max(end_of_day_at(_calendar(case), due_in(case, each)) for each in usual)


def _calendar(case: Case) -> WorkCalendar:
    return case.rules.calendar_of(case.complaint.branch_id).value


def due_in(case: Case, term: Term) -> datetime:
    """A date this far ahead by the calendar of the branch."""
    return due_after(_calendar(case), case.at, term.duration, term.unit)

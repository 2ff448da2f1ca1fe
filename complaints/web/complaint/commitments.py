"""What was undertaken, as the complaint page says it: whose, by when, how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext

from complaints.domain.commitments.rules import (
    CommitmentKind,
    CommitmentState,
    DropCause,
    OwnerKind,
    is_unsettled,
    together_with,
)
from complaints.domain.errors import N_
from complaints.domain.lifecycle import ENDED, Status
from complaints.domain.worktime import WorkCalendar
from complaints.formatting import say_instant_short
from complaints.queries.complaint.commitments import CommitmentRow
from complaints.queries.due_status import due_status_of
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import due_left, label
from complaints.web.frame.translations import lang

#: kind → heading, in the order of the page
HEADINGS = {
    CommitmentKind.DELIVERY: N_("Delivery of the solution"),
    CommitmentKind.STEP: N_("Steps told to the customer"),
    CommitmentKind.PLAN: N_("Handling plan"),
    CommitmentKind.DOCUMENT: N_("Documents from the customer"),
    CommitmentKind.OBJECTION: N_("Objection of the customer"),
    CommitmentKind.CONFIRM: N_("Confirmation by the customer"),
}

_ICONS = {
    CommitmentState.OPEN: "circle",
    CommitmentState.LATE: "alert-triangle",
    CommitmentState.DONE: "circle-check",
    CommitmentState.DROPPED: "circle-x",
}

#: Why it was given up, where no person gave a reason.
_CAUSES = {
    DropCause.REWRITTEN: N_("replaced by a new list of steps"),
    DropCause.WITHDRAWN: N_("the customer withdrew the complaint"),
    DropCause.EXCUSED: N_("recorded as not possible"),
    DropCause.DUPLICATE: N_("the other complaint goes on in its place"),
    DropCause.RENAMED: N_("it was no complaint"),
}


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """One commitment in words; `may` says whether this person may settle it now.

    What `is_reported` is for a unit to do that they do not sit in: they may note who said so.
    """

    row: CommitmentRow
    owner: str
    state: str
    icon: str
    words: str
    said: str
    may: bool
    is_reported: bool


Groups = list[tuple[str, list[CommitmentLine]]]


def read_groups(
    rows: Sequence[CommitmentRow],
    rules: RuleBook,
    now: datetime,
    calendar: WorkCalendar,
    *,
    status: str,
    may_handle: bool,
    team_id: int | None,
) -> Groups:
    """The commitments under their headings; what was given up stands last."""
    lines = [
        _line(
            each,
            rules,
            now,
            calendar,
            status=status,
            may_handle=may_handle,
            is_reported=is_reported(each, team_id),
        )
        for each in rows
    ]
    groups = [
        (
            gettext(heading),
            sorted(
                (
                    each
                    for each in lines
                    if each.row.kind == kind and each.state != CommitmentState.DROPPED
                ),
                key=lambda each: (each.row.revision, each.row.position),
            ),
        )
        for kind, heading in HEADINGS.items()
    ]
    given_up = [each for each in lines if each.state == CommitmentState.DROPPED]
    return [(heading, own) for heading, own in (*groups, (gettext("Dropped"), given_up)) if own]


def choices(
    rows: Sequence[CommitmentRow], rules: RuleBook, zone: ZoneInfo
) -> list[tuple[int, str]]:
    """The open ones to choose from: what, whose, by when.

    A told step stands for the same step of the plan, because the two are settled together.
    """
    language = lang()
    unsettled = [each for each in rows if is_unsettled(each)]
    kept = [
        each
        for place, each in enumerate(unsettled)
        if not any(each in together_with(other, unsettled) for other in unsettled[:place])
    ]
    return [
        (
            each.id,
            " · ".join(
                filter(
                    None,
                    (
                        each.what,
                        owner_of(each, rules),
                        say_instant_short(each.due_at, zone, language) if each.due_at else "",
                    ),
                )
            ),
        )
        for each in kept
    ]


def is_reported(row: CommitmentRow, team_id: int | None) -> bool:
    """Whether it is for a unit to do that a person of this team does not sit in."""
    return row.owner_kind == OwnerKind.UNIT and row.team_id != team_id


def asks_note(rows: Sequence[CommitmentRow], team_id: int | None) -> bool:
    """Whether something open is ticked with a note: a unit's step, or a delivery."""
    return any(
        is_unsettled(each) and (is_reported(each, team_id) or each.kind == CommitmentKind.DELIVERY)
        for each in rows
    )


def owner_of(row: CommitmentRow, rules: RuleBook) -> str:
    """Whose it is: a unit's name, the customer, or a person."""
    if row.owner_kind == OwnerKind.CUSTOMER:
        return gettext("the customer")
    team = rules.teams_by_code.get(row.owner)
    return label(team) if team else row.owned_by


def _line(
    row: CommitmentRow,
    rules: RuleBook,
    now: datetime,
    calendar: WorkCalendar,
    *,
    status: str,
    may_handle: bool,
    is_reported: bool,
) -> CommitmentLine:
    state = row.state(now)
    owes = is_unsettled(row)
    is_over = Status(status) in ENDED and row.kind != CommitmentKind.DELIVERY
    return CommitmentLine(
        row=row,
        owner=owner_of(row, rules),
        state="earlier" if row.is_earlier else state.value,
        icon="point" if row.is_earlier else _ICONS[state],
        words=_words(row, state, now, calendar),
        said=_said(row),
        may=owes and may_handle and not is_over,
        is_reported=is_reported,
    )


def _words(
    row: CommitmentRow, state: CommitmentState, now: datetime, calendar: WorkCalendar
) -> str:
    """How it was settled; of an open one, how long still or how late."""
    language, zone = lang(), calendar.tz
    if row.is_earlier:
        return gettext("recorded under earlier rules")
    if state is CommitmentState.DONE and row.done_at is not None:
        at = say_instant_short(row.done_at, zone, language)
        if row.was_late(now):
            return gettext("done late, %(at)s, %(name)s", at=at, name=row.done_by or "Tanggap")
        return gettext("done %(at)s, %(name)s", at=at, name=row.done_by or "Tanggap")
    if state is CommitmentState.DROPPED and row.dropped_at is not None:
        at = say_instant_short(row.dropped_at, zone, language)
        return gettext("dropped %(at)s, %(name)s", at=at, name=row.dropped_by or "Tanggap")
    if row.due_at is None:
        return gettext("open")
    return due_left(due_status_of(calendar, None, row.due_at, row.clock_state, now))


def _said(row: CommitmentRow) -> str:
    """The note, the reference, or why it was given up."""
    if row.dropped_at is not None:
        cause = _CAUSES.get(DropCause(row.drop_cause)) if row.drop_cause else None
        return row.drop_reason or (gettext(cause) if cause else "")
    return " · ".join(filter(None, (row.note, row.reference)))

"""Draft the record of a management review: its figures, who met, what was said and decided."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.management_review.acts import (
    LONGEST,
    LONGEST_NAME,
    MINUTES,
    MOST_ACTIONS,
    MOST_PEOPLE,
    ReviewAct,
    ReviewState,
)
from complaints.domain.permissions import Actor
from complaints.domain.short_reason import require_reason
from complaints.models import CorrectiveAction, ManagementReview
from complaints.rulebook import RuleBook
from complaints.steps.improvement.record import view_action
from complaints.steps.management_review.figures import KeptFigures
from complaints.steps.management_review.record import (
    ReviewCase,
    note_act,
    refuse_lead_of_review,
    require_review_state,
)


@dataclass(frozen=True, slots=True)
class ReviewChanged:
    """What the draft says from now on; None leaves as it is what is there.

    `seen` is the length of the history as it was read, None where that does not matter.
    """

    minutes: Mapping[str, str]
    chaired_by: str | None = None
    participants: Sequence[str] | None = None
    held_on: date | None = None
    next_on: date | None = None
    seen: int | None = None


def branch_of_review(rules: RuleBook, code: str, by: Actor) -> int | None:
    """The branch it is of; None for all. Raises Forbidden for whoever writes none of that one."""
    branch_id = rules.branch_in_use(code).id if code else by.branch_id
    refuse_lead_of_review(by, branch_id)
    return branch_id


def draft_review(
    session: Session, rules: RuleBook, figures: KeptFigures, *, by: Actor, at: datetime
) -> ReviewCase:
    """Begin the record with the figures of its period, read before this transaction."""
    refuse_lead_of_review(by, figures.branch_id)
    review = ManagementReview(
        year=at.astimezone(rules.own_calendar(figures.branch_id).tz).year,
        branch_id=figures.branch_id,
        from_on=figures.from_on,
        to_on=figures.to_on,
        participants=[],
        minutes={},
        figures=dict(figures.body),
        figures_at=figures.at,
        action_ids=[],
        agreed=[],
        followed={},
        drafted_at=at.replace(microsecond=0),
        drafted_by_id=by.id,
        drafted_by_name=by.name,
        history_seq=0,
        history_hash="",
    )
    session.add(review)
    session.flush()
    case = ReviewCase(session, rules, review, by, at)
    note_act(case, ReviewAct.DRAFT, _of_figures(figures))
    return case


def renew_figures(case: ReviewCase, figures: KeptFigures) -> None:
    """Take the figures again as they stand, of the same period or of another one."""
    require_review_state(case, ReviewState.DRAFT)
    review = case.review
    assert figures.branch_id == review.branch_id
    review.from_on, review.to_on = figures.from_on, figures.to_on
    review.figures, review.figures_at = dict(figures.body), figures.at
    note_act(case, ReviewAct.FIGURES, _of_figures(figures))


def change_review(case: ReviewCase, given: ReviewChanged, *, may_be_same: bool = False) -> None:
    """Write down who met and what was said and decided; its history keeps every wording.

    Raises Refused where somebody else has changed the draft since it was read, and Invalid where it
    says that already, unless it `may_be_same` because something else is done with it.
    """
    require_review_state(case, ReviewState.DRAFT)
    review = case.review
    if given.seen is not None and given.seen != review.history_seq:
        raise Refused(
            N_(
                "Someone has changed this draft since you opened it. What you typed is still here: "
                "compare it with the history below and save again."
            )
        )
    detail: dict[str, Any] = {}
    minutes = dict(review.minutes)
    for name, text in given.minutes.items():
        assert name in MINUTES
        said = text.strip()
        if len(said) > LONGEST:
            raise _too_long(name, said, LONGEST)
        if said != minutes.get(name, ""):
            minutes[name] = detail[name] = said
    people = _people(given.participants)
    for name, value in (
        ("chaired_by", None if given.chaired_by is None else given.chaired_by.strip()),
        ("participants", people),
        ("held_on", given.held_on),
        ("next_on", given.next_on),
    ):
        if value is None or value == getattr(review, name):
            continue
        setattr(review, name, value)
        detail[name] = value.isoformat() if isinstance(value, date) else value
    if not detail:
        if may_be_same:
            return
        raise Invalid(N_("That is what we have already."))
    review.minutes = minutes
    # What was emptied is told too, as a name: the history leaves empty texts out.
    emptied = [name for name, value in detail.items() if not value]
    note_act(case, ReviewAct.CHANGE, {**detail, "emptied": emptied})


def link_action(case: ReviewCase, number: str) -> None:
    """Agree on a corrective action that was raised: of this branch, or any for all branches."""
    require_review_state(case, ReviewState.DRAFT)
    review = case.review
    action = view_action(case.session, number, by=case.by, at=case.at).action
    if review.branch_id is not None and action.branch_id != review.branch_id:
        raise Invalid(
            N_("A review of one branch agrees on corrective actions of that branch only."),
            field="number",
        )
    if action.id in review.action_ids:
        raise Invalid(N_("This corrective action is in the list already."), field="number")
    if len(review.action_ids) >= MOST_ACTIONS:
        raise Invalid(
            N_("A review agrees on at most %(most)d corrective actions."),
            field="number",
            most=MOST_ACTIONS,
        )
    review.action_ids = [*review.action_ids, action.id]
    note_act(case, ReviewAct.LINK, {"action": _number(case, action)})


def unlink_action(case: ReviewCase, number: str) -> None:
    """Take a corrective action out of the list again; it stays raised."""
    require_review_state(case, ReviewState.DRAFT)
    review = case.review
    action = view_action(case.session, number, by=case.by, at=case.at).action
    if action.id not in review.action_ids:
        raise Invalid(N_("This corrective action is not in the list."), field="number")
    review.action_ids = [each for each in review.action_ids if each != action.id]
    note_act(case, ReviewAct.UNLINK, {"action": _number(case, action)})


def drop_review(case: ReviewCase, *, reason: str) -> None:
    """Give a draft up, for a reason; it stays in the list of those dropped."""
    require_review_state(case, ReviewState.DRAFT)
    review, why = case.review, require_reason(reason, N_("Enter why it is dropped."))
    review.state, review.reason = ReviewState.DROPPED.value, why
    review.ended_at, review.ended_by_id = case.at.replace(microsecond=0), case.by.id
    review.ended_by_name = case.by.name
    note_act(case, ReviewAct.DROP, {"reason": why})


def digest_of(body: Mapping[str, Any]) -> str:
    """By what the history knows which figures were kept: SHA-256 of them as JSON."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _of_figures(figures: KeptFigures) -> dict[str, Any]:
    return {
        "from": figures.from_on.isoformat(),
        "to": figures.to_on.isoformat(),
        "read_at": figures.at.isoformat(),
        "figures": digest_of(figures.body),
    }


def _people(given: Sequence[str] | None) -> list[str] | None:
    if given is None:
        return None
    people = list(dict.fromkeys(each.strip() for each in given if each.strip()))
    if len(people) > MOST_PEOPLE:
        raise Invalid(
            N_("At most %(most)d names can be given."), field="participants", most=MOST_PEOPLE
        )
    for each in people:
        if len(each) > LONGEST_NAME:
            raise _too_long("participants", each, LONGEST_NAME)
    return people


def _too_long(field: str, text: str, most: int) -> Invalid:
    return Invalid(
        N_("This text is too long (%(length)d characters; at most %(most)d). Shorten it."),
        field=field,
        length=len(text),
        most=most,
    )


def _number(case: ReviewCase, action: CorrectiveAction) -> str:
    return case.rules.numbers.of_actions.write(action.year, action.id)

"""What the customer's page says: what happened, what comes next, by when — in their words."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from flask import current_app
from flask_babel import gettext

from complaints.domain.commitments.rules import CommitmentKind
from complaints.domain.deadlines import DeadlineState
from complaints.domain.errors import N_
from complaints.domain.lifecycle import ENDED
from complaints.domain.worktime import WorkCalendar
from complaints.formatting import say_date, say_instant
from complaints.queries.complaint.duplicates import OriginalLink
from complaints.queries.customer_page.view import CustomerView, PromisedStep
from complaints.queries.due_status import due_status_of
from complaints.rulebook import RuleBook
from complaints.signing import follow_token

#: So many steps a telephone shows before any scroll.
MOST_IN_SIGHT = 3

#: status → what it means for the customer
_HAPPENED = {
    "received": N_("We have received your complaint and are writing it down in full."),
    "registered": N_("Your complaint is registered and is being looked into."),
    "in_handling": N_("We are working on your complaint."),
    "offered": N_("We have offered you a solution."),
    "accepted": N_("You have accepted our solution; we are carrying it out."),
    "closed": N_("Your complaint was resolved on %(day)s."),
    "withdrawn": N_("You withdrew your complaint on %(day)s."),
    "referred": N_("Your complaint was passed on to another body on %(day)s."),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """What was undertaken, as the customer reads it; `how` says how it stands."""

    what: str
    how: str
    state: str
    #: What they accepted, and are to receive.
    is_solution: bool = False


def _steps(
    found: CustomerView, calendar: WorkCalendar, now: datetime, language: str
) -> list[StepLine]:
    """What we told the customer we would do, what they will bring, what they are to receive."""
    lines = [
        replace(
            _step(each, calendar, now, language),
            is_solution=each.kind == CommitmentKind.DELIVERY,
        )
        for each in found.steps
    ]
    if not found.is_waiting:
        return lines
    # What is due with the promise stands still with it; a date would no longer be true.
    paused = gettext("Paused with our deadline")
    return [
        replace(line, how=paused)
        if step.follows_promise and line.state in ("open", "late")
        else line
        for step, line in zip(found.steps, lines, strict=True)
    ]


def in_sight(steps: list[StepLine]) -> dict[str, list[StepLine]]:
    """The steps that are shown at once, and the others.

    First of all what is still to be done, then the solution that they accepted.
    """

    def over(each: StepLine) -> tuple[bool, bool]:
        return each.state in ("done", "dropped"), not each.is_solution

    shown = sorted(steps, key=over)[:MOST_IN_SIGHT]
    return {
        "steps": [each for each in steps if each in shown],
        "more_steps": [each for each in steps if each not in shown],
    }


def _said(step: PromisedStep) -> str:
    """What is undertaken, as its customer reads it."""
    if step.kind == CommitmentKind.OBJECTION:
        return gettext("A manager answers your objection")
    return step.what


def _step(step: PromisedStep, calendar: WorkCalendar, now: datetime, language: str) -> StepLine:
    step = replace(step, what=_said(step))
    zone = calendar.tz
    if step.done_at is not None:
        day = say_date(step.done_at.astimezone(zone), language)
        words = gettext("Received on %(day)s") if step.is_theirs else gettext("Done on %(day)s")
        return StepLine(step.what, words % {"day": day}, "done")
    if step.is_dropped:
        return StepLine(step.what, gettext("No longer needed"), "dropped")
    if step.due_at is None:
        return StepLine(step.what, "", "open")
    at = say_instant(step.due_at, zone, language)
    left = _left(step.due_at, calendar, now, language)
    if step.is_theirs:
        words = gettext("Please bring it by %(at)s", at=at)
        return StepLine(step.what, f"{words} · {left}", "theirs")
    if step.due_at < now:
        late = gettext(
            "Should have been done by %(at)s (%(left)s). We are sorry for the delay.",
            at=at,
            left=left,
        )
        return StepLine(step.what, late, "late")
    return StepLine(step.what, gettext("No later than %(at)s", at=at) + f" · {left}", "open")


def _left(due_at: datetime, calendar: WorkCalendar, now: datetime, language: str) -> str:
    """`3 hari kerja lagi`, or how late we are."""
    return due_status_of(calendar, None, due_at, None, now).say_left(language)


def lines(found: CustomerView, rules: RuleBook, now: datetime, language: str) -> dict[str, Any]:
    """What happened, what comes next, by when — in the customer's words."""
    calendar = rules.calendar_of(found.branch_id).value
    zone = calendar.tz
    category = rules.taxonomy.categories.get(found.category or "")
    day = say_date((found.closed_at or now).astimezone(zone), language)
    # An offer that waits for its letter is not with the customer yet.
    is_preparing = found.status == "offered" and found.offer is None
    stands = "in_handling" if is_preparing else found.status
    happened = gettext(_HAPPENED[stands], day=day)
    if stands == "received" and not found.summary:
        # Told by themselves, and nobody has begun to write it down.
        happened = gettext("We have received your complaint.")
    if found.original is not None:
        happened = _goes_on(found.original)
    if found.contact:
        happened = gettext(
            "We recorded what you told us not as a complaint but as number %(number)s, and go on "
            "with it as that.",
            number=found.contact,
        )
    if found.awaits_delivery:
        happened = gettext("You have accepted our solution; we are carrying it out.")
    has_ended = found.status in ENDED
    # Opened again by an objection there is no promise yet, but a date for the answer.
    promised = found.promised_at or found.answer_due_at
    late = not has_ended and promised is not None and promised < now and not found.is_waiting
    if found.settled is not None:
        # What was accepted in time was kept, however long the rest takes.
        late = found.settled == DeadlineState.BREACHED
    return {
        **in_sight(_steps(found, calendar, now, language)),
        "about": found.summary
        or found.story.strip()
        or (category.label(language) if category else ""),
        "received": say_instant(found.received_at, zone, language),
        "happened": happened,
        "next": None if has_ended else _next(found, rules, now, language),
        "by_when": None if has_ended or promised is None else say_instant(promised, zone, language),
        "left": _standing(found, calendar, now, language),
        "late": _sorry(found) if late else None,
        "first_told": _first_told(found, zone, language),
        "original_link": _link(found.original, language),
        "continued_link": _link(found.continued, language),
        "take_back_until": _take_back_until(found, rules, now, zone, language),
        "awaited_words": found.awaited_words,
        "paused": None
        if found.paused_until is None
        else _paused(found.paused_until, zone, language),
    }


def _first_told(found: CustomerView, zone: tzinfo, language: str) -> str:
    """The very first date told, where a later one took its place; it stays for ever."""
    first, now = found.first_told_at, found.promised_at
    # The date for the answer to an objection takes no other's place.
    if first is None or now is None or first == now:
        return ""
    return say_instant(first, zone, language)


def _standing(found: CustomerView, calendar: WorkCalendar, now: datetime, language: str) -> str:
    """How the promised date stands: how long still, how late, or kept."""
    if found.settled is not None:
        return gettext("kept") if found.settled == DeadlineState.MET else ""
    due = found.promised_at or found.answer_due_at
    return "" if due is None else _left(due, calendar, now, language)


def _goes_on(original: OriginalLink) -> str:
    if original.id is None:
        return gettext(
            "It is about the same matter as complaint %(number)s; we go on with that one.",
            number=original.number,
        )
    return gettext(
        "It is about the same matter as your complaint %(number)s; we go on with that one.",
        number=original.number,
    )


def _link(other: OriginalLink | None, language: str) -> str | None:
    """The own page of another complaint, for its own customer only."""
    if other is None or other.id is None:
        return None
    key = str(current_app.config["SECRET_KEY"])
    return f"/portal/{follow_token(key, other.id, other.nonce)}?lang={language}"


def _next(found: CustomerView, rules: RuleBook, now: datetime, language: str) -> str:
    if found.is_waiting:
        awaited = rules.exits.awaited.get(found.awaited or "")
        if awaited is not None:
            what = awaited.told[language]
            return gettext(
                "We are waiting for %(what)s. Write to us below or contact us.", what=what
            )
        return gettext(
            "We are waiting for your answer or documents. Write to us below or contact us."
        )
    if found.is_corrected:
        return gettext("We put the summary right as you told us, and then ask you again.")
    if found.question:
        return gettext("Please answer our question below.")
    if found.awaits_confirmation:
        return gettext("Please tell us below whether we have understood you.")
    offer = found.offer
    if found.status == "offered" and offer is not None:
        return gettext("Please tell us whether you accept it.")
    if offer is not None and offer.state == "refused":
        return gettext(
            "You have not accepted our offer. We will look for something else and tell you, also "
            "if there is nothing more that we can do."
        )
    if found.status == "accepted":
        return gettext("We will complete the work and let you know when it is done.")
    if found.read_by is not None:
        # The very sentence of the receipt that they have just seen.
        return gettext(
            "One of our staff reads it and gives you a receipt with the deadline, no later than "
            "%(when)s.",
            when=say_instant(found.read_by, rules.calendar_of(found.branch_id).value.tz, language),
        )
    ahead = [step for step in found.steps if step.done_at is None and not step.is_dropped]
    if ahead:
        return _said(ahead[0])
    return gettext("Our staff will tell you the result.")


def _paused(until: datetime, zone: tzinfo, language: str) -> str:
    return gettext(
        "Our deadline is paused while we wait for your reply, until %(until)s at the latest. It "
        "then resumes automatically.",
        until=say_instant(until, zone, language),
    )


def _take_back_until(
    found: CustomerView, rules: RuleBook, now: datetime, zone: tzinfo, language: str
) -> str | None:
    """Until when a withdrawal may be taken back; None where it may not."""
    if found.status != "withdrawn" or found.closed_at is None:
        return None
    until = found.closed_at + timedelta(days=rules.authority.withdrawal.take_back_days)
    return say_instant(until, zone, language) if now <= until else None


def _sorry(found: CustomerView) -> str:
    if found.escalation_level:
        return gettext("We are sorry that we missed this date. A manager is now involved.")
    return gettext("We are sorry that we missed this date. We are still working on your complaint.")

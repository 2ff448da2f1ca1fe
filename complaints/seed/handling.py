"""The steps between plan and solution: news, pauses, more time, escalations by hand."""

from datetime import datetime, timedelta

from sqlalchemy import select

from complaints.domain.lifecycle import Status
from complaints.domain.worktime.durations import Counting, due_at
from complaints.models import Complaint
from complaints.seed import words
from complaints.seed.life import Life, Steps
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.pause import pause_clocks

#: Whole working days, the day on which it begins apart.
COUNTING = Counting.DAY_AFTER_RECEIPT


def target_of(life: Life, since: datetime) -> datetime:
    """When the solution is reached: as the scene's share of the time, or shortly before now."""
    scene = life.scene
    soonest = life.calendar.add(life.clock, int(life.rng.uniform(25, 70) * 60 * scene.pace))
    if scene.outcome.stop:
        wanted = life.calendar.add(life.now, -int(scene.quiet * 60))
    else:
        seconds = life.calendar.between(since, life.due_at())
        wanted = life.calendar.add(since, int(seconds * scene.outcome.share))
    return max(wanted, soonest)


def told_already(life: Life) -> str:
    """The number of the same customer's complaint about this matter that still goes on, or ""."""
    complaint = life.known
    query = select(Complaint.year, Complaint.id).where(
        Complaint.customer_id == complaint.customer_id,
        Complaint.id != complaint.id,
        Complaint.category == complaint.category,
        Complaint.status.in_([Status.REGISTERED, Status.IN_HANDLING, Status.OFFERED]),
    )
    found = life.session.execute(query.order_by(Complaint.id)).first()
    return life.rules.numbers.write(*found) if found else ""


def join(life: Life, number: str) -> Steps:
    """The desk sees that it is being worked on already; one complaint goes on for both."""
    life.work(5, 40)
    yield life.step(merge_complaint, by=life.desk, into=number)


def escalate(life: Life) -> Steps:
    """The customer wants somebody higher; so does the CSR."""
    life.work(5, 60)
    yield life.step(escalate_by_hand, by=life.desk, reason=life.matter["upset"])


def pause(life: Life) -> Steps:
    """Something is up to the customer; the clocks wait for it."""
    life.work(10, 60)
    if life.method == "email" or life.is_oral:
        yield life.message(words.WE_NEED[life.language])
        life.talk(0.5, 1)
    until = life.calendar.add(life.clock, int(life.day_seconds * life.rng.uniform(1.5, 3)))
    # What the handler alone may pause for; Saturdays are short in some branches.
    days = life.rules.authority.pause.first_days
    until = min(until, due_at(life.calendar, life.clock, days, "working_day", counting=COUNTING))
    if life.stops_at("paused"):
        until = max(until, life.calendar.add(life.now, life.day_seconds))
    # No pause is longer than thirty days, whatever the holidays.
    until = min(until, life.clock + timedelta(days=29))
    # A long one is a supervisor's.
    by = life.boss if life.stops_at("paused") else None
    yield life.step(pause_clocks, by=by, reason=life.matter["waits"], until=until)
    if life.stops_at("paused"):
        return
    if life.happens("no_reply"):
        # The pause ends by itself, and the work goes on with what is known.
        life.clock = life.calendar.add(until, 60 * life.rng.randint(20, 90))
        return
    answered = life.between(life.clock, until, life.rng.uniform(0.2, 0.7))
    life.wait_until(answered)
    yield life.message(life.rng.choice(words.HERE_IT_IS[life.language]), "in", by=life.desk)


def extend(life: Life, since: datetime) -> Steps:
    """More time is needed: asked before the deadline, decided by the supervisor."""
    due = life.due_at()
    if life.stops_at("extension"):
        asked = life.calendar.add(life.now, -int(life.scene.quiet * 60))
    else:
        asked = life.between(since, due, life.rng.uniform(0.55, 0.75))
    yield from life.keep_informed(asked)
    life.wait_until(asked)
    if life.clock >= due:
        return
    until = life.calendar.add(due, 2 * life.day_seconds)
    yield life.step(ask_extension, until=until, reason=life.matter["more_time"])
    if life.stops_at("extension"):
        return
    life.wait_until(life.between(life.clock, due, life.rng.uniform(0.1, 0.5)))
    is_approved = not life.happens("extension_rejected")
    yield life.step(
        decide_extension,
        by=life.boss,
        answer="approved" if is_approved else "rejected",
        reason=words.EXTENSION_APPROVED if is_approved else words.EXTENSION_REJECTED,
    )


def keep_going(life: Life, target: datetime) -> Steps:
    """Notes and news until the solution is near; an apology when the deadline has passed."""
    if life.happens("note"):
        life.work(20, 120)
        if life.clock < target:
            yield life.step(write_note, text=life.matter["note"])
    if life.happens("asks"):
        at = life.between(life.clock, target, life.rng.uniform(0.2, 0.5))
        if at < target:
            life.wait_until(at)
            yield life.message(life.matter["asks"], "in", by=life.desk)
            life.work(10, 60)
            if life.clock < target:
                yield life.message(life.next_news())
    due = life.due_at()
    if due >= target:
        yield from life.keep_informed(target)
        return
    yield from life.keep_informed(due)
    told = life.calendar.add(due, 60 * life.rng.randint(10, 50))
    if told < target:
        life.wait_until(told)
        yield life.message(words.LATE[life.language])
    yield from life.keep_informed(target)

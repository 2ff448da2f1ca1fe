"""A complaint's scenario, from the first word to the last or to the stop it stands at today."""

from complaints.seed.handling import (
    escalate,
    extend,
    join,
    keep_going,
    pause,
    target_of,
    told_already,
)
from complaints.seed.intake import hand_over, hear_back, hear_customer, plan, route
from complaints.seed.life import Life, Steps
from complaints.seed.ratings import be_rated
from complaints.seed.solution import come_back, confirm_cause, finish, solve, withdraw


def steps_of(life: Life) -> Steps:
    """Yield the steps of a complaint that has just been received, in time order.

    Each is worked out after the one before it was taken, because deadlines follow from it.
    """
    yield from hear_customer(life)
    if life.stops_at("intake") or life.stops_at("registered"):
        return
    yield from life.print_letters()
    if life.scene.outcome.ending == "duplicate":
        told_before = told_already(life)
        if told_before:
            yield from join(life, told_before)
            return
    yield from hear_back(life)
    yield from route(life)
    if life.stops_at("party"):
        return
    if life.happens("escalated") or life.stops_at("escalated"):
        yield from escalate(life)
    if life.stops_at("escalated"):
        return
    yield from hand_over(life)
    yield from plan(life)
    # What is settled at once is settled face to face; otherwise people go home.
    life.has_left = not (life.happens("alone") and life.scene.outcome.share < 0.3)
    yield from _handle(life)


def _handle(life: Life) -> Steps:
    since = life.scene.received_at
    if life.happens("pause") or life.stops_at("paused"):
        yield from pause(life)
    if life.stops_at("paused"):
        return
    if life.happens("extension") or life.stops_at("extension"):
        yield from extend(life, since)
    if life.stops_at("extension"):
        return
    if life.scene.outcome.ending == "withdrawn" and not life.scene.outcome.stop:
        yield from withdraw(life)
        return
    if life.stops_at("reopened"):
        yield from _settled_before(life)
        return
    target = target_of(life, since)
    if not life.stops_at("handling"):
        yield from confirm_cause(life, life.between(life.clock, target, 0.5))
    if life.stops_at("cause"):
        yield from life.keep_informed(life.now)
        return
    yield from keep_going(life, target)
    if life.stops_at("handling"):
        return
    yield from solve(life, target)
    if life.scene.outcome.stop:
        return
    yield from finish(life)
    if life.happens("reopened"):
        yield from come_back(life)
    yield from be_rated(life)


def _settled_before(life: Life) -> Steps:
    """Settled once already, and back again a moment ago."""
    life.work(30, 60)
    target = life.calendar.add(life.clock, int(45 * 60 * life.scene.pace))
    yield from confirm_cause(life, target)
    yield from solve(life, target)
    yield from finish(life)
    yield from come_back(life)

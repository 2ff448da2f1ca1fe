"""What becomes of the steps that were told and planned: most are kept in time, some are not."""

from collections.abc import Iterable, Iterator
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import select

from complaints.domain.commitments.rules import (
    CommitmentKind,
    OwnerKind,
    holding_up,
    is_unsettled,
    together_with,
)
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Actor
from complaints.models import Commitment, Offer, User
from complaints.people.signers import handler_of
from complaints.seed import words
from complaints.seed.life import Life, TimedStep
from complaints.steps.case import Case
from complaints.steps.close import close_complaint
from complaints.steps.commitments.settle import drop_commitment, keep_commitments
from complaints.steps.commitments.undertake import commitments_of

#: Of a hundred: kept in time, kept late, given up; the others are ticked when the matter is closed.
_IN_TIME, _LATE, _GIVEN_UP = 72, 12, 4
#: Of a hundred deliveries.
_DELIVERED_LATE = 5


def ticks(life: Life, after: int) -> Iterator[tuple[int, TimedStep]]:
    """What happens to the commitments made since the one with this id; each with its id."""
    query = select(Commitment).where(
        Commitment.complaint_id == life.known.id,
        Commitment.id > after,
        Commitment.deadline_id.is_not(None),
    )
    for each in life.session.scalars(query.order_by(Commitment.id)).all():
        if each.kind == CommitmentKind.DELIVERY:
            yield from _delivery(life, each)
            continue
        assert each.due_at is not None
        assert each.at is not None
        # A chance of its own, so that the scenario goes on as it would have.
        chance = Random(f"{life.scene.received_at}:{each.id}")
        lot = chance.randrange(100)
        tick: partial[Any] = partial(_keep, commitment=each.id, note="")
        if lot < _IN_TIME:
            at = life.between(each.at, each.due_at, chance.uniform(0.4, 0.97))
            if chance.random() < 0.3:
                tick = partial(_keep, commitment=each.id, note=chance.choice(words.KEPT))
        elif lot < _IN_TIME + _LATE:
            at = life.calendar.add(each.due_at, 60 * chance.randint(20, 420))
        elif lot < _IN_TIME + _LATE + _GIVEN_UP:
            at = life.between(each.at, each.due_at, chance.uniform(0.3, 0.8))
            tick = partial(_drop, commitment=each.id, reason=chance.choice(words.NOT_NEEDED))
        else:
            continue
        yield each.id, TimedStep(max(at, life.clock), life.voice.actor, tick)


def _delivery(life: Life, each: Commitment) -> Iterator[tuple[int, TimedStep]]:
    """A remedy reaches the customer in time, or late, and then the complaint is closed again."""
    assert each.due_at is not None
    assert each.at is not None
    chance = Random(f"{life.scene.received_at}:{each.id}")
    reference = f"BA-{chance.randrange(10_000):04}"
    by = _who_confirms(life, each)
    tick = partial(_keep, commitment=each.id, note="", reference=reference)
    if chance.randrange(100) >= _DELIVERED_LATE:
        at = life.between(each.at, each.due_at, chance.uniform(0.3, 0.95))
        yield each.id, TimedStep(max(at, life.clock), by, tick)
        return
    at = life.calendar.add(each.due_at, 60 * chance.randint(90, 900))
    yield each.id, TimedStep(max(at, life.clock), by, tick)
    closed_at = life.calendar.add(max(at, life.clock), 60 * chance.randint(5, 40))
    yield each.id, TimedStep(closed_at, life.desk.actor, partial(_close_again))


def _who_confirms(life: Life, each: Commitment) -> Actor:
    """Whoever leads, or for a larger amount somebody who has not offered it."""
    offer = life.session.get(Offer, each.offer_id)
    if offer is None or offer.amount <= life.rules.authority.delivery.one_tap_up_to:
        return life.voice.actor
    others = (life.boss.actor, life.cast.manager.actor)
    return next(each for each in others if each.id != offer.by_id)


def tick_the_rest(case: Case) -> None:
    """Whatever is still open when the matter is settled has been done by then."""
    waiting = holding_up(commitments_of(case), case.at)
    if waiting:
        note = words.REPORTED[0] if _ticked_for_a_unit(case, waiting) else ""
        keep_commitments(case, ids=[each.id for each in waiting], note=note)


def _keep(case: Case, *, commitment: int, note: str, reference: str = "") -> None:
    known = commitments_of(case)
    if _is_open(known, commitment):
        step = next(each for each in known if each.id == commitment)
        is_for_a_unit = _ticked_for_a_unit(case, together_with(step, known))
        if is_for_a_unit and not note and not reference:
            note = words.REPORTED[commitment % len(words.REPORTED)]
        keep_commitments(case, ids=[commitment], note=note, reference=reference)


def _ticked_for_a_unit(case: Case, steps: Iterable[Commitment]) -> bool:
    """Whether a unit does one of these; then whoever handles the complaint by now ticks them."""
    units = {each.team_id for each in steps if each.owner_kind == OwnerKind.UNIT}
    if units <= {case.by.team_id}:
        return False
    handler = case.session.get(User, handler_of(case.complaint))
    if handler is not None:
        case.by = handler.actor
    return True


def _close_again(case: Case) -> None:
    is_waiting = bool(holding_up(commitments_of(case), case.at))
    if case.complaint.status == Status.ACCEPTED and not is_waiting:
        close_complaint(case)


def _drop(case: Case, *, commitment: int, reason: str) -> None:
    if _is_open(commitments_of(case), commitment):
        drop_commitment(case, commitment=commitment, reason=reason)


def _is_open(known: Iterable[Commitment], key: int) -> bool:
    """Whether nobody has settled it meanwhile, with its twin or the whole complaint."""
    return any(each.id == key and is_unsettled(each) for each in known)

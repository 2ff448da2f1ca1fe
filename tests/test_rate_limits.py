"""How often somebody may do something: counted exactly, at once too, and under no name."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from complaints.models import RateLimit
from complaints.rate_limits import Taken, forget_old_limits, take_one
from complaints.signing import use_history_keys
from tests.at_once import at_once
from tests.conftest import HISTORY_KEY, NOW

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
KEY = "complain:contact:+6281234567890"


def take(session: Session, key: str = KEY, *, limit: int = 3, now: datetime = NOW) -> Taken:
    taken = take_one(session, key, limit=limit, per=HOUR, now=now)
    session.commit()
    return taken


def rows(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(RateLimit)) or 0


def test_so_many_are_allowed_and_no_more(session: Session):
    found = [take(session) for _ in range(5)]
    assert [each.is_allowed for each in found] == [True] * 3 + [False] * 2
    assert [each.remaining for each in found] == [2, 1, 0, 0, 0]
    assert {(each.limit, each.resets_at) for each in found} == {(3, NOW + HOUR)}


def test_everybody_is_counted_apart(session: Session):
    assert [take(session, limit=1).is_allowed for _ in range(2)] == [True, False]
    assert take(session, "complain:contact:+6281234567891", limit=1).is_allowed


def test_counting_begins_anew_when_the_window_is_over(session: Session):
    for _ in range(3):
        take(session)
    assert not take(session, now=NOW + HOUR - SECOND).is_allowed
    again = take(session, now=NOW + HOUR)
    assert again == Taken(True, 3, 2, NOW + 2 * HOUR)


def test_who_asks_again_and_again_does_not_wait_longer(session: Session):
    for minute in range(60):
        taken = take(session, now=NOW + timedelta(minutes=minute))
    assert taken == Taken(False, 3, 0, NOW + HOUR)
    assert session.scalar(select(RateLimit.used)) == 3


def test_nobody_waits_for_a_window_from_before_the_clock_was_set_back(session: Session):
    for _ in range(3):
        take(session, now=NOW + timedelta(days=365))
    assert take(session).is_allowed


def test_how_long_to_wait(session: Session):
    first = take(session, limit=1)
    refused = take(session, limit=1, now=NOW + timedelta(minutes=59, seconds=58))
    assert refused.seconds_to_wait(NOW + timedelta(minutes=59, seconds=58)) == 2
    assert first.seconds_to_wait(NOW + HOUR) == 0
    assert take(session, "another").seconds_to_wait(NOW) == 0


def test_a_window_ends_at_a_whole_second(session: Session):
    taken = take_one(session, KEY, limit=1, per=HOUR, now=NOW.replace(microsecond=999_999))
    assert taken.resets_at == NOW + HOUR


def test_what_is_taken_back_was_not_taken(session: Session):
    take_one(session, KEY, limit=1, per=HOUR, now=NOW)
    session.rollback()
    assert take(session, limit=1).is_allowed


@pytest.mark.parametrize("key", ["", "x" * 10_000, "nul\x00", "lone \udc80", "é"])
def test_any_key_can_be_counted(session: Session, key: str):
    assert [take(session, key, limit=1).is_allowed for _ in range(2)] == [True, False]


def test_no_data_of_anybody_rests_in_the_table(session: Session):
    take(session)
    (stored,) = session.scalars(select(RateLimit.key))
    assert "81234567890" not in stored
    assert stored != hashlib.sha256(KEY.encode()).hexdigest(), "numbers can all be tried"
    use_history_keys(["the key of somebody else's installation"])
    try:
        assert take(session, limit=1).is_allowed
    finally:
        use_history_keys([HISTORY_KEY])


def test_of_many_at_once_as_many_as_the_limit_are_allowed(session: Session):
    """Each in a connection of its own, as in several processes."""
    engine = session.get_bind()
    for round_ in range(5):
        allowed: list[bool] = []

        def take_four(key: str = f"{KEY}:{round_}", allowed: list[bool] = allowed) -> None:
            for _ in range(4):
                with Session(engine) as own:
                    allowed.append(take(own, key, limit=10).is_allowed)

        at_once(6, take_four)
        assert sorted(allowed) == [False] * 14 + [True] * 10


def test_of_many_at_once_only_one_begins_the_window_anew(session: Session):
    engine = session.get_bind()
    take(session, limit=2)
    session.execute(update(RateLimit).values(used=2))
    session.commit()
    allowed: list[bool] = []

    def take_one_later() -> None:
        with Session(engine) as own:
            allowed.append(take(own, limit=2, now=NOW + HOUR).is_allowed)

    at_once(6, take_one_later)
    assert sorted(allowed) == [False] * 4 + [True] * 2


def test_windows_that_are_over_are_forgotten(session: Session):
    take(session, "over", now=NOW - HOUR)
    take(session, "not over", now=NOW - HOUR + SECOND)
    assert forget_old_limits(session, NOW) == 1
    session.commit()
    assert rows(session) == 1

"""People who are away: who hears of their complaints meanwhile, and what may be noted."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.escalation import Ladder
from complaints.engine.fire import fire_due
from complaints.models import Absence, Deadline, Escalation, Notice, Timer, User
from complaints.people.absences import cancel_absence, note_absence
from complaints.people.account_upkeep import close_account
from complaints.people.staff import top_rung_is_empty
from complaints.steps.casework.escalate import escalate_by_hand
from tests.conftest import NOW
from tests.house import House

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DUE = NOW + 30 * MINUTE


def away(
    house: House,
    name: str,
    deputy: str = "",
    since: datetime = NOW - DAY,
    until: datetime = NOW + DAY,
) -> Absence:
    email = f"{deputy}@tanggap.example" if deputy else ""
    absence = note_absence(
        house.session,
        deputy=email,
        from_at=since,
        until_at=until,
        by=house.actor(name),
        at=NOW - DAY,
    )
    house.session.commit()
    return absence


def late(house: House, at: datetime = DUE + 15 * MINUTE) -> str:
    """A complaint whose receipt alone is late, swept at `at`."""
    number = house.receive()
    others = select(Deadline.id).where(Deadline.kind != "ack")
    house.session.execute(delete(Timer).where(Timer.deadline_id.in_(others)))
    fire_due(house.session, house.rules, at=at)
    house.session.commit()
    return number


def told(house: House, number: str) -> list[tuple[str, str]]:
    names = {user.id: name for name, user in house.people.items()}
    return [(names[each.user_id], each.kind) for each in house.rows(Notice, number)]


def test_a_deputy_hears_instead(house: House):
    away(house, "supervisor", "manager")
    away(house, "csr", "officer")
    assert told(house, late(house)) == [("officer", "breach"), ("manager", "escalation")]


def test_only_while_the_absence_lasts(house: House):
    away(house, "supervisor", "manager", until=DUE + 15 * MINUTE)
    assert ("supervisor", "escalation") in told(house, late(house))


def test_a_deputy_who_may_not_see_the_complaint_is_passed_over(house: House):
    absence = away(house, "supervisor", "manager")
    absence.deputy_id = house.id_of("csr2")
    house.session.commit()
    number = late(house)
    # Makassar may not see it, so the rung is as good as empty and the next one is called at once.
    assert told(house, number) == [("csr", "breach"), ("manager", "escalation")]
    assert [row.level for row in house.rows(Escalation, number)] == [2]
    assert [e.detail.get("nobody") for e in house.history(number) if e.what == "escalate"] == [
        True,
        None,
    ]


def test_the_deputy_of_a_deputy_stands_in(house: House):
    away(house, "csr", "officer")
    away(house, "officer", "supervisor")
    assert told(house, late(house, DUE + timedelta(seconds=1))) == [("supervisor", "breach")]


def test_two_who_stand_in_for_each_other_are_both_away(house: House):
    away(house, "csr", "officer")
    away(house, "officer", "csr")
    # Then it is the supervisor's to give away.
    assert told(house, late(house, DUE + timedelta(seconds=1))) == [("supervisor", "breach")]


def test_with_everybody_away_the_top_is_told_nevertheless(house: House):
    away(house, "supervisor")
    away(house, "manager", until=NOW + 9 * DAY)
    number = late(house, NOW + 8 * HOUR)
    assert told(house, number)[-1] == ("manager", "escalation")
    assert house.history(number)[-1].detail["last_resort"] is True


def test_escalating_by_hand_reaches_the_deputy_too(house: House):
    away(house, "supervisor", "officer")
    number = house.receive()
    house.take(number, escalate_by_hand, reason="Pelanggan menunggu")
    assert told(house, number) == [("officer", "escalation")]


def test_without_a_deputy_escalating_by_hand_goes_further_up(house: House):
    away(house, "supervisor")
    number = house.receive()
    house.take(number, escalate_by_hand, reason="Pelanggan menunggu")
    assert told(house, number) == [("manager", "escalation")]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"deputy": "csr@tanggap.example"}, "deputy"),
        ({"deputy": "nobody@tanggap.example"}, "deputy"),
        ({"deputy": "csr2@tanggap.example"}, "deputy"),
        ({"from_at": NOW + 2 * DAY}, "until"),
        ({"from_at": NOW - 3 * DAY, "until_at": NOW - DAY}, "until"),
    ],
)
def test_what_makes_no_sense_is_refused(house: House, words, field: str):
    given = {"deputy": "", "from_at": NOW, "until_at": NOW + DAY, **words}
    with pytest.raises(Invalid) as refusal:
        note_absence(house.session, by=house.actor("csr"), at=NOW, **given)
    assert refusal.value.field == field


def test_one_comes_back_early_and_an_absence_to_come_is_struck_out(house: House):
    lasting = away(house, "csr")
    ahead = away(house, "csr", since=NOW + 5 * DAY, until=NOW + 6 * DAY)
    with pytest.raises(Forbidden):
        cancel_absence(house.session, lasting.id, by=house.actor("officer"), at=NOW)
    for absence in (lasting, ahead):
        cancel_absence(house.session, absence.id, by=house.actor("csr"), at=NOW)
    house.session.commit()
    # Both stay to be read; the one that never began is as long as nothing.
    rows = house.session.scalars(select(Absence).order_by(Absence.id)).all()
    assert [row.until_at for row in rows] == [NOW, NOW + 5 * DAY]
    assert {(row.ended_by_id, row.ended_at) for row in rows} == {(house.id_of("csr"), NOW)}
    # In the time that was struck out another one may be noted.
    away(house, "csr", since=NOW + 4 * DAY, until=NOW + 6 * DAY)


def note_for(house: House, name: str, by: str, deputy: str = "") -> Absence:
    absence = note_absence(
        house.session,
        deputy=f"{deputy}@tanggap.example" if deputy else "",
        from_at=NOW - MINUTE,
        until_at=NOW + DAY,
        by=house.actor(by),
        at=NOW,
        person_id=house.id_of(name),
    )
    house.session.commit()
    return absence


@pytest.mark.parametrize("by", ["supervisor", "manager", "admin"])
def test_who_leads_notes_the_absence_of_somebody_who_cannot(house: House, by: str):
    absence = note_for(house, "csr", by, "officer")
    assert (absence.user_id, absence.deputy_id) == (house.id_of("csr"), house.id_of("officer"))
    assert (absence.noted_by_id, absence.noted_at) == (house.id_of(by), NOW)
    assert told(house, late(house, DUE + timedelta(seconds=1))) == [("officer", "breach")]


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("csr2", "supervisor"),
        ("manager", "supervisor"),
        ("officer", "csr"),
        ("csr", "auditor"),
        ("admin", "manager"),
    ],
)
def test_nobody_notes_the_absence_of_people_who_are_not_theirs(house: House, name: str, by: str):
    with pytest.raises(Forbidden):
        note_for(house, name, by)
    absence = away(house, name)
    with pytest.raises(Forbidden):
        cancel_absence(house.session, absence.id, by=house.actor(by), at=NOW)


def test_the_deputy_of_one_of_my_people_has_to_see_their_complaints(house: House):
    for deputy in ("csr", "csr2", "auditor"):
        with pytest.raises(Invalid) as refusal:
            note_for(house, "csr", "supervisor", deputy)
        assert refusal.value.field == "deputy"


def test_who_leads_ends_an_absence_and_the_row_says_so(house: House):
    absence = away(house, "csr")
    cancel_absence(house.session, absence.id, by=house.actor("supervisor"), at=NOW)
    house.session.commit()
    assert (absence.noted_by_id, absence.ended_by_id) == (
        house.id_of("csr"),
        house.id_of("supervisor"),
    )


def test_the_same_absence_sent_twice_at_once_is_noted_once(house: House, engine: Engine):
    csr, outcomes = house.actor("csr"), []
    ready = threading.Barrier(2)

    def note() -> None:
        ready.wait()
        try:
            with Session(engine) as session, session.begin():
                note_absence(session, deputy="", from_at=NOW, until_at=NOW + DAY, by=csr, at=NOW)
            outcomes.append("noted")
        except Invalid:
            outcomes.append("refused")

    threads = [threading.Thread(target=note) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["noted", "refused"]
    assert house.count(Absence) == 1


# The top of the ladder


def test_the_last_one_on_the_top_rung_cannot_be_shut_out(house: House):
    admin, manager = house.actor("admin"), house.id_of("manager")
    ladder = house.rules.ladder
    assert not top_rung_is_empty(house.session, ladder)
    assert top_rung_is_empty(house.session, ladder, without=manager)
    with pytest.raises(Refused, match="top step"):
        close_account(house.session, manager, by=admin)
    close_account(house.session, house.id_of("supervisor"), by=admin)
    house.session.rollback()
    second = User(email="second@tanggap.example", name="Second", role="manager")
    house.session.add(second)
    house.session.flush()
    close_account(house.session, manager, by=admin)
    house.session.commit()


@pytest.mark.parametrize(
    ("target", "without"),
    [
        ("head_office", "manager"),
        ("manager", "manager"),
        ("supervisor", "supervisor"),
        ("role:auditor", "auditor"),
    ],
)
def test_a_top_rung_is_empty_when_nobody_could_stand_on_it(house: House, target: str, without: str):
    ladder = Ladder.from_dict(
        {"id": "house", "rung": [{"key": "top", "after": 1, "target": target, "level": 1}]}
    )
    assert not top_rung_is_empty(house.session, ladder)
    assert not top_rung_is_empty(house.session, ladder, without=house.id_of("csr"))
    assert top_rung_is_empty(house.session, ladder, without=house.id_of(without))
    house.session.commit()

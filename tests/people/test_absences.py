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
from tests.office import Office

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DUE = NOW + 30 * MINUTE


def away(
    office: Office,
    name: str,
    deputy: str = "",
    since: datetime = NOW - DAY,
    until: datetime = NOW + DAY,
) -> Absence:
    email = f"{deputy}@tanggap.example" if deputy else ""
    absence = note_absence(
        office.session,
        deputy=email,
        from_at=since,
        until_at=until,
        by=office.actor(name),
        at=NOW - DAY,
    )
    office.session.commit()
    return absence


def late(office: Office, at: datetime = DUE + 15 * MINUTE) -> str:
    """A complaint whose receipt alone is late, swept at `at`."""
    number = office.receive()
    others = select(Deadline.id).where(Deadline.kind != "ack")
    office.session.execute(delete(Timer).where(Timer.deadline_id.in_(others)))
    fire_due(office.session, office.rules, at=at)
    office.session.commit()
    return number


def told(office: Office, number: str) -> list[tuple[str, str]]:
    names = {user.id: name for name, user in office.people.items()}
    return [(names[each.user_id], each.kind) for each in office.rows(Notice, number)]


def test_a_deputy_hears_instead(office: Office):
    away(office, "supervisor", "manager")
    away(office, "csr", "officer")
    assert told(office, late(office)) == [("officer", "breach"), ("manager", "escalation")]


def test_only_while_the_absence_lasts(office: Office):
    away(office, "supervisor", "manager", until=DUE + 15 * MINUTE)
    assert ("supervisor", "escalation") in told(office, late(office))


def test_a_deputy_who_may_not_see_the_complaint_is_passed_over(office: Office):
    absence = away(office, "supervisor", "manager")
    absence.deputy_id = office.id_of("csr2")
    office.session.commit()
    number = late(office)
    # Makassar may not see it, so the rung is as good as empty and the next one is called at once.
    assert told(office, number) == [("csr", "breach"), ("manager", "escalation")]
    assert [row.level for row in office.rows(Escalation, number)] == [2]
    assert [e.detail.get("nobody") for e in office.history(number) if e.what == "escalate"] == [
        True,
        None,
    ]


def test_the_deputy_of_a_deputy_stands_in(office: Office):
    away(office, "csr", "officer")
    away(office, "officer", "supervisor")
    assert told(office, late(office, DUE + timedelta(seconds=1))) == [("supervisor", "breach")]


def test_two_who_stand_in_for_each_other_are_both_away(office: Office):
    away(office, "csr", "officer")
    away(office, "officer", "csr")
    # Then it is the supervisor's to give away.
    assert told(office, late(office, DUE + timedelta(seconds=1))) == [("supervisor", "breach")]


def test_with_everybody_away_the_top_is_told_nevertheless(office: Office):
    away(office, "supervisor")
    away(office, "manager", until=NOW + 9 * DAY)
    number = late(office, NOW + 8 * HOUR)
    assert told(office, number)[-1] == ("manager", "escalation")
    assert office.history(number)[-1].detail["last_resort"] is True


def test_escalating_by_hand_reaches_the_deputy_too(office: Office):
    away(office, "supervisor", "officer")
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu")
    assert told(office, number) == [("officer", "escalation")]


def test_without_a_deputy_escalating_by_hand_goes_further_up(office: Office):
    away(office, "supervisor")
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu")
    assert told(office, number) == [("manager", "escalation")]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"deputy": "csr@tanggap.example"}, "deputy"),
        ({"deputy": "nobody@tanggap.example"}, "deputy"),
        ({"deputy": "csr2@tanggap.example"}, "deputy"),
        ({"from_at": NOW + 2 * DAY}, "until"),
        ({"from_at": NOW - 3 * DAY, "until_at": NOW - DAY}, "until"),
        # Nobody passes on for good what would reach them.
        ({"until_at": NOW + 367 * DAY}, "until"),
        ({"from_at": NOW + 400 * DAY, "until_at": NOW + 401 * DAY}, "until"),
    ],
)
def test_what_makes_no_sense_is_refused(office: Office, words, field: str):
    given = {"deputy": "", "from_at": NOW, "until_at": NOW + DAY, **words}
    with pytest.raises(Invalid) as refusal:
        note_absence(office.session, by=office.actor("csr"), at=NOW, **given)
    assert refusal.value.field == field


def test_one_comes_back_early_and_an_absence_to_come_is_struck_out(office: Office):
    lasting = away(office, "csr")
    ahead = away(office, "csr", since=NOW + 5 * DAY, until=NOW + 6 * DAY)
    with pytest.raises(Forbidden):
        cancel_absence(office.session, lasting.id, by=office.actor("officer"), at=NOW)
    for absence in (lasting, ahead):
        cancel_absence(office.session, absence.id, by=office.actor("csr"), at=NOW)
    office.session.commit()
    # Both stay to be read; the one that never began is as long as nothing.
    rows = office.session.scalars(select(Absence).order_by(Absence.id)).all()
    assert [row.until_at for row in rows] == [NOW, NOW + 5 * DAY]
    assert {(row.ended_by_id, row.ended_at) for row in rows} == {(office.id_of("csr"), NOW)}
    # In the time that was struck out another one may be noted.
    away(office, "csr", since=NOW + 4 * DAY, until=NOW + 6 * DAY)


def note_for(office: Office, name: str, by: str, deputy: str = "") -> Absence:
    absence = note_absence(
        office.session,
        deputy=f"{deputy}@tanggap.example" if deputy else "",
        from_at=NOW - MINUTE,
        until_at=NOW + DAY,
        by=office.actor(by),
        at=NOW,
        person_id=office.id_of(name),
    )
    office.session.commit()
    return absence


@pytest.mark.parametrize("by", ["supervisor", "manager", "admin"])
def test_who_leads_notes_the_absence_of_somebody_who_cannot(office: Office, by: str):
    absence = note_for(office, "csr", by, "officer")
    assert (absence.user_id, absence.deputy_id) == (office.id_of("csr"), office.id_of("officer"))
    assert (absence.noted_by_id, absence.noted_at) == (office.id_of(by), NOW)
    assert told(office, late(office, DUE + timedelta(seconds=1))) == [("officer", "breach")]


@pytest.mark.first_row_on_postgresql
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
def test_nobody_notes_the_absence_of_people_who_are_not_theirs(office: Office, name: str, by: str):
    with pytest.raises(Forbidden):
        note_for(office, name, by)
    absence = away(office, name)
    with pytest.raises(Forbidden):
        cancel_absence(office.session, absence.id, by=office.actor(by), at=NOW)


def test_the_deputy_of_one_of_my_people_has_to_see_their_complaints(office: Office):
    for deputy in ("csr", "csr2", "auditor"):
        with pytest.raises(Invalid) as refusal:
            note_for(office, "csr", "supervisor", deputy)
        assert refusal.value.field == "deputy"


def test_who_leads_ends_an_absence_and_the_row_says_so(office: Office):
    absence = away(office, "csr")
    cancel_absence(office.session, absence.id, by=office.actor("supervisor"), at=NOW)
    office.session.commit()
    assert (absence.noted_by_id, absence.ended_by_id) == (
        office.id_of("csr"),
        office.id_of("supervisor"),
    )


def test_the_same_absence_sent_twice_at_once_is_noted_once(office: Office, engine: Engine):
    csr, outcomes = office.actor("csr"), []
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
    assert office.count(Absence) == 1


# The top of the ladder


def test_the_last_one_on_the_top_rung_cannot_be_shut_out(office: Office):
    admin, manager = office.actor("admin"), office.id_of("manager")
    ladder = office.rules.ladder
    assert not top_rung_is_empty(office.session, ladder)
    assert top_rung_is_empty(office.session, ladder, without=manager)
    with pytest.raises(Refused, match="top step"):
        close_account(office.session, manager, by=admin, at=office.at)
    close_account(office.session, office.id_of("supervisor"), by=admin, at=office.at)
    office.session.rollback()
    second = User(email="second@tanggap.example", name="Second", role="manager")
    office.session.add(second)
    office.session.flush()
    close_account(office.session, manager, by=admin, at=office.at)
    office.session.commit()


@pytest.mark.parametrize(
    ("target", "without"),
    [
        ("head_office", "manager"),
        ("manager", "manager"),
        ("supervisor", "supervisor"),
        ("role:auditor", "auditor"),
    ],
)
def test_a_top_rung_is_empty_when_nobody_could_stand_on_it(
    office: Office, target: str, without: str
):
    ladder = Ladder.from_dict(
        {"id": "office", "rung": [{"key": "top", "after": 1, "target": target, "level": 1}]}
    )
    assert not top_rung_is_empty(office.session, ladder)
    assert not top_rung_is_empty(office.session, ladder, without=office.id_of("csr"))
    assert top_rung_is_empty(office.session, ladder, without=office.id_of(without))
    office.session.commit()

"""Sixty days of sweeps over a complaint nobody looks at: who hears what, and no silence."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from complaints.engine.fire import fire_due
from complaints.models import Complaint, Escalation, Notice
from complaints.people.absences import note_absence
from complaints.queries.complaint.history import verify_history
from complaints.steps.casework.escalate import acknowledge_escalation, return_escalation
from tests.conftest import NOW
from tests.engine.diary import Diary
from tests.office import Office

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
END = NOW + 60 * DAY


def calendar_of(office: Office):
    calendar = office.rules.calendar_of(office.people["csr"].branch_id or 0).value
    office.session.commit()
    return calendar


def test_sixty_days_of_an_ignored_complaint(office: Office):
    number = office.receive()
    diary = Diary(office)
    diary.live(END)
    calendar = calendar_of(office)

    # Day one: the handler is warned and hears of the miss; the line above is called in its turn.
    first = [(at - NOW, who, kind) for at, who, kind in diary.lines if at - NOW < 5 * MINUTE * 12]
    assert first == [
        (15 * MINUTE, "csr", "warn"),
        (24 * MINUTE, "csr", "warn"),
        (31 * MINUTE, "csr", "breach"),
        (45 * MINUTE, "supervisor", "escalation"),
    ]

    # From the first call of the top on it hears every working day, to the end.
    called = diary.heard("manager", NOW)
    gaps = [calendar.between(a, b) for a, b in pairwise(called)]
    working_day = calendar.between(NOW.replace(hour=0), NOW.replace(hour=0) + DAY)
    assert max(gaps) <= working_day
    assert calendar.between(called[-1], END) <= working_day
    reminders = [at for at, who, kind in diary.lines if (who, kind) == ("manager", "reminder")]
    openings = {calendar.opening_of(at.astimezone(calendar.tz).date()) for at in reminders}
    assert set(reminders) == openings
    days = [at.astimezone(calendar.tz).date() for at in reminders]
    ahead = (days[0] + n * DAY for n in range((END - reminders[0]).days + 1))
    assert days == [day for day in ahead if calendar.opens_on(day)]
    assert days[0] == (NOW + 4 * DAY).date()

    # It stays before the top, once, and the record is one chain.
    top = [row for row in office.rows(Escalation, number) if row.level == 3]
    assert {row.acknowledged_at for row in top} == {None}
    assert office.complaint(number).escalation_level == 3
    assert verify_history(office.session)["bad"] == []


#: Kind of clock → how far the complaint is walked, so that this clock is the one that is late.
WALKED = {
    "ack": None,
    "plan": "020-1.6",
    "resolve": "020-2.5",
    "commitment": "020-2.5",
}


@pytest.mark.parametrize("kind", WALKED)
def test_sixty_days_of_each_kind_of_clock(office: Office, kind: str):
    """The handler hears before and at the miss, then the line above; the top every working day."""
    number = office.receive()
    if WALKED[kind]:
        office.walk(number, to=WALKED[kind])
    diary = Diary(office)
    diary.live(END)
    calendar = calendar_of(office)
    heard = [each for each in office.rows(Notice, number) if is_of(each, kind)]
    names = {user.id: name for name, user in office.people.items()}
    kinds = [(names[each.user_id], each.kind) for each in heard]
    assert kinds.index(("csr", "warn")) < kinds.index(("csr", "breach"))
    calls = [name for name, what in kinds if what == "escalation"]
    # A commitment is called as far as the supervisor; the complaint's own clocks call the top.
    assert calls[:2] == ["supervisor", "manager"][: 1 if kind == "commitment" else 2]
    # Nobody is late and open in silence: on each working day somebody hears, to the end.
    missed = next(each.at for each in heard if each.kind == "breach")
    all_heard = [at for at, _, _ in diary.lines if at >= missed]
    gaps = [calendar.between(a, b) for a, b in pairwise([*all_heard, END])]
    assert max(gaps) <= calendar.between(NOW.replace(hour=0), NOW.replace(hour=0) + DAY)


def is_of(notice: Notice, kind: str) -> bool:
    """Whether a notice names a clock of this kind, by itself or among others."""
    others = [each[0] for each in notice.facts.get("others", ())]
    return kind in (notice.facts.get("clock"), *others)


@pytest.mark.parametrize("kind", ["ack", "commitment"])
def test_sixty_days_while_the_superiors_are_away(office: Office, kind: str):
    """The deputy hears in their place, once in each sweep, and the top is never silent."""
    number = office.receive()
    if WALKED[kind]:
        office.walk(number, to=WALKED[kind])
    for who, deputy in (("supervisor", "officer"), ("manager", "supervisor")):
        given = {"deputy": f"{deputy}@tanggap.example", "from_at": office.at, "at": office.at}
        note_absence(office.session, by=office.actor(who), until_at=END + DAY, **given)
    office.session.commit()
    diary = Diary(office)
    diary.live(END)
    calendar = calendar_of(office)
    assert "officer" in {who for _, who, _ in diary.lines}
    missed = next(at for at, _, what in diary.lines if what == "breach")
    later = [at for at, _, _ in diary.lines if at >= missed]
    gaps = [calendar.between(a, b) for a, b in pairwise([*later, END])]
    assert max(gaps) <= calendar.between(NOW.replace(hour=0), NOW.replace(hour=0) + DAY)


def test_the_clocks_of_a_complaint_that_come_due_together_are_told_of_together(office: Office):
    number = office.receive()
    late = NOW + 20 * DAY
    diary = Diary(office)
    diary.sweep(late)
    heard = Counter(who for _, who, _ in diary.lines)
    assert set(heard.values()) == {1}
    for notice in office.rows(Notice, number):
        named = {notice.facts["clock"], *(kind for kind, _ in notice.facts["others"])}
        assert {"ack", "resolve"} <= named


def test_a_small_batch_does_not_tear_a_complaint_apart(office: Office):
    number = office.receive()
    fire_due(office.session, office.rules, at=NOW + 20 * DAY, limit=1)
    office.session.commit()
    told = Counter(each.user_id for each in office.rows(Notice, number))
    assert set(told.values()) == {1}


def test_an_acknowledged_top_hears_again_and_has_it_before_them_anew(office: Office):
    number = office.receive()
    diary = Diary(office)
    diary.live(NOW + 10 * DAY)
    taken = NOW + 10 * DAY
    office.take(number, acknowledge_escalation, by="manager", at=taken)
    held = max(row.ack_expires_at for row in office.rows(Escalation, number) if row.ack_expires_at)
    assert not [row for row in office.rows(Escalation, number) if _waits(office, row)]
    before = len(diary.lines)
    diary.live(held + 2 * DAY)
    again = [line for line in diary.lines[before:] if line[1] == "manager"]
    assert again
    assert all(at >= held for at, _, _ in again)
    assert [row for row in office.rows(Escalation, number) if _waits(office, row)]


def test_one_handed_back_from_the_top_and_left_lying_comes_back(office: Office):
    number = office.receive()
    diary = Diary(office)
    diary.live(NOW + 10 * DAY)
    at = NOW + 10 * DAY
    office.take(number, return_escalation, by="manager", at=at, instruction="Telepon dulu")
    assert office.complaint(number).escalation_level == 0
    diary.live(at + 3 * DAY)
    assert office.complaint(number).escalation_level == 3


def test_what_has_ended_reminds_nobody(office: Office):
    number = office.receive()
    diary = Diary(office)
    diary.live(NOW + 10 * DAY)
    row: Complaint = office.complaint(number)
    row.status = "withdrawn"
    office.session.commit()
    before = len(diary.lines)
    diary.live(NOW + 30 * DAY)
    assert len(diary.lines) == before
    assert office.timers(number) == []


def _waits(office: Office, row: Escalation) -> bool:
    return row.to_id == office.id_of("manager") and row.acknowledged_at is None

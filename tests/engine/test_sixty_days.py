"""Sixty days of sweeps over a complaint nobody looks at: who hears what, and no silence."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from complaints.domain.worktime import WorkCalendar
from complaints.engine.fire import fire_due
from complaints.models import Complaint, Deadline, Escalation, Notice
from complaints.people.absences import note_absence
from complaints.queries.complaint.seals.history import verify_history
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
    "internal_accept": "asked",
    "plan": "020-1.6",
    "progress": "020-2.5",
    "resolve": "020-2.5",
    "legal": "020-2.5",
    "commitment": "020-2.5",
}

#: What of a complaint's own clock is heard behind its due time: working minutes, who, kind.
CLIMB = [
    (0, "csr", "breach"),
    (15, "supervisor", "escalation"),
    (240, "manager", "escalation"),
    (480, "manager", "escalation"),
]

#: Kind of clock → who hears of it, in working minutes before (minus) and behind its due time, up
#: to the first reminder of the top. The working day has eight hours.
HEARD = {
    "ack": [(-15, "csr", "warn"), (-6, "csr", "warn"), *CLIMB],
    "internal_accept": [
        (-120, "csr", "warn"),
        (-48, "csr", "warn"),
        (-48, "officer", "warn"),
        *CLIMB,
    ],
    "plan": [(-240, "csr", "warn"), (-96, "csr", "warn"), *CLIMB],
    "progress": [(-720, "csr", "warn"), (-288, "csr", "warn"), *CLIMB],
    "resolve": [(-720, "csr", "warn"), (-288, "csr", "warn"), *CLIMB],
    # Five days from the day after receipt and what is left of the day itself.
    "legal": [(-1402, "csr", "warn"), (-561, "csr", "warn"), *CLIMB],
    "commitment": [
        (-284, "csr", "warn"),
        (-277, "officer", "warn"),
        (0, "csr", "breach"),
        (0, "officer", "breach"),
        (60, "csr", "breach"),
        (240, "supervisor", "escalation"),
    ],
}


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("kind", WALKED)
def test_sixty_days_of_each_kind_of_clock(office: Office, kind: str):
    """Who hears how long before and behind the due time, and from then on each working day."""
    number = receive_late(office, kind)
    diary = Diary(office)
    diary.live(END)
    calendar = calendar_of(office)
    # Two commitments were made, which are due together; what is told of one is told of both.
    clock = next(each for each in office.rows(Deadline, number) if is_late_one(each, kind))
    heard = [each for each in office.rows(Notice, number) if names(each, clock)]
    called = {user.id: name for name, user in office.people.items()}
    ahead = [each for each in heard if each.kind != "reminder"]
    assert [
        (minutes_from(clock.due_at, each.at, calendar), called[each.user_id], each.kind)
        for each in ahead
    ] == HEARD[kind]
    assert called[ahead[-1].user_id] == ("supervisor" if kind == "commitment" else "manager")

    # The one reached last is reminded at each opening, to the end.
    reminders = [each for each in heard if each.kind == "reminder"]
    assert {each.user_id for each in reminders} == {ahead[-1].user_id}
    told = [each.at for each in (ahead[-1], *reminders)]
    working_day = calendar.between(NOW.replace(hour=0), NOW.replace(hour=0) + DAY)
    assert max(calendar.between(a, b) for a, b in pairwise([*told, END])) <= working_day
    assert {each.at for each in reminders} == set(openings(calendar, reminders[0].at))


def receive_late(office: Office, kind: str) -> str:
    """A complaint that comes so far that a clock of this kind is left alone."""
    if kind == "legal":
        office.switch_on("id-ojk-pojk22-2023")
    number = office.receive()
    if WALKED[kind]:
        office.walk(number, to=WALKED[kind])
    return number


def is_late_one(clock: Deadline, kind: str) -> bool:
    """Whether it is a clock of this kind that nobody stopped."""
    return clock.kind == kind and clock.ended_at is None


def openings(calendar: WorkCalendar, since: datetime) -> list[datetime]:
    """When the working days begin, from the day of this instant up to the end."""
    first = since.astimezone(calendar.tz).date()
    days = (first + n * DAY for n in range((END - since).days + 1))
    return [opening for day in days if (opening := calendar.opening_of(day)) is not None]


def names(notice: Notice, clock: Deadline) -> bool:
    """Whether a notice names this clock, by itself or among others."""
    others = [(kind, due_at) for kind, due_at in notice.facts.get("others", ())]
    first = (notice.facts.get("clock"), notice.facts.get("due_at"))
    return (clock.kind, clock.due_at.isoformat()) in (first, *others)


def minutes_from(due_at: datetime, at: datetime, calendar: WorkCalendar) -> int:
    """Working minutes from the due time; the sweep's own minute is not counted."""
    if at < due_at:
        return -(calendar.between(at, due_at) // 60)
    minutes = calendar.between(due_at, at) // 60
    return 0 if minutes == 1 else minutes


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("kind", WALKED)
def test_sixty_days_while_the_superiors_are_away(office: Office, kind: str):
    """The deputy hears in their place, once in each sweep, and the top is never silent."""
    receive_late(office, kind)
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

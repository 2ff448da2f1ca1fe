"""Sixty days of sweeps over a complaint nobody looks at: who hears what, and no silence."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select

from complaints.engine.fire import fire_due
from complaints.models import Complaint, Escalation, Notice, OutboxMessage, Timer
from complaints.queries.complaint.history import verify_history
from complaints.steps.casework.escalate import acknowledge_escalation, return_escalation
from tests.conftest import NOW
from tests.office import Office

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
END = NOW + 60 * DAY


class Diary:
    """Sweeps every minute something is due, and writes down who heard what in each."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.names = {user.id: name for name, user in office.people.items()}
        self.lines: list[tuple[datetime, str, str]] = []

    def live(self, until: datetime) -> None:
        session = self.office.session
        while True:
            due = session.scalar(select(func.min(Timer.fire_at)))
            session.commit()
            if due is None or due > until:
                return
            # The worker is prompt: a sweep at the first whole minute.
            self.sweep(due + (-due.timestamp() % 60) * timedelta(seconds=1))

    def sweep(self, at: datetime) -> None:
        session = self.office.session
        last = session.scalar(select(func.max(Notice.id))) or 0
        post = session.scalar(select(func.max(OutboxMessage.id))) or 0
        fired = fire_due(session, self.office.rules, at=at)
        session.commit()
        assert fired.mishaps == []
        assert fired.handled
        new = session.scalars(select(Notice).where(Notice.id > last).order_by(Notice.id)).all()
        letters = session.scalars(select(OutboxMessage).where(OutboxMessage.id > post)).all()
        per_person = Counter((each.user_id, each.complaint_id) for each in new)
        assert max(per_person.values(), default=0) <= 1
        per_box = Counter((each.to_address, each.complaint_id) for each in letters)
        assert max(per_box.values(), default=0) <= 1
        self.lines += [(at, self.names[each.user_id], each.kind) for each in new]
        session.commit()

    def heard(self, name: str, since: datetime) -> list[datetime]:
        return [at for at, who, _ in self.lines if who == name and at >= since]


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

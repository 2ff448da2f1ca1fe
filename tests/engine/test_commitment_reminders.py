"""Reminders of commitments: of what is open only, and of no date that nobody told.

A reminder is looked at twice: when it is planned and once more when its letter leaves.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from complaints.actions.recording import record_given
from complaints.domain.errors import Invalid
from complaints.formatting import say_instant
from complaints.models import Commitment, Notice, User
from complaints.queries.complaint.silence import answer_until
from complaints.queries.lists.commitments import own_commitments
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import withdraw_complaint
from complaints.steps.commitments.settle import drop_commitment, keep_commitments
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.promise import promise_deadline
from tests.conftest import NOW
from tests.engine.diary import Diary
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.steps.test_commitments import rows, told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEP = "Mengukur redaman kabel"


def reminded(office: Office, number: str) -> list[Notice]:
    """What people heard of the commitment."""
    return [each for each in office.rows(Notice, number) if each.facts.get("task") == STEP]


def step_of(office: Office, number: str) -> int:
    (step,) = [each for each in rows(office, number) if each.what == STEP]
    return step.id


def done(office: Office, number: str) -> None:
    office.take(number, keep_commitments, ids=[step_of(office, number)])


def dropped(office: Office, number: str) -> None:
    office.take(
        number, drop_commitment, commitment=step_of(office, number), reason="Kabel diganti baru"
    )


def replaced(office: Office, number: str) -> None:
    office.take(number, promise_deadline, steps=[StepGiven("Mengganti kabel")])


def withdrawn(office: Office, number: str) -> None:
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi")


def merged(office: Office, number: str) -> None:
    other = office.receive(at=NOW)
    office.walk(other, to="020-1.6")
    office.walk(number, after="020-1.4", to="020-1.6")
    office.take(number, merge_complaint, into=other)


SETTLED = [done, dropped, replaced, withdrawn, merged]


@pytest.fixture
def number(office: Office) -> str:
    """A complaint of which a measurement was told for this afternoon."""
    number = office.receive()
    office.walk(number, to="020-1.3")
    return told(office, StepGiven(STEP, "TEKNIK", NOW + 5 * HOUR), number=number)


def test_who_left_it_lying_is_reminded(office: Office, number: str):
    Diary(office).live(NOW + 2 * DAY)
    assert {each.kind for each in reminded(office, number)} >= {"warn", "breach"}


@pytest.mark.parametrize("settle", SETTLED, ids=lambda each: each.__name__)
def test_nobody_is_reminded_of_what_was_settled(office: Office, number: str, settle):
    settle(office, number)
    Diary(office).live(NOW + 10 * DAY)
    assert reminded(office, number) == []


def test_what_was_moved_is_reminded_of_by_the_new_date_only(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.3")
    told(office, StepGiven(STEP), number=number)
    before = office.complaint(number).promised_at
    until = before + 5 * DAY
    office.take(number, ask_extension, until=until, reason="Menunggu suku cadang")
    office.take(number, decide_extension, by="supervisor", answer="approved")
    diary = Diary(office)
    diary.live(until + 2 * DAY)
    heard = reminded(office, number)
    assert heard
    assert {each.facts["due_at"] for each in heard} == {rows(office, number)[0].due_at.isoformat()}


def warn(office: Office, number: str) -> None:
    """Let the warning be written whose letter waits for the mail server."""
    diary = Diary(office)
    diary.live(NOW + 5 * HOUR - timedelta(minutes=1))
    office.at = NOW + 5 * HOUR - timedelta(minutes=1)
    assert reminded(office, number)


def letters(hand: Hand) -> list[str]:
    texts = [str(each.get_body(("plain",)).get_content()) for each in hand.sent]
    return [text for text in texts if STEP in " ".join(text.split())]


@pytest.mark.parametrize("settle", [done, dropped, withdrawn], ids=lambda each: each.__name__)
def test_a_reminder_on_its_way_stays_here_once_it_is_settled(office: Office, number: str, settle):
    warn(office, number)
    settle(office, number)
    hand = Hand()
    deliver(office, hand, office.at)
    assert letters(hand) == []
    states = {row.state for row in office.letters(number) if row.facts.get("task") == STEP}
    assert states == {"replaced"}


def test_a_reminder_that_is_true_leaves(office: Office, number: str):
    warn(office, number)
    hand = Hand()
    deliver(office, hand, office.at)
    assert letters(hand) != []


def test_a_step_without_a_date_has_one_and_lies_on_a_desk(office: Office):
    number = told(office, StepGiven(STEP))
    (mine,) = own_commitments(office.session, office.actor("csr"), now=NOW)
    assert (mine.what, mine.due_at) == (STEP, office.complaint(number).promised_at)


def test_what_a_unit_without_people_owes_goes_to_the_supervisor(office: Office, number: str):
    gone = update(User).where(User.team_id == office.people["officer"].team_id)
    office.session.execute(gone.values(is_active=False))
    office.session.commit()
    Diary(office).live(NOW + 2 * DAY)
    names = {user.id: name for name, user in office.people.items()}
    heard = {names[each.user_id] for each in reminded(office, number)}
    assert "officer" not in heard
    assert "supervisor" in heard


def by_call(office: Office, number: str, due_at: Any) -> None:
    steps = {"steps": [{"what": STEP, "due_at": due_at}]}
    record_given(office.session, number, "promise", steps, by=office.actor("csr"), now=office.at)


def test_a_date_without_an_hour_is_refused_and_never_taken_for_midnight(office: Office):
    number = office.receive()
    for given in ("2026-11-20", "2026-11-20T00:00:00", 1_795_132_800):
        with pytest.raises(Invalid):
            by_call(office, number, given)
        office.session.rollback()
    assert office.rows(Commitment, number) == []


ZONES = [
    ("JKT", "csr", "Asia/Jakarta", "16.00 WIB"),
    ("MKS", "csr2", "Asia/Makassar", "16.00 WITA"),
]


@pytest.mark.parametrize(("branch", "by", "zone", "said"), ZONES)
def test_a_day_ends_at_closing_where_the_branch_is(office: Office, branch, by, zone, said):
    """What is dated by the day is due at closing of the same local day everywhere."""
    number = office.receive(branch=branch, by=by)
    complaint, tz = office.complaint(number), ZoneInfo(zone)
    until = answer_until(office.rules, complaint, NOW)
    calendar = office.rules.calendar_of(complaint.branch_id).value
    assert until == calendar.closing_of(until.astimezone(tz).date())
    assert say_instant(until, tz) == f"Selasa, 24 November 2026, pukul {said}"

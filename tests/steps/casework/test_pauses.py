"""A pause: for something that is awaited, told to the customer, the first by the handler alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.models import Exit
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import close_complaint, reopen_complaint
from tests.conftest import NOW
from tests.office import Office

DAY = timedelta(days=1)
#: Thursday 19 November at 09.15 in Jakarta; the third working day after it is Tuesday.
THIRD = NOW + 5 * DAY


def pauses(office: Office, number: str) -> list[Exit]:
    return [each for each in office.rows(Exit, number) if each.kind == "pause"]


def test_a_pause_names_what_is_awaited_and_tells_the_customer(office: Office):
    number = office.receive()
    office.take(number, pause_clocks, reason="Kirim foto lampu modem", until=NOW + DAY)
    (kept,) = pauses(office, number)
    assert (kept.code, kept.by_name, kept.until_at) == ("documents", "Csr", NOW + DAY)
    letter = next(each for each in office.letters(number) if each.kind == "paused")
    assert letter.facts["awaited"]["id"] == "dokumen atau foto dari Anda"


def test_a_pause_for_nothing_is_none(office: Office):
    number = office.receive()
    with pytest.raises(Invalid, match="what the customer is waited for") as refusal:
        office.take(number, pause_clocks, reason="Kami sedang sibuk", until=NOW + DAY)
    assert refusal.value.field == "awaits"
    with pytest.raises(Invalid, match="what the customer is waited for"):
        office.take(number, pause_clocks, reason="Menunggu pelanggan", until=NOW + DAY)
    office.take(number, pause_clocks, reason="Kami sedang sibuk", awaits="access", until=NOW + DAY)
    assert pauses(office, number)[0].code == "access"


def test_the_handler_pauses_for_three_working_days_and_a_supervisor_for_longer(office: Office):
    number, other = office.receive(), office.receive()
    office.take(number, pause_clocks, at=NOW, reason="Menunggu foto", until=THIRD)
    words = {"reason": "Menunggu foto", "until": THIRD + DAY}
    with pytest.raises(Forbidden, match="up to 3 working days") as refusal:
        office.take(other, pause_clocks, at=NOW, **words)
    assert refusal.value.field == "until"
    office.take(other, pause_clocks, by="supervisor", at=NOW, **words)


def test_the_second_pause_is_a_supervisors_also_after_reopening(office: Office):
    number = office.receive()
    words = {"reason": "Menunggu foto", "until": NOW + DAY}
    office.take(number, pause_clocks, **words)
    office.take(number, resume_clocks)
    with pytest.raises(Forbidden, match="paused before"):
        office.take(number, pause_clocks, **words)
    office.walk(number)
    office.take(number, reopen_complaint, reason="Mati lagi sejak pagi")
    with pytest.raises(Forbidden, match="paused before"):
        office.take(number, pause_clocks, **words)
    office.take(number, pause_clocks, by="supervisor", **words)


def test_a_pause_is_extended_by_another_one_of_a_supervisor(office: Office):
    number = office.receive()
    office.take(number, pause_clocks, at=NOW, reason="Menunggu foto", until=NOW + DAY)
    before = office.clocks(number)["resolve"].due_at
    words = {"reason": "Fotonya belum ada", "until": NOW + 6 * DAY}
    with pytest.raises(Forbidden, match="paused before"):
        office.take(number, pause_clocks, **words)
    office.take(number, pause_clocks, by="supervisor", at=NOW + timedelta(hours=2), **words)
    first, second = pauses(office, number)
    assert first.ended_at == NOW + timedelta(hours=2) == second.at
    assert office.clocks(number)["resolve"].state == "paused"
    office.take(number, resume_clocks, at=NOW + timedelta(hours=3))
    assert office.clocks(number)["resolve"].due_at > before


def test_a_pause_is_not_dated_back(office: Office):
    number = office.receive(at=NOW - 4 * DAY)
    before = {kind: clock.due_at for kind, clock in office.clocks(number).items()}
    for ends in (NOW - DAY, NOW + DAY):
        case = office.open(number, at=NOW - 3 * DAY)
        case.recorded_at = NOW
        with pytest.raises(Invalid, match="cannot be dated back") as refusal:
            pause_clocks(case, reason="Menunggu foto", until=ends)
        office.session.rollback()
        assert refusal.value.field == "at"
    assert {kind: clock.due_at for kind, clock in office.clocks(number).items()} == before


@pytest.mark.parametrize("end", ["resumed", "heard", "closed"])
def test_how_long_a_complaint_stood_still_is_kept(office: Office, end: str):
    number = office.receive()
    office.walk(number, to="020-3.7")
    office.take(number, pause_clocks, reason="Menunggu foto", until=office.at + DAY)
    (kept,) = pauses(office, number)
    assert (kept.ended_at, kept.paused_seconds) == (None, 0)
    later = kept.at + timedelta(hours=1)
    if end == "resumed":
        office.take(number, resume_clocks, at=later)
    elif end == "heard":
        office.take(number, record_message, at=later, text="Ini fotonya", direction="in")
    else:
        office.walk(number, to="kept", after="020-3.7")
        later = office.at + timedelta(minutes=5)
        office.take(number, close_complaint, at=later)
    (kept,) = pauses(office, number)
    assert kept.ended_at == later
    assert kept.paused_seconds == (later - kept.at).total_seconds()


def test_all_pauses_together_are_bounded_and_more_is_an_extension(office: Office):
    number, at = office.receive(), NOW + timedelta(hours=1)
    words = {"reason": "Menunggu foto", "by": "supervisor"}
    office.take(number, pause_clocks, at=at, until=at + 28 * DAY, **words)
    # Paused for 14 days of them, and anew from there: what counts is how long it stood still.
    later = at + 14 * DAY
    with pytest.raises(Refused, match="paused for 31 days in all; the limit is 30") as refusal:
        office.take(number, pause_clocks, at=later, until=later + 17 * DAY, **words)
    assert refusal.value.field == "until"
    office.take(number, pause_clocks, at=later, until=later + 16 * DAY, **words)
    office.take(number, resume_clocks, at=later + 16 * DAY)
    again = later + 20 * DAY
    with pytest.raises(Refused, match="ask for an extension"):
        office.take(number, pause_clocks, at=again, until=again + DAY, **words)
    assert len(pauses(office, number)) == 2


def test_a_reopening_begins_no_new_sum(office: Office):
    number, at = office.receive(), NOW + timedelta(hours=1)
    words = {"reason": "Menunggu foto", "by": "supervisor"}
    office.take(number, pause_clocks, at=at, until=at + 28 * DAY, **words)
    office.take(number, resume_clocks, at=at + 28 * DAY)
    office.walk(number)
    office.take(number, reopen_complaint, reason="Masih putus lagi", by="supervisor")
    with pytest.raises(Refused, match="paused for 33 days in all"):
        office.take(number, pause_clocks, at=office.at, until=office.at + 5 * DAY, **words)

"""What a share of promises on time cannot be improved by, through every door.

Closing and opening a complaint again and again, and writing down afterwards what was not there when
the promise fell due.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.models import Exit
from complaints.queries.reports.figures import Figures, deadline_report
from tests.conftest import NOW
from tests.proofs.doors import DOORS, Door, call, days
from tests.proofs.rows import Places, Way

DAY = timedelta(days=1)

CLOSED = Way("closing", "closed in time", "note", {}, place="closed")
OFFERED = Way("3.4", "offered in time", "note", {}, place="020-3.3")


def total(places: Places) -> Figures:
    office = places.office
    since, until = NOW.date() - DAY, NOW.date() + 90 * DAY
    manager, now = office.actor("manager"), NOW + 60 * DAY
    found = deadline_report(office.session, manager, since, until, None, now=now).total
    office.session.commit()
    return found


@pytest.mark.parametrize("door", DOORS)
def test_rounds_of_closing_and_opening_add_to_no_share(places: Places, door: Door):
    number = places.fresh(CLOSED)
    counter, office = places.counter, places.office
    before = total(places)
    for _ in range(2):
        office.at = counter.at = counter.at + timedelta(minutes=5)
        outcome = door(counter, "csr", number, "reopening", {"reason": "Dibuka lagi sebentar"})
        assert outcome.status in (200, 201), outcome.said
        office.at = counter.at
        office.promise_anew(number)
        office.walk(number, after="020-2.5", to="kept")
        office.at = counter.at = office.at + timedelta(minutes=5)
        outcome = door(counter, "csr", number, "closure", {})
        assert outcome.status in (200, 201), outcome.said
    after = total(places)
    assert after.again_kept == before.again_kept + 2
    assert (after.met, after.breached, after.first_kept, after.first_missed) == (
        before.met,
        before.breached,
        before.first_kept,
        before.first_missed,
    )


@pytest.mark.parametrize("door", DOORS)
def test_an_answer_dated_back_over_the_due_time_keeps_no_promise(places: Places, door: Door):
    """No sweep runs here: the state follows from when it was written down."""
    number = places.fresh(OFFERED)
    counter, office = places.counter, places.office
    due = office.clocks(number)["resolve"].due_at
    before = total(places)
    office.at = counter.at = due + DAY
    told = {"answer": "accepted", "at": counter.fill(number, days(-1.1))}
    outcome = door(counter, "csr", number, "answer", told)
    assert outcome.status in (200, 201), outcome.said
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.breached_at) == ("breached", due)
    assert clock.ended_at < due
    after = total(places)
    assert (after.met, after.first_kept) == (before.met, before.first_kept)
    assert [kind for kind, *_ in places.counted(number)] == ["backdated"]


@pytest.mark.parametrize("door", DOORS)
def test_an_answer_dated_back_into_a_pause_that_is_over_keeps_no_promise(
    places: Places, door: Door
):
    """No sweep runs here: the pause has ended at its own end, and the deadline after it passed."""
    number = places.fresh(OFFERED)
    counter, office = places.counter, places.office
    until = counter.at + DAY
    pause = {"reason": "Menunggu foto dari pelanggan", "until": until.isoformat()}
    assert door(counter, "csr", number, "pause", pause).status in (200, 201)
    told = until - timedelta(hours=1)
    before = total(places)
    office.at = counter.at = until + 30 * DAY
    outcome = door(counter, "csr", number, "answer", {"answer": "accepted", "at": told.isoformat()})
    assert outcome.status in (200, 201), outcome.said
    history = {each.what: each for each in office.history(number)}
    assert (history["resume"].at, history["resume"].by_name) == (until, "Tanggap")
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.breached_at) == ("breached", clock.due_at)
    assert until < clock.due_at < counter.at
    after = total(places)
    assert (after.met, after.first_kept) == (before.met, before.first_kept)
    (kept,) = (each for each in office.rows(Exit, number) if each.kind == "pause")
    assert kept.ended_at == history["resume"].at


def test_who_ends_a_pause_that_is_over_hears_that_it_has_ended(places: Places):
    number = places.fresh(OFFERED)
    counter, office = places.counter, places.office
    until = counter.at + DAY
    pause = {"reason": "Menunggu foto dari pelanggan", "until": until.isoformat()}
    assert call(counter, "csr", number, "pause", pause).status == 200
    counter.at = until + timedelta(hours=1)
    assert call(counter, "csr", number, "resumption", {}).status == 200
    ends = [each.at for each in office.history(number) if each.what == "resume"]
    assert ends == [until]
    assert not office.complaint(number).waiting_customer
    assert call(counter, "csr", number, "resumption", {}).status == 409


@pytest.mark.parametrize("door", DOORS)
def test_messages_and_steps_that_nobody_waits_for_raise_no_share(places: Places, door: Door):
    number = places.fresh(OFFERED)
    counter, office = places.counter, places.office
    for minute in range(4):
        counter.at = office.at = counter.at + timedelta(minutes=1)
        message = {"text": f"Kabar ke-{minute}: teknisi masih di jalan.", "method": "phone"}
        outcome = door(counter, "csr", number, "message", message | {"direction": "out"})
        assert outcome.status in (200, 201), outcome.said
    since, until = NOW.date() - DAY, NOW.date() + 90 * DAY
    report = deadline_report(
        office.session, office.actor("manager"), since, until, "clock", now=office.at
    )
    office.session.commit()
    shares = {each["kind"]: (each["met"], each["on_time"]) for each in report.as_json()["clocks"]}
    assert shares["progress"][0] >= 4
    assert shares["progress"][1] is None
    assert [row.figures.on_time for row in report.rows if row.key == "progress"] == [None]
    assert shares["ack"][1] is not None

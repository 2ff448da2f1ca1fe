"""An earlier time told for an act is for what happened to the record, never for what moves a clock.

Every act stands in one of the tables below; a new one that moves a clock belongs to the first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.actions.recording import record_given
from complaints.actions.registry import ACTS
from complaints.domain.errors import Invalid, Refused
from complaints.models import Escalation, Exit
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.extend import ask_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import withdraw_complaint
from tests.actions.test_recording import WHOLE_ROAD
from tests.conftest import NOW
from tests.office import Office

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

#: They move a clock, or decide on one: an earlier time stands in the history and moves nothing.
COUNT_NOW = {
    "resumption",
    "extension",
    "extension/approval",
    "escalation",
    "escalation/return",
    "acknowledgement",
    "offer/approval",
    "offer/reminder",
    "withdrawal",
    "merge",
    "link",
    "split",
    "not-a-complaint",
    "customer",
    "customer/merge",
    "reopening",
}
#: Their steps count from now by themselves, and say so; a pause told for the past is refused.
BY_THEMSELVES = {"commitments/done", "commitments/drop", "pause"}


def record(office: Office, number: str, noun: str, by: str, now: Any, **body: Any) -> None:
    record_given(office.session, number, noun, body, by=office.actor(by), now=now)
    office.session.commit()


def dues(office: Office, number: str) -> dict[str, Any]:
    return {kind: each.due_at for kind, each in office.clocks(number).items()}


def test_every_act_that_moves_a_clock_counts_from_now():
    assert {noun for noun, act in ACTS.items() if act.counts_now} == COUNT_NOW
    assert set(ACTS) >= COUNT_NOW | BY_THEMSELVES


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "place", [place for place, (noun, _) in enumerate(WHOLE_ROAD) if noun != "pause"]
)
def test_an_act_on_the_road_moves_no_deadline_by_the_time_told(office: Office, place: int):
    """The same act dated back and not: no due time is later for it."""
    found = []
    for told in (None, 10 * MINUTE):
        number = office.receive(at=NOW, by="supervisor")
        for noun, body in WHOLE_ROAD[:place]:
            record(office, number, noun, "supervisor", NOW + 30 * MINUTE, **body)
        noun, body = WHOLE_ROAD[place]
        now = NOW + 40 * MINUTE
        dated = {"at": (now - told).isoformat()} if told else {}
        record(office, number, noun, "supervisor", now, **body, **dated)
        clocks = office.clocks(number)
        found.append({kind: (each.due_at, each.breached_at) for kind, each in clocks.items()})
    honest, back = found
    assert set(back) == set(honest)
    assert all(back[kind][0] <= honest[kind][0] for kind in honest)


def test_a_resumption_told_for_before_the_pause_moves_nothing_more(office: Office):
    number = office.receive(at=NOW)
    office.take(number, pause_clocks, at=NOW + HOUR, reason="Menunggu foto", until=NOW + DAY)
    before = NOW + 30 * MINUTE
    record(office, number, "resumption", "csr", NOW + 2 * HOUR, at=before.isoformat())
    (pause,) = office.rows(Exit, number)
    assert (pause.at, pause.ended_at) == (NOW + HOUR, NOW + 2 * HOUR)
    entry = office.history(number)[-1]
    assert (entry.at, entry.recorded_at) == (NOW + 2 * HOUR, None)
    assert entry.detail["happened_at"] == before.isoformat()


def test_a_customers_word_told_for_before_the_pause_ends_it_where_it_began(office: Office):
    number = office.receive(at=NOW)
    was = dues(office, number)
    office.take(number, pause_clocks, at=NOW + HOUR, reason="Menunggu foto", until=NOW + DAY)
    told = {"text": "Fotonya sudah saya kirim", "direction": "in", "method": "phone"}
    at = (NOW + 30 * MINUTE).isoformat()
    record(office, number, "message", "csr", NOW + 3 * HOUR, at=at, **told)
    (pause,) = office.rows(Exit, number)
    assert pause.ended_at == NOW + HOUR
    assert dues(office, number) == was


def test_an_acknowledgement_holds_the_ladder_from_now(office: Office):
    number = office.receive(at=NOW)
    office.take(number, escalate_by_hand, at=NOW + MINUTE, reason="Pelanggan sangat marah")
    now = NOW + 3 * HOUR
    record(office, number, "acknowledgement", "supervisor", now, at=(NOW + HOUR).isoformat())
    (raised,) = office.rows(Escalation, number)
    assert raised.acknowledged_at == now
    assert raised.ack_expires_at is not None
    assert raised.ack_expires_at > now


def test_a_withdrawal_is_not_taken_back_after_its_days_by_dating_back(office: Office):
    number = office.receive(at=NOW)
    due = dues(office, number)["resolve"]
    office.take(number, withdraw_complaint, at=NOW + HOUR, reason="Sudah tidak perlu lagi")
    now = NOW + 20 * DAY
    told = {"reason": "Pelanggan ingin lanjut", "at": (NOW + 2 * DAY).isoformat()}
    record(office, number, "reopening", "supervisor", now, **told)
    entry = office.history(number)[-1]
    assert entry.at == now
    assert entry.detail["happened_at"] == told["at"]
    # A new cycle, not the old promise: the days in which it goes on were over.
    assert dues(office, number)["resolve"] > due


def test_an_extension_decided_too_late_saves_nothing(office: Office):
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.4")
    due = dues(office, number)["resolve"]
    office.take(number, ask_extension, reason="Menunggu suku cadang", until=due + 5 * DAY)
    yes = {"answer": "approved", "at": (due - HOUR).isoformat()}
    with pytest.raises(Refused, match="already missed"):
        record(office, number, "extension/approval", "supervisor", due + HOUR, **yes)
    office.session.rollback()
    assert dues(office, number)["resolve"] == due


def test_a_pause_wholly_in_the_past_is_refused(office: Office):
    number = office.receive(at=NOW)
    was = dues(office, number)
    office.session.commit()
    past = {"reason": "Menunggu foto", "until": (NOW + 3 * HOUR).isoformat()}
    with pytest.raises(Invalid, match="cannot be dated back"):
        record(office, number, "pause", "csr", NOW + 5 * HOUR, at=(NOW + HOUR).isoformat(), **past)
    office.session.rollback()
    assert dues(office, number) == was

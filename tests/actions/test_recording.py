"""Several acts at once: the same as one after the other, or nothing at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.orm import Session

from complaints.actions.idempotency import Done, OneTime, do_once
from complaints.actions.reading import BodyErrors
from complaints.actions.recording import (
    MOST_ACTS,
    ActGiven,
    record_given,
    record_several,
)
from complaints.domain.errors import Forbidden, GateRefused, Invalid, NotFound, Refused, Stale
from complaints.models import (
    Answer,
    Cause,
    Commitment,
    Complaint,
    Deadline,
    HistoryEntry,
    Note,
    Offer,
    OneTimeKey,
    OutboxMessage,
    StepRecord,
    Timer,
)
from complaints.queries.complaint.seals.history import verify_history
from complaints.steps.case import Case
from tests.conftest import NOW
from tests.office import Office

TABLES = (
    Answer,
    Cause,
    Commitment,
    Deadline,
    HistoryEntry,
    Note,
    Offer,
    OneTimeKey,
    OutboxMessage,
    StepRecord,
    Timer,
)

#: Every act from the first to the last that one supervisor may take by herself.
WHOLE_ROAD: list[tuple[str, dict[str, Any]]] = [
    ("attestation", {"listened": True}),
    ("confirmation", {"summary": "Internet mati sejak kemarin", "answer": "yes"}),
    ("apology", {"stage": "intake"}),
    ("promise", {"steps": [{"what": "Memeriksa jaringan"}]}),
    ("receipt", {}),
    ("parties", {"not_needed": ["TEKNIK"], "reason": "Ditangani sendiri di cabang"}),
    ("cause", {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"}),
    ("condition", {"none": True}),
    ("priority", {}),
    ("plan", {"steps": [{"what": "Menyambung kabel", "owner": "TEKNIK"}]}),
    ("pause", {"reason": "Menunggu foto", "until": "2026-11-20T09:00:00+07:00"}),
    ("message", {"text": "Fotonya dikirim", "direction": "in", "method": "phone"}),
    ("cause", {"stage": "confirmed", "code": "JARINGAN", "text": "Kabel putus oleh galian"}),
    ("apology", {"stage": "resolution"}),
    ("cause-explanation", {"text": "Kabel terputus oleh galian", "view": "agrees"}),
    ("offer", {"remedy": "PERBAIKAN", "description": "Kabel disambung"}),
    ("answer", {"answer": "refused", "reason": "Terlalu lama"}),
    ("offer", {"remedy": "PERBAIKAN", "description": "Disambung hari ini juga"}),
    ("answer", {"answer": "accepted"}),
    ("thanks", {}),
    ("standard-information", {"all": True}),
    ("commitments/done", {"all": True, "note": "Joko melapor selesai"}),
    ("closure", {}),
    ("note", {"text": "Selesai"}),
]


def acts(*told: tuple[str, dict[str, Any]]) -> list[ActGiven]:
    return [ActGiven(noun, given) for noun, given in told]


def together(office: Office, number: str, told: list[ActGiven], by: str = "supervisor") -> Case:
    """Record them in one transaction and commit, as the edges do."""
    case: list[Case] = []

    def do() -> Done:
        case.append(record_several(office.session, number, told, by=office.actor(by), now=NOW))
        return Done({})

    once = OneTime(str(told), office.id_of(by), number, None)
    do_once(office.session, do, once, at=NOW)
    return case[-1]


def apart(office: Office, number: str, told: list[ActGiven], by: str = "supervisor") -> None:
    """Record them one after the other, each in a transaction of its own."""
    for act in told:
        record_given(office.session, number, act.noun, act.given, by=office.actor(by), now=NOW)
        office.session.commit()


def counts(office: Office) -> list[int]:
    return [office.count(table) for table in TABLES]


def picture(office: Office, number: str) -> dict[str, Any]:
    """All that is kept of a complaint, without ids, hashes and versions."""
    complaint = office.complaint(number)
    stands = (
        complaint.status,
        complaint.summary,
        complaint.priority,
        complaint.outcome,
        complaint.waiting_customer,
        complaint.promised_at,
        complaint.closed_at,
        complaint.next_due_at,
        complaint.history_seq,
    )
    office.session.commit()
    return {
        "complaint": stands,
        "history": [(row.seq, row.what, row.at) for row in office.history(number)],
        "records": [
            (row.criterion, row.words, row.is_unable) for row in office.rows(StepRecord, number)
        ],
        "clocks": [
            (row.kind, row.state, row.due_at, row.started_at, row.ended_at)
            for row in office.rows(Deadline, number)
        ],
        "letters": [letter.kind for letter in office.letters(number)],
        "offers": [(row.description, row.state) for row in office.rows(Offer, number)],
        "evidence": office.states(number),
        "timers": len(office.timers(number)),
    }


def test_the_whole_road_at_once_leaves_what_the_same_acts_leave_one_by_one(office: Office):
    one, other = office.receive(), office.receive()
    told = acts(*WHOLE_ROAD)
    apart(office, one, told)
    case = together(office, other, told)
    assert case.complaint.status == "closed"
    assert picture(office, one) == picture(office, other)
    assert verify_history(office.session)["bad"] == []


#: What is wrong with the act that is broken → how it is refused.
BROKEN: list[tuple[str, dict[str, Any], type[Refused]]] = [
    ("closure", {}, GateRefused),
    ("note", {}, BodyErrors),
    ("note", {"text": "x", "at": "2026-11-19T10:00:00+07:00"}, BodyErrors),
    ("note", {"text": "x", "at": "2026-11-18T10:00:00+07:00"}, Invalid),
    ("resumption", {}, Refused),
    ("sihir", {}, NotFound),
    ("offer/approval", {"answer": "approved"}, Forbidden),
]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("index", [0, 1, 3])
@pytest.mark.parametrize(("noun", "given", "refusal"), BROKEN)
def test_one_act_refused_names_itself_and_nothing_of_the_others_is_kept(
    office: Office, index: int, noun: str, given: dict[str, Any], refusal: type[Refused]
):
    number = office.receive()
    before, version = counts(office), office.complaint(number).version
    office.session.commit()
    told = acts(*WHOLE_ROAD[:3])
    told.insert(index, ActGiven(noun, given))
    with pytest.raises(refusal) as refused:
        together(office, number, told, by="csr")
    assert (refused.value.index, refused.value.noun) == (index, noun)
    assert counts(office) == before
    assert office.complaint(number).version == version


def test_the_first_act_that_cannot_be_taken_is_the_one_that_is_named(office: Office):
    number = office.receive()
    told = acts(*WHOLE_ROAD[:2], ("closure", {}), ("resumption", {}))
    with pytest.raises(GateRefused) as refused:
        together(office, number, told)
    assert (refused.value.index, refused.value.noun) == (2, "closure")


def test_each_act_happened_when_it_says(office: Office):
    number = office.receive(at=NOW - timedelta(hours=1))
    earlier = NOW - timedelta(minutes=20)
    told = acts(
        ("attestation", {"listened": True, "at": earlier.isoformat()}),
        ("note", {"text": "Baru saja"}),
    )
    together(office, number, told)
    first, second = office.history(number)[1:]
    assert (first.at, first.detail["recorded_at"]) == (earlier, NOW.isoformat())
    assert (second.at, "recorded_at" in second.detail) == (NOW, False)


@pytest.mark.parametrize("place", [0, 1])
def test_the_version_seen_is_checked_once_for_all(office: Office, place: int):
    number = office.receive()
    seen = office.complaint(number).version
    office.session.commit()
    told = acts(*WHOLE_ROAD[:3])

    def on(version: int) -> list[ActGiven]:
        act = told[place]
        dated = ActGiven(act.noun, {**act.given, "version": version})
        return [*told[:place], dated, *told[place + 1 :]]

    with pytest.raises(Stale) as stale:
        together(office, number, on(seen + 1))
    assert stale.value.index is None
    together(office, number, on(seen))
    assert len(office.rows(StepRecord, number)) == 3


def test_acts_written_on_two_versions_are_not_recorded_together(office: Office):
    number = office.receive()
    told = acts(("note", {"text": "x", "version": 1}), ("note", {"text": "y", "version": 2}))
    with pytest.raises(BodyErrors) as refused:
        together(office, number, told)
    assert (refused.value.index, refused.value.field) == (1, "version")


@pytest.mark.parametrize("count", [0, MOST_ACTS + 1])
def test_there_is_a_least_and_a_most(office: Office, count: int):
    number = office.receive()
    with pytest.raises(Invalid) as refused:
        together(office, number, acts(("note", {"text": "x"})) * count)
    assert refused.value.index is None
    together(office, number, acts(("note", {"text": "x"})) * MOST_ACTS)
    assert office.count(Note) == MOST_ACTS


def test_an_outsider_learns_nothing_of_what_is_wrong_with_the_acts(office: Office):
    number = office.receive()
    for given in ({}, {"text": "x"}):
        with pytest.raises(Forbidden, match="another branch"):
            together(office, number, acts(("note", given)), by="csr2")


def test_several_who_record_together_on_one_version_let_one_through(office: Office):
    number = office.receive()
    seen = office.complaint(number).version
    office.session.commit()
    start, size = Barrier(4), 4

    def send(index: int) -> str:
        told = acts(
            ("note", {"text": f"Dari {index}", "version": seen}),
            ("attestation", {"listened": True}),
            ("apology", {"stage": "intake"}),
        )
        by = office.actor("supervisor")
        with Session(office.engine, expire_on_commit=False) as session:

            def do() -> Done:
                record_several(session, number, told, by=by, now=NOW)
                return Done({})

            start.wait()
            try:
                do_once(session, do, OneTime("", by.id, number, None), at=NOW)
            except Stale:
                return "stale"
            return "recorded"

    with ThreadPoolExecutor(size) as pool:
        ends = sorted(pool.map(send, range(size)))
    assert ends == ["recorded", "stale", "stale", "stale"]
    assert [office.count(table) for table in (Note, StepRecord)] == [1, 2]
    entries = office.history(number)
    assert [entry.seq for entry in entries] == list(range(1, 5))
    assert verify_history(office.session)["bad"] == []
    assert office.count(Complaint) == 1


def test_an_ended_complaint_says_so_before_anything_about_the_words(office: Office):
    number = office.receive()
    together(office, number, acts(*WHOLE_ROAD))
    wordless = ("confirmation", {"answer": "yes"})
    with pytest.raises(Refused, match="has ended") as alone:
        apart(office, number, acts(wordless))
    office.session.rollback()
    with pytest.raises(Refused, match="has ended") as several:
        together(office, number, acts(("note", {"text": "Setelah selesai"}), wordless))
    assert alone.value.index is None
    assert (several.value.index, several.value.noun) == (1, "confirmation")

"""A CSR in a hurry: closes what they can without doing the work, by API, batch and form.

A seeded walk with a CSR's rights. Everything is checked from the stored rows and not with the
rules that let the acts through: each complaint that it closes has a record of its own for every
criterion, or stands among the exits with somebody else's signature where one is needed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from complaints import clock
from complaints.actions.recording import record_given
from complaints.domain.errors import Refused
from complaints.engine.fire import fire_due
from complaints.models import (
    Commitment,
    Complaint,
    Deadline,
    Exit,
    HistoryEntry,
    Offer,
    OutboxMessage,
    StepRecord,
)
from complaints.queries.complaint.history import verify_history
from complaints.queries.reports.figures import deadline_report
from tests.conftest import NOW
from tests.office import STORY, Office
from tests.soak import budget

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ACTS = budget("HURRIED_ACTS", 250, 2000)
SEEDS = (1, 2) if ACTS < 1000 else (1, 2, 3, 4, 5)
#: Acts on one complaint before the next is begun.
PATIENCE = 80

#: What is typed to be done with it; some of it is honest, so that the walk gets somewhere.
EXCUSES = (
    "Pelanggan buru-buru dan pergi",
    "Pelanggan meminta agar tidak dilakukan lagi",
    "Pelanggan tidak dapat dihubungi lewat telepon",
    "Pelanggan menutup telepon sebelum saya selesai",
    "Tidak ada penawaran lain yang diizinkan",
    "Dokumen belum ada pada pelanggan hari ini",
    "-",
    "ok",
    "tidak sempat",
)
CODES = ("", "customer_left", "asked_not_to", "not_reachable", "interpreter_missing", "silence")

#: Noun → an excuse that would pass: its reason, and a sentence that is ended in several ways.
BELIEVABLE = {
    "attestation": ("customer_left", "Pelanggan pergi di tengah cerita karena %s"),
    "confirmation": ("customer_left", "Pelanggan pulang sebelum ringkasan dibaca, katanya %s"),
    "apology": ("asked_not_to", "Pelanggan tidak mau mendengar maaf lagi sebab %s"),
    "cause-explanation": ("not_reachable", "Telepon tidak diangkat sampai sore, mungkin %s"),
}
ENDINGS = (
    "ojeknya sudah menunggu",
    "hujan mulai turun",
    "anaknya harus dijemput",
    "jam makan siang",
    "rapat di kantor",
    "toko sebelah akan tutup",
)

#: Noun → what a hurried CSR sends for it.
SENT: dict[str, list[dict[str, Any]]] = {
    "attestation": [{"listened": True}],
    "confirmation": [
        {"summary": STORY, "answer": "yes"},
        {"summary": "ok", "answer": "yes"},
        {"summary": "Internet mati sejak kemarin, ingin hidup lagi", "answer": "yes"},
        {"summary": "Internet mati sejak kemarin, ingin hidup lagi", "method": "email"},
    ],
    "apology": [
        {"stage": "intake"},
        {"stage": "resolution"},
        {"stage": "intake", "text": "maaf"},
        {"stage": "resolution", "text": "Salah Anda sendiri"},
        {"stage": "resolution", "method": "email"},
    ],
    "promise": [
        {"steps": []},
        {"steps": [{"what": "x"}]},
        {"steps": [{"what": "Periksa jaringan"}]},
    ],
    "receipt": [{}],
    "parties": [{"teams": ["TAGIHAN"]}, {"teams": ["TEKNIK"]}, {"teams": []}],
    "cause": [
        {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"},
        {"stage": "confirmed", "code": "JARINGAN", "text": "Kabel putus oleh galian"},
        {"stage": "preliminary", "code": "JARINGAN", "text": "x", "quote": "modem saya terbakar"},
    ],
    "condition": [{"none": True}, {"relevant": []}],
    "priority": [{}, {"override": "P4", "reason": "Biar santai"}],
    "plan": [{"steps": [{"what": "x"}]}, {"steps": [{"what": "Menyambung kabel"}]}],
    "cause-explanation": [
        {"text": "Kabel terputus oleh galian", "view": "agrees"},
        {"text": "rusak", "view": "unclear"},
        {"text": "Kabel terputus oleh galian", "method": "email"},
    ],
    "offer": [
        {"remedy": "PERBAIKAN", "description": "Kabel disambung"},
        {"remedy": "PENJELASAN", "description": "Dijelaskan", "amount": 25_000_000},
        {"remedy": "PERBAIKAN", "description": "Kabel disambung", "method": "email"},
    ],
    "answer": [
        {"answer": "accepted"},
        {"answer": "none"},
        {"answer": "refused", "reason": "Mahal"},
    ],
    "thanks": [{}, {"text": "ok"}],
    "standard-information": [{"all": True}, {"items": []}],
    "commitments/done": [{"all": True, "note": "beres"}, {"all": True}],
    "attempt": [{"method": "phone", "text": "Tidak diangkat"}],
    "closure": [{}, {"outcome": "DITOLAK"}],
    "withdrawal": [{"reason": "Biar cepat selesai", "method": "signature"}],
    "reopening": [{"reason": "Dibuka lagi sebentar"}],
    "pause": [{"reason": "Menunggu pelanggan", "until": "3"}],
    "extension": [{"reason": "Butuh waktu", "until": "9"}],
    "record": [{"category": "GGN_LAMBAT"}, {"product": "Internet rumah"}],
    "escalation": [{"reason": "Biar atasan saja"}],
    "offer/approval": [{"answer": "approved"}],
    "countersignature": [{"answer": "signed"}],
    "extension/approval": [{"answer": "approved"}],
}
#: What excuses may be tried for.
EXCUSED = (
    "attestation",
    "confirmation",
    "apology",
    "promise",
    "cause-explanation",
    "offer",
    "answer",
)
#: Criterion → what gets one past it.
NOUN_OF = {
    "020-1.1": "attestation",
    "020-1.2": "confirmation",
    "020-1.3": "apology",
    "020-1.4": "promise",
    "020-1.5": "promise",
    "020-1.6": "receipt",
    "020-2.1": "parties",
    "020-2.2": "cause",
    "020-2.3": "condition",
    "020-2.4": "priority",
    "020-2.5": "plan",
    "020-3.1": "apology",
    "020-3.2": "cause-explanation",
    "020-3.3": "offer",
    "020-3.4": "answer",
    "020-3.5": "offer",
    "020-3.6": "thanks",
    "020-3.7": "standard-information",
}
#: Criterion → the work itself, where it is quicker than the way round.
WORK = {
    "020-1.2": {"summary": "Internet mati sejak kemarin, ingin hidup lagi", "answer": "yes"},
    "020-1.3": {"stage": "intake"},
    "020-1.4": {"steps": [{"what": "Periksa jaringan"}]},
    "020-2.1": {"teams": ["TEKNIK"]},
    "020-2.2": {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"},
    "020-2.3": {"none": True},
    "020-2.4": {},
    "020-2.5": {"steps": [{"what": "Menyambung kabel di tiang", "due_at": "2"}]},
    "020-3.1": {"stage": "resolution"},
    "020-3.2": {"text": "Kabel terputus oleh galian", "view": "agrees"},
    "020-3.3": {"remedy": "PERBAIKAN", "description": "Kabel disambung"},
    "020-3.4": {"answer": "accepted"},
    "020-3.6": {},
    "020-3.7": {"all": True},
}
#: Said again and again, because they end a complaint or stop it.
RARE = ("withdrawal", "reopening", "pause", "answer", "offer", "record")


@dataclass
class Hurried:
    """The walk: one act after the other, each through one of the doors."""

    office: Office
    app: Flask
    rng: random.Random
    at: datetime = NOW
    numbers: list[str] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    went: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        """Take the next complaint."""
        self.numbers.append(self.office.receive(at=self.at, received_at=self.at))

    def act(self) -> None:
        """One more attempt, now and then what somebody else does, and time that passes."""
        self.at += self.rng.randint(1, 40) * MINUTE
        if self.rng.random() < 0.04:
            self.at += self.rng.randint(1, 3) * DAY
        number = self.numbers[-1] if self.rng.random() < 0.85 else self.rng.choice(self.numbers)
        if self.rng.random() < 0.3:
            self.others(number)
        acts = [self.attempt(number) for _ in range(self.rng.choice((1, 1, 1, 1, 2, 4)))]
        door: Callable[..., bool] = self.batch
        if len(acts) == 1:
            door = self.rng.choice((self.single, self.form))
        self.tried[door.__name__] += 1
        self.went[door.__name__] += door(number, acts)
        fire_due(self.office.session, self.office.rules, at=self.at)
        self.office.session.commit()

    def attempt(self, number: str) -> dict[str, Any]:
        """What is sent next: mostly what the gate asks for, else anything at all."""
        self.office.at = self.at
        missing = self.office.missing(number)
        noun = NOUN_OF[missing[0]] if missing else "closure"
        if noun == "cause-explanation" and self.rng.random() < 0.5:
            # Nothing can be explained before the cause is confirmed.
            return {"noun": "cause", **SENT["cause"][1]}
        if noun == "parties" and self.rng.random() < 0.6:
            self.others(number)
        is_excused = noun in EXCUSED and self.rng.random() < self.temptation(noun)
        if missing and missing[0] in WORK and not is_excused and self.rng.random() < 0.6:
            return self.dated({"noun": noun, **WORK[missing[0]]})
        if not missing and self.rng.random() < 0.3:
            return {"noun": "commitments/done", "all": True, "note": "beres"}
        if not is_excused and self.rng.random() < 0.25:
            noun = self.rng.choice(["closure", "cause", "commitments/done", *SENT])
            if noun in RARE and self.rng.random() < 0.8:
                noun = "cause"
            is_excused = noun in EXCUSED and self.rng.random() < self.temptation(noun)
        if is_excused:
            excuse = {"reason": self.rng.choice(EXCUSES), "code": self.rng.choice(CODES)}
            if noun in BELIEVABLE and self.rng.random() < 0.7:
                code, sentence = BELIEVABLE[noun]
                excuse = {"reason": sentence % self.rng.choice(ENDINGS), "code": code}
            stage = (
                {"stage": self.rng.choice(("intake", "resolution"))} if noun == "apology" else {}
            )
            return {"noun": noun, "unable": excuse, **stage}
        body = self.dated(self.rng.choice(SENT[noun]))
        if self.rng.random() < 0.1:
            # Dated back, to before the miss.
            body["at"] = (self.at - 3 * DAY).isoformat()
        return {"noun": noun, **body}

    def temptation(self, noun: str) -> float:
        """How likely an excuse is: reading back is what takes the longest at the counter."""
        return 0.8 if noun == "confirmation" else 0.4

    def dated(self, body: dict[str, Any]) -> dict[str, Any]:
        """The same with its numbers of days as times from now."""

        def at(days: str) -> str:
            return (self.at + int(days) * DAY).isoformat()

        found = {**body, **({"until": at(body["until"])} if "until" in body else {})}
        if "steps" in body:
            steps = body["steps"]
            found["steps"] = [
                {**each, **({"due_at": at(each["due_at"])} if "due_at" in each else {})}
                for each in steps
            ]
        return found

    def single(self, number: str, acts: list[dict[str, Any]]) -> bool:
        """A call of the API."""
        (act,) = acts
        body = {name: value for name, value in act.items() if name != "noun"}
        return self.post(f"/complaints/{number}/{act['noun']}", body)

    def batch(self, number: str, acts: list[dict[str, Any]]) -> bool:
        """Several acts in one call, all or nothing."""
        return self.post(f"/complaints/{number}/actions", acts)

    def form(self, number: str, acts: list[dict[str, Any]]) -> bool:
        """The same act as a form records it."""
        (act,) = acts
        given = {name: value for name, value in act.items() if name != "noun"}
        return self.record(number, "csr", act["noun"], given)

    def post(self, path: str, body: object) -> bool:
        answer = self.app.test_client().post(
            f"/api/v1{path}", json=body, headers={"Authorization": "Bearer token of csr"}
        )
        assert answer.status_code in (200, 201, 403, 404, 409, 422), answer.text
        return answer.status_code < 300

    def record(self, number: str, by: str, noun: str, given: dict[str, Any]) -> bool:
        session = self.office.session
        try:
            record_given(session, number, noun, given, by=self.office.actor(by), now=self.at)
        except Refused:
            session.rollback()
            return False
        session.commit()
        return True

    def others(self, number: str) -> None:
        """The unit accepts; a supervisor signs or returns what waits for a signature."""
        accepted = {"team": "TEKNIK", "answer": "accepted"}
        self.record(number, "officer", "parties/acceptance", accepted)
        if self.rng.random() < 0.75:
            return
        answer = self.rng.choice(("signed", "signed", "refused"))
        given = {"answer": answer, "reason": "Dilihat bersama"}
        self.record(number, "supervisor", "countersignature", given)


@pytest.fixture
def hurried(office: Office, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Hurried:
    walk = Hurried(office, app, random.Random())
    monkeypatch.setattr(clock, "now", lambda: walk.at)
    return walk


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_hurried_csr_closes_was_done_or_is_signed(hurried: Hurried, seed: int):
    hurried.rng = random.Random(seed)
    office = hurried.office
    for number in range(ACTS):
        if number % PATIENCE == 0:
            hurried.begin()
        hurried.act()
    # Every door was tried, and let something through.
    assert set(hurried.tried) == {"single", "batch", "form"}
    assert min(hurried.went.values()) > 0
    closed = [each for each in hurried.numbers if office.complaint(each).status == "closed"]
    assert closed, "the walk came to no closure, so that nothing was looked at"
    for each in closed:
        lacking = unproven(office, each)
        assert lacking == [], (each, lacking)
    assert verify_history(office.session)["bad"] == []
    agree_with_the_report(hurried)


def unproven(office: Office, number: str) -> list[str]:
    """What a closed complaint has neither a record of nor somebody else's signature for."""
    complaint: Complaint = office.complaint(number)
    handler = complaint.handler_id or complaint.received_by_id
    sent = {each.key for each in office.rows(OutboxMessage, number) if each.state == "sent"}
    last: dict[str, StepRecord] = {}
    for record in office.rows(StepRecord, number):
        # Intake is proven for every cycle; a letter that has not left proves nothing.
        is_of_now = record.cycle == complaint.cycle or record.criterion.startswith("020-1")
        if is_of_now and (record.letter_key is None or record.letter_key in sent):
            last[record.criterion] = record
    exits = [each for each in office.rows(Exit, number) if each.kind == "unable"]
    by_record = {each.record_id: each for each in exits}
    excused = {key: each for key, each in last.items() if each.is_unable}
    lacking = []
    for key in NOUN_OF:
        if key in ("020-1.5", "020-1.6", "020-3.3", "020-3.4", "020-3.5"):
            # These stand in rows of their own: promise, receipt, offers.
            continue
        if key not in last and key not in ("020-2.1", "020-2.2", "020-2.4"):
            lacking.append(f"{key}: no record at all")
    needs_signature = len(excused) >= 3 or {"020-1.2", "020-3.2", "020-3.4"} & set(excused)
    for key, record in excused.items():
        made = by_record.get(record.id)
        if made is None:
            lacking.append(f"{key}: excused, and in no list of exits")
        elif needs_signature and len(excused) >= 3 and made.state != "signed":
            lacking.append(f"{key}: one of {len(excused)} excused, unsigned")
        elif made.state == "signed" and made.answered_by_id in (made.by_id, handler, None):
            lacking.append(f"{key}: signed by themselves")
    for key in {"020-1.2", "020-3.2", "020-3.4"} & set(excused):
        made = by_record.get(excused[key].id)
        if made is not None and made.state != "signed":
            lacking.append(f"{key}: excused, unsigned")
    if not (complaint.promised_at or "020-1.4" in excused):
        lacking.append("nothing was promised")
    offers = [each for each in office.rows(Offer, number) if each.cycle == complaint.cycle]
    if not (
        any(each.state == "accepted" for each in offers) or {"020-3.3", "020-3.4"} & set(excused)
    ):
        lacking.append("no accepted offer")
    for each in office.rows(Commitment, number):
        is_open = each.done_at is None and each.dropped_at is None
        if is_open and each.kind != "delivery" and each.cycle == complaint.cycle:
            lacking.append(f"{each.kind} {each.what!r} is open")
    return lacking


def agree_with_the_report(hurried: Hurried) -> None:
    """The promises of the report, counted again from the entries of the histories."""
    office = hurried.office
    manager = office.actor("manager")
    since, until = NOW.date() - DAY, hurried.at.date() + 60 * DAY
    report = deadline_report(office.session, manager, since, until, None, now=hurried.at)
    missed = 0
    for number in hurried.numbers:
        told = {
            entry.detail["deadline"]
            for entry in office.rows(HistoryEntry, number)
            if entry.what == "breach" and entry.detail["kind"] in ("resolve", "legal")
        }
        # A cycle has one promise, the earliest of its clocks; the default pack has one such clock.
        cycles = {each.id: each.cycle for each in office.rows(Deadline, number)}
        missed += len({cycles[each] for each in told})
    assert report.total.breached == missed
    assert report.balance.received == len(hurried.numbers)
    assert sum(report.balance.places.values()) == len(hurried.numbers)

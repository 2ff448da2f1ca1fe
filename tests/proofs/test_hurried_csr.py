"""A CSR in a hurry: closes what they can without doing the work, by call, batch and page.

A seeded walk with a CSR's rights, that follows the page's own next step, fills in a whole
conversation or sends what comes to mind through one of the doors. Everything is checked from the
stored rows and not with the rules that let the acts through: each complaint that it closes has a
record of its own for every criterion, or stands among the exits with somebody else's signature
where one is needed. What became of the promises is counted again from the histories.
"""

from __future__ import annotations

import random
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from complaints import clock
from complaints.actions.recording import record_given
from complaints.channels.api.bearer import LIMITS
from complaints.channels.call_limits import CallLimits
from complaints.domain.errors import Refused
from complaints.engine.fire import fire_due
from complaints.models import (
    Commitment,
    Complaint,
)
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.reports.figures import deadline_report
from tests.conftest import NOW
from tests.databases import Databases
from tests.html_tree import Tag
from tests.office import Office, staff
from tests.proofs.doors import CONVERSATIONS, Counter, Door, call, page, talk
from tests.proofs.hurried import (
    BELIEVABLE,
    CODES,
    CUSTOMERS,
    ENDINGS,
    EXCUSED,
    EXCUSES,
    HONEST,
    NOUN_OF,
    RARE,
    SENT,
    WORK,
)
from tests.proofs.judging import (
    first_kept,
    passed_by_its_original,
    place,
    promises_of,
    slowed_in_silence,
    unproven,
)
from tests.proofs.rows import Places
from tests.soak import budget

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ACTS = budget("HURRIED_ACTS", 110, 2000)
SEEDS = (1, 2) if ACTS < 500 else (1, 2, 3, 4, 5)
#: Acts on one complaint before the next is begun.
PATIENCE = 80


@dataclass
class Hurried:
    """The walk: one act after the other, each through one of the doors."""

    counter: Counter
    rng: random.Random
    at: datetime = NOW
    numbers: list[str] = field(default_factory=list)
    #: So many acts more nobody sweeps: the worker is down.
    outage: int = 0
    tried: Tally[str] = field(default_factory=Tally)
    went: Tally[str] = field(default_factory=Tally)

    @property
    def office(self) -> Office:
        return self.counter.office

    def begin(self) -> None:
        """Take the next complaint."""
        who = self.rng.choice(CUSTOMERS)
        self.numbers.append(self.office.receive(at=self.at, received_at=self.at, who=who))

    def everything(self) -> list[str]:
        """The numbers of all complaints, with those that were only there to be named."""
        query = select(Complaint.id).order_by(Complaint.id)
        ids = self.office.session.scalars(query).all()
        return [self.office.rules.numbers.write(2026, each) for each in ids]

    def closed(self) -> list[str]:
        """Those that were closed, and not as a duplicate."""
        found = [(each, self.office.complaint(each)) for each in self.numbers]
        self.office.session.commit()
        return [
            number
            for number, each in found
            if each.status == "closed" and each.duplicate_of_id is None
        ]

    def act(self) -> None:
        """One more attempt, now and then what somebody else does, and time that passes."""
        self.at += self.rng.randint(1, 40) * MINUTE
        if self.rng.random() < 0.04:
            self.at += self.rng.randint(1, 3) * DAY
        number = self.numbers[-1] if self.rng.random() < 0.85 else self.rng.choice(self.numbers)
        if self.rng.random() < 0.3:
            self.others(number)
        self.counter.at = self.at
        self.again()
        way = self.rng.choice(("single", "single", "form", "follow", "several", "talk"))
        self.tried[way] += 1
        if way in ("follow", "talk"):
            self.went[way] += getattr(self, way)(number)
        else:
            count = self.rng.choice((2, 4)) if way == "several" else 1
            acts = [self.attempt(number) for _ in range(count)]
            acts = [self.counter.fill(number, act) for act in acts if self.is_there(number, act)]
            self.went[way] += bool(acts) and getattr(self, way)(number, acts)
        self.sweep()

    def sweep(self) -> None:
        """What the worker does, unless it is down for a while."""
        if self.outage == 0 and self.rng.random() < 0.02:
            self.outage = self.rng.randint(5, 20)
        self.outage = max(0, self.outage - 1)
        if self.outage == 0:
            fire_due(self.office.session, self.office.rules, at=self.at)
        self.office.session.commit()

    def again(self) -> None:
        """Now and then opened again what was closed, and moved what others go on as."""
        closed = self.closed() if self.rng.random() < 0.05 else []
        if closed:
            reopening = {"reason": self.rng.choice(("Ditutup terlalu cepat", "Satu putaran lagi"))}
            self.went["again"] += self.sent(call, self.rng.choice(closed), "reopening", reopening)
        if self.rng.random() < 0.06:
            number = self.rng.choice(self.originals() or self.numbers)
            asked = {"reason": "Menunggu suku cadang", "until": str(self.rng.randint(2, 9))}
            self.went["asked"] += self.sent(call, number, "extension", self.dated(asked))
            self.record(number, "supervisor", "extension/approval", {"answer": "approved"})

    def originals(self) -> list[str]:
        """The numbers of those that duplicates go on as."""
        query = select(Complaint.duplicate_of_id).where(Complaint.duplicate_of_id.is_not(None))
        ids = self.office.session.scalars(query.distinct().order_by(Complaint.duplicate_of_id))
        found = [self.office.rules.numbers.write(2026, each) for each in ids]
        self.office.session.commit()
        return found

    def attempt(self, number: str) -> dict[str, Any]:
        """What is sent next: mostly what the gate asks for, else anything at all."""
        self.office.at = self.at
        missing = self.office.missing(number)
        if self.rng.random() < 0.08:
            noun = self.rng.choice(RARE)
            return self.dated({"noun": noun, **self.rng.choice(SENT[noun])})
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
            excuse = self.excuse(noun)
            stage = (
                {"stage": self.rng.choice(("intake", "resolution"))} if noun == "apology" else {}
            )
            return {"noun": noun, "unable": excuse, **stage}
        body = self.dated(self.rng.choice(SENT[noun]))
        if self.rng.random() < 0.1:
            # Dated back, to before the miss.
            body["at"] = (self.at - self.rng.choice((1, 20, 72)) * HOUR).isoformat()
        return {"noun": noun, **body}

    def excuse(self, noun: str) -> dict[str, str]:
        """Why it could not be done, as it comes to mind."""
        if noun in BELIEVABLE and self.rng.random() < 0.7:
            code, sentence = BELIEVABLE[noun]
            return {"reason": sentence % self.rng.choice(ENDINGS), "code": code}
        return {"reason": self.rng.choice(EXCUSES), "code": self.rng.choice(CODES)}

    def is_there(self, number: str, act: dict[str, Any]) -> bool:
        """Whether there is something to drop; who has nothing to drop sends nothing."""
        owed = self.office.rows(Commitment, number)
        is_open = any(each.done_at is None and each.dropped_at is None for each in owed)
        return act["noun"] != "commitments/drop" or is_open

    def temptation(self, noun: str) -> float:
        """How likely an excuse is: reading back is what takes the longest at the counter."""
        return 0.8 if noun == "confirmation" else 0.4

    def dated(self, body: dict[str, Any]) -> dict[str, Any]:
        """The same with its numbers of days as times from now."""

        def at(days: str) -> str:
            return (self.at + int(days) * DAY).isoformat()

        times = [name for name in ("until", "deliver_by") if name in body]
        found = {**body, **{name: at(body[name]) for name in times}}
        if "steps" in body:
            steps = body["steps"]
            found["steps"] = [
                {**each, **({"due_at": at(each["due_at"])} if "due_at" in each else {})}
                for each in steps
            ]
        return found

    def follow(self, number: str) -> bool:
        """The next step that the page names, sent as its form proposes it, with a word or two."""
        client = self.counter.browser("csr")
        shown = client.get(f"/complaints/{number}").get_data(as_text=True)
        seen = Tag.of(shown)
        step = seen.select_one(f"a.btn-primary.btn-big[href^='/complaints/{number}/']")
        if step is None or "/letters/" in str(step["href"]):
            return False
        noun, _, stage = str(step["href"]).removeprefix(f"/complaints/{number}/").partition("?")
        stage = stage.removeprefix("stage=")
        listed = [each for each in SENT.get(noun, [{}]) if each.get("stage", stage) == stage]
        body = self.dated(self.rng.choice(listed or [{}]))
        if noun in HONEST and self.rng.random() < 0.6:
            body = self.dated(HONEST[noun])
        return self.sent(page, number, noun, {**body, **({"stage": stage} if stage else {})})

    def talk(self, number: str) -> bool:
        """A whole conversation in one submit: some of it done, some excused, some left empty.

        What the gate asks for first decides which page it is, as the next step does.
        """
        missing = self.office.missing(number)
        self.office.session.commit()
        kind = "analysis" if missing and missing[0] < "020-3" else "resolution"
        acts: dict[str, dict[str, Any]] = {}
        for noun in CONVERSATIONS[kind]:
            if self.rng.random() < 0.2:
                continue
            if noun in EXCUSED and self.rng.random() < 0.15:
                acts[noun] = {"unable": self.excuse(noun)}
            elif noun in HONEST and self.rng.random() < 0.75:
                acts[noun] = self.dated(HONEST[noun])
            else:
                acts[noun] = self.dated(self.rng.choice(SENT[noun]))
        outcome = talk(self.counter, "csr", number, kind, acts)
        assert outcome.status in (200, 403, 404, 409, 422), outcome.said
        return not outcome.is_refused

    def sent(self, door: Door, number: str, noun: str, body: dict[str, Any]) -> bool:
        outcome = door(self.counter, "csr", number, noun, body)
        assert outcome.status in (200, 201, 403, 404, 409, 422), outcome.said
        return not outcome.is_refused

    def single(self, number: str, acts: list[dict[str, Any]]) -> bool:
        """A call of the API."""
        ((noun, body),) = map(named, acts)
        return self.sent(call, number, noun, body)

    def several(self, number: str, acts: list[dict[str, Any]]) -> bool:
        """Several acts in one call, all or nothing."""
        outcome = self.counter.send("csr", f"/complaints/{number}/actions", acts)
        assert outcome.status in (200, 403, 404, 409, 422), outcome.said
        return not outcome.is_refused

    def form(self, number: str, acts: list[dict[str, Any]]) -> bool:
        """The form of the page, with its own fields and keys."""
        ((noun, body),) = map(named, acts)
        return self.sent(page, number, noun, body)

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
        if self.rng.random() < 0.03:
            merged = self.counter.fill(number, SENT["customer/merge"][0])
            self.record(number, "supervisor", "customer/merge", merged)
        if self.rng.random() < 0.75:
            return
        self.record(number, "supervisor", "extension/approval", {"answer": "approved"})
        answer = self.rng.choice(("signed", "signed", "refused"))
        given = {"answer": answer, "reason": "Dilihat bersama"}
        self.record(number, "supervisor", "countersignature", given)


def named(act: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """An act as its noun and what is sent for it."""
    return act["noun"], {name: value for name, value in act.items() if name != "noun"}


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database of its own with everybody hired."""
    url = databases.fresh(staff)
    yield url
    databases.drop(url)


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    """The office, before the first complaint of the day."""
    with Session(engine, expire_on_commit=False) as session:
        yield Office(engine, session)


@pytest.fixture
def hurried(office: Office, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Hurried:
    walk = Hurried(Counter(app, office, NOW), random.Random())
    monkeypatch.setattr(clock, "now", lambda: walk.at)
    # Two thousand acts in some minutes of the machine's own clock, which counts calls.
    monkeypatch.setitem(app.extensions, LIMITS, CallLimits(0))
    return walk


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_hurried_csr_closes_was_done_or_is_signed(hurried: Hurried, seed: int):
    hurried.rng = random.Random(seed)
    office = hurried.office
    count = 0
    while count < ACTS or (not hurried.closed() and count < 4 * ACTS):
        if count % PATIENCE == 0:
            hurried.begin()
        hurried.act()
        count += 1
    hurried.outage = 0
    fire_due(office.session, office.rules, at=hurried.at)
    office.session.commit()
    # Every door was tried, and let something through.
    assert set(hurried.tried) == {"single", "several", "form", "follow", "talk"}
    assert min(hurried.went[each] for each in hurried.tried) > 0
    ended = {each: office.complaint(each) for each in hurried.numbers}
    assert hurried.closed(), "the walk came to no closure, so that nothing was looked at"
    for number in hurried.closed():
        lacking = unproven(office, number)
        assert lacking == [], (number, lacking)
    for number, each in ended.items():
        if each.duplicate_of_id or each.status == "withdrawn":
            way = "duplicate" if each.duplicate_of_id else "withdrawal"
            assert (way, "csr", "") in exits_listed(hurried, number), (number, way)
    for number in hurried.everything():
        assert slowed_in_silence(office, number) == [], number
        assert passed_by_its_original(office, number) is None, number
    assert verify_history(office.session)["bad"] == []
    agree_with_the_report(hurried)


def exits_listed(hurried: Hurried, number: str) -> list[tuple[str, str, str]]:
    """What the report of exits lists of the complaint."""
    until = hurried.at.date() + 30 * DAY
    return Places(hurried.counter).counted(number, until)


def agree_with_the_report(hurried: Hurried) -> None:
    """What became of every promise, counted again from the entries of the histories."""
    office = hurried.office
    manager = office.actor("manager")
    since, until = NOW.date() - DAY, hurried.at.date() + 60 * DAY
    report = deadline_report(office.session, manager, since, until, None, now=hurried.at)
    numbers = hurried.everything()
    told = {each: promises_of(office, each) for each in numbers}
    found = [each for promises in told.values() for each in promises]
    assert report.total.breached == sum(each.is_missed for each in found)
    kept = sum(first_kept(promises) is not None for promises in told.values())
    assert report.total.met == kept
    assert report.total.again_kept == sum(each.is_kept for each in found) - kept
    assert report.balance.received == len(numbers)
    places = Tally(place(promises) for promises in told.values())
    assert +Tally(report.balance.places) == places

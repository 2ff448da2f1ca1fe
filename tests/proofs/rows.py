"""A row of the rules and the ways to it: who sends what from where, and what becomes of it."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from complaints.actions.recording import record_given
from tests.conftest import NOW
from tests.office import STORY, Office
from tests.proofs.doors import Counter

#: Who, noun, body.
Act = tuple[str, str, Mapping[str, Any]]

_PHONES = itertools.count(1)


@dataclass(frozen=True)
class Way:
    """One way to a row: `by` sends `body` where the complaint stands.

    It stands there after `start` at intake, the road up to `place` without what is in `skip`,
    `before`, and so many days to `wait`. A dishonest way is refused with `status`, at a `field` or
    for want of `missing`. Any other is taken: then the criteria stand as in `then`, and what is
    `counted` is in the report of exits, by kind, who did it, and who signed it.
    """

    row: str
    way: str
    noun: str
    body: Mapping[str, Any]
    place: str | None = None
    before: tuple[Act, ...] = ()
    by: str = "csr"
    start: tuple[Act, ...] = ()
    skip: tuple[str, ...] = ()
    wait: float = 0
    told: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    status: int = 200
    field: str = ""
    missing: tuple[str, ...] = ()
    then: Mapping[str, str] = dataclasses.field(default_factory=dict)
    counted: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_refused(self) -> bool:
        return self.status >= 400

    def __str__(self) -> str:
        return f"{self.row} {self.way}".replace(" ", "-")


@dataclass
class Places:
    """Complaints that stand where a way begins."""

    counter: Counter
    shared: dict[str, tuple[str, Any]] = dataclasses.field(default_factory=dict)

    @property
    def office(self) -> Office:
        return self.counter.office

    def fresh(self, way: Way) -> str:
        """A complaint of a customer of its own, for a way that is taken."""
        office, counter = self.office, self.counter
        office.at = counter.at = NOW
        n = next(_PHONES)
        who = {"phone": f"0812 9000 {n:04}", "email": f"siti{n}@pelanggan.example"}
        told = {"story": STORY, **way.told, "who": {**who, **way.told.get("who", {})}}
        number = office.receive(at=NOW, **told)
        self._acts(number, way.start)
        if way.place is not None:
            office.walk(number, to=way.place, skip=way.skip)
            counter.at = office.at
        self._acts(number, way.before)
        counter.at += timedelta(days=way.wait)
        return number

    def _acts(self, number: str, acts: tuple[Act, ...]) -> None:
        office, counter = self.office, self.counter
        for by, noun, body in acts:
            office.at = counter.at = counter.at + timedelta(minutes=5)
            given, actor = counter.fill(number, body), office.actor(by)
            record_given(office.session, number, noun, given, by=actor, now=counter.at)
            office.session.commit()

    def standing(self, way: Way) -> str:
        """The complaint that all refused ways from the same place share."""
        key = repr((way.place, way.start, way.skip, way.before, way.wait, way.told))
        if key not in self.shared:
            self.shared[key] = (self.fresh(way), self.counter.at)
        number, self.counter.at = self.shared[key]
        self.office.at = self.counter.at
        return number

    def counted(self, number: str, until: date | None = None) -> list[tuple[str, str, str]]:
        """What the report of exits says of the complaint: kind, by whom, and who signed it."""
        since = NOW.date()
        until = until or since + timedelta(days=30)
        answer = self.counter.app.test_client().get(
            f"/api/v1/reports/exits?from={since}&to={until}",
            headers={"Authorization": "Bearer token of manager"},
        )
        assert answer.status_code == 200, answer.text
        return [
            (each["kind"], each["by_email"].partition("@")[0], each["signed_by"] or "")
            for each in answer.json["items"]
            if each["number"] == number
        ]

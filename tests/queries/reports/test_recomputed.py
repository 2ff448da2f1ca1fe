"""The report counted a second time, slowly and plainly, from nothing but the lines of the history.

Whoever doubts a percentage can do the same by hand: what was received, told, moved, paused, settled
and ended stands there with its time. Months end at the branch's own midnight, wherever it lies.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from complaints.domain.policies.whatif import RuleKind
from complaints.domain.worktime import WorkCalendar
from complaints.models import HistoryEntry
from complaints.queries.reports.balance import PLACES
from complaints.queries.reports.counting import FIGURES
from complaints.queries.reports.figures import Report, deadline_report
from complaints.steps.answer import take_answer
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.promise import StepGiven, promise_deadline
from tests.office import Office

FROM, TO = date(2026, 10, 1), date(2026, 11, 30)
STEPS = [StepGiven("Memeriksa jaringan")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEEDS = (
    "kept",
    "late",
    "moved",
    "paused",
    "gone",
    "gone late",
    "open",
    "again",
    "late again",
    "referred",
    "referred late",
    "gone and back",
)


@dataclass
class Promise:
    """One promise as the history tells it: the first date, the last, and what became of it."""

    first: datetime | None = None
    told: datetime | None = None
    due: datetime | None = None
    paused_since: datetime | None = None
    settled: datetime | None = None
    withdrawn: datetime | None = None
    is_referred: bool = False

    def missed(self, now: datetime) -> bool:
        """Whether the last date passed without a settlement; while it is paused nothing passes."""
        assert self.due is not None
        end = self.settled or self.withdrawn
        return self.due < (end or now) if end or self.paused_since is None else False

    def kept(self) -> bool:
        assert self.due is not None
        return self.settled is not None and self.settled <= self.due

    def place(self, now: datetime) -> str:
        """Where the complaint would stand by this promise alone."""
        if self.missed(now):
            return "missed_settled" if self.settled or self.withdrawn else "missed_open"
        if self.withdrawn:
            return "withdrawn"
        if self.is_referred:
            return "referred"
        if self.kept():
            return "kept"
        return "paused" if self.paused_since else "running"


@dataclass
class Told:
    """A complaint as its history tells it."""

    received: datetime
    promises: list[Promise] = field(default_factory=lambda: [Promise()])

    def place(self, now: datetime) -> str:
        """By the latest promise; but whoever was let down once was let down."""
        *before, latest = self.promises
        place = latest.place(now)
        if not any(each.missed(now) for each in before):
            return place
        return "missed_open" if place in ("running", "paused", "missed_open") else "missed_settled"


def read(entries: list[HistoryEntry], calendar: WorkCalendar) -> Told:
    """Go through the lines of one complaint from the first to the last."""
    told = Told(entries[0].at)
    for entry in entries:
        now, detail = told.promises[-1], entry.detail
        if entry.what == "promise":
            now.told = now.due = datetime.fromisoformat(detail["due_at"])
            now.first = now.first or now.told
        elif entry.what == "decide_extension" and detail["answer"] == "approved":
            now.told = now.due = datetime.fromisoformat(detail["until"])
        elif entry.what == "breach" and detail["kind"] in ("resolve", "legal"):
            # A higher priority may have brought the rule's date before the promised one.
            now.due = datetime.fromisoformat(detail["due_at"])
        elif entry.what == "pause":
            now.paused_since = entry.at
        elif entry.what == "resume":
            assert now.due is not None
            assert now.paused_since is not None
            now.due = calendar.add(now.due, calendar.between(now.paused_since, entry.at))
            now.paused_since = None
        elif entry.what in ("accept", "close", "refer"):
            now.settled = now.settled or entry.at
            now.is_referred = entry.what == "refer"
        elif entry.what == "withdraw":
            now.withdrawn = entry.at
        elif entry.what == "reopen" and now.withdrawn:
            # A few days after the withdrawal the same promise goes on.
            now.withdrawn = None
        elif entry.what == "reopen":
            told.promises.append(Promise())
    return told


def recalculated(
    office: Office, numbers: list[str], zone: ZoneInfo, now: datetime
) -> dict[str, Counter]:
    """Month → figure → count, and under `balance` the place of each complaint received."""
    calendar = office.rules.calendar_of(office.complaint(numbers[0]).branch_id).value
    counts: dict[str, Counter] = {"balance": Counter()}

    def note(at: datetime, figure: str) -> None:
        counts.setdefault(at.astimezone(zone).strftime("%Y-%m"), Counter())[figure] += 1

    for number in numbers:
        told = read(office.history(number), calendar)
        note(told.received, "received")
        counts["balance"][told.place(now)] += 1
        for turn, each in enumerate(told.promises):
            assert each.due is not None
            assert each.first is not None
            assert each.told is not None
            end = each.settled or each.withdrawn
            # What was kept of a complaint that had come to an end before pads no share.
            is_again = any(one.kept() or one.missed(now) for one in told.promises[:turn])
            if each.kept():
                note(each.due, "again_kept" if is_again else "met")
            elif each.missed(now):
                note(each.due, "breached")
                if is_again:
                    note(each.due, "again_missed")
                if end is None:
                    note(each.due, "late_open")
            if each.told > each.first:
                note(each.due, "moved")
            if each.settled is not None and each.settled <= each.first:
                if not is_again:
                    note(each.first, "first_kept")
            elif each.first < (end or now):
                note(each.first, "first_missed")
    return counts


def say(report: Report) -> dict[str, Counter]:
    """What the report says, in the same form."""
    said = {
        row.key: Counter({name: getattr(row.figures, name) for name in FIGURES})
        for row in report.months
    }
    return {**said, "balance": Counter(report.balance.places)}


def settle(office: Office, number: str, at: datetime) -> None:
    office.walk(number, to="020-3.3", after="020-1.4")
    office.take(number, take_answer, at=at, answer="accepted")


def tell(office: Office, zone: ZoneInfo, seed: int) -> list[str]:
    """Twenty-four complaints whose receipts and dates lie on both sides of the end of October."""
    random = Random(seed)

    def local(day: int, hour: float, month: int = 10) -> datetime:
        wall = datetime(2026, month, day, tzinfo=zone) + timedelta(hours=hour)
        return wall.astimezone(UTC)

    borders = [local(31, 23.99), local(31, 24), local(30, 12), local(1, 0.02, 11)]
    numbers = []
    for turn in range(2 * len(DEEDS)):
        office.at = random.choice([local(29, 9.5), local(29, 23.9), local(30, 9), local(28, 23.8)])
        number = office.receive(at=office.at)
        numbers.append(number)
        office.walk(number, to="020-1.3")
        due = borders[turn % 4]
        office.take(number, promise_deadline, steps=STEPS, due_at=due)
        deed = DEEDS[turn // 2]
        on_time = random.choice([due, due - HOUR])
        if deed == "kept":
            settle(office, number, on_time)
        elif deed == "late":
            settle(office, number, due + random.choice([timedelta(seconds=1), 2 * DAY]))
        elif deed == "moved":
            office.walk(number, to="020-1.6", after="020-1.4")
            until = due + random.choice([HOUR, 2 * DAY])
            office.take(number, ask_extension, until=until, reason="Suku cadang belum tiba")
            office.take(number, decide_extension, by="supervisor", answer="approved")
            if turn % 2:
                office.walk(number, to="020-3.3", after="020-1.6")
                office.take(number, take_answer, at=until, answer="accepted")
        elif deed == "paused":
            office.walk(number, to="020-1.6", after="020-1.4")
            until = office.at + 3 * DAY
            office.take(number, pause_clocks, reason="Menunggu foto modem", until=until)
            if turn % 2:
                office.take(number, resume_clocks, at=min(due, office.at + DAY))
        elif deed.startswith("gone"):
            at = due + HOUR if deed == "gone late" else on_time - HOUR
            office.take(number, withdraw_complaint, at=max(at, office.at), reason="Salah alamat")
        elif deed == "again":
            settle(office, number, on_time)
            office.walk(number, after="020-3.4")
            office.take(number, reopen_complaint, by="supervisor", reason="Masih putus lagi")
            office.take(number, promise_deadline, steps=STEPS, due_at=office.at + 2 * HOUR)
        elif deed == "late again":
            settle(office, number, due + HOUR)
            office.walk(number, after="020-3.4")
            office.take(number, reopen_complaint, by="supervisor", reason="Masih putus lagi")
            office.take(number, promise_deadline, steps=STEPS, due_at=office.at + 2 * HOUR)
            if turn % 2:
                office.walk(number, after="020-2.5")
        elif deed == "referred":
            office.walk(number, to="020-3.3", after="020-1.4")
            office.take(number, take_answer, at=on_time, answer="accepted")
            office.walk(number, after="020-3.4", to="kept")
            office.take(number, close_complaint, outcome="SENGKETA")
        elif deed == "referred late":
            settle(office, number, due + HOUR)
            office.walk(number, after="020-3.4", to="kept")
            office.take(number, close_complaint, outcome="BUKAN_WEWENANG")
        elif deed == "gone and back":
            office.take(number, withdraw_complaint, at=on_time - 2 * HOUR, reason="Salah alamat")
            office.take(number, reopen_complaint, by="supervisor", reason="Masih putus")
            if turn % 2:
                settle(office, number, due + HOUR)
    return numbers


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Europe/London", "America/Sao_Paulo"])
def test_the_history_alone_gives_the_same_figures(office: Office, zone: str):
    office.edit(RuleKind.CALENDAR, "jakarta", tz=zone)
    numbers = tell(office, ZoneInfo(zone), seed=len(zone))
    last = max(entry.at for number in numbers for entry in office.history(number))
    for now in (last, last + 60 * DAY):
        report = deadline_report(
            office.session, office.actor("manager"), FROM, TO, "month", now=now
        )
        office.session.commit()
        said, counted = say(report), recalculated(office, numbers, ZoneInfo(zone), now)
        for part in ("2026-10", "2026-11", "balance"):
            assert +said[part] == +counted.get(part, Counter()), (zone, now, part)
        assert set(counted["balance"]) <= set(PLACES)
        assert report.balance.received == report.total.received == len(numbers)


@pytest.mark.sqlite_is_enough
def test_both_sides_of_the_border_are_really_there(office: Office):
    numbers = tell(office, ZoneInfo("America/Sao_Paulo"), seed=1)
    office.session.commit()
    counted = recalculated(office, numbers, ZoneInfo("America/Sao_Paulo"), office.at + 60 * DAY)
    assert counted["2026-10"]["breached"]
    assert counted["2026-11"]["breached"]
    there = {"kept", "missed_settled", "missed_open", "withdrawn", "referred"}
    assert there <= set(counted["balance"])

"""The parts of a report from the sums, corrected by what changed since they were computed.

The sums of a period, less what the complaints that changed had added, and with what these add as
they stand now. Where that cannot be done soon (too many changed, or the calendars did), None is
said and the report is counted from the rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor, Role
from complaints.domain.reporting.blocks import blocks_between
from complaints.models import Complaint, User
from complaints.models.summaries import WIDTH
from complaints.queries.kept import Kept
from complaints.queries.paging import at_most
from complaints.queries.reports.balance import PLACES, TAKEN_OVER, Balance
from complaints.queries.reports.counting import FIGURES, OF_CLOCKS
from complaints.queries.reports.escalations import LevelLine, longest_waiting
from complaints.queries.reports.exceptions import Exceptions, gather_exceptions
from complaints.queries.reports.first_contact import FirstContact
from complaints.queries.reports.handling import (
    Ageing,
    AgeLine,
    Handling,
    StepTimes,
    ages_at,
    oldest_days,
)
from complaints.queries.reports.money import MoneyLine
from complaints.queries.reports.parts import Asked, Parts
from complaints.queries.reports.period import Period
from complaints.queries.reports.rows import NONE, Figures
from complaints.queries.reports.stopped import STANDINGS, Stopped
from complaints.queries.reports.summaries import shapes
from complaints.queries.reports.summaries.cells import add_cells, read_blocks
from complaints.queries.reports.summaries.facts import compute_facts
from complaints.queries.reports.summaries.shapes import ALL, Facts, Tally, number_in, words_of
from complaints.queries.reports.summaries.state import (
    MOST_STALE,
    calendars_of,
    known_calendars,
    stale_ids,
    stored_bodies,
)
from complaints.queries.reports.undertaken import STANDS, OwnerLine, line_of_owner, sort_owners
from complaints.queries.scope import sees_all
from complaints.rows import among_given, is_postgresql

#: What every report says, whatever it is divided by.
_ALWAYS = (
    shapes.FIGURES,
    "category",
    shapes.CLOCK,
    shapes.PLACE,
    shapes.CONTACT,
    shapes.EXCEPTION,
    shapes.PAUSE,
    shapes.WITHDRAWN,
    shapes.LEVEL,
    shapes.TAKEN,
    shapes.GIVEN,
    shapes.ASKED,
    shapes.DECIDED,
    shapes.OWED,
    shapes.HANDLED,
)


@dataclass(slots=True)
class Sums:
    """The sums within somebody's scope, with what changed since as it was and as it is now."""

    session: Session
    branch_id: int
    branches: Sequence[int]
    #: What the cells hold of complaints that changed.
    gone: Sequence[Facts] = ()
    #: What these add now, and what somebody handles beside the complaints of their branch.
    added: Sequence[Facts] = ()

    def of(self, period: Period, parts: Collection[str]) -> Tally:
        """Add up the figures of a period, and these parts of it."""
        tally = Tally()
        add_cells(self.session, tally, period, self.branch_id, parts, self.branches)
        return self._corrected(tally, period)

    def of_part(self, part: str, periods: Sequence[Period]) -> list[Sequence[int]]:
        """Add up a part with one line, in each of these periods; one query."""
        blocks = [blocks_between(each.from_on, each.to_on) for each in periods]
        wanted = sorted({block for each in blocks for block in each})
        found = read_blocks(self.session, self.branch_id, part, wanted)
        added: list[Sequence[int]] = []
        for period, own in zip(periods, blocks, strict=True):
            tally = Tally()
            for block in own:
                tally.add(part, "", found.get(block, ()))
            numbers = self._corrected(tally, period).of(part).get("", [0] * WIDTH)
            added.append(numbers)
        return added

    def _corrected(self, tally: Tally, period: Period) -> Tally:
        for sign, each_of in ((-1, self.gone), (1, self.added)):
            for facts in each_of:
                tally.add_facts(facts, period.from_on, period.to_on, sign)
        return tally


def totals_of(sums: Sums, periods: Sequence[Period]) -> list[Figures]:
    """Only the figures of whole periods."""
    return [_figures(each, FIGURES) for each in sums.of_part(shapes.FIGURES, periods)]


def read_sums(session: Session, asked: Asked) -> Sums | None:
    """The sums; None where too much changed since, or none are kept for this person."""
    branch_id = _branch_of(asked.actor)
    if branch_id is None:
        return None
    known = known_calendars(session)
    if known is not None and known != calendars_of(asked.rules):
        return None
    stale = stale_ids(session, asked.now)
    beside = set(_handled_elsewhere(session, asked.actor, branch_id))
    if len(stale) > MOST_STALE or len(beside) > MOST_STALE:
        return None
    sums = Sums(session, branch_id, list(asked.rules.branches))
    if stale:
        stored = map(Facts.read, stored_bodies(session, stale).values())
        sums.gone = [each for each in stored if branch_id in (ALL, each.branch_id)]
    if stale or beside:
        computed = compute_facts(session, beside.union(stale), asked.rules, asked.now)
        sums.added = [
            each.facts
            for complaint_id, each in computed.items()
            if branch_id in (ALL, each.facts.branch_id) or complaint_id in beside
        ]
    return sums


def _branch_of(actor: Actor) -> int | None:
    """The branch whose sums are within somebody's scope, 0 for all; None where no sums are."""
    if sees_all(actor):
        return ALL
    return actor.branch_id if actor.role is not Role.OFFICER else None


def _handled_elsewhere(session: Session, actor: Actor, branch_id: int) -> list[int]:
    """What somebody handles beside the complaints of their branch, and so sees as well."""
    if branch_id == ALL or actor.id is None:
        return []
    return [row.id for row in _ELSEWHERE.rows(session, actor)]


def _elsewhere(actor: Actor) -> Select[Any]:
    query = select(Complaint.id).where(
        Complaint.handler_id == actor.id, Complaint.branch_id != actor.branch_id
    )
    return query.limit(at_most(MOST_STALE + 1))


_ELSEWHERE = Kept(_elsewhere)


def parts_of(sums: Sums, asked: Asked) -> Parts:
    """The parts of a report."""
    session = sums.session
    wanted = {*_ALWAYS, *(each for each in shapes.DIVIDED if each == asked.by)}
    tally = sums.of(asked.period, wanted)
    people = _people(session, tally)
    parts = Parts(
        months=_lines(tally.months),
        branches=_lines(tally.branches),
        categories={key or None: each for key, each in _lines(tally.of("category")).items()},
        clocks={kind: _figures(each, OF_CLOCKS) for kind, each in tally.of(shapes.CLOCK).items()},
        balance=_balance(tally),
        exceptions=_exceptions(tally, people),
        stopped=_stopped(tally),
        escalations=_escalations(session, asked, tally),
        first_contact=_first_contact(asked, tally),
        money=_money(tally, people),
        commitments=_undertaken(asked, tally, people),
        handling=_handling(tally),
        ageing=_ageing(sums, asked),
    )
    if asked.by in shapes.DIVIDED and asked.by != "category":
        lines = _lines(tally.of(asked.by))
        parts.keys = {_key(asked.by, key): each for key, each in lines.items()}
    return parts


def steps_from(sums: Sums, period: Period) -> tuple[StepTimes, Mapping[tuple[str, str], int]]:
    """How long each step took of the complaints closed in the period, and of those received how
    many stand how, by the last step on record.
    """
    tally, times = sums.of(period, {shapes.STEP, shapes.HANDLED, shapes.FLOW}), StepTimes()
    for key, (count, seconds, *_) in tally.of(shapes.STEP).items():
        step, span = words_of(key)
        times.spans[step][int(span)] = count
        times.exact[step] += seconds
    for span, (count, *_) in tally.of(shapes.HANDLED).items():
        times.whole[int(span)] = count
    standing = {tuple(words_of(key)): each[0] for key, each in tally.of(shapes.FLOW).items()}
    return times, standing


def received_of(sums: Sums, asked: Asked) -> Mapping[Any, Figures]:
    """Only the lines of the division asked for, of which the complaints received are right."""
    tally = sums.of(asked.period, {shapes.FIGURES, asked.by or ""})
    if asked.by == "branch":
        return _lines(tally.branches)
    lines = _lines(tally.of(asked.by or ""))
    if asked.by == "category":
        return {key or None: each for key, each in lines.items()}
    return {_key(asked.by or "", key): each for key, each in lines.items()}


def _lines(lines: Mapping[Any, Sequence[int]]) -> dict[Any, Figures]:
    found = {key: _figures(numbers, FIGURES) for key, numbers in lines.items()}
    return {key: each for key, each in found.items() if each != NONE}


def _figures(numbers: Sequence[int], names: Sequence[str]) -> Figures:
    counts: dict[str, Any] = dict(zip(names, numbers, strict=False))
    return Figures(**counts)


def _key(by: str, word: str) -> Any:
    """The key of a line as the rows have it."""
    if by in ("team", "handler"):
        return number_in(word)
    if by == "need":
        return tuple(word.split(",")) if word else ()
    return word or None if by == "cause" else word


def _people(session: Session, tally: Tally) -> dict[int | None, Any]:
    """Who is named in the lines: id → name and address."""
    ids: set[int | None] = set()
    for part, key in tally.lines:
        if part in (shapes.EXCEPTION, shapes.OWED):
            ids.add(number_in(words_of(key)[1]))
        elif part in (shapes.GIVEN, shapes.ASKED, shapes.DECIDED):
            ids.add(number_in(key))
    known = [each for each in ids if each is not None]
    if not known:
        return {}
    query = _named(is_postgresql(session))
    return {row.id: row for row in session.connection().execute(query, {"ids": known})}


@cache
def _named(on_postgresql: bool) -> Select[*tuple[Any, ...]]:
    return select(User.id, User.name, User.email).where(among_given(on_postgresql, User.id, "ids"))


def _balance(tally: Tally) -> Balance:
    found = tally.of(shapes.PLACE)
    counts = {place: numbers[0] for place, numbers in found.items()}
    places = {name: counts.get(name, 0) for name in PLACES}
    dated_back = sum(numbers[1] for numbers in found.values())
    return Balance(places, counts.get(TAKEN_OVER, 0), dated_back)


def _exceptions(tally: Tally, people: Mapping[int | None, Any]) -> Exceptions:
    def acts() -> Any:
        for key, numbers in tally.of(shapes.EXCEPTION).items():
            kind, person_id, by_customer = words_of(key)
            person = people.get(number_in(person_id))
            name, email = (person.name, person.email) if person else (None, None)
            yield kind, name, email, by_customer == "1", numbers[0], numbers[1]

    return gather_exceptions(acts())


def _stopped(tally: Tally) -> Stopped:
    pauses, seconds, *_ = tally.of(shapes.PAUSE).get("", [0, 0])
    withdrawn = tally.of(shapes.WITHDRAWN)
    counts = {name: withdrawn.get(name, [0])[0] for name in STANDINGS}
    return Stopped(seconds, pauses, counts)


def _escalations(session: Session, asked: Asked, tally: Tally) -> list[LevelLine]:
    spans: dict[int, dict[int, int]] = {}
    for key, numbers in tally.of(shapes.TAKEN).items():
        level, span = map(int, words_of(key))
        spans.setdefault(level, {})[span] = numbers[0]
    levels = {int(word): numbers for word, numbers in tally.of(shapes.LEVEL).items()}
    unanswered = [level for level, (raised, _, taken, *_) in levels.items() if raised > taken]
    waiting = longest_waiting(
        session, asked.actor, asked.period, unanswered, asked.rules, asked.now
    )
    return [
        LevelLine.of(level, raised, by_hand, spans.get(level, {}), waiting.get(level))
        for level, (raised, by_hand, *_) in sorted(levels.items())
    ]


def _handling(tally: Tally) -> Handling:
    spans = tally.of(shapes.HANDLED).items()
    return Handling.of({int(span): numbers[0] for span, numbers in spans})


def _ageing(sums: Sums, asked: Asked) -> Ageing:
    ages = ages_at(asked.today)
    days = [Period(first, last, asked.period.zones) for _, _, first, last in ages]
    counts = sums.of_part(shapes.OPEN, days)
    lines = [AgeLine(*age, numbers[0]) for age, numbers in zip(ages, counts, strict=True)]
    return Ageing(lines, oldest_days(sums.session, asked.actor, asked.today, asked.period))


def _first_contact(asked: Asked, tally: Tally) -> FirstContact:
    channels = asked.rules.taxonomy.channels
    oral = [
        numbers
        for code, numbers in tally.of(shapes.CONTACT).items()
        if code in channels and channels[code].oral
    ]
    return FirstContact(sum(each[1] for each in oral), sum(each[0] for each in oral))


def _money(tally: Tally, people: Mapping[int | None, Any]) -> list[MoneyLine]:
    lines: dict[int | None, MoneyLine] = {}

    def line(key: str) -> MoneyLine:
        person = people.get(number_in(key))
        name, email = (person.name, person.email) if person else ("Tanggap", "")
        return lines.setdefault(number_in(key), MoneyLine(name, email))

    for key, numbers in tally.of(shapes.GIVEN).items():
        mine = line(key)
        mine.given, mine.given_amount, mine.agreed, mine.agreed_amount = numbers[:4]
    for key, numbers in tally.of(shapes.ASKED).items():
        asker = line(key)
        asker.asked, asker.asked_amount = numbers[:2]
    for key, numbers in tally.of(shapes.DECIDED).items():
        decider = line(key)
        decider.approved, decider.approved_amount, decider.rejected = numbers[:3]
    return sorted(lines.values(), key=lambda each: (-each.given_amount, each.name))


def _undertaken(
    asked: Asked, tally: Tally, people: Mapping[int | None, Any]
) -> Sequence[OwnerLine]:
    counts: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for key, numbers in tally.of(shapes.OWED).items():
        kind, owner_id, team_id = words_of(key)
        owner = line_of_owner(
            kind, number_in(team_id), people.get(number_in(owner_id)), asked.rules
        )
        own = counts.setdefault(owner, {})
        for name, number in zip(STANDS, numbers, strict=False):
            own[name] = own.get(name, 0) + number
    return sort_owners(counts)

"""No list, count or page reads a large table from end to end, or works through too many rows.

Every statement is explained by PostgreSQL over rows as in life (`tests.bench.life`), of 30,000
complaints; `TANGGAP_PLANS=1000000` says another number and asks for every pair of filters as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, literal, select, text
from sqlalchemy.orm import Session, joinedload

from complaints.db import begin_reading, make_engine
from complaints.domain.permissions import Actor
from complaints.models import Complaint, Incident, User
from complaints.queries.competence.proven import read_proven
from complaints.queries.complaint.activity import Activity, read_activity
from complaints.queries.complaint.dossier import read_dossier, read_history
from complaints.queries.complaint.due_explanation import explain_due
from complaints.queries.complaint.notes import NOTE, NotesAsked, Place
from complaints.queries.complaint.presence import others_here
from complaints.queries.engine.status import read_metrics
from complaints.queries.incidents.known import MOST_SUGGESTED, suggested_for
from complaints.queries.lists.board import read_board
from complaints.queries.lists.changes import read_changes, read_ends
from complaints.queries.lists.columns_beside import read_beside
from complaints.queries.lists.commitments import own_commitments
from complaints.queries.lists.notifications import list_notices
from complaints.queries.lists.own_queue import next_of_queue
from complaints.queries.lists.saved_views import count_each, list_views
from complaints.queries.lists.search import WIDE_WINDOW, WINDOW
from complaints.queries.lists.supervised import Watch, count_watched, watched
from complaints.queries.lists.worklist import ListFilters, list_complaints, list_untaken
from complaints.queries.people.accounts import PAGE, find_people
from complaints.queries.people.observations import list_observations
from complaints.queries.people.session_user import find_session_user
from complaints.queries.reports.drilldown import count_behind
from complaints.queries.reports.outcomes.report import OUTCOME_PARTS, outcome_report
from complaints.queries.reports.period import Period
from complaints.queries.rules.versions import running_clocks
from complaints.queries.similar import similar_to
from complaints.queries.suggestions import suggest_categories
from complaints.queries.ticket_facts import Ticket
from complaints.rulebook import RuleBook, current_rules
from complaints.statement_plans import BY_VALUES, ONCE
from tests.bench.life import Cast, fill_life
from tests.bench.lists import CHOICES, choices_and_pairs, filters_of
from tests.bench.plans import Plan, explaining, nodes_of
from tests.databases import Databases
from tests.office import staff

pytestmark = pytest.mark.postgresql

GIVEN = os.environ.get("TANGGAP_PLANS", "")
COMPLAINTS = int(GIVEN or 30_000)
#: What a page may look at, all its statements together; it shows fifty lines.
MOST_ROWS = 8_000
#: What reading one complaint may look at, where it has 5,000 notes.
MOST_ROWS_OF_ONE = 2_000
#: The same of a list narrowed to what is rare: most of it are entries of an index passed over.
MOST_PASSED_OVER = 12_000
#: What is rare only together, or hardly ever met where the list begins.
RARE_PAIRS: tuple[dict[str, Any], ...] = (
    {"cause": "VANDAL", "sort": "newest"},
    {"cause": "VANDAL", "tier": "REGULER"},
    {"status": "ended", "handler": "none"},
    {"status": "closed", "handler": "none"},
    {"status": "ended", "team": "none"},
    {"status": "ended", "need": "lansia"},
    {"status": "ended", "tier": "HVC_DIAMOND"},
    {"overdue": True, "sort": "newest"},
    {"handler": "petugas1@tanggap.example", "tier": "HVC_DIAMOND"},
    {"status": "registered", "handler": "none"},
)


@dataclass(frozen=True, slots=True)
class Filled:
    """The filled database, its people and its rules."""

    engine: Engine
    session: Session
    cast: Cast
    rules: RuleBook
    supervisor: Actor
    busiest: Actor
    officer: Actor

    def plans(self, read: Callable[[], object]) -> list[Plan]:
        """What the database does while something is read."""
        with explaining(self.engine) as plans:
            read()
        assert plans, "nothing was asked"
        return plans

    @property
    def of_all(self) -> Actor:
        """A supervisor who sees every branch."""
        me = self.supervisor
        return Actor(me.id, me.name, me.role, None, None)


@pytest.fixture(scope="module")
def filled(databases: Databases) -> Iterator[Filled]:
    url = databases.fresh(staff)
    engine = make_engine(url)
    with Session(engine) as session:
        people = {
            name: session.query(User).filter_by(email=f"{name}@tanggap.example").one().actor
            for name in ("supervisor", "csr", "officer")
        }
    supervisor, busiest = people["supervisor"], people["csr"]
    assert supervisor.id is not None
    assert busiest.id is not None
    with engine.connect() as connection:
        cast = fill_life(connection, COMPLAINTS, supervisor.id, busiest.id)
    with Session(engine) as session:
        begin_reading(session)
        rules = current_rules(session)
        yield Filled(engine, session, cast, rules, supervisor, busiest, people["officer"])
    engine.dispose()
    databases.drop(url)


def now() -> datetime:
    return datetime.now(UTC)


LOW_RATINGS = ListFilters(
    figure="low_rating",
    line="waiting",
    from_on=now().date() - timedelta(days=90),
    to_on=now().date() + timedelta(days=1),
)

READINGS: dict[str, Callable[[Filled], object]] = {
    "what the frame of every page asks": lambda f: find_session_user(
        f.session, f.cast.supervisor_id
    ),
    "mine": lambda f: list_complaints(
        f.session, f.busiest, ListFilters(status="open", handler="me"), now=now(), rules=f.rules
    ),
    **{
        f"what is open, of {whose}": lambda f, whose=whose: list_complaints(
            f.session, getattr(f, whose), ListFilters(status="open"), now=now(), rules=f.rules
        )
        for whose in ("supervisor", "of_all")
    },
    "the queue of a unit": lambda f: next_of_queue(
        f.session, f.officer, f.rules, besides=0, now=now()
    ),
    "low ratings that wait": lambda f: count_behind(
        f.session, f.supervisor, LOW_RATINGS, f.rules, now=now()
    ),
    "waiting for me": lambda f: list_complaints(
        f.session, f.busiest, ListFilters(status="open", waiting="me"), now=now(), rules=f.rules
    ),
    "saved views, counted": lambda f: count_each(
        f.session,
        f.supervisor,
        [
            ListFilters(status="open"),
            ListFilters(status="open", overdue=True, category="LAIN_UMUM"),
            ListFilters(status="open", waiting="customer"),
            ListFilters(status="open", waiting="approval"),
            ListFilters(status="ended", channel="media"),
        ],
        f.rules,
        now(),
    ),
    "chosen columns": lambda f: read_beside(f.session, range(1, 51), ("product", "told_date")),
    "saved views": lambda f: list_views(f.session, f.supervisor),
    "late ones": lambda f: list_complaints(
        f.session, f.of_all, ListFilters(status="open", overdue=True), now=now(), rules=f.rules
    ),
    "not taken": lambda f: list_untaken(f.session, f.supervisor, now=now(), limit=8, rules=f.rules),
    "not taken of all branches": lambda f: list_untaken(
        f.session, f.of_all, now=now(), limit=8, rules=f.rules
    ),
    **{
        f"watched, {watch}": lambda f, watch=watch: watched(
            f.session,
            f.supervisor,
            watch,
            f.rules,
            now=now(),
            horizon=now() + timedelta(days=1),
            most=12,
        )
        for watch in Watch
    },
    "watched, how many": lambda f: count_watched(
        f.session, f.supervisor, now=now(), horizon=now() + timedelta(days=1)
    ),
    "watched of all branches, how many": lambda f: count_watched(
        f.session, f.of_all, now=now(), horizon=now() + timedelta(days=1)
    ),
    "what is new": lambda f: read_changes(
        f.session.connection(), read_ends(f.session.connection()), [1, 2], [3], here_after=now()
    ),
    "who is here": lambda f: others_here(f.session, f.cast.long_id, f.supervisor, now=now()),
    "observations": lambda f: list_observations(f.session, f.rules, f.supervisor.id),
    "what somebody recorded in a month": lambda f: read_proven(
        f.session, f.of_all, f.busiest.id, a_month(f), f.rules
    ),
    "board": lambda f: read_board(f.session, f.rules, f.supervisor, now=now()),
    "board of all branches": lambda f: read_board(f.session, f.rules, f.of_all, now=now()),
    "notices": lambda f: list_notices(f.session, f.supervisor),
    "commitments": lambda f: own_commitments(f.session, f.supervisor, now=now()),
    "commitments of the busiest": lambda f: own_commitments(f.session, f.busiest, now=now()),
    "why": lambda f: explain_due(f.session, f.rules, f.cast.long_id),
    "rules": lambda f: running_clocks(f.session),
    "metrics": lambda f: read_metrics(f.session, now()),
    "a rare word": lambda f: search(f, "perkara4711"),
    "a common word": lambda f: search(f, "internet"),
    "a phone": lambda f: search(f, "081200012"),
    "categories by what is on record": lambda f: suggest_categories(
        f.session, f.rules, "Internet mati total sejak pagi", ticket=ticket_of(f)
    ),
    "similar complaints": lambda f: similar_to(f.session, f.rules, long_complaint(f), f.supervisor),
}


def ticket_of(filled: Filled) -> Ticket:
    complaint = long_complaint(filled)
    return Ticket(
        actor=filled.supervisor,
        at=now(),
        branch_id=complaint.branch_id,
        customer_id=complaint.customer_id,
    )


def an_incident(filled: Filled) -> Incident:
    """Of a whole group of categories at the supervisor's branch, open for a year."""
    return Incident(
        category="GANGGUAN",
        branch_id=filled.supervisor.branch_id,
        opened_at=now() - timedelta(days=365),
    )


def a_month(filled: Filled) -> Period:
    today = now().date()
    return Period.of(today - timedelta(days=30), today, filled.rules)


def search(filled: Filled, typed: str) -> object:
    return list_complaints(
        filled.session, filled.supervisor, ListFilters(q=typed), now=now(), rules=filled.rules
    )


@pytest.mark.parametrize("name", READINGS)
def test_what_a_page_reads_does_not_grow_with_the_complaints(filled: Filled, name: str):
    plans = filled.plans(lambda: READINGS[name](filled))
    assert not frozenset().union(*(plan.scanned for plan in plans))
    assert sum(plan.rows for plan in plans) <= MOST_ROWS, [plan.rows for plan in plans]


@contextmanager
def planned_once(filled: Filled) -> Iterator[None]:
    """As for a page that is planned once; whatever else is explained is planned by its values."""
    told = filled.session.connection().exec_driver_sql
    told(f"SET plan_cache_mode = {ONCE}")
    try:
        yield
    finally:
        told(f"SET plan_cache_mode = {BY_VALUES}")


#: What pages ask whose statements are planned once for all values (`guards.planned_once`).
OF_PAGES_PLANNED_ONCE = [
    name
    for name in READINGS
    if name.startswith(("watched", "board", "notices", "commitments", "not taken", "what is open"))
    or name
    in (
        "what the frame of every page asks",
        "mine",
        "late ones",
        "who is here",
        "why",
        "the queue of a unit",
        "low ratings that wait",
    )
]


@pytest.mark.parametrize("name", OF_PAGES_PLANNED_ONCE)
def test_a_plan_for_all_values_reads_no_more(filled: Filled, name: str):
    with planned_once(filled):
        plans = filled.plans(lambda: READINGS[name](filled))
    assert not frozenset().union(*(plan.scanned for plan in plans))
    assert sum(plan.rows for plan in plans) <= MOST_ROWS, [plan.rows for plan in plans]


@pytest.mark.parametrize("part", OUTCOME_PARTS)
def test_a_part_of_the_outcomes_reads_the_rows_of_its_period(filled: Filled, part: str):
    """Of a week a year ago: with the repeats five weeks are read, and of the last five weeks are so
    many of the complaints here that PostgreSQL would rightly read all."""
    today = now().date()
    asked = filled.of_all, today - timedelta(days=370), today - timedelta(days=364), part
    plans = filled.plans(
        lambda: outcome_report(filled.session, *asked, now=now(), rules=filled.rules)
    )
    assert not frozenset().union(*(plan.scanned for plan in plans))
    assert sum(plan.rows for plan in plans) <= 2 * MOST_ROWS, [plan.rows for plan in plans]


def work(filled: Filled, asked: NotesAsked) -> Activity:
    return read_activity(filled.session, filled.cast.long_id, asked)


def long_complaint(filled: Filled) -> Complaint:
    one = select(Complaint).where(Complaint.id == filled.cast.long_id)
    return filled.session.scalars(one.options(joinedload(Complaint.customer))).one()


def before(filled: Filled) -> Place:
    """The place of the fiftieth newest note."""
    return Place(work(filled, NotesAsked(is_internal=True)).notes[0].at, NOTE, 1)


BY_PAGE: dict[str, Callable[[Filled], object]] = {
    "notes": lambda f: work(f, NotesAsked(is_internal=True)),
    "older notes": lambda f: work(f, NotesAsked(is_internal=True, before=before(f))),
    "conversation": lambda f: work(f, NotesAsked()),
    "history": lambda f: read_history(f.session, f.cast.long_id),
    "older history": lambda f: read_history(f.session, f.cast.long_id, before=2_500),
    "everything": lambda f: read_dossier(f.session, long_complaint(f), f.rules, NotesAsked()),
}


@pytest.mark.parametrize("planned", [nullcontext, planned_once])
@pytest.mark.parametrize("name", BY_PAGE)
def test_a_complaint_with_5000_messages_is_read_by_page(
    filled: Filled, name: str, planned: Callable[[Filled], AbstractContextManager[object]]
):
    with planned(filled):
        plans = filled.plans(lambda: BY_PAGE[name](filled))
    assert not frozenset().union(*(plan.scanned for plan in plans))
    # Names are looked up among four hundred people.
    assert sum(plan.rows for plan in plans) <= MOST_ROWS_OF_ONE, [plan.rows for plan in plans]


def test_two_words_that_are_each_in_many_stories_are_looked_for_among_the_newest(filled: Filled):
    plans = filled.plans(lambda: search(filled, "denda layanan"))
    assert not frozenset().union(*(plan.scanned for plan in plans))
    assert sum(plan.rows for plan in plans) <= 3 * (WINDOW + WIDE_WINDOW)


def test_a_search_that_finds_nothing_is_made_twice_and_no_more(filled: Filled):
    plans = filled.plans(lambda: search(filled, "intrnet xyzzyx"))
    assert not frozenset().union(*(plan.scanned for plan in plans))
    assert sum(plan.rows for plan in plans) <= 2 * MOST_ROWS


def test_a_page_of_5400_accounts_reads_a_page_of_them(filled: Filled):
    people = func.generate_series(1, 5_400).column_valued("n")
    name, email = func.concat("Orang ", people), func.concat("orang", people, "@x.example")
    columns = ["name", "email", "role", "language", "is_active", "session_number", "password_hash"]
    every = select(
        name, email, literal("csr"), literal("id"), people % 3 > 0, literal(1), literal("")
    )
    with Session(filled.engine) as session:
        session.execute(insert(User).from_select(columns, every))
        session.execute(text("ANALYZE users"))
        last = session.scalar(select(User.id).where(User.email == "orang2500@x.example"))
        for after in (None, last):
            with explaining(filled.engine) as plans:
                page = find_people(session, after=after)
            assert len(page.items) == PAGE
            assert sum(plan.rows for plan in plans) <= 6 * PAGE, [plan.rows for plan in plans]
        session.rollback()


@pytest.mark.parametrize("sees_all", [False, True])
def test_no_filter_or_sort_of_the_list_reads_a_large_table_from_end_to_end(
    filled: Filled, sees_all: bool
):
    actor = filled.of_all if sees_all else filled.supervisor
    single = [{name: value} for name, values in CHOICES.items() for value in values]
    dear = {}
    for chosen in choices_and_pairs() if GIVEN else [*single, *RARE_PAIRS]:
        filters = filters_of(chosen)
        plans = filled.plans(
            lambda filters=filters: list_complaints(
                filled.session, actor, filters, now=now(), rules=filled.rules
            )
        )
        scanned = frozenset().union(*(plan.scanned for plan in plans))
        rows = sum(plan.rows for plan in plans)
        if scanned or rows > MOST_PASSED_OVER:
            dear[str(chosen)] = scanned, rows
    assert not dear


NARROWED: tuple[dict[str, Any], ...] = (
    {"status": "in_handling", "handler": "none"},
    {"status": "registered", "handler": "none"},
    {"status": "ended", "handler": "petugas1@tanggap.example"},
    {"status": "in_handling", "waiting": "unit"},
    {"status": "withdrawn"},
)


@pytest.mark.parametrize("chosen", NARROWED, ids=str)
def test_a_list_looks_up_the_clocks_of_its_own_lines_alone(filled: Filled, chosen: dict[str, Any]):
    def read() -> None:
        found = list_complaints(
            filled.session, filled.of_all, filters_of(chosen), now=now(), rules=filled.rules
        )
        assert len(found.items) == 50

    assert 0 < clocks_looked_up(filled.plans(read)) <= 51


def test_what_lies_with_nobody_looks_up_the_clocks_of_its_own_lines_alone(filled: Filled):
    def read() -> None:
        assert list_untaken(filled.session, filled.of_all, now=now(), limit=8, rules=filled.rules)

    assert 0 < clocks_looked_up(filled.plans(read)) <= 8


def test_what_may_be_part_of_an_incident_is_read_until_the_page_is_full(filled: Filled):
    found = []

    def read() -> None:
        found.extend(
            suggested_for(filled.session, filled.rules, filled.supervisor, an_incident(filled))
        )

    plans = filled.plans(read)
    assert len(found) == MOST_SUGGESTED
    assert sum(plan.rows for plan in plans) <= 10 * MOST_SUGGESTED, [plan.rows for plan in plans]


def clocks_looked_up(plans: list[Plan]) -> float:
    return sum(
        node["Actual Loops"]
        for plan in plans
        for node in nodes_of(plan.tree)
        if node.get("Alias") == "clock"
    )

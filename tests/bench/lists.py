"""What a list costs the database: every filter and sort alone and in pairs, and a page's counts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import text
from sqlalchemy.orm import Session

from complaints.db import begin_reading
from complaints.domain.permissions import Actor
from complaints.models import User
from complaints.queries.lists.worklist import ListFilters, list_complaints
from complaints.queries.people.session_user import find_session_user
from complaints.rulebook import current_rules
from tests.bench.life import OPEN_STATUSES
from tests.bench.measure import cpu_seconds
from tests.bench.place import Place

#: Each filter with its values: the commonest and the rarest, and what somebody often picks.
CHOICES: dict[str, tuple[Any, ...]] = {
    "status": ("all", "ended", *OPEN_STATUSES, "closed", "withdrawn", "referred"),
    "overdue": (True,),
    "handler": ("me", "none", "petugas1@tanggap.example", "petugas399@tanggap.example"),
    "team": ("none", "TEKNIK"),
    "branch": ("JKT", "MKS"),
    "priority": ("P1", "P3"),
    "category": ("GGN_MATI", "LAIN_UMUM", "GANGGUAN", "none"),
    "channel": ("walk_in", "media"),
    "tier": ("HVC_DIAMOND", "REGULER"),
    "need": ("lansia",),
    "cause": ("VANDAL", "none"),
    "product": ("none", "INTERNET_RUMAH"),
    "waiting": ("me", "unit", "customer", "approval"),
    "sort": ("newest",),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a list narrowed like that costs."""

    milliseconds: float
    query: str
    role: str

    def __str__(self) -> str:
        return f"{self.role}: ?{self.query}"


def choices_and_pairs() -> Iterator[dict[str, Any]]:
    """Every filter and sort with each of its values, alone and with every other one."""
    single = [(name, value) for name, values in CHOICES.items() for value in values]
    for name, value in single:
        yield {name: value}
    for (name, value), (other, another) in combinations(single, 2):
        if name != other:
            yield {name: value, other: another}


def dearest_filters(place: Place, most: int = 5) -> list[Cost]:
    """The dearest lists, the dearest first; CPU of the database, or of this process on SQLite."""
    costs = []
    with Session(place.engine) as session:
        begin_reading(session)
        own = _own_process(session)
        for actor in actors(session, place):
            for chosen in choices_and_pairs():
                spent = min(_spent(session, actor, chosen, own) for _ in range(2))
                asked = urlencode({k: 1 if v is True else v for k, v in chosen.items()})
                costs.append(Cost(spent * 1000, asked, actor.role.value))
    return sorted(costs, key=lambda cost: -cost.milliseconds)[:most]


def filters_of(chosen: dict[str, Any]) -> ListFilters:
    """The filters as an address is read: only open ones unless it says more."""
    status = chosen.get("status", "open")
    return ListFilters(**{**chosen, "status": None if status == "all" else status})


def header_counts(place: Place, times: int = 40) -> float:
    """Milliseconds of database for what the frame of every page asks, of the supervisor."""
    with Session(place.engine) as session:
        begin_reading(session)
        own = _own_process(session)
        for _ in range(5):
            find_session_user(session, place.cast.supervisor_id)
        before = cpu_seconds(own)
        for _ in range(times):
            find_session_user(session, place.cast.supervisor_id)
        return (cpu_seconds(own) - before) * 1000 / times


def actors(session: Session, place: Place) -> list[Actor]:
    """Whose lists are asked for: a supervisor's of a branch, and somebody's who sees all."""
    supervisor = session.get(User, place.cast.supervisor_id)
    assert supervisor is not None
    everywhere = Actor(supervisor.id, supervisor.name, supervisor.actor.role, None, None)
    return [supervisor.actor, everywhere]


def _own_process(session: Session) -> set[int]:
    if session.get_bind().dialect.name == "postgresql":
        return {session.scalar(text("SELECT pg_backend_pid()")) or 0}
    return {os.getpid()}


def _spent(session: Session, actor: Actor, chosen: dict[str, Any], own: set[int]) -> float:
    filters = filters_of(chosen)
    now = datetime.now(UTC)
    rules = current_rules(session)
    began = cpu_seconds(own)
    list_complaints(session, actor, filters, now=now, rules=rules)
    return cpu_seconds(own) - began

"""A demonstration made once for each kind of database, and copied for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from complaints.domain.permissions import Actor
from complaints.models import User
from complaints.rulebook import RuleBook, current_rules
from complaints.seed import DemoCounts, make_demonstration
from tests.conftest import NOW, initialise
from tests.databases import Databases

COMPLAINTS = 150

#: What depends on the hour or on a refusal, and not on the database: it is tried on the quick one.
ON_SQLITE = ("test_it_can_be_made_at_any_hour", "test_a_refused_step_ends_its_own_tale_only")
made: list[DemoCounts] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to SQLite alone what the database has no part in, where both are asked for."""
    if config.getoption("--db") != "both":
        return
    left = [
        each for each in items if each.name.startswith(ON_SQLITE) and "[postgresql" in each.name
    ]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [each for each in items if each not in left]


def demonstrate(url: str) -> None:
    """Do what `complaints init` and `complaints demo` do."""
    from complaints.db import make_engine

    initialise(url)
    engine = make_engine(url)
    made.append(make_demonstration(sessionmaker(engine), complaints=COMPLAINTS, seed=3, now=NOW))
    engine.dispose()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database with the whole demonstration."""
    url = databases.fresh(demonstrate)
    yield url
    databases.drop(url)


@pytest.fixture
def initialised_url(databases: Databases) -> Iterator[str]:
    """A database as `complaints init` leaves it: rules and no people."""
    url = databases.fresh(initialise)
    yield url
    databases.drop(url)


@pytest.fixture
def rules(session: Session) -> RuleBook:
    """The rules of config/."""
    return current_rules(session)


@pytest.fixture
def people(session: Session) -> dict[str, Actor]:
    """Everybody by what stands before the @."""
    return {user.email.split("@")[0]: user.actor for user in session.scalars(select(User))}

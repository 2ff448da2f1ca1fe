"""The office with its people, whose reports are summed up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.databases import Databases
from tests.office import Office, staff


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database with the rules of config/ and everybody hired."""
    url = databases.fresh(staff)
    yield url
    databases.drop(url)


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    """The office, before the first complaint of the day."""
    with Session(engine, expire_on_commit=False) as session:
        yield Office(engine, session)

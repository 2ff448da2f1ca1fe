"""Customers that were kept before they were compared by one spelling: found again, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Engine

from complaints.db import make_engine
from tests.meta.test_migrations_with_rows import AT, settings

BEFORE = "0035"

#: Number, name, key and telephone as they were kept; then number's key, name, key and telephone.
KEPT = [
    ("PLG-9", "Ani", "ani", "62081234500001", "plg-9", "Ani", "ani", "6281234500001"),
    ("plg-9 ", "Ani", "ani", "6206281234500001", None, "Ani", "ani", "6281234500001"),
    (None, "Ma\u2019ruf", "ma\u2019ruf", "12125550100", None, "Ma\u2019ruf", "ma'ruf", None),
    (None, "Siti\u200b  A", "siti\u200b  a", "123456", None, "Siti A", "siti a", None),
]


@pytest.fixture
def used(empty_database_url: str) -> Iterator[Engine]:
    engine = make_engine(empty_database_url)
    with engine.begin() as connection:
        command.upgrade(settings(connection), BEFORE)
    table = sa.Table("customers", sa.MetaData(), autoload_with=engine)
    common = {
        "salutation": "",
        "tier": "REGULER",
        "needs": [],
        "language": "id",
        "no_contact_reason": "",
        "created_at": AT,
    }
    with engine.begin() as connection:
        for number, name, key, phone, *_ in KEPT:
            row = {"number": number, "name": name, "name_key": key, "phone": phone, **common}
            connection.execute(table.insert().values(row))
    yield engine
    engine.dispose()


def rows(engine: Engine, columns: str) -> list[tuple[str | None, ...]]:
    with engine.connect() as connection:
        found = connection.execute(sa.text(f"SELECT {columns} FROM customers ORDER BY id"))
        return [tuple(row) for row in found]


def test_what_customers_are_compared_by_is_written_anew(used: Engine):
    with used.begin() as connection:
        command.upgrade(settings(connection), "head")
    wanted = [
        (number, number_key, name, key, new or phone)
        for number, _, _, phone, number_key, name, key, new in KEPT
    ]
    assert rows(used, "number, number_key, name, name_key, phone") == wanted
    with used.begin() as connection:
        command.downgrade(settings(connection), BEFORE)
    assert [row[0] for row in rows(used, "number")] == [each[0] for each in KEPT]
    assert rows(used, "name_key")[2] == ("ma\u2019ruf",)

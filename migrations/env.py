"""Alembic's environment: one place that knows how to reach the database, on both databases.

Run through `complaints init`, or with ``alembic -x url=…`` by hand.
"""

import sqlalchemy as sa
from alembic import context
from sqlalchemy import Connection

from complaints.db import Base, UTCDateTime, make_engine
from complaints.models import Complaint

#: Made by hand in a migration because only one database knows them; see `queries/search.py`.
SEARCH_OBJECTS = (
    "words",
    "ix_complaints_words",
    "name_words",
    "ix_customers_name_words",
    "search_words",
    "ix_other_contacts_search_words",
)

target_metadata = Base.metadata
assert Complaint.__table__.metadata is target_metadata


def include_object(item: object, name: str | None, kind: str, *_: object) -> bool:
    """Leave the search's own objects out of the drift check."""
    if name in SEARCH_OBJECTS:
        return False
    return not (kind == "table" and name and "_search" in name)


def render_item(kind: str, item: object, _: object) -> str | bool:
    """Write our column types as plain ones, so that a migration stands without the models."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    """Migrate over an open connection."""
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        include_object=include_object,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = context.get_x_argument(as_dictionary=True).get(
        "url", context.config.get_main_option("sqlalchemy.url")
    )
    assert url, "say which database: alembic -x url=sqlite:///var/tanggap.db …"
    engine = make_engine(url)
    with engine.connect() as connection:
        run(connection)
        connection.commit()
    engine.dispose()

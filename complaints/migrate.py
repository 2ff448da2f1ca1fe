"""Bringing a database to the newest migration, and asking whether it is there."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from complaints.db import take_turns
from complaints.places import MIGRATIONS


def migrate(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction where the database can.

    Of two at once the second waits, and finds nothing left to do.
    """
    with engine.begin() as connection:
        take_turns(connection, "init")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_at_head(connection: Connection) -> bool:
    """Whether the database's tables are of this version of the programme."""
    return revision_of(connection) == newest_revision()


def revision_of(connection: Connection) -> str | None:
    """The migration that the database's tables are at, None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str | None:
    """The migration that this version of the programme is at; its files are read once."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def knows_revision(revision: str) -> bool:
    """Whether this version of the programme has that migration."""
    scripts = ScriptDirectory.from_config(_config())
    return revision in {each.revision for each in scripts.walk_revisions()}


def migrate_as_far_as(engine: Engine, revision: str) -> None:
    """Run the migrations of an empty database up to this one, which need not be the newest."""
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config

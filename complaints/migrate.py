"""Bringing a database to the newest migration, and asking whether it is there."""

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
    present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config

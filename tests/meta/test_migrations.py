"""Migrations: numbered, one after the other, true to the models, and standing on their own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from complaints.db import Base, make_engine
from complaints.migrate import is_at_head, migrate

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


def config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def test_revisions_are_numbered_without_gaps_and_in_one_line():
    numbers = [int(path.name[:4]) for path in VERSIONS]
    assert numbers == list(range(1, len(VERSIONS) + 1))
    script = ScriptDirectory.from_config(config())
    assert len(script.get_heads()) == 1
    line = [revision.revision for revision in script.walk_revisions()]
    assert line == sorted(line, reverse=True)
    assert len(line) == len(VERSIONS)


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.name)
def test_a_revision_stands_without_the_models(path):
    # A model moves on; a revision has to do tomorrow what it did on the day it was written.
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("complaints") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not (node.module or "").startswith("complaints")


def test_an_empty_database_comes_to_head_with_every_table(empty_database_url):
    engine = make_engine(empty_database_url)
    migrate(engine)
    with engine.connect() as connection:
        assert is_at_head(connection)
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())
    engine.dispose()


def test_migrating_a_second_time_changes_nothing(bare_database_url):
    engine = make_engine(bare_database_url)
    migrate(engine)
    with engine.connect() as connection:
        assert is_at_head(connection)
    engine.dispose()


def test_the_models_have_not_drifted_from_the_migrations(bare_database_url):
    settings = config()
    engine = make_engine(bare_database_url)
    with engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.check(settings)
    engine.dispose()


def test_a_drift_would_be_found(bare_database_url):
    engine = create_engine(bare_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE nobody_declared_this (id integer)"))
    settings = config()
    with engine.connect() as connection:
        settings.attributes["connection"] = connection
        with pytest.raises(command.util.CommandError, match=re.escape("New upgrade operations")):
            command.check(settings)
    engine.dispose()

"""What each test would compile anew and all share: statements, addresses, templates.

A test has a database, an engine and an app of its own, as it should. Compiling the same statements
and routes for each of them took more than half of the suite's time, and a server that has run for a
minute has compiled them as well.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Rule

from complaints.web.frame.translations import lang
from tests.connections import KeepingConnections, keep_connections

STATEMENTS: dict[Any, Any] = {}
ADDRESSES: dict[Any, tuple[Any, ...]] = {}
BUILDERS: dict[Any, Callable[..., tuple[str, str]]] = {}


class Alike:
    """Equal to every dialect of its class: SQLAlchemy looks compiled statements up by dialect."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


class SQLite(Alike, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class PostgreSQL(Alike, KeepingConnections):
    supports_statement_cache = True


class KnownRule(Rule):
    """A route whose address was read, and its builders compiled, for the first app that had it."""

    def compile(self) -> None:
        key = (self.rule, self.host, self.subdomain, self.merge_slashes, repr(self.defaults))
        if key not in ADDRESSES:
            super().compile()
            ADDRESSES[key] = self._parts, self._trace, self._converters, self.arguments
            return
        self._parts, self._trace, self._converters, self.arguments = ADDRESSES[key]
        self._build = self._compile_builder(False).__get__(self, None)
        self._build_unknown = self._compile_builder(True).__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in BUILDERS:
            BUILDERS[key] = super()._compile_builder(append_unknown)
        return BUILDERS[key]


class KeptTemplates(BytecodeCache):
    """Compiled templates in memory, as the code that they are: reading code takes long as well."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType | None] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{lang()}:{super().get_cache_key(name, filename)}"

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = KeptTemplates()


def compile_once() -> None:
    """Let all engines and apps made from now on share what is compiled for them."""
    registry.register("sqlite", __name__, "SQLite")
    registry.register("postgresql.psycopg", __name__, "PostgreSQL")
    event.listen(Engine, "engine_connect", _share_statements)
    keep_connections()
    Flask.url_rule_class = KnownRule


def _share_statements(connection: Connection) -> None:
    connection.execution_options(compiled_cache=STATEMENTS)

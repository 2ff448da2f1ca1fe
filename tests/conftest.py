"""Fixtures that every test may use: a clock, a database of each kind, the app and a client.

`pytest --db sqlite` (the default) is quick; `make test` says `--db both`. A test that asks for
a database, directly or through `session`, `app` or `client`, then runs once on each.
"""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from complaints.files.in_use import FileSettings, use_files
from complaints.signing import use_history_keys
from tests import kept
from tests.compiled import compile_once
from tests.databases import MAKERS, Databases, onward_from
from tests.soak import IS_SOAK
from tests.which_database import KINDS, left_out

if TYPE_CHECKING:
    from tests.apps import Apps

ROOT = Path(__file__).resolve().parent.parent

NOW = datetime(2026, 11, 19, 2, 15, tzinfo=UTC)

# One key for all that the tests record, whatever the secret key of an application under test.
HISTORY_KEY = "the key of the history in all tests"
os.environ["TANGGAP_HISTORY_KEYS"] = HISTORY_KEY
use_history_keys([HISTORY_KEY])

#: A store of files for each test.
_STORES = itertools.count(1)

# What a developer exported for her own server must not reach a test.
SETTINGS = (
    "ATTACHMENTS_URL",
    "DATABASE_URL",
    "IMAP_URL",
    "LOG_LEVEL",
    "REPORTS_DATABASE_URL",
    "SECRET_KEY",
    "SMTP_URL",
    "TANGGAP_API_CALLS_PER_MINUTE",
    "TANGGAP_BASE_URL",
    "TANGGAP_CONFIG",
    "TANGGAP_FILES_AT_ONCE",
    "TANGGAP_FILES_GB",
    "TANGGAP_FILES_OF_COMPLAINT",
    "TANGGAP_FILE_MB",
    "TANGGAP_MAIL_FILES_MB",
    "TANGGAP_MB_OF_COMPLAINT",
    "TANGGAP_SCAN_COMMAND",
    "TANGGAP_SEALS",
    "TANGGAP_KEEP_LETTERS_DAYS",
    "TANGGAP_KEEP_MAIL_DAYS",
    "TANGGAP_INBOUND_SECRETS",
    "TANGGAP_KEEP_WEBHOOK_LOG_DAYS",
    "TANGGAP_METRICS_TOKEN",
    "TANGGAP_TOKEN_DAYS",
    "TANGGAP_TRUSTED_PROXIES",
    "TANGGAP_WEBHOOK_HOSTS",
    "TANGGAP_UPLOAD_MB",
)


# A busy machine is no finding, so examples have no time limit; a red run on the integration
# machine can be repeated, so examples are the same there every time.
settings.register_profile("office", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.register_profile("soak", settings.get_profile("office"), max_examples=2000)
settings.load_profile("soak" if IS_SOAK else "office")

compile_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=["sqlite", "postgresql", "both", "every"],
        default="sqlite",
        help="the databases on which the tests that need one run (default: sqlite); `both` leaves"
        " out what sends one of them nothing new, `every` nothing",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests out between the processes of `-n` our way."""
    from tests.sharing import Sharing

    return Sharing(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep the collector of cycles away from what lives as long as the run.

    Eleven thousand tests and all modules are millions of objects; walking over them again and again
    took a tenth of the suite's time. What a test leaves behind is collected as before, less often.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(100_000, 20, 50)
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where both databases are asked for, leave out what sends one of them nothing new."""
    if config.getoption("--db") != "both":
        return
    left = set(left_out(items))
    if left:
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that needs a database once on every database asked for."""
    if "database_kind" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--db")
    kinds = [*KINDS] if chosen in ("both", "every") else [chosen]
    parameters = [pytest.param(kind) for kind in kinds]
    if metafunc.definition.get_closest_marker("postgresql"):
        unasked = [] if "postgresql" in kinds else [pytest.mark.skip("needs --db postgresql")]
        parameters = [pytest.param("postgresql", marks=unasked)]
    metafunc.parametrize("database_kind", parameters, indirect=True, scope="session")


@pytest.fixture
def merged_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Duplicates of another customer's complaint, which older databases hold, can still be made."""
    from complaints.steps.casework import merge

    monkeypatch.setattr(merge, "refuse_anothers", lambda other: None)


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.patches[:] = [monkeypatch]
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    # Files are kept in memory, each test's by themselves; what starts processes says where else.
    url = f"memory://{next(_STORES)}"
    monkeypatch.setenv("ATTACHMENTS_URL", url)
    use_files(FileSettings(url))


#: As weak as argon2 goes: a strong hash takes a twentieth of a second, and that is its purpose.
WEAK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[PasswordHasher]:
    """Hash the passwords of the tests in no time; what hashes them outside is handed on."""
    from complaints.people import passwords

    strong = passwords._hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", WEAK)
        patch.setattr(passwords, "_NOBODY", WEAK.hash("nobody has this password"))
        yield strong


@pytest.fixture
def strong_passwords(
    monkeypatch: pytest.MonkeyPatch, _quick_passwords: PasswordHasher
) -> PasswordHasher:
    """What hashes passwords outside the tests, at work in this one."""
    monkeypatch.setattr("complaints.people.passwords._hasher", _quick_passwords)
    return _quick_passwords


@pytest.fixture
def now() -> datetime:
    """A Thursday at 09.15 in Jakarta, in the middle of business hours."""
    return NOW


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`."""
    return str(request.param)


@pytest.fixture(scope="session")
def databases(database_kind: str) -> Iterator[Databases]:
    """Where fresh databases of this kind come from; one server a run."""
    with MAKERS[database_kind]() as databases:
        yield databases


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database without a single table, for tests of the migrations themselves."""
    url = databases.fresh(None)
    yield url
    databases.drop(url)


@pytest.fixture
def bare_database_url(databases: Databases) -> Iterator[str]:
    """A database with tables and no rules, for tests of loading the rules themselves."""
    url = databases.fresh(migrate)
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database as `complaints init` leaves it, that no other test has seen or will see."""
    url = databases.fresh(initialise)
    yield url
    databases.drop(url)


def migrate(url: str) -> None:
    """Bring a database to the newest migration."""
    from complaints import migrate
    from complaints.db import make_engine

    engine = make_engine(url)
    migrate.migrate(engine)
    engine.dispose()


@onward_from(migrate)
def initialise(url: str) -> None:
    """Do the rest of what `complaints init` does: the rules of `config/`."""
    from complaints.db import make_engine
    from complaints.history import open_seals
    from complaints.rules.config_files import read_config
    from complaints.rules.load import load_rules

    engine = make_engine(url)
    with Session(engine) as session, session.begin():
        open_seals(session)
        load_rules(session, read_config(ROOT / "config"), by="tests", at=NOW)
    engine.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this test's database, made the way the programme makes it."""
    from complaints.db import make_engine

    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on this test's database; `app` and `client` see what it has committed.

    An open transaction on SQLite holds the write lock, even after reading only: a test commits
    its session before it lets `client` write.
    """
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def apps() -> Apps:
    """The app that one test after the other gets."""
    from tests.apps import Apps

    return Apps()


@pytest.fixture
def app(apps: Apps, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The whole app on this test's database."""
    app = apps.take(
        {
            "TESTING": True,
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a key for tests only, long enough",
            "SMTP_URL": f"file://{tmp_path / 'mail'}",
        }
    )
    yield app
    apps.close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without eyes: requests in, responses out."""
    return app.test_client()

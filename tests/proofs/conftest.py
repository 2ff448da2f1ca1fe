"""One office for all rows: refused ways leave nothing, so that they can share their complaints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from complaints import clock
from tests.compiled import TEMPLATES
from tests.conftest import NOW
from tests.databases import Databases
from tests.office import Office, staff
from tests.proofs.doors import Counter, call
from tests.proofs.rows import Places, Way


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what is counted by SQL runs, by one door: a refusal has none in it."""
    left = [each for each in items if _is_without_sql(each)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [each for each in items if each not in set(left)]


def _is_without_sql(item: pytest.Item) -> bool:
    told = getattr(getattr(item, "callspec", None), "params", {})
    way = told.get("way")
    if told.get("database_kind") != "postgresql" or not isinstance(way, Way):
        return False
    return not way.counted or told.get("door") is not call


@pytest.fixture(scope="module")
def places(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """The office with its doors open, and complaints that stand where a row needs them."""
    from complaints import create_app
    from complaints.db import make_engine
    from complaints.extensions import db

    url = databases.fresh(staff)
    engine = make_engine(url)
    mail = tmp_path_factory.mktemp("mail")
    app = create_app(
        {
            "TESTING": True,
            "DATABASE_URL": url,
            "SECRET_KEY": "a key for tests only, long enough",
            "SMTP_URL": f"file://{mail}",
        }
    )
    app.jinja_env.bytecode_cache = TEMPLATES
    with Session(engine, expire_on_commit=False) as session, pytest.MonkeyPatch.context() as patch:
        counter = Counter(app, Office(engine, session), NOW)
        patch.setattr(clock, "now", lambda: counter.at)
        yield Places(counter)
    with app.app_context():
        for each in db.engines.values():
            each.dispose()
    engine.dispose()
    databases.drop(url)

"""CPU per request of the product's pages on PostgreSQL, beside the bare acts, in one run.

`python tests/bench/bench_pages.py [complaints] [requests]`, 100,000 and 300 by default. Prints
milliseconds of web and database, and the ratio to the bare act that does the same at least; the
two take turns, so that a busy machine is as busy for either.
"""

import json
import re
import sys
from collections.abc import Callable
from itertools import count

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from complaints import clock
from complaints.domain.permissions import SYSTEM
from complaints.migrate import migrate
from complaints.people.accounts import add_token, add_user
from complaints.rulebook import current_rules
from complaints.rules.config_files import read_config
from complaints.rules.load import load_rules
from tests.bench.fill import fill
from tests.bench.measure import ROOT, ROUNDS, Figures, Visitor, cpu_in_turns, serving
from tests.databases import postgresql_databases

PASSWORD = "only for the benchmark"
SMALL_SHARE = 10
_NUMBERS = count(1)


def main(complaints: int, requests: int) -> None:
    """Fill, measure at a tenth and at the whole, and print."""
    with postgresql_databases() as databases:
        url = databases.fresh(None)
        engine = create_engine(url)
        migrate(engine)
        user_id, token = _people(engine)
        environment = {
            "DATABASE_URL": url,
            "SECRET_KEY": "b" * 48,
            "LOG_LEVEL": "error",
        }
        with engine.connect() as connection:
            connection.execute(text("CREATE TABLE bare_rows (id serial PRIMARY KEY, story text)"))
            connection.commit()
            fill(connection, complaints // SMALL_SHARE, user_id)
            database_pid = _postmaster(connection)
            small = _measure(environment, database_pid, token, requests // 2, connection)
            fill(connection, complaints, user_id)
            whole = _measure(environment, database_pid, token, requests, connection)
        engine.dispose()
    _print(complaints, small, whole)


def _people(engine: object) -> tuple[int, str]:
    with Session(engine) as session:  # type: ignore[arg-type]
        load_rules(session, read_config(ROOT / "config"), by="bench", at=clock.now())
        session.flush()
        user = add_user(
            session,
            current_rules(session),
            email="bench@tanggap.example",
            role="supervisor",
            branch="JKT",
            password=PASSWORD,
            by=SYSTEM,
            at=clock.now(),
        )
        session.flush()
        token = add_token(session, email=user.email, scope="", by=SYSTEM, at=clock.now())
        session.commit()
        return user.id, token


def _postmaster(connection: Connection) -> int:
    """The process above the one that serves this connection: the database server itself."""
    backend = connection.scalar(text("SELECT pg_backend_pid()"))
    with open(f"/proc/{backend}/stat", encoding="ascii") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


def _measure(
    environment: dict[str, str],
    database_pid: int,
    token: str,
    requests: int,
    connection: Connection,
) -> dict[str, tuple[Figures, Figures]]:
    """Of each act, its own cost and that of the bare act measured in turns with it."""
    numbers = [
        f"KLH-2026-{row.id:06d}"
        for row in connection.execute(
            text(
                "SELECT id FROM complaints WHERE source = 'bench' AND branch_id ="
                " (SELECT id FROM branches WHERE code = 'JKT') ORDER BY id DESC LIMIT 500"
            )
        )
    ]
    connection.rollback()
    with (
        serving("complaints:create_app", environment) as (port, pid),
        serving("tests.bench.bare:create_bare_app", environment) as (bare_port, bare_pid),
    ):
        visitor, bare, program = _logged_in(port), Visitor(bare_port), Visitor(port)
        program.headers["Authorization"] = f"Bearer {token}"
        pages: dict[str, Callable[[int], None]] = {
            "list": lambda _: _expect(visitor, "/complaints"),
            "complaint page": lambda n: _expect(visitor, f"/complaints/{numbers[n % 500]}"),
            "search, rare word": lambda n: _expect(visitor, f"/complaints?q=perkara{abs(n) * 15}"),
            "search, common word": lambda _: _expect(visitor, "/complaints?q=internet"),
            "report": lambda _: _expect(visitor, "/reports/deadlines"),
        }
        figures = {
            name: cpu_in_turns(
                (act, pid),
                (lambda _: _expect(bare, "/rows"), bare_pid),
                database_pid,
                requests if name != "report" else max(ROUNDS, requests // 10),
            )
            for name, act in pages.items()
        }
        for name, path in (("create", "/complaint"), ("create, bare row", "/row")):
            figures[name] = cpu_in_turns(
                (lambda _: _create(program), pid),
                (lambda _, path=path: _insert(bare, path), bare_pid),
                database_pid,
                requests,
            )
    return figures


def _insert(bare: Visitor, path: str) -> None:
    assert bare.ask("POST", path, json.dumps(_told()), "application/json")[0] == 200


def _logged_in(port: int) -> Visitor:
    visitor = Visitor(port)
    _, page = visitor.ask("GET", "/login")
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the login page has no csrf token"
    form = f"email=bench%40tanggap.example&password={PASSWORD.replace(' ', '+')}"
    status, _ = visitor.ask("POST", "/login", f"{form}&csrf_token={found[1]}")
    assert status in (302, 303), f"login answered {status}"
    return visitor


def _expect(visitor: Visitor, path: str) -> None:
    status, _ = visitor.ask("GET", path)
    assert status == 200, f"{path} answered {status}"


def _create(program: Visitor) -> None:
    body = json.dumps(_told())
    status, answer = program.ask("POST", "/api/v1/complaints", body, "application/json")
    assert status == 201, f"create answered {status}: {answer[:200]}"


def _told() -> dict[str, object]:
    """A complaint of somebody whom nobody knows yet."""
    number = next(_NUMBERS)
    return {
        "customer": {"name": f"Pembanding {number}", "phone": f"0813{number:08d}"},
        "channel": "walk_in",
        "category": "GGN_MATI",
        "story": "Internet di rumah mati sejak kemarin sore, modem sudah dinyalakan ulang.",
    }


def _print(
    complaints: int,
    small: dict[str, tuple[Figures, Figures]],
    whole: dict[str, tuple[Figures, Figures]],
) -> None:
    for name, (ours, bare) in whole.items():
        growth = _ratio(*whole[name]) / _ratio(*small[name])
        print(
            f"{name:<20} {ours[0]:6.2f} web + {ours[1]:6.2f} database ms"
            f"   bare {bare[0]:5.2f} + {bare[1]:5.2f} ms"
            f"   {_ratio(ours, bare):5.1f} x bare"
            f"   {growth:4.2f} x its cost at {complaints // SMALL_SHARE:,}"
        )


def _ratio(ours: Figures, bare: Figures) -> float:
    return sum(ours) / sum(bare)


if __name__ == "__main__":
    arguments = [int(each) for each in sys.argv[1:]]
    main(*(arguments + [100_000, 300][len(arguments) :]))

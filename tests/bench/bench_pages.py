"""CPU per request of the product's pages on PostgreSQL, beside the bare acts, in one run.

`python tests/bench/bench_pages.py [complaints] [requests]`, 100,000 and 200 by default. Prints
milliseconds of web and database, and the ratio to the bare act that does the same at least.
"""

import json
import re
import sys
from collections.abc import Callable

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from complaints import clock
from complaints.channels.config_files import read_config
from complaints.migrate import migrate
from complaints.rulebook import current_rules
from complaints.steps.accounts import add_token, add_user
from complaints.steps.load_rules import load_rules
from tests.bench.fill import fill
from tests.bench.measure import ROOT, Visitor, cpu_per_request, serving
from tests.databases import postgresql_databases

PASSWORD = "only for the benchmark"
SMALL_SHARE = 10

Figures = tuple[float, float]


def main(complaints: int, requests: int) -> None:
    """Fill, measure at a tenth and at the whole, and print."""
    with postgresql_databases() as databases:
        url = databases.fresh(None)
        engine = create_engine(url)
        migrate(engine)
        user_id, token = _people(engine)
        environment = {"DATABASE_URL": url, "SECRET_KEY": "bench", "LOG_LEVEL": "error"}
        with engine.connect() as connection:
            connection.execute(text("CREATE TABLE bare_rows (id serial PRIMARY KEY, story text)"))
            connection.commit()
            fill(connection, complaints // SMALL_SHARE, user_id)
            database_pid = _postmaster(connection)
            small = _pages(environment, database_pid, token, requests, connection)
            fill(connection, complaints, user_id)
            whole = _pages(environment, database_pid, token, requests, connection)
            bare = _bare(environment, database_pid, requests)
        engine.dispose()
    _print(complaints, small, whole, bare)


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
        )
        session.flush()
        token = add_token(session, email=user.email, scope="", at=clock.now())
        session.commit()
        return user.id, token


def _postmaster(connection: Connection) -> int:
    """The process above the one that serves this connection: the database server itself."""
    backend = connection.scalar(text("SELECT pg_backend_pid()"))
    with open(f"/proc/{backend}/stat", encoding="ascii") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


def _pages(
    environment: dict[str, str],
    database_pid: int,
    token: str,
    requests: int,
    connection: Connection,
) -> dict[str, Figures]:
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
    figures = {}
    with serving("complaints:create_app", environment) as (port, pid):
        visitor = _logged_in(port)
        acts: dict[str, Callable[[int], None]] = {
            "list": lambda _: _expect(visitor, "/complaints"),
            "complaint page": lambda n: _expect(visitor, f"/complaints/{numbers[n % 500]}"),
            "search, rare word": lambda n: _expect(visitor, f"/complaints?q=perkara{abs(n) * 15}"),
            "search, common word": lambda _: _expect(visitor, "/complaints?q=internet"),
            "report": lambda _: _expect(visitor, "/reports/deadlines"),
        }
        for name, act in acts.items():
            count = requests if name != "report" else max(10, requests // 10)
            figures[name] = cpu_per_request(act, pid, database_pid, count)
        program = Visitor(port)
        program.headers["Authorization"] = f"Bearer {token}"
        figures["create"] = cpu_per_request(
            lambda n: _create(program, n), pid, database_pid, requests
        )
    return figures


def _bare(environment: dict[str, str], database_pid: int, requests: int) -> dict[str, Figures]:
    with serving("tests.bench.bare:create_bare_app", environment) as (port, pid):
        visitor = Visitor(port)

        def insert(_: int) -> None:
            assert visitor.ask("POST", "/insert")[0] == 200

        rows = cpu_per_request(lambda _: _expect(visitor, "/rows"), pid, database_pid, requests)
        return {
            "rows": rows,
            "insert": cpu_per_request(insert, pid, database_pid, requests),
        }


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


def _create(program: Visitor, number: int) -> None:
    body = {
        "customer": {"name": f"Pembanding {number}", "phone": f"0813{number + 100:08d}"},
        "channel": "walk_in",
        "category": "GGN_MATI",
        "story": "Internet di rumah mati sejak kemarin sore, modem sudah dinyalakan ulang.",
    }
    status, answer = program.ask("POST", "/api/v1/complaints", json.dumps(body), "application/json")
    assert status == 201, f"create answered {status}: {answer[:200]}"


def _print(
    complaints: int,
    small: dict[str, Figures],
    whole: dict[str, Figures],
    bare: dict[str, Figures],
) -> None:
    for name, figures in bare.items():
        print(f"bare {name:<22} {figures[0]:6.2f} + {figures[1]:5.2f} ms")
    for name, figures in whole.items():
        yardstick = sum(bare["insert" if name == "create" else "rows"])
        growth = sum(figures) / max(0.01, sum(small[name]))
        print(
            f"{name:<27} {figures[0]:6.2f} + {figures[1]:5.2f} ms"
            f"   {sum(figures) / yardstick:5.1f} x bare"
            f"   {growth:4.2f} x its cost at {complaints // SMALL_SHARE:,}"
        )


if __name__ == "__main__":
    arguments = [int(each) for each in sys.argv[1:]]
    main(*(arguments + [100_000, 200][len(arguments) :]))

"""CPU per request of the product's pages beside the bare acts, in turns, in one run.

`python tests/bench/bench_pages.py [complaints] [postgresql|sqlite]`, 100,000 on PostgreSQL by
default. A line has the milliseconds of web and of database (the kernel's accounts of the web
process and of PostgreSQL's backends; SQLite works inside the web's), the ratio to the bare act as
the middle of seven turns with the least and the most of them, and what is wanted of it.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import quote_plus, urlencode

from sqlalchemy import text

from tests.bench.beside import Beside, made_beside
from tests.bench.life import Cast
from tests.bench.lists import dearest_filters, header_counts
from tests.bench.measure import Act, Visitor, cpu_in_turns, middle, serving
from tests.bench.place import HISTORY_KEY, PASSWORD, PEOPLE, Place, email_of, filled_database

_NUMBERS = count(1)
SECRET_KEY = "b" * 48
_STORY = "Internet di rumah mati sejak kemarin sore, modem sudah dinyalakan ulang."


@dataclass(frozen=True, slots=True)
class Line:
    """An act of ours, the bare act beside it, and the ratio that is wanted."""

    name: str
    act: Act
    bare: Act
    wanted: float | None


def main(complaints: int, kind: str) -> None:
    """Fill, measure and print."""
    with filled_database(kind, complaints) as place:
        print(f"{kind}, {complaints:,} complaints", flush=True)
        counts = header_counts(place)
        _say_goal(f"header counts of the supervisor: {counts:.2f} ms of database", counts, 0.5)
        dearest = dearest_filters(place)
        for found in dearest:
            print(f"dearest filters: {found.milliseconds:8.2f} ms of database, {found}")
        beside = made_beside(place, SECRET_KEY)
        environment = {"DATABASE_URL": place.url, "SECRET_KEY": SECRET_KEY}
        environment["TANGGAP_HISTORY_KEYS"] = HISTORY_KEY
        with (
            serving("complaints:create_app", environment) as (port, pid),
            serving("tests.bench.bare:create_bare_app", environment) as (bare_port, bare_pid),
        ):
            address = f"/complaints?{dearest[0].query}"
            for line in _lines(place, beside, port, bare_port, address):
                measured = cpu_in_turns((line.act, pid), (line.bare, bare_pid), place.database_pids)
                ours, bare, ratios = middle(measured.ours), middle(measured.bare), measured.ratios
                said = (
                    f"{line.name:<26} {ours[0]:7.2f} web + {ours[1]:8.2f} database ms"
                    f"   bare {bare[0]:5.2f} + {bare[1]:5.2f}"
                    f"   {measured.ratio:7.2f} x  ({ratios[0]:.2f} to {ratios[-1]:.2f})"
                )
                _say_goal(said, measured.ratio, line.wanted)


def _say_goal(said: str, value: float, wanted: float | None) -> None:
    verdict = "" if wanted is None else "met" if value <= wanted else "MISSED"
    print(f"{said}   wanted {wanted}: {verdict}" if wanted else said, flush=True)


def _lines(place: Place, beside: Beside, port: int, bare_port: int, dearest: str) -> Iterator[Line]:
    visitors = {role: _logged_in(port, role) for role in PEOPLE}
    nobody, bare, program = Visitor(port), Visitor(bare_port), Visitor(port)
    program.headers["Authorization"] = f"Bearer {place.token}"
    numbers = _numbers(place)
    cast = place.cast

    def page(role: str, path: str | Callable[[int], str]) -> Act:
        visitor = visitors.get(role, nobody)
        return lambda n: _expect(visitor, path if isinstance(path, str) else path(n))

    def complaint(n: int) -> str:
        return f"/complaints/{numbers[n % len(numbers)]}"

    def bare_page(_: int) -> None:
        _expect(bare, "/rows")

    pages: tuple[tuple[str, Act, float | None], ...] = (
        ("open list", page("supervisor", "/complaints"), 5),
        ("late list", page("supervisor", "/complaints?overdue=1"), 5),
        ("complaint page", page("supervisor", complaint), 4.5),
        ("complaint, 50 messages", page("supervisor", _address(cast.short_id, place)), None),
        ("complaint, 5,000 messages", page("supervisor", _address(cast.long_id, place)), None),
        ("desk of the busiest", page("csr", "/"), 4.5),
        ("desk of the supervisor", page("supervisor", "/"), 4.5),
        ("mine, of the busiest", page("csr", "/complaints?handler=me"), 5),
        ("board", page("supervisor", "/board"), 5),
        ("new form", page("csr", "/complaints/new"), 4),
        ("notices", page("supervisor", "/notices"), 2.5),
        *((f"search, {n}", page("supervisor", p), 6.0) for n, p in _searches(cast)),
        ("dearest filters", page("supervisor", dearest), 12),
        ("why page", page("supervisor", lambda n: f"{complaint(n)}/deadlines"), 6),
        ("rules page", page("admin", "/admin/rules/"), 8),
        ("people page", page("admin", "/admin/"), None),
        ("/metrics", page("", "/metrics"), 4),
        ("/readyz", page("", "/readyz"), 2),
        ("analysis", page("csr", _of(beside, "/analysis")), 6),
        ("resolution", page("csr", _of(beside, "/resolution")), 6),
        ("similar complaints", page("supervisor", _of(beside, "/similar")), 6),
        ("categories from a story", _suggesting(visitors["csr"]), 6),
        ("incidents", page("supervisor", "/incidents"), 6),
        ("incident of forty", page("supervisor", f"/incidents/{beside.incident}"), 6),
        ("contacts", page("supervisor", "/contacts"), 6),
        ("contact", page("supervisor", f"/contacts/{beside.contact}"), 6),
        ("customer's own page", page("", beside.follows), 3),
        ("report, one month", page("supervisor", _report(30)), 20),
        ("report, twelve months", page("supervisor", _report(365)), None),
        ("report, three years", page("supervisor", _report(3 * 365)), None),
    )
    for name, act, wanted in pages:
        yield Line(name, act, bare_page, wanted)
    insert = _inserting(bare, "/complaint")
    yield Line("create by API", lambda _: _create(program), insert, 3.5)
    yield Line("create by form", _filling_in(visitors["csr"]), insert, 5.5)
    yield Line("create, x bare row", lambda _: _create(program), _inserting(bare, "/row"), None)


def _numbers(place: Place) -> list[str]:
    """Complaints that the supervisor may see, in every stage."""
    query = text(
        "SELECT id, year FROM complaints WHERE source = 'bench' AND branch_id ="
        " (SELECT branch_id FROM users WHERE id = :me) AND id NOT IN (:long, :short)"
        " ORDER BY id DESC LIMIT 500"
    )
    cast = place.cast
    values = {"me": cast.supervisor_id, "long": cast.long_id, "short": cast.short_id}
    with place.engine.connect() as connection:
        return [_number(row.year, row.id) for row in connection.execute(query, values)]


def _number(year: int, complaint_id: int) -> str:
    return f"KLH-{year}-{complaint_id:06d}"


def _address(complaint_id: int, place: Place) -> str:
    with place.engine.connect() as connection:
        year = connection.scalar(
            text("SELECT year FROM complaints WHERE id = :id"), {"id": complaint_id}
        )
    return f"/complaints/{_number(year or 0, complaint_id)}"


def _searches(cast: Cast) -> Iterator[tuple[str, str | Callable[[int], str]]]:
    yield "rare word", lambda n: f"/complaints?q=perkara{cast.long_id - abs(n) * 3}"
    yield "common word", "/complaints?q=internet"
    yield "beginning of a phone", lambda n: f"/complaints?q=0812000{abs(n) % 90 + 10}"
    yield "two words", f"/complaints?q={quote_plus('denda layanan')}"
    yield "two words, not common", f"/complaints?q={quote_plus('promo kemarin perkara')}"


def _report(days: int) -> str:
    today = datetime.now(UTC).date()
    return "/reports/deadlines?" + urlencode({"from": today - timedelta(days=days), "to": today})


def _of(beside: Beside, page: str) -> str:
    return f"/complaints/{beside.open_complaint}{page}"


def _suggesting(visitor: Visitor) -> Act:
    """What the form asks while somebody tells: which category this is."""
    token = _token(visitor.ask("GET", "/complaints/new")[1])
    told = urlencode({"csrf_token": token, "story": _STORY})

    def suggest(_: int) -> None:
        status, answer = visitor.ask("POST", "/complaints/new/suggestions", told)
        assert status == 200, f"the categories answered {status}: {answer[:500]}"

    return suggest


def _logged_in(port: int, role: str) -> Visitor:
    visitor = Visitor(port)
    _, page = visitor.ask("GET", "/login")
    form = {"email": email_of(role), "password": PASSWORD, "csrf_token": _token(page)}
    status, _ = visitor.ask("POST", "/login", urlencode(form))
    assert status in (302, 303), f"login answered {status}"
    return visitor


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no csrf token"
    return found[1]


def _expect(visitor: Visitor, path: str) -> None:
    status, _ = visitor.ask("GET", path)
    assert status == 200, f"{path} answered {status}"


def _inserting(bare: Visitor, path: str) -> Act:
    def insert(_: int) -> None:
        assert bare.ask("POST", path, json.dumps(_told()), "application/json")[0] == 200

    return insert


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
        "story": _STORY,
    }


def _filling_in(visitor: Visitor) -> Act:
    """Saving the form of the desk, whose page was opened before."""
    token = _token(visitor.ask("GET", "/complaints/new")[1])

    def send(_: int) -> None:
        number = next(_NUMBERS)
        form = {
            "csrf_token": token,
            "one_time_key": secrets.token_urlsafe(18),
            "do": "save",
            "customer.name": f"Pembanding {number}",
            "customer.salutation": "Ibu",
            "customer.phone": f"0814{number:08d}",
            "channel": "walk_in",
            "category": "GGN_MATI",
            "story": _STORY,
        }
        status, answer = visitor.ask("POST", "/complaints/new", urlencode(form))
        assert status == 303, f"the form answered {status}: {answer[:2000]}"

    return send


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        int(given[0]) if given else 100_000,
        given[1] if len(given) > 1 else "postgresql",
    )

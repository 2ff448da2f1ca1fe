"""What is put back for a test is what was written when the same was done, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from complaints.db import make_engine
from complaints.domain.errors import Refused
from complaints.models import Complaint
from tests import kept
from tests.databases import Databases
from tests.office import Office, staff
from tests.rows_left import read_rows

Offices = Callable[[], Office]


@pytest.fixture
def another(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offices]:
    """`another()`: an office in a fresh database, in a process that has done nothing yet."""
    monkeypatch.setattr(kept, "KEPT", {})
    monkeypatch.setattr(kept, "IS_SOAK", False)
    # What this fixture replaces is no code of the product.
    kept.patches.clear()
    with ExitStack() as stack:

        def another() -> Office:
            url = databases.fresh(staff)
            stack.callback(databases.drop, url)
            engine = make_engine(url)
            stack.callback(engine.dispose)
            session = stack.enter_context(Session(engine, expire_on_commit=False))
            return Office(engine, session)

        yield another


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every step that was really taken, by its name."""
    taken: list[str] = []
    take = Office.take

    def note(office: Office, number: str, step: Callable[..., None], /, **words: object) -> object:
        taken.append(step.__name__)
        return take(office, number, step, **words)

    monkeypatch.setattr(Office, "take", note)
    return taken


def test_what_is_put_back_is_what_was_written(another: Offices, walked: list[str]):
    offices = []
    for _ in range(2):
        office = another()
        offices.append(office)
        number = office.receive()
        office.walk(number, to="020-1.6")
        office.walk(office.receive(story="Modem rusak."), skip={"closed"})
        office.walk(number, after="020-1.6", to="020-3.3")
    assert walked.count("thank_customer") == 1
    assert walked.count("offer_solution") == 2
    first, second = offices
    assert read_rows(first.session) == read_rows(second.session)
    assert first.at == second.at
    for office in offices:
        office.walk(number, after="020-3.3")
        assert office.complaint(number).status == "closed"
        assert office.receive() == "KLH-2026-000003"


def test_whoever_holds_a_record_sees_what_is_put_back(another: Offices):
    for _ in range(2):
        office = another()
        number = office.receive()
        complaint = office.complaint(number)
        office.session.commit()
        assert complaint.status == "received"
        office.walk(number)
        assert complaint.status == "closed"
        assert not office.session.in_transaction()


def test_a_walk_on_other_ground_is_walked(another: Offices, walked: list[str]):
    first = another()
    first.walk(first.receive(), to="020-1.1")
    second = another()
    number = second.receive()
    second.session.execute(update(Complaint).values(product="Fiber 50"))
    second.session.commit()
    second.walk(number, to="020-1.1")
    assert len(walked) == 2
    assert second.complaint(number).product == "Fiber 50"


@pytest.mark.parametrize("way", ["time", "place", "words"])
def test_another_walk_is_walked(another: Offices, walked: list[str], way: str):
    first = another()
    first.walk(first.receive(), to="020-1.2")
    second = another()
    number = second.receive(**({"story": "Modem rusak."} if way == "words" else {}))
    second.at += timedelta(hours=way == "time")
    second.walk(number, to="020-1.2", skip={"020-1.1"} if way == "place" else ())
    assert len(walked) == (3 if way == "place" else 4)


def test_what_is_refused_is_refused_again(another: Offices):
    for _ in range(2):
        office = another()
        number = office.receive()
        with pytest.raises(Refused):
            office.walk(number, after="020-3.4")
        assert office.complaint(number).status == "received"


def test_where_code_is_replaced_or_listened_to_every_step_is_taken(
    another: Offices, walked: list[str], monkeypatch: pytest.MonkeyPatch
):
    first = another()
    first.walk(first.receive(), to="020-1.1")
    second = another()
    heard: list[str] = []
    event.listen(second.engine, "before_cursor_execute", lambda *said: heard.append(said[2]))
    second.walk(second.receive(), to="020-1.1")
    assert len(heard) > 10
    third = another()
    kept.patches.append(monkeypatch)
    third.walk(third.receive(), to="020-1.1")
    assert len(walked) == 3

"""Events are written with the fact or not at all, and cost nothing while nobody listens."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.other_contacts.acts import ContactAct
from complaints.domain.permissions import CUSTOMER, Actor
from complaints.domain.webhooks.events import EVENTS
from complaints.engine.fire import fire_due
from complaints.outbox.webhooks import endpoints
from complaints.outbox.webhooks.endpoints import add_webhook, edit_webhook, replay
from complaints.outbox.webhooks.purge import purge_webhook_log
from complaints.people.customers import CustomerGiven
from complaints.queries.engine.webhooks import deliveries_of
from complaints.steps.attest import attest_listening
from complaints.steps.casework.converse import write_note
from complaints.steps.other_contacts.end import Ending, end_contact
from complaints.steps.other_contacts.record import ContactCase
from complaints.steps.other_contacts.take import ContactGiven, take_contact
from tests.conftest import NOW
from tests.office import Office
from tests.outbox.webhooks.conftest import Hooks
from tests.outbox.webhooks.endpoint import listening

pytestmark = pytest.mark.both_databases

URL = "http://127.0.0.1:9/in"
DAY = timedelta(days=1)


def kinds(hooks: Hooks) -> list[str]:
    return [each.kind for each in hooks.events()]


def test_there_is_an_event_for_every_kind_of_entry() -> None:
    of_complaints = tuple(f"complaint.{each.value}" for each in Action)
    assert of_complaints + tuple(f"contact.{each.value}" for each in ContactAct) == EVENTS
    assert max(map(len, EVENTS)) <= 60


def statements(office: Office) -> list[str]:
    """What one step asks of the database."""
    number, said = office.receive(), []
    office.session.commit()

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(office.engine, "before_cursor_execute", hear)
    try:
        attest_listening(office.open(number), listened=True)
        office.session.commit()
    finally:
        event.remove(office.engine, "before_cursor_execute", hear)
    return said


def test_while_nobody_listens_an_entry_costs_no_query(hooks: Hooks) -> None:
    # The first step of an office reads its rules; what came before may have been put back as rows.
    statements(hooks.office)
    without = statements(hooks.office)
    webhook_id, _ = hooks.add(URL)
    listened = statements(hooks.office)
    with hooks.sessions.begin() as session:
        edit_webhook(
            session, hooks.settings, webhook_id, is_active=False, by=hooks.admin, at=hooks.at
        )
    # The first query after a change reads the rules anew.
    statements(hooks.office)
    switched_off = statements(hooks.office)
    assert not [each for each in without if "webhook" in each]
    assert len(switched_off) == len(without)
    assert len([each for each in listened if "webhook" in each]) <= 4


def test_only_what_an_endpoint_asks_for_is_kept(hooks: Hooks) -> None:
    hooks.add(URL, ["complaint.attest"])
    number = hooks.receive()
    assert kinds(hooks) == []
    hooks.office.walk(number, to="020-1.2")
    hooks.office.session.commit()
    assert kinds(hooks) == ["complaint.attest"]


def test_one_event_goes_to_each_that_listens(hooks: Hooks) -> None:
    hooks.add(URL)
    hooks.add(URL, ["complaint.receive"])
    hooks.add(URL, ["complaint.close"])
    hooks.receive()
    (told,) = hooks.events()
    assert [(each.webhook_id, each.event_id) for each in hooks.deliveries()] == [
        (1, told.id),
        (2, told.id),
    ]


def ask(office: Office, by: Actor) -> ContactCase:
    """A question of somebody whom nobody may read about in an event."""
    given = ContactGiven(
        "INFORMASI",
        "web" if by is CUSTOMER else "walk_in",
        "Jam berapa loket buka?",
        "JKT",
        office.at,
        CustomerGiven(name="Siti Aminah", phone="0812 3456 7890"),
        is_unchecked=by is CUSTOMER,
    )
    return take_contact(office.session, office.rules, given, by=by, at=office.at)


def test_what_is_no_complaint_is_told_with_how_it_stands_and_names_nobody(hooks: Hooks) -> None:
    office = hooks.office
    hooks.add(URL)
    first = ask(office, office.actor("csr"))
    end_contact(first, Ending("Pukul delapan", method="phone"))
    office.session.commit()
    ask(office, CUSTOMER)
    office.session.commit()
    events = hooks.events()
    told = [(each.kind, json.loads(each.body)["data"]) for each in events]
    assert [kind for kind, _ in told] == ["contact.take", "contact.end", "contact.take"]
    # Both of the first transaction say how the contact stood at its end.
    assert [(data["seq"], data["status"]) for _, data in told] == [
        (1, "ended"),
        (2, "ended"),
        (1, "open"),
    ]
    assert [data["by"] for _, data in told] == ["staff", "staff", "customer"]
    assert {data["number"] for _, data in told} == {"KTK-2026-000001", "KTK-2026-000002"}
    assert all("Siti" not in each.body and "0812" not in each.body for each in events)
    with hooks.sessions() as session:
        lines = deliveries_of(session, 1, limit=5).items
    assert [each.contact for each in lines] == ["KTK-2026-000002", *["KTK-2026-000001"] * 2]


def test_contacts_are_told_to_whoever_asked_for_them_and_not_before_they_are_kept(
    hooks: Hooks,
) -> None:
    office = hooks.office
    hooks.add(URL, ["contact.end"])
    ask(office, office.actor("csr"))
    office.session.commit()
    assert kinds(hooks) == []
    case = ask(office, office.actor("csr"))
    end_contact(case, Ending("Pukul delapan", method="phone"))
    office.session.rollback()
    case = ask(office, office.actor("csr"))
    savepoint = office.session.begin_nested()
    end_contact(case, Ending("Pukul delapan", method="phone"))
    savepoint.rollback()
    office.session.commit()
    assert kinds(hooks) == []


def test_what_is_rolled_back_is_told_to_nobody(hooks: Hooks) -> None:
    hooks.add(URL)
    session = hooks.office.session
    number = hooks.receive()
    attest_listening(hooks.office.open(number), listened=True)
    session.flush()
    session.rollback()
    hooks.receive()
    savepoint = session.begin_nested()
    attest_listening(hooks.office.open(number), listened=True)
    session.flush()
    savepoint.rollback()
    session.commit()
    assert kinds(hooks) == ["complaint.receive"] * 2


def test_what_the_worker_finds_missed_is_told_as_well(hooks: Hooks) -> None:
    hooks.add(URL, ["complaint.breach"])
    hooks.receive()
    fire_due(hooks.office.session, hooks.office.rules, at=NOW + 30 * DAY)
    hooks.office.session.commit()
    events = hooks.events()
    assert events
    assert {each.kind for each in events} == {"complaint.breach"}
    assert all('"by":"system"' in each.body for each in events)


def test_the_version_told_is_the_one_the_api_answers(hooks: Hooks) -> None:
    hooks.add(URL)
    number = hooks.receive()
    attest_listening(hooks.office.open(number), listened=True)
    hooks.office.session.commit()
    version = hooks.office.complaint(number).version
    hooks.office.session.commit()
    assert f'"version":{version}' in hooks.events()[-1].body


def test_an_event_that_does_not_exist_is_refused(hooks: Hooks) -> None:
    with pytest.raises(Invalid, match=r"complaint\.exploded"):
        hooks.add(URL, ["complaint.receive", "complaint.exploded"])


@pytest.mark.parametrize("name", ["csr", "supervisor", "manager", "auditor"])
def test_only_administrators_say_who_is_told(hooks: Hooks, name: str) -> None:
    by = hooks.office.actor(name)
    webhook_id, _ = hooks.add(URL)
    session = hooks.office.session
    with pytest.raises(Forbidden):
        add_webhook(session, hooks.settings, url=URL, events=(), by=by, at=NOW)
    with pytest.raises(Forbidden):
        edit_webhook(session, hooks.settings, webhook_id, is_active=False, by=by, at=NOW)
    with pytest.raises(Forbidden):
        replay(session, webhook_id, 1, by=by, at=NOW)


def test_there_are_not_more_endpoints_than_are_called_at_once(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MOST_ENDPOINTS", 2)
    first, _ = hooks.add(URL)
    hooks.add(URL)
    with pytest.raises(Refused, match="At most 2"):
        hooks.add(URL)
    for is_active in (False, True):
        with hooks.sessions.begin() as session:
            edit_webhook(
                session, hooks.settings, first, is_active=is_active, by=hooks.admin, at=NOW
            )


def test_a_secret_is_made_by_us_and_rests_nowhere(hooks: Hooks) -> None:
    """T42."""
    (webhook_id, one), (_, other) = hooks.add(URL), hooks.add(URL)
    assert one.startswith("whsec_")
    assert len(one) == len("whsec_") + 44
    assert one != other
    kept = hooks.webhook(webhook_id)
    assert one.removeprefix("whsec_") not in repr(vars(kept))


def test_the_log_is_forgotten_but_not_what_waits(hooks: Hooks) -> None:
    with listening(statuses=[200]) as endpoint:
        hooks.add(endpoint.url, ["complaint.receive"])
        hooks.receive()
        hooks.deliver()
    hooks.receive()
    with hooks.sessions.begin() as session:
        assert purge_webhook_log(session, created_before=NOW) == 0
        assert purge_webhook_log(session, created_before=NOW + DAY) == 1
        assert purge_webhook_log(session, created_before=NOW + DAY) == 0
    assert [each.state for each in hooks.deliveries()] == ["queued"]
    assert not hooks.attempts()
    assert len(hooks.events()) == 1


def test_a_fresh_process_hears_of_an_endpoint_at_once(hooks: Hooks) -> None:
    with Session(hooks.office.engine) as session:
        hooks.add(URL)
        hooks.office.receive()
        session.commit()
    hooks.office.session.commit()
    assert kinds(hooks) == ["complaint.receive"]


def test_of_a_long_history_next_to_a_new_one_only_what_is_new_is_read(hooks: Hooks) -> None:
    session = hooks.office.session
    long_one = hooks.receive()
    hooks.office.walk(long_one, to="020-2.3")
    session.commit()
    before = len(hooks.office.history(long_one))
    new_one = hooks.receive()
    hooks.add(URL)
    reads: list[tuple[str, Any]] = []

    def hear(
        _connection: object, _cursor: object, statement: str, values: object, *_more: object
    ) -> None:
        if "FROM history JOIN complaints" in statement:
            reads.append((statement, values))

    event.listen(session.get_bind(), "before_cursor_execute", hear)
    for number in (new_one, long_one):
        write_note(hooks.office.open(number), text="Pelanggan menelepon lagi.")
    session.commit()
    event.remove(session.get_bind(), "before_cursor_execute", hear)
    assert kinds(hooks) == ["complaint.note"] * 2
    ((statement, values),) = reads
    found = session.connection().exec_driver_sql(statement, values).all()
    assert before > 5
    assert len(found) == 2

"""Once is once: what a repetition, a refusal, a collision and a crowd leave in the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from complaints.actions.idempotency import Done, KeyReused, OneTime, do_once
from complaints.domain.errors import Refused, Stale
from complaints.models import Complaint, Customer, Note, OneTimeKey
from complaints.steps.case import open_case
from complaints.steps.casework.converse import write_note
from tests.conftest import NOW
from tests.office import Office


def once(office: Office, key: str = "kunci", **more: object) -> OneTime:
    """The supervisor's key for one note, unless said otherwise."""
    told = {"action": "note", "body": {"text": "Satu"}, "user_id": office.id_of("supervisor")}
    return OneTime(key=key, **{**told, **more})  # type: ignore[arg-type]


def note(office: Office, session: Session, number: str, text: str = "Satu") -> Done:
    """Write a note and answer with its words."""
    case = open_case(session, number, by=office.actor("supervisor"), at=NOW)
    write_note(case, text=text)
    return Done({"text": text}, case.complaint.id)


def test_a_repetition_gets_the_first_answer_and_does_nothing(office: Office):
    number = office.receive()
    first = do_once(
        office.session, lambda: note(office, office.session, number), once(office), at=NOW
    )
    again = do_once(office.session, lambda: pytest.fail("done a second time"), once(office), at=NOW)
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert (again.answer, again.complaint_id) == (first.answer, first.complaint_id)
    assert office.count(Note) == 1


@pytest.mark.parametrize(
    "other", [{"key": ""}, {"key": "lain"}, {"user_id": None}, {"user_id": 1}], ids=str
)
def test_another_key_or_person_or_none_is_another_request(office: Office, other):
    number = office.receive()
    for request in (once(office), once(office, **other)):
        done = do_once(
            office.session, lambda: note(office, office.session, number), request, at=NOW
        )
        assert not done.is_repeat
    assert office.count(Note) == 2


@pytest.mark.parametrize("other", [{"action": "message"}, {"body": {"text": "Dua"}}], ids=str)
def test_a_key_serves_one_action_and_one_body(office: Office, other):
    number = office.receive()
    do_once(office.session, lambda: note(office, office.session, number), once(office), at=NOW)
    with pytest.raises(KeyReused):
        do_once(office.session, lambda: pytest.fail("done"), once(office, **other), at=NOW)


def test_a_refusal_keeps_nothing_and_frees_the_key(office: Office):
    number = office.receive()

    def refuse() -> Done:
        note(office, office.session, number)
        office.session.flush()
        raise Refused("Not now.")

    with pytest.raises(Refused, match="Not now"):
        do_once(office.session, refuse, once(office), at=NOW)
    assert [office.count(table) for table in (Note, OneTimeKey)] == [0, 0]
    done = do_once(
        office.session, lambda: note(office, office.session, number), once(office), at=NOW
    )
    assert not done.is_repeat


def test_what_two_requests_made_at_the_same_moment_is_done_again_and_found(office: Office):
    session = office.session
    session.add(
        Customer(
            name="Siti",
            name_key="siti",
            number="C-77",
            number_key="c-77",
            tier="REGULER",
            created_at=NOW,
        )
    )
    session.commit()
    tries: list[str] = []

    def write_down() -> Done:
        tries.append("try")
        if len(tries) == 1:
            # She looked for the customer before the other one had committed.
            session.add(
                Customer(
                    name="Siti",
                    name_key="siti",
                    number="C-77",
                    number_key="c-77",
                    tier="REGULER",
                    created_at=NOW,
                )
            )
            session.flush()
        return Done({"found": "C-77"})

    done = do_once(session, write_down, once(office), at=NOW)
    assert (done.answer, done.is_repeat) == ({"found": "C-77"}, False)
    assert [office.count(table) for table in (Customer, OneTimeKey)] == [1, 1]


def test_rows_that_somebody_else_changed_meanwhile_are_refused_as_stale(office: Office):
    number, session = office.receive(), office.session

    def overtaken() -> Done:
        case = open_case(session, number, by=office.actor("supervisor"), at=NOW)
        ahead = update(Complaint).values(version=Complaint.version + 1)
        session.execute(ahead, execution_options={"synchronize_session": False})
        write_note(case, text="Satu")
        return Done({})

    with pytest.raises(Stale):
        do_once(session, overtaken, once(office), at=NOW)
    assert [office.count(table) for table in (Note, OneTimeKey)] == [0, 0]


def test_a_crowd_with_one_key_does_it_once_and_hears_the_same(office: Office):
    number = office.receive()
    start, size = Barrier(6), 6
    request = once(office)

    def send(index: int) -> Done:
        with Session(office.engine, expire_on_commit=False) as session:
            start.wait()
            return do_once(
                session, lambda: note(office, session, number, f"Dari {index}"), request, at=NOW
            )

    with ThreadPoolExecutor(size) as pool:
        answers = list(pool.map(send, range(size)))
    assert len({answer.answer["text"] for answer in answers}) == 1
    assert sorted(answer.is_repeat for answer in answers) == [False] + [True] * (size - 1)
    assert office.count(Note) == 1

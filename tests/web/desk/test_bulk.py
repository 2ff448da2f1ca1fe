"""Several complaints at once: each through its own gates, with a result for each (T46, T47)."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from complaints.channels.bulk import BULK_NOUNS, record_bulk
from complaints.domain.errors import Forbidden, Invalid
from complaints.models import Note
from complaints.places import STATIC
from tests.at_once import at_once
from tests.office import Office

PATH = "/complaints/bulk"


def test_three_are_done_and_two_are_named_with_their_reason(office: Office, at_desk):
    numbers = [office.receive() for _ in range(4)]
    for each in numbers[:3]:
        office.walk(each, to="020-1.6")
    outsider = office.receive(by="csr2", branch="MKS", who={"phone": "", "email": "m@x.example"})
    desk = at_desk("supervisor")
    page = desk.get(PATH)
    assert outsider not in page.text
    fields = {
        "ids": [*numbers, outsider],
        "noun": "parties",
        "teams": ["TEKNIK"],
        "csrf_token": page.one("main form input[name=csrf_token]")["value"],
        "one_time_key": page.one("input[name=one_time_key]")["value"],
    }
    for _ in range(2):
        page = desk.post(PATH, fields, status=200)
        said = page.words("#result li")
        assert [each.split(":")[0].strip() for each in said] == [*numbers[:3], numbers[3], outsider]
        assert "Selesai: 3 · tidak selesai: 2" in page.one("#result").text
    asked = [len([row for row in office.history(n) if row.what == "inform"]) for n in numbers]
    assert asked == [1, 1, 1, 0]


@pytest.mark.parametrize("language", ["id", "en"])
def test_only_what_one_of_them_allows_is_offered(office: Office, at_desk, language: str):
    office.receive()
    page = at_desk("csr", language).get(PATH)
    acts = [each["value"] for each in page.all("input[name=noun]")]
    assert acts == ["assignment", "note", "escalation"]


def test_only_the_fields_of_the_chosen_act_are_shown(office: Office, at_desk):
    """By the stylesheet, so without JavaScript as well; each act has a rule of its own."""
    for each in (office.receive(), office.receive()):
        office.walk(each, to="020-1.6")
    page = at_desk("supervisor").get(PATH)
    acts = [each["value"] for each in page.all("input[name=noun]")]
    assert [each["data-of"] for each in page.all(".bulk-part")] == acts
    assert sorted(acts) == sorted(BULK_NOUNS)
    css = (STATIC / "css" / "incidents.css").read_text()
    for each in acts:
        chosen = f'form:has([name="noun"][value="{each}"]:checked)'
        assert f'{chosen} .bulk-part:not([data-of="{each}"])' in css


def test_a_note_is_for_colleagues_only(office: Office):
    number = office.receive()
    by = office.actor("csr")
    given = {"text": "Teknisi datang besok pagi"}
    (row,) = record_bulk(office.session, [number], "note", given, by=by, now=office.at)
    assert row.state == "done"
    assert [each.direction for each in office.rows(Note, number)] == ["internal"]
    assert office.letters(number) == []


def test_what_nobody_may_do_at_once_is_refused_wholly(office: Office):
    number = office.receive()
    for who, noun, refusal in (
        ("csr", "closure", Invalid),
        ("auditor", "note", Forbidden),
        ("csr", "note", Invalid),
    ):
        with pytest.raises(refusal):
            record_bulk(office.session, [number], noun, {}, by=office.actor(who), now=office.at)
        office.session.rollback()


@pytest.mark.both_databases
def test_two_at_once_on_the_same_ones_in_opposite_order(office: Office, engine: Engine):
    numbers = [office.receive() for _ in range(5)]
    by, at, orders = office.actor("csr"), office.at, [numbers, numbers[::-1]]

    def work() -> None:
        order = orders.pop()
        with Session(engine) as session:
            rows = record_bulk(session, order, "note", {"text": f"Dari {order[0]}"}, by=by, now=at)
            assert {each.state for each in rows} == {"done"}

    at_once(2, work)
    assert [len(office.rows(Note, each)) for each in numbers] == [2] * 5

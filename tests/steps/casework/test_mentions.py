"""Colleagues named in a note: told what they may read, refused by a sentence where they may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.domain.errors import Invalid
from complaints.models import Absence, Note, OutboxMessage, User
from complaints.outbox.digest import write_next_digest
from complaints.people.notice_choices import choose_notices
from complaints.queries.lists.notifications import list_notices
from complaints.queries.people.readers import readers_among, readers_to_offer
from complaints.steps.case import require_sight
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.converse import write_note
from tests.office import Office

SECRET = "Pelanggan menyebut nomor rekeningnya"


def note(office: Office, number: str, text: str, by: str = "csr", **more: Any) -> None:
    office.take(number, write_note, by=by, text=text, **more)


def kinds(office: Office, name: str) -> list[str]:
    return [each.kind for each in office.notices(name)]


def mails_to(office: Office, name: str) -> list[OutboxMessage]:
    mails = office.session.query(OutboxMessage).filter_by(to_address=office.people[name].email)
    return list(mails)


@pytest.mark.both_databases
def test_whoever_is_named_hears_once_and_the_mail_holds_neither_note_nor_customer(office: Office):
    number = office.receive()
    note(office, number, f"@supervisor, {SECRET}. @Supervisor tolong cek.")
    assert kinds(office, "supervisor") == ["mentioned"]
    (mail,) = mails_to(office, "supervisor")
    assert number in str(mail.facts)
    assert SECRET not in str(mail.facts)
    assert "Siti" not in str(mail.facts)
    assert office.history(number)[-1].detail == {"named": "Supervisor"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tolong @csr2", "@csr2"),
        ("Tolong @csr2@tanggap.example", "@csr2"),
        ("Tolong @officer@lain.example", "No colleague is called"),
        ("Tolong @telkomcare", "No colleague is called"),
        (" ".join(f"@nama{n}x" for n in range(21)), "A note can name at most"),
    ],
)
@pytest.mark.both_databases
def test_a_name_without_rights_is_refused_and_nothing_is_written(
    office: Office, text: str, said: str
):
    number = office.receive()
    with pytest.raises(Invalid) as refused:
        note(office, number, text)
    assert refused.value.field == "text"
    assert str(refused.value.args[0]).startswith(said)
    assert office.rows(Note, number) == []
    assert kinds(office, "csr2") == []


@pytest.mark.parametrize("text", ["5 @ Rp2.000", "@Rp2.000 per lembar", "siti@pelanggan.example"])
def test_prices_and_addresses_name_nobody(office: Office, text: str):
    number = office.receive()
    note(office, number, text)
    assert [each.text for each in office.rows(Note, number)] == [text]


def test_who_is_chosen_from_the_list_is_named_behind_the_text_once(office: Office):
    number = office.receive()
    chosen = ["supervisor@tanggap.example", "manager@tanggap.example"]
    note(office, number, "Tolong cek, @supervisor", mention=chosen)
    (written,) = office.rows(Note, number)
    assert written.text == "Tolong cek, @supervisor\n\n@manager"
    assert kinds(office, "supervisor") == kinds(office, "manager") == ["mentioned"]
    with pytest.raises(Invalid):
        note(office, number, "Cek", mention=["csr2@tanggap.example"])
    with pytest.raises(Invalid) as refused:
        note(office, number, "Cek", mention=["nobody@tanggap.example"])
    assert refused.value.field == "mention"


@pytest.mark.both_databases
def test_two_of_one_name_are_told_apart_by_the_whole_address(office: Office):
    number = office.receive()
    twin = User(
        email="supervisor@lain.example",
        name="Kembar",
        role="supervisor",
        branch_id=office.people["supervisor"].branch_id,
    )
    office.session.add(twin)
    office.session.commit()
    with pytest.raises(Invalid) as refused:
        note(office, number, "Tolong @supervisor")
    assert "whole email address" in str(refused.value.args[0])
    note(office, number, "Tolong @supervisor@lain.example.")
    note(office, number, "Tolong", mention=["supervisor@tanggap.example"])
    assert office.rows(Note, number)[-1].text == "Tolong\n\n@supervisor@tanggap.example"
    assert kinds(office, "supervisor") == ["mentioned"]


@pytest.mark.both_databases
def test_only_readers_are_offered_and_all_of_them(office: Office):
    number = office.receive()
    office.walk(number, to="asked")
    office.take(number, assign_complaint, by="supervisor", handler="csr@tanggap.example")
    complaint = office.complaint(number)
    offered = {each.email for each in readers_to_offer(office.session, complaint, None)}
    for name, person in office.people.items():
        case = office.open(number)
        case.by = person.actor
        try:
            require_sight(case)
        except Exception:
            may_read = False
        else:
            may_read = True
        assert (person.email in offered) is may_read, name
        assert (person.id in readers_among(office.session, complaint, [person.id])) is may_read


@pytest.mark.both_databases
def test_rights_lost_later_leave_a_notice_without_content(office: Office):
    number = office.receive()
    note(office, number, f"@supervisor {SECRET}")
    person = office.people["supervisor"]
    (seen,) = list_notices(office.session, person.actor).items
    assert (seen.number, seen.about["who"]) == (number, "Bu Siti")
    person.branch_id = office.people["csr2"].branch_id
    office.session.commit()
    (seen,) = list_notices(office.session, person.actor).items
    assert (seen.number, seen.facts, seen.about) == (None, {"unreadable": True}, {})


@pytest.mark.both_databases
def test_the_summary_of_the_day_leaves_out_what_may_not_be_read_any_more(office: Office):
    choose_notices(office.session, {"named": "digest"}, by=office.actor("supervisor"))
    number = office.receive()
    note(office, number, "@supervisor")
    office.people["supervisor"].branch_id = office.people["csr2"].branch_id
    office.session.commit()
    assert write_next_digest(office.session, at=office.at + timedelta(days=5))
    office.session.commit()
    assert mails_to(office, "supervisor") == []


def test_the_deputy_of_somebody_away_hears_only_if_they_may_read(office: Office):
    number = office.receive()
    for deputy in ("csr2", "billing"):
        absence = Absence(
            user_id=office.id_of("supervisor"),
            deputy_id=office.id_of(deputy),
            from_at=office.at - timedelta(days=1),
            until_at=office.at + timedelta(days=9),
            noted_at=office.at,
            noted_by_id=office.id_of("supervisor"),
        )
        office.session.add(absence)
        office.session.commit()
        note(office, number, "@supervisor")
    assert kinds(office, "csr2") == []
    assert kinds(office, "billing") == ["mentioned"]

"""Files that go with a letter: chosen one by one, internal ones as such, hidden ones never."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from complaints.domain.attachments import FileLimits
from complaints.domain.errors import Invalid
from complaints.files.in_use import FileSettings, file_settings, use_files
from complaints.models import Attachment, Note, OutboxMessage
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.files.enclosures import _KINDS
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.letters import print_letter
from complaints.steps.files.attach import hide_attachment, show_attachment
from complaints.steps.letters.about import LETTER_OF
from tests.office import Office
from tests.steps.files.test_attach import attach, last_entry


def send(office: Office, number: str, method: str = "email", **more: Any) -> None:
    said = {"text": "Ini berita acaranya.", "direction": "out", "method": method, **more}
    office.take(number, record_message, **said)


def letter_of(office: Office, number: str) -> OutboxMessage:
    return [each for each in office.letters(number) if each.kind == "message"][-1]


def test_the_letter_and_the_history_name_the_bytes_that_were_chosen(office: Office):
    number = office.receive()
    row = attach(office, number, name="Berita acara.jpg")
    attach(office, number, given=b"%PDF-1.4\n", name="lain.pdf")
    send(office, number, enclose=[row.id])
    note = office.session.scalars(select(Note)).one()
    assert letter_of(office, number).facts["enclosed"] == [
        {
            "file": row.id,
            "sha256": row.sha256,
            "name": "Berita acara.jpg",
            "size": row.size,
            "type": "image/jpeg",
            "held_back": False,
            "part": "",
        }
    ]
    assert letter_of(office, number).facts["message"] == note.id
    kept = last_entry(office).detail
    assert kept["enclosed"] == f"Berita acara.jpg (SHA-256 {row.sha256})"
    assert "revealed" not in kept
    assert verify_history(office.session)["bad"] == []


def test_an_internal_file_goes_only_where_it_is_named_as_one(office: Office):
    number = office.receive()
    row = attach(office, number, shown_to_customer=False)
    with pytest.raises(Invalid, match="is internal") as refused:
        send(office, number, enclose=[row.id])
    assert refused.value.field == "enclose"
    office.session.rollback()
    assert not office.session.get_one(Attachment, row.id).shown_to_customer
    send(office, number, enclose_internal=[row.id])
    office.session.refresh(row)
    assert row.shown_to_customer
    assert last_entry(office).detail["revealed"] == "foto.jpg"


def test_a_power_of_attorney_is_no_file_to_tick_along_with_the_others(office: Office):
    number = office.receive()
    row = attach(office, number, kind="power_of_attorney")
    with pytest.raises(Invalid, match="is internal or a power of attorney"):
        send(office, number, enclose=[row.id])
    office.session.rollback()
    send(office, number, enclose_internal=[row.id])
    assert "revealed" not in last_entry(office).detail


@pytest.mark.parametrize("way", ["enclose", "enclose_internal"])
def test_a_hidden_file_is_sent_by_neither_way(office: Office, way: str):
    number = office.receive()
    row = attach(office, number)
    office.take(number, hide_attachment, attachment=row.id, reason="Milik pelanggan lain")
    with pytest.raises(Invalid, match="is hidden from the customer"):
        send(office, number, **{way: [row.id]})
    office.session.rollback()
    assert not office.session.get_one(Attachment, row.id).shown_to_customer
    office.take(number, show_attachment, attachment=row.id, reason="Milik pelanggan ini")
    send(office, number, enclose=[row.id])


def test_a_file_of_another_complaint_is_not_there(office: Office):
    number, other = office.receive(), office.receive()
    row = attach(office, other)
    for way in ("enclose", "enclose_internal"):
        with pytest.raises(Invalid, match="no such file"):
            send(office, number, **{way: [row.id]})
        office.session.rollback()


def test_an_email_takes_only_so_much_and_paper_as_much_as_there_is(office: Office):
    number = office.receive()
    files = [attach(office, number, given=b"%PDF-1.4\n" + b"x" * 600, name="a.pdf").id]
    files.append(attach(office, number, given=b"%PDF-1.4\n" + b"y" * 600, name="b.pdf").id)
    before = file_settings()
    try:
        use_files(FileSettings(before.url, FileLimits(most_bytes_of_letter=1024)))
        with pytest.raises(Invalid, match="too large for an email"):
            send(office, number, enclose=files)
        office.session.rollback()
        send(office, number, enclose=files[:1])
        send(office, number, "letter", enclose=files)
        use_files(FileSettings(before.url, FileLimits(most_at_once=1)))
        with pytest.raises(Invalid, match="too many files"):
            send(office, number, "letter", enclose=files)
        office.session.rollback()
    finally:
        use_files(before)


def test_nothing_is_enclosed_with_what_is_only_said(office: Office):
    number = office.receive()
    row = attach(office, number)
    for way in ({"method": "phone"}, {"method": "email", "direction": "in"}):
        with pytest.raises(Invalid, match="email or letter"):
            send(office, number, enclose=[row.id], **way)
        office.session.rollback()


def test_paper_printed_after_a_file_was_hidden_leaves_without_it_and_says_so(office: Office):
    number = office.receive()
    row, kept = attach(office, number), attach(office, number, given=b"%PDF-1.4\n", name="b.pdf")
    send(office, number, "letter", enclose=[row.id, kept.id])
    letter = letter_of(office, number)
    office.take(number, hide_attachment, attachment=row.id, reason="Milik pelanggan lain")
    office.take(number, print_letter, letter=letter.id)
    office.session.refresh(letter)
    assert [each["held_back"] for each in letter.facts["enclosed"]] == [True, False]
    assert last_entry(office).detail["held_back"] == "foto.jpg"
    assert verify_history(office.session)["bad"] == []


def test_files_are_looked_for_with_each_kind_of_letter_that_takes_them():
    of_acts = {"conversation", "extended", "closed"}
    assert set(_KINDS) == set(LETTER_OF.values()) | of_acts

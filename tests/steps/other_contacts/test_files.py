"""Files of what is no complaint: kept with it, and taken along when it becomes a complaint."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from complaints.domain.attachments import FileLimits
from complaints.domain.errors import Forbidden, Invalid
from complaints.domain.other_contacts.acts import CHAIN
from complaints.domain.permissions import CUSTOMER
from complaints.files.in_use import FileSettings, file_settings, use_files
from complaints.files.keep import keep_file
from complaints.models import Attachment, ContactFile, OtherContact, OtherContactEntry
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.own_history import check_histories
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import open_case
from complaints.steps.files.attach import attach_file
from complaints.steps.other_contacts.files import attach_to_contact
from complaints.steps.renaming.make_complaint import MadeComplaint, make_complaint
from complaints.steps.renaming.rename import rename_complaint
from tests.office import Office
from tests.steps.files.pictures import PHOTO
from tests.steps.other_contacts.test_other_contacts import WHY, act, contact, end, take


def attach(office: Office, number: str, by: str = "csr", **more: Any) -> None:
    kept = keep_file(more.pop("given", PHOTO), name=more.pop("name", "foto.jpg"))
    given = {"source": "desk", "from_customer": False, **more}
    act(office, number, lambda case: attach_to_contact(case, kept, **given), by)


def made(office: Office, number: str) -> str:
    why = MadeComplaint("Pelanggan sudah dua kali menanyakan")
    case = act(office, number, lambda case: make_complaint(case, why))
    found: str = case.number
    return found


def files(office: Office) -> list[tuple[str, bool, str]]:
    rows = office.session.scalars(select(Attachment).order_by(Attachment.id)).all()
    return [(each.name, each.shown_to_customer, each.source) for each in rows]


def test_a_file_is_a_row_and_a_line_of_the_history(office: Office):
    number = take(office)
    attach(office, number)
    row = office.session.scalars(select(ContactFile)).one()
    assert (row.name, row.type, row.size, row.by_name) == (
        "foto.jpg",
        "image/jpeg",
        len(PHOTO),
        "Csr",
    )
    entries = select(OtherContactEntry).order_by(OtherContactEntry.seq.desc())
    entry = office.session.scalars(entries).first()
    assert entry is not None
    assert (entry.what, entry.detail["sha256"]) == ("attach", row.sha256)
    assert check_histories(office.session, OtherContact, OtherContactEntry, CHAIN)[1] == []
    assert verify_history(office.session)["bad"] == []


def test_somebody_who_may_not_write_attaches_nothing(office: Office):
    number = take(office)
    with pytest.raises(Forbidden):
        attach(office, number, by="auditor")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (FileLimits(most_of_complaint=1), "at most"),
        (FileLimits(most_bytes_of_complaint=len(PHOTO) + 1), "together"),
    ],
)
def test_a_contact_holds_only_so_much(office: Office, limits: FileLimits, said: str):
    number, before = take(office), file_settings()
    try:
        use_files(FileSettings(before.url, limits))
        attach(office, number)
        with pytest.raises(Invalid, match=said):
            attach(office, number, given=b"%PDF-1.4", name="b.pdf")
    finally:
        use_files(before)
    assert len(office.session.scalars(select(ContactFile)).all()) == 1


def test_they_go_along_when_it_becomes_a_complaint(office: Office):
    number = take(office)
    attach(office, number, source="portal", from_customer=True)
    attach(office, number, given=b"%PDF-1.4", name="catatan.pdf")
    complaint = made(office, number)
    assert files(office) == [("foto.jpg", True, "portal"), ("catatan.pdf", False, "desk")]
    whats = [each.what for each in office.history(complaint)]
    assert whats.count("attach") == 2
    assert verify_history(office.session)["bad"] == []


def test_an_ended_contact_takes_files_and_brings_them(office: Office):
    number = take(office)
    end(office, number, words="Buka pukul delapan pagi", method="phone")
    attach(office, number)
    made(office, number)
    assert [name for name, *_ in files(office)] == ["foto.jpg"]


def renamed(office: Office) -> tuple[str, str]:
    """A complaint with a file, and the contact that it goes on as."""
    number = office.receive()
    kept = keep_file(PHOTO, name="dulu.jpg")
    office.take(number, attach_file, kept=kept, shown_to_customer=True)
    office.take(number, rename_complaint, kind="INFORMASI", reason=WHY)
    office.session.commit()
    return number, "KTK-2026-000001"


def say_it_is_one(office: Office, number: str) -> None:
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    write_message(case, text="Ini memang keluhan, tolong ditangani")
    office.session.commit()


def test_what_came_since_is_on_the_complaint_that_is_open_again(office: Office):
    number, of_contact = renamed(office)
    attach(office, of_contact, name="baru.jpg")
    assert made(office, of_contact) == number
    assert [name for name, *_ in files(office)] == ["dulu.jpg", "baru.jpg"]


def test_so_it_is_when_the_customer_says_on_their_page_that_it_is_a_complaint(office: Office):
    number, of_contact = renamed(office)
    attach(office, of_contact, name="baru.jpg")
    office.session.commit()
    say_it_is_one(office, number)
    assert contact(office, of_contact).state == "complaint"
    assert [name for name, *_ in files(office)] == ["dulu.jpg", "baru.jpg"]
    assert verify_history(office.session)["bad"] == []


def test_what_a_colleague_attached_stays_internal_whoever_makes_it_a_complaint(office: Office):
    number, of_contact = renamed(office)
    attach(office, of_contact, name="internal.jpg")
    attach(office, of_contact, name="kiriman.jpg", source="portal", from_customer=True)
    office.session.commit()
    say_it_is_one(office, number)
    assert files(office)[1:] == [("internal.jpg", False, "desk"), ("kiriman.jpg", True, "portal")]
    (row,) = office.session.scalars(select(Attachment).where(Attachment.name == "internal.jpg"))
    assert row.by_name == "Csr"


def test_a_complaint_that_is_full_is_open_again_with_the_files_of_its_contact(office: Office):
    number, of_contact = renamed(office)
    attach(office, of_contact, name="baru.jpg")
    office.session.commit()
    before = file_settings()
    try:
        use_files(FileSettings(before.url, FileLimits(most_of_complaint=1)))
        say_it_is_one(office, number)
    finally:
        use_files(before)
    assert [name for name, *_ in files(office)] == ["dulu.jpg", "baru.jpg"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("changed", "what"),
    [("UPDATE contact_files SET name = 'lain.jpg'", "name"), ("DELETE FROM contact_files", "")],
)
def test_what_is_changed_past_us_is_named(office: Office, changed: str, what: str):
    number = take(office)
    attach(office, number)
    office.session.execute(text(changed))
    office.session.commit()
    (bad,) = verify_history(office.session)["bad"]
    assert (bad["table"], what in str(bad)) == ("contact_files", True)

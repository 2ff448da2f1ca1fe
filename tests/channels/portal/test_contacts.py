"""What is no complaint on the public form: recorded as what the customer says it is."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select

from complaints.channels.portal.complain_page import MOST_FILES
from complaints.domain.other_contacts.acts import ContactState
from complaints.models import (
    Complaint,
    ContactFile,
    Customer,
    Deadline,
    Notice,
    OtherContact,
    OutboxMessage,
)
from tests.channels.portal.test_complain import fill, one, send
from tests.office import Office
from tests.steps.files.pictures import PHOTO
from tests.web.conftest import Wall
from tests.web.page import Visitor

ASKED = "Apakah loket Jakarta buka pada hari Sabtu?"


def test_a_question_is_recorded_as_one(office: Office, visitor: Visitor, wall: Wall):
    page = send(visitor, wall, 200, story=ASKED, kind="INFORMASI")
    found = one(office, OtherContact)
    assert (found.words, found.kind, found.state) == (ASKED, "INFORMASI", ContactState.OPEN)
    assert (found.source, found.taken_by_id, found.customer_id) == ("portal", None, None)
    assert "KTK-2026-000001" in page.main
    for table in (Complaint, Customer, Deadline):
        assert not office.session.scalars(select(table)).all()


def test_it_is_recorded_once_however_often_it_is_sent(office: Office, visitor: Visitor, wall: Wall):
    form = fill(visitor, wall)
    told = {"story": ASKED, "kind": "SARAN", "name": "Siti", "phone": "0812 3456 7890"}
    for _ in range(3):
        again = visitor.submit(form, "/portal/", 200, **told, consent="yes")
    assert "KTK-2026-000001" in again.main
    one(office, OtherContact)


def test_staff_hear_of_it_and_the_letter_tells_the_number_alone(
    office: Office, visitor: Visitor, wall: Wall
):
    send(visitor, wall, 200, story=ASKED, kind="PUJIAN")
    notice = one(office, Notice)
    assert (notice.kind, notice.user_id) == ("contact_from_customer", office.id_of("supervisor"))
    letters = office.session.scalars(select(OutboxMessage)).all()
    (letter,) = [each for each in letters if each.kind == "contact_received"]
    assert letter.to_address == "siti@pelanggan.example"
    assert ASKED not in str(letter.facts)


def test_what_is_wrong_is_said_and_stays_typed(office: Office, visitor: Visitor, wall: Wall):
    page = send(visitor, wall, 422, story=ASKED, kind="TIDAK_ADA")
    assert ASKED in page.one("#story").get_text()
    page = send(visitor, wall, 422, story=ASKED, kind="SARAN", consent="")
    assert page.one("#kind option[selected]")["value"] == "SARAN"
    assert not office.session.scalars(select(OtherContact)).all()


def test_files_stay_with_what_they_came_with_once(office: Office, visitor: Visitor, wall: Wall):
    form = fill(visitor, wall, "en")
    told = {"story": ASKED, "kind": "SARAN", "name": "Siti", "phone": "0812 3456 7890"}
    for _ in range(2):
        files = [(BytesIO(b"halo"), "catatan.txt"), (BytesIO(PHOTO), "foto.jpg")]
        visitor.submit(form, "/portal/", 200, **told, consent="yes", files=files)
    rows = office.session.scalars(select(ContactFile).order_by(ContactFile.id)).all()
    assert [(each.name, each.from_customer, each.by_id) for each in rows] == [
        ("catatan.txt", True, None),
        ("foto.jpg", True, None),
    ]
    one(office, OtherContact)


def test_too_many_files_are_refused_with_every_word_kept(
    office: Office, visitor: Visitor, wall: Wall
):
    form = fill(visitor, wall, "en")
    told = {"story": ASKED, "kind": "SARAN", "name": "Siti", "phone": "0812 3456 7890"}
    files = [(BytesIO(b"halo"), f"{n}.txt") for n in range(MOST_FILES + 1)]
    page = visitor.submit(form, "/portal/", 422, **told, consent="yes", files=files)
    assert ASKED in page.one("#story").get_text()
    assert not office.session.scalars(select(OtherContact)).all()


def test_it_stops_robots_as_complaints_do(office: Office, visitor: Visitor, wall: Wall):
    send(visitor, wall, 422, story=ASKED, kind="SARAN", website="http://spam.example")
    assert not office.session.scalars(select(OtherContact)).all()

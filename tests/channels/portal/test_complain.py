"""Complaining without an account: recorded once, truly, and nothing is lost on the way."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select, update

from complaints.channels.portal import complain as complain_view
from complaints.channels.portal.complain_page import MOST_FILES
from complaints.channels.portal.gate import FROM_ADDRESS, PER_ADDRESS, TOO_QUICK, WITH_CONTACT
from complaints.commands.doctor import examine
from complaints.domain.words.likeness import is_alike
from complaints.formatting import say_instant
from complaints.models import (
    Attachment,
    Complaint,
    Customer,
    Deadline,
    HistoryEntry,
    Notice,
    OneTimeKey,
    OutboxMessage,
    StepRecord,
)
from complaints.queries.people.open_work import count_orphans
from tests.at_once import at_once
from tests.office import Office
from tests.web.conftest import Wall
from tests.web.page import Page, Visitor

STORY = "Internet di rumah mati sejak kemarin sore. Modem sudah saya nyalakan ulang."
OTHER_STORY = "Tagihan bulan Oktober dua kali lipat padahal paket tidak saya ubah."
TOLD = {
    "story": STORY,
    "name": "Ibu Siti Aminah",
    "phone": "0812 3456 7890",
    "email": "siti@pelanggan.example",
    "consent": "yes",
}
MINUTES = timedelta(minutes=2)


def fill(visitor: Visitor, wall: Wall, language: str = "id") -> Page:
    """Open the form, and take one's time."""
    page = visitor.get(f"/portal/?lang={language}")
    wall.at += MINUTES
    return page


def send(visitor: Visitor, wall: Wall, status: int = 303, **more: str) -> Page:
    return visitor.submit(fill(visitor, wall), "/portal/", status, **{**TOLD, **more})


def one(office: Office, table: type[Any]) -> Any:
    found = office.session.scalars(select(table).execution_options(populate_existing=True)).all()
    office.session.commit()
    assert len(found) == 1
    return found[0]


# What is recorded


def test_a_complaint_is_recorded_as_told(office: Office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    found = one(office, Complaint)
    assert (found.story, found.summary) == (STORY, "")
    assert (found.source, found.channel, found.status) == ("portal", "web", "received")
    assert (found.contact_name, found.contact_salutation) == ("Siti Aminah", "Ibu")
    assert (found.contact_phone, found.contact_email) == ("6281234567890", TOLD["email"])
    assert (found.handler_id, found.received_by_id) == (None, None)
    assert found.branch_id == office.rules.branches_by_code["JKT"].id
    assert found.received_at == wall.at
    entry = one(office, HistoryEntry)
    assert (entry.what, entry.by_id, entry.by_name) == ("receive", None, "Pelanggan")
    assert entry.detail["consent"] is True


def test_nothing_that_staff_must_do_is_proven_by_it(office: Office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    assert office.count(StepRecord) == 0
    proven = {each.criterion for each in office.evidence(number(office)) if each.state == "proven"}
    # On a written channel the message itself is what was listened to.
    assert proven <= {"020-1.1"}


def test_its_clocks_run_from_that_moment(office: Office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    clocks = office.clocks(number(office))
    assert {"ack", "resolve"} <= set(clocks)
    assert {each.started_at for each in clocks.values()} == {wall.at}


def test_the_place_decides_which_branch_has_it(office: Office, visitor: Visitor, wall: Wall):
    send(visitor, wall, place="MKS")
    assert one(office, Complaint).branch_id == office.rules.branches_by_code["MKS"].id


def test_whoever_gives_complaints_out_hears_of_it(office: Office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    notice = one(office, Notice)
    assert (notice.kind, notice.user_id) == ("from_customer", office.id_of("supervisor"))


def test_the_letter_goes_to_the_address_that_was_told(office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    (letter,) = [each for each in office.letters(number(office)) if each.kind != "notice"]
    assert (letter.kind, letter.to_address) == ("arrived", TOLD["email"])
    assert STORY not in str(letter.facts)


def test_without_an_address_no_letter_waits_for_anybody(office, visitor: Visitor, wall: Wall):
    page = visitor.follow(send(visitor, wall, email=""))
    assert {each.kind for each in office.letters(number(office))} == {"notice"}
    assert "kami kirim ke alamat email" not in page.main


def test_staff_can_go_on_from_there(office: Office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    office.at = wall.at
    office.walk(number(office), to="020-1.6")
    assert one(office, Complaint).status == "registered"


def late(office: Office, wall: Wall) -> None:
    """Nobody took it in its time."""
    office.session.execute(
        update(Deadline).where(Deadline.kind == "ack").values(state="breached", breached_at=wall.at)
    )
    office.session.commit()


@pytest.mark.both_databases
def test_what_just_came_in_is_to_be_given_out(office: Office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    assert count_orphans(office.session) == 1
    assert count_orphans(office.session, with_new=False) == 0
    late(office, wall)
    assert count_orphans(office.session, with_new=False) == 1


def test_what_just_came_in_is_no_fault_of_the_installation(
    office: Office, visitor: Visitor, wall: Wall, database_url: str
):
    """Found: the doctor failed on every installation as soon as a customer wrote."""

    def doctor_says() -> tuple[bool, str]:
        found = examine(
            {"DATABASE_URL": database_url, "SECRET_KEY": "a key that is long enough for any doctor"}
        )
        by_name = {each.name: (each.is_well, each.what) for each in found}
        return by_name["owners"]

    send(visitor, wall)
    is_well, said = doctor_says()
    assert is_well
    assert said == "all open work lies with somebody who can be reached, or has just come in"
    late(office, wall)
    is_well, said = doctor_says()
    assert not is_well
    assert said.startswith("work on 1 complaints")


# The receipt


@pytest.mark.parametrize("language", ["id", "en"])
def test_number_and_link_are_on_the_receipt(office, visitor: Visitor, wall: Wall, language, app):
    form = fill(visitor, wall, language)
    page = visitor.follow(visitor.submit(form, "/portal/", 303, **TOLD))
    assert number(office) in page.main
    base = app.config["SETTINGS"].base_url
    (link,) = page.all("a.link")
    assert link.get_text() == f"{base}{str(link['href']).partition('?')[0]}"
    assert number(office) in visitor.get(str(link["href"])).h1
    assert page.tree["lang"] == language
    assert one(office, Customer).language == language


def test_the_receipt_promises_what_its_clock_keeps(office, visitor: Visitor, wall: Wall):
    page = visitor.follow(send(visitor, wall))
    due = office.clocks(number(office))["ack"].due_at
    zone = office.rules.home_zone
    office.session.commit()
    assert f"paling lambat {say_instant(due, zone)}" in page.main
    followed = visitor.get(page.link("Buka halaman keluhan saya")).main
    assert "Keluhan Anda sudah kami terima." in followed
    assert f"tanda terima beserta tenggatnya, paling lambat {say_instant(due, zone)}" in followed
    assert "catat selengkapnya" not in followed


def test_a_receipt_is_nobody_elses(visitor: Visitor, wall: Wall):
    to = str(send(visitor, wall).response.headers["Location"])
    assert "siti" not in visitor.get(to).text.lower()
    visitor.get(to.replace("/receipt", "x/receipt"), status=404)


def test_links_come_from_the_settings_and_not_from_the_request(app: Flask, wall: Wall):
    stranger = {"Host": "jahat.example"}
    sent = app.test_client().post("/portal/", data=TOLD, headers=stranger)
    assert sent.headers["Location"].startswith("/portal/")
    page = app.test_client().get(sent.headers["Location"], headers=stranger)
    assert page.status_code == 200
    assert "jahat.example" not in page.text


# Once


@pytest.mark.both_databases
def test_sent_twice_it_is_one_complaint(office: Office, visitor: Visitor, wall: Wall):
    form = fill(visitor, wall)
    first, second = (visitor.submit(form, "/portal/", 303, **TOLD) for _ in range(2))
    assert first.response.headers["Location"] == second.response.headers["Location"]
    assert [office.count(each) for each in (Complaint, OneTimeKey, Notice)] == [1, 1, 1]


def test_sent_at_once_it_is_one_complaint(app: Flask, office, visitor: Visitor, wall: Wall):
    form = fill(visitor, wall)
    typed = {str(each["name"]): str(each.get("value", "")) for each in form.all("form input")}
    data = {**typed, **TOLD}
    answers: list[str] = []

    def press() -> None:
        answers.append(app.test_client().post("/portal/", data=data).headers["Location"])

    at_once(4, press)
    assert len(set(answers)) == 1
    assert office.count(Complaint) == 1


def test_changed_and_sent_again_it_leads_to_the_first_one(office, visitor: Visitor, wall: Wall):
    form = fill(visitor, wall)
    visitor.submit(form, "/portal/", 303, **TOLD)
    page = visitor.submit(form, "/portal/", 409, **{**TOLD, "story": OTHER_STORY})
    assert number(office) in visitor.get(page.link("Buka keluhan yang sudah terkirim")).h1
    assert OTHER_STORY in page.form("/portal/").text
    # Sent deliberately once more, it is another complaint.
    visitor.submit(page, "/portal/", 303)
    assert office.count(Complaint) == 2


# What is wrong is all said at once


def test_everything_that_is_wrong_is_said_at_once(office: Office, visitor: Visitor, wall: Wall):
    wrong = {"story": " ", "name": "", "phone": "12", "email": "siti@", "consent": ""}
    page = send(visitor, wall, 422, **wrong)
    links = [str(each["href"]) for each in page.all("#errors li a")]
    assert links == ["#story", "#name", "#phone", "#email", "#consent"]
    for each in links:
        assert page.one(each)["aria-invalid"] == "true"
    assert office.count(Complaint) == 0


def test_nothing_that_was_typed_is_lost(visitor: Visitor, wall: Wall):
    page = send(visitor, wall, 422, consent="", place="MKS", story="<b>Mati</b>\nsejak & kemarin")
    assert page.one("#story").get_text() == "<b>Mati</b>\nsejak & kemarin"
    for name in ("name", "phone", "email"):
        assert page.one(f"#{name}")["value"] == TOLD[name]
    assert page.one("#place option[selected]")["value"] == "MKS"
    assert visitor.submit(page, "/portal/", 303, consent="yes").status == 303


def test_one_way_to_reach_them_is_enough_and_none_is_not(office, visitor: Visitor, wall: Wall):
    page = send(visitor, wall, 422, phone="", email="")
    assert [str(each["href"]) for each in page.all("#errors li a")] == ["#phone"]
    for more in ({"phone": ""}, {"email": "", "story": OTHER_STORY}):
        send(visitor, wall, **more)
    assert office.count(Complaint) == 2


def test_the_language_is_switched_without_losing_a_word(office, visitor: Visitor, wall: Wall):
    form = fill(visitor, wall)
    typed = {str(each["name"]): str(each.get("value", "")) for each in form.all("form input")}
    data = {**typed, **TOLD, "consent": "", "switch": "en"}
    page = visitor.post("/portal/", data, 200)
    assert (page.tree["lang"], page.all("#errors")) == ("en", [])
    assert page.one("#story").get_text().strip() == STORY
    sent = visitor.submit(page, "/portal/", 303, consent="yes")
    assert visitor.follow(sent).tree["lang"] == "en"
    assert one(office, Customer).language == "en"


def test_our_own_address_is_refused(office: Office, visitor: Visitor, wall: Wall):
    ours = office.rules.organisation.email
    office.session.commit()
    page = send(visitor, wall, 422, email=ours.upper())
    assert page.words("#email-error") == ["Ini alamat email kami sendiri. Isi alamat Anda."]


def test_a_name_carries_no_address_into_our_letters(visitor: Visitor, wall: Wall):
    page = send(visitor, wall, 422, name="Menangkan hadiah di https://jahat.example")
    assert page.words("#name-error") == ["Isi nama saja, tanpa alamat situs."]


NASTY = [
    "\x00",
    "\x07\x1b[2J",
    "x" * 30_000,
    "<script>alert(1)</script>",
    "'; DROP TABLE",
    "\u202e",
    "9" * 4_000,
    "%(number)s",
    "{{ 7 * 7 }}",
    "\U0001f4a5" * 500,
    "-1",
    "a@b",
    "\r\nBcc: x@y.example",
]
ODD = [*TOLD, "place", "one_time_key", "language", "separate", "website"]


@pytest.mark.parametrize("field", ODD)
@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_odd_input_is_answered_with_a_sentence(app: Flask, office, wall: Wall, field: str, value):
    answer = app.test_client().post("/portal/", data={**TOLD, field: value})
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert '<div class="refused"' in answer.text
    assert "<script>alert" not in answer.text


def test_whoever_has_lost_their_link_finds_the_way(visitor: Visitor):
    words = "Sudah pernah melapor? Dapatkan tautan Anda lewat email"
    assert visitor.get(visitor.get("/portal/?lang=id").link(words)).status == 200


# Robots, and people who are taken for one


def test_a_filled_trap_costs_one_more_click(office: Office, visitor: Visitor, wall: Wall):
    page = send(visitor, wall, 422, website="https://isi.otomatis.example")
    assert office.count(Complaint) == 0
    assert page.one("#website").get("value") is None
    assert page.one("#story").get_text().strip() == STORY
    visitor.submit(page, "/portal/", 303)
    assert office.count(Complaint) == 1


def test_who_is_very_quick_waits_after_a_few(office: Office, app: Flask, wall: Wall):
    client = app.test_client()
    for n in range(TOO_QUICK):
        answer = client.post("/portal/", data={**TOLD, "phone": f"0812345678{n:02}", "email": ""})
        assert answer.status_code == 303
    refused = client.post("/portal/", data={**TOLD, "email": ""})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert STORY in refused.text
    # The form that came back goes through when one has taken a moment over it.
    page = Page(refused, "/portal/")
    wall.at += MINUTES
    Visitor(client).submit(page, "/portal/", 303)
    assert office.count(Complaint) == TOO_QUICK + 1


def test_a_network_that_complains_too_often_waits_and_then_goes_on(
    office: Office, visitor: Visitor, wall: Wall, app: Flask
):
    forms = [visitor.get("/portal/") for _ in range(FROM_ADDRESS + 1)]
    wall.at += MINUTES
    for n in range(FROM_ADDRESS):
        told = {**TOLD, "phone": f"0812345678{n:02}", "email": "", "story": f"Kabel nomor {n}"}
        visitor.submit(forms.pop(), "/portal/", 303, **told)
    page = visitor.submit(forms.pop(), "/portal/", 429, **{**TOLD, "story": OTHER_STORY})
    assert OTHER_STORY in page.text
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    assert app.test_client().post("/portal/", data=TOLD, environ_base=elsewhere).status_code == 303
    wall.at += PER_ADDRESS
    visitor.submit(page, "/portal/", 303)


def test_one_contact_complains_so_often_an_hour_from_wherever(office, app: Flask, wall: Wall):
    for n in range(WITH_CONTACT + 1):
        data = {**TOLD, "email": "" if n % 2 else TOLD["email"], "phone": "+62 812-3456-7890"}
        answer = app.test_client().post(
            "/portal/", data=data, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"}
        )
    assert answer.status_code == 429
    assert office.count(Complaint) == WITH_CONTACT


def test_what_is_refused_counts_for_nothing(office: Office, app: Flask, wall: Wall):
    for _ in range(WITH_CONTACT + 1):
        assert app.test_client().post("/portal/", data={**TOLD, "consent": ""}).status_code == 422
    assert app.test_client().post("/portal/", data=TOLD).status_code == 303


def test_staff_record_what_they_are_told_elsewhere(office, at_desk, wall: Wall):
    page = send(at_desk("csr"), wall, 403)
    assert "Keluhan baru" in page.main
    assert STORY in page.text
    assert office.count(Complaint) == 0


def test_without_a_form_there_is_none(office: Office, visitor: Visitor, app: Flask, monkeypatch):
    from dataclasses import replace

    from complaints.channels.portal import complain, complain_page

    rules = office.rules
    organisation = replace(rules.organisation, public_form=None)
    closed = type(
        "Closed",
        (),
        {**{n: getattr(rules, n) for n in ("branches", "branches_in_use", "home_zone")}},
    )()
    closed.organisation = organisation
    for module in (complain, complain_page):
        monkeypatch.setattr(module, "current_rules", lambda _: closed)
    assert visitor.get("/portal/").all("main form") == []
    assert app.test_client().post("/portal/", data=TOLD).status_code == 404


# Whose record it is


def known(office: Office, **who: str) -> Customer:
    """Somebody who has complained at the desk, and what is kept of them."""
    office.receive(who={"name": "Siti Aminah", "phone": "0812 3456 7890", "email": "", **who})
    return one(office, Customer)


def test_a_record_that_fits_is_neither_changed_nor_read_from(office, visitor, wall: Wall):
    before = known(office)
    send(visitor, wall, email="penipu@lain.example")
    after = one(office, Customer)
    assert (after.id, after.email, after.salutation) == (before.id, None, before.salutation)
    told = office.session.scalars(select(Complaint).order_by(Complaint.id.desc())).first()
    assert told.contact_email == "penipu@lain.example"


def test_letters_of_a_stranger_never_go_to_the_address_on_file(office, visitor, wall: Wall):
    known(office, email="siti.asli@pelanggan.example")
    page = visitor.follow(send(visitor, wall, email=""))
    assert "siti.asli" not in page.text
    told = office.session.scalars(select(Complaint).order_by(Complaint.id.desc())).first()
    assert told.contact_email is None


def test_who_is_somebody_else_gets_a_record_of_their_own(office, visitor, wall: Wall):
    known(office)
    send(visitor, wall, name="Budi Hartono")
    assert office.count(Customer) == 2


# Told before


def test_the_same_browser_is_asked_whether_it_is_the_same(office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    page = send(visitor, wall, 409, story=f"Masih sama: {STORY}")
    assert f"Anda sudah melaporkan ini ({number(office)})" in page.main
    assert number(office) in visitor.get(page.link(f"Buka keluhan {number(office)}")).h1
    visitor.submit(page, "/portal/", 303)
    assert office.count(Complaint) == 2


def test_another_matter_is_not_asked_about(office: Office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    send(visitor, wall, story=OTHER_STORY)
    assert office.count(Complaint) == 2


def test_a_stranger_learns_nothing_of_who_has_complained(office, app: Flask, wall: Wall):
    """The same words with the same contacts from another browser are simply received."""
    send(Visitor(app.test_client()), wall)
    first = number(office)
    stranger = Visitor(app.test_client())
    page = send(stranger, wall)
    assert first not in stranger.follow(page).text
    forged = app.test_client()
    forged.set_cookie("tanggap_told", "1.forged", path="/portal/")
    page = send(Visitor(forged), wall)
    assert first not in page.text


def test_the_letter_names_what_was_told_to_the_same_mailbox(office, app: Flask, wall: Wall):
    for _ in range(2):
        send(Visitor(app.test_client()), wall)
    letters = office.session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "arrived").order_by(OutboxMessage.id)
    ).all()
    assert [each.facts["earlier"] for each in letters] == ["", number(office)]


def test_the_letter_names_nothing_that_another_mailbox_reads(office, app: Flask, wall: Wall):
    for email in ("siti@pelanggan.example", "lain@pelanggan.example"):
        send(Visitor(app.test_client()), wall, email=email)
    letters = office.session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "arrived")
    ).all()
    assert [each.facts["earlier"] for each in letters] == ["", ""]


def test_what_was_withdrawn_or_long_ago_is_told_anew(office, visitor: Visitor, wall: Wall):
    send(visitor, wall)
    office.session.execute(update(Complaint).values(status="withdrawn"))
    office.session.commit()
    send(visitor, wall)
    wall.at += timedelta(days=29)
    send(visitor, wall)
    assert office.count(Complaint) == 3


ALIKE = [
    (STORY, STORY.upper(), True),
    (STORY, "Sejak kemarin sore internet rumah saya mati, modem sudah dinyalakan ulang", True),
    (STORY, OTHER_STORY, False),
    ("", "", False),
    ("mati", "mati", False),
    ("网络中断", "网络中断", False),
]


@pytest.mark.parametrize(("one", "other", "is_so"), ALIKE)
def test_which_stories_seem_to_be_the_same(one: str, other: str, is_so: bool):
    assert is_alike(one, other) is is_so
    assert is_alike(other, one) is is_so


# Files that come along


def photo(name: str = "modem.png") -> tuple[BytesIO, str]:
    file = BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "PNG")
    file.seek(0)
    return file, name


def test_photos_are_on_the_complaint(office: Office, app: Flask, wall: Wall):
    data = {**TOLD, "files": [photo(), photo("tagihan ../../etc.png")]}
    sent = app.test_client().post("/portal/", data=data, content_type="multipart/form-data")
    assert sent.status_code == 303
    rows = office.session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert [(each.type, each.source, each.by_name) for each in rows] == [
        ("image/png", "portal", "Pelanggan")
    ] * 2
    assert all(each.shown_to_customer for each in rows)
    assert [each.what for each in office.history(number(office))] == ["receive", "attach", "attach"]


@pytest.mark.both_databases
def test_sent_twice_with_a_photo_it_is_one_of_each(office, visitor: Visitor, wall: Wall):
    form = fill(visitor, wall)
    for _ in range(2):
        visitor.submit(form, "/portal/", 303, **TOLD, files=photo())
    assert [office.count(each) for each in (Complaint, Attachment)] == [1, 1]


def test_too_many_files_are_refused_and_the_words_stay(office, app: Flask, wall: Wall):
    data = {**TOLD, "files": [photo(f"{n}.png") for n in range(MOST_FILES + 1)]}
    sent = app.test_client().post("/portal/", data=data, content_type="multipart/form-data")
    page = Page(sent, "/portal/")
    assert (page.status, page.one("#files")["aria-invalid"]) == (422, "true")
    assert page.one("#story").get_text().strip() == STORY
    assert "Mohon pilih berkas Anda sekali lagi." in page.main
    assert [office.count(each) for each in (Complaint, Attachment)] == [0, 0]


def test_an_empty_file_is_named(app: Flask, wall: Wall):
    data = {**TOLD, "files": (BytesIO(b""), "kosong.png")}
    sent = app.test_client().post("/portal/", data=data, content_type="multipart/form-data")
    assert (sent.status_code, 'id="files-error"' in sent.text) == (422, True)


def test_nothing_is_stored_for_a_form_that_is_refused_anyway(office, app, wall, monkeypatch):
    monkeypatch.setattr(complain_view, "take_uploads", lambda *_, **__: pytest.fail("stored"))
    data = {**TOLD, "consent": "", "files": photo()}
    sent = app.test_client().post("/portal/", data=data, content_type="multipart/form-data")
    assert sent.status_code == 422


def test_so_many_forms_with_files_come_from_one_network(app: Flask, wall: Wall, monkeypatch):
    """Also of those that record nothing: what is stored is stored."""
    answers = []
    for _ in range(FROM_ADDRESS + 1):
        data = {**TOLD, "files": (BytesIO(b""), "kosong.png")}
        sent = app.test_client().post("/portal/", data=data, content_type="multipart/form-data")
        answers.append(sent.status_code)
    assert answers == [422] * FROM_ADDRESS + [429]


def number(office: Office) -> str:
    """The number of the first complaint there is."""
    found = office.session.execute(select(func.min(Complaint.id), func.min(Complaint.year))).one()
    said = office.rules.numbers.write(found[1], found[0])
    office.session.commit()
    return said


def test_the_page_names_the_date_of_the_receipt_and_no_vaguer_one(
    office: Office, visitor: Visitor, wall: Wall
):
    page = visitor.follow(send(visitor, wall, language="en"))
    own = visitor.get(str(page.one("a.link")["href"]))
    assert "gives you a receipt with the deadline, no later than" in own.main
    assert "We will tell you the date soon." not in own.main

"""Letters and scripts: unknown names are refused with their line, words read with a complaint."""

from __future__ import annotations

from complaints.models import OutboxMessage
from tests.office import Office

AT = "/admin/organisation"
DRAFT = f"{AT}/drafts/item"


def test_an_unknown_name_is_refused_with_its_line(at_desk, office: Office):
    admin = at_desk("admin")
    for wrong in ("Yth. {nama_depan}", "Yth. {Nama}"):
        page = admin.submit(admin.get(f"{DRAFT}?key=0"), DRAFT, 422, text_id=f"Halo\n{wrong}")
        assert "line 2" in page.main
        assert wrong in page.one("[name='text_id']").get_text()


def test_a_footer_names_no_contact_that_there_is_not(at_desk, office: Office):
    admin = at_desk("admin")
    form = f"{AT}/organisation/"
    page = admin.submit(admin.get(form), f"{AT}/organisation/item", 422, social_handle="")
    assert "{social_handle}" in page.main
    page = admin.submit(admin.get(f"{AT}/footer/"), f"{AT}/footer/item", 422, text_id="{ponsel}")
    assert "{ponsel}" in page.main


def test_first_words_are_read_with_a_real_complaint_and_nothing_is_sent(
    at_desk, office: Office, wall
):
    number = office.receive()
    before = office.count(OutboxMessage)
    office.session.commit()
    wall.at = office.at
    admin = at_desk("admin")
    typed = {"text_id": "Yth. {salutation},\nNomor {number}\nPenyebab: {cause}", "do": "sample"}
    page = admin.submit(admin.get(f"{DRAFT}?key=0"), DRAFT, 200, sample=number, **typed)
    said = page.all(".said-note")[0].get_text()
    assert f"Nomor {number}" in said
    assert "Penyebab" not in said
    assert "{" not in said
    assert office.count(OutboxMessage) == before
    page = admin.submit(admin.get(f"{DRAFT}?key=0"), DRAFT, 422, sample="KLH-2020-9", **typed)
    assert page.all(".said-stop")


def test_a_script_keeps_the_list_of_its_names(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    action = f"{AT}/scripts/item"
    page = admin.get(f"{action}?key=std1-a")
    preview = admin.submit(page, action, 200, text_id="Selamat datang.", text_en="Welcome.")
    admin.submit(preview, f"{AT}/save", 303)
    assert office.rules.scripts.scripts["std1-a"].text_id == "Selamat datang."

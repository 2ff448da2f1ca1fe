"""A branch that is no longer used: what hangs on it is asked for, and nothing new comes to it."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Invalid
from complaints.models import User
from complaints.rules.in_force import bodies_in_force
from complaints.steps.public_posts.take import PostGiven, take_post
from tests.office import Office

AT = "/admin/organisation/branches/retirement/"
JKT, MKS = f"{AT}?key=JKT", f"{AT}?key=MKS"


def branch_of(office: Office, name: str) -> str:
    office.session.expire_all()
    user = office.session.get(User, office.id_of(name))
    code = office.rules.branches[user.branch_id].code
    office.session.commit()
    return code


def test_what_goes_on_stays_with_its_people_and_nothing_new_comes(at_desk, office: Office, wall):
    wall.at = office.at
    number = office.receive(branch="MKS", by="csr2")
    admin = at_desk("admin")
    item = admin.get("/admin/organisation/branches/item?key=MKS")
    asked = admin.follow(
        admin.submit(item, "/admin/organisation/branches/change", 303, do="retire")
    )
    assert "berjalan terus di cabang ini" in asked.main
    assert asked.all("[name='people']") == []
    admin.submit(asked, AT, 303)
    assert office.rules.branches_by_code["MKS"].retired
    assert branch_of(office, "csr2") == "MKS"
    with pytest.raises(Invalid, match="takes nothing new"):
        office.receive(branch="MKS", by="csr2")
    # What is there goes on, and stands in lists under its branch as before.
    assert number in at_desk("csr2").get("/complaints").main
    listed = at_desk("manager").get("/complaints?branch=MKS")
    assert number in listed.main
    assert "Makassar (tidak dipakai lagi)" in listed.one("[name='branch']").text


def test_people_are_not_taken_from_what_is_not_finished(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    # The complaint comes in while the administrator reads the page.
    old = admin.get(MKS)
    office.receive(branch="MKS", by="csr2")
    page = admin.submit(old, AT, 422, people="JKT")
    assert "Belum selesai di cabang ini: 1" in page.main
    assert not office.rules.branches_by_code["MKS"].retired
    assert branch_of(office, "csr2") == "MKS"


def test_people_are_not_taken_from_a_public_post_that_waits(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    old = admin.get(MKS)
    given = PostGiven("x", "https://x.com/a/status/1", "@a", "Internet mati", office.at, "MKS")
    take_post(office.session, office.rules, given, by=office.actor("csr2"), at=office.at)
    office.session.commit()
    assert "Belum selesai di cabang ini: 1" in admin.submit(old, AT, 422, people="JKT").main
    assert branch_of(office, "csr2") == "MKS"


def test_without_work_its_people_go_where_they_are_sent(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    admin.submit(admin.get(MKS), AT, 303, people="JKT")
    assert branch_of(office, "csr2") == "JKT"
    history = admin.get(f"/admin/people/{office.id_of('csr2')}").main
    assert "Makassar → Jakarta" in history
    # Nobody is put there any more, and it is used again from its history or its page.
    edited = admin.get(f"/admin/people/{office.id_of('csr2')}/edit").one("[name='branch']")
    assert "Makassar" not in edited.text
    item = admin.get("/admin/organisation/branches/item?key=MKS")
    back = admin.submit(item, "/admin/organisation/branches/change", 200, do="back")
    admin.submit(back, "/admin/organisation/save", 303)
    assert not office.rules.branches_by_code["MKS"].retired


def test_its_mail_and_the_public_form_go_to_another_branch(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    page = admin.submit(admin.get(JKT), AT, 422)
    assert "Pilih cabang lain yang masih dipakai" in page.main
    admin.submit(page, AT, 303, mailboxes="MKS", form="MKS")
    bodies = bodies_in_force(office.session)
    office.session.commit()
    (mailbox,) = bodies["mailboxes"]["mailboxes"]["mailbox"]
    assert mailbox["branch"] == "MKS"
    assert bodies["organisation"]["organisation"]["public_form"]["branch"] == "MKS"
    assert office.rules.branches_by_code["JKT"].retired


def test_a_page_that_grew_old_retires_nothing(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    old = admin.get(MKS)
    product = admin.get("/admin/organisation/products/item?key=TV")
    typed = {"label_id": "Televisi kabel"}
    preview = admin.submit(product, "/admin/organisation/products/item", 200, **typed)
    admin.submit(preview, "/admin/organisation/save", 303)
    page = admin.submit(old, AT, 409)
    assert "Rekan lain menyimpan aturan ini" in page.main
    assert not office.rules.branches_by_code["MKS"].retired


def test_a_branch_is_retired_once(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    admin.submit(admin.get(MKS), AT, 303)
    again = admin.submit(admin.get(MKS), AT, 422)
    assert "Cabang ini sudah tidak dipakai lagi." in again.main

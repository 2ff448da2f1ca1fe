"""Saved views: kept apart, counted by the reader's rights, never wider than they say."""

from __future__ import annotations

import pytest

from complaints.steps.close import withdraw_complaint

pytestmark = pytest.mark.both_databases


def listed(page):
    return page.words(".list .c-number a")


def save(person, query, name, *, shared=False, status=303):
    page = person.get(f"/complaints/views?{query}")
    sent = {
        "name": name,
        "asked": page.one("[name=asked]")["value"],
        "csrf_token": page.one("form.box [name=csrf_token]")["value"],
    }
    if shared:
        sent["is_shared"] = "1"
    return person.post("/complaints/views", sent, status=status)


def badges(person):
    page = person.get("/complaints/views")
    return dict(
        zip(page.words(".rows tbody td:first-child"), page.words(".rows tbody .r"), strict=True)
    )


def test_a_view_is_one_click_away_and_its_badge_equals_its_list(office, at_desk):
    bills = [office.receive(category="TAG_GANDA") for _ in range(2)]
    office.receive()
    office.session.commit()
    csr = at_desk("csr")
    save(csr, "category=TAG_GANDA", "Tagihan ganda")
    page = csr.get(csr.get("/complaints").link("Tagihan ganda"))
    assert sorted(listed(page)) == bills
    assert badges(csr) == {"Tagihan ganda": "2"}


def test_saving_as_new_leaves_the_old_untouched(office, at_desk):
    bill = office.receive(category="TAG_GANDA")
    other = office.receive()
    office.session.commit()
    csr = at_desk("csr")
    save(csr, "category=TAG_GANDA", "Satu")
    save(csr, "sort=newest", "Dua")
    refused = save(csr, "channel=media", "Satu", status=422)
    assert "sudah" in refused.main
    page = csr.get("/complaints")
    assert listed(csr.get(page.link("Satu"))) == [bill]
    assert listed(csr.get(page.link("Dua"))) == [other, bill]


@pytest.mark.parametrize("name", ["category", "team", "channel", "branch", "priority"])
def test_a_code_that_is_gone_shows_nothing_says_why_and_never_widens(office, at_desk, name):
    office.receive()
    office.session.commit()
    manager = at_desk("manager")
    save(manager, f"{name}=SUDAH_TIADA", "Lama")
    page = manager.get(manager.get("/complaints").link("Lama"))
    assert listed(page) == []
    assert "SUDAH_TIADA tidak dipakai lagi" in page.main
    # Sent again, the form asks for the same.
    (chosen,) = page.all(f".filters [name={name}] option[selected]")
    assert chosen["value"] == "SUDAH_TIADA"
    assert badges(manager) == {"Lama": "0"}


def test_a_shared_view_counts_with_the_viewers_rights(office, at_desk):
    office.receive()
    mine = office.receive()
    office.complaint(mine).handler_id = office.people["supervisor"].id
    office.session.commit()
    save(at_desk("supervisor"), "handler=me", "Punya saya", shared=True)
    for name, count in (("supervisor", "1"), ("csr", "1")):
        person = at_desk(name)
        assert badges(person) == {"Punya saya": count}
        page = person.get(person.get("/complaints").link("Punya saya"))
        assert len(listed(page)) == int(count)
    # Another branch is not shown it.
    assert badges(at_desk("csr2")) == {}


def test_a_view_shared_by_head_office_shows_each_branch_its_own(office, at_desk):
    office.receive()
    office.receive(by="csr2", branch="MKS")
    office.session.commit()
    save(at_desk("manager"), "channel=walk_in", "Datang langsung", shared=True)
    assert badges(at_desk("manager")) == {"Datang langsung": "2"}
    assert badges(at_desk("csr")) == {"Datang langsung": "1"}
    assert badges(at_desk("csr2")) == {"Datang langsung": "1"}


def test_only_whoever_leads_shares_and_nobody_removes_anothers_own(office, at_desk):
    csr = at_desk("csr")
    assert csr.get("/complaints/views?status=closed").all("[name=is_shared]") == []
    save(csr, "status=closed", "Selesai saya", shared=True, status=403)
    save(csr, "status=closed", "Selesai saya")
    page = csr.get("/complaints/views")
    action = page.one(".rows form")["action"]
    supervisor = at_desk("supervisor")
    token = supervisor.get("/complaints/views?status=closed").one("form.box [name=csrf_token]")[
        "value"
    ]
    supervisor.post(action, {"csrf_token": token}, status=404)
    csr.submit(page, action, status=303)
    assert badges(csr) == {}


def test_a_view_of_finished_ones_counts_what_its_list_shows(office, at_desk):
    gone = office.receive()
    office.take(gone, withdraw_complaint, reason="salah nomor")
    office.receive()
    office.session.commit()
    csr = at_desk("csr")
    save(csr, "status=ended", "Usai")
    assert badges(csr) == {"Usai": "1"}


def test_many_views_are_counted_in_one_statement(office, at_desk, counted):
    csr = at_desk("csr")
    office.session.commit()
    save(csr, "status=closed", "Satu")
    csr.get("/complaints/views")
    with counted() as one:
        csr.get("/complaints/views")
    for index in range(10):
        save(csr, "status=closed", f"Tampilan {index}")
    with counted() as many:
        csr.get("/complaints/views")
    assert len(many) <= len(one)


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060", "x" * 61])
def test_a_view_without_a_name_is_not_saved(office, at_desk, name):
    save(at_desk("csr"), "status=closed", name, status=422)

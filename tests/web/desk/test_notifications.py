"""Notices: what one reads, and taking note."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from complaints.models import Notice
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.escalate import escalate_by_hand


@pytest.fixture
def escalated(office):
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan meminta atasan")
    return number


def test_the_bell_counts_what_is_unread(at_desk, escalated):
    page = at_desk("supervisor").get("/")
    assert page.one(".bell")["aria-label"] == "Pemberitahuan: 1 belum dibaca"
    assert "Pelanggan meminta atasan" in page.main


def test_a_notice_says_what_happened_and_leads_there(at_desk, escalated):
    page = at_desk("supervisor").get("/notices")
    assert "Pelanggan meminta atasan" in page.main
    assert page.link(f"Buka {escalated}") == f"/complaints/{escalated}"


def test_reading_one_and_reading_all(office, at_desk, escalated):
    office.take(escalated, assign_complaint, by="csr", handler="supervisor@tanggap.example")
    supervisor = at_desk("supervisor")
    page = supervisor.get("/notices")
    assert len(page.all(".notice-new")) == 2
    one = page.all(".notice-new form input[name=notice]")[0]["value"]
    page = supervisor.follow(supervisor.post("/notices/read", {"notice": one, **token(page)}))
    assert len(page.all(".notice-new")) == 1
    page = supervisor.follow(supervisor.submit(page, "/notices/read"))
    assert page.all(".notice-new") == []
    assert "sudah dibaca" in page.main
    assert supervisor.get("/").one(".bell")["aria-label"].endswith("0 belum dibaca")


def token(page):
    return {"csrf_token": page.all("input[name=csrf_token]")[0]["value"]}


def test_somebody_elses_notice_cannot_be_read_for_them(office, at_desk, escalated):
    notice = office.session.scalars(select(Notice)).first()
    office.session.commit()
    csr = at_desk("csr")
    csr.post("/notices/read", {"notice": notice.id, **token(csr.get("/notices"))})
    office.session.refresh(notice)
    assert notice.read_at is None


@pytest.mark.parametrize("given", ["x", "-1", "9" * 30, "1 OR 1=1"])
def test_nonsense_marks_nothing(office, at_desk, escalated, given):
    supervisor = at_desk("supervisor")
    page = supervisor.get("/notices")
    supervisor.post("/notices/read", {"notice": given, **token(page)})
    supervisor.get(f"/notices?before={given}")
    assert len(supervisor.get("/notices").all(".notice-new")) == 1


def test_an_empty_tray_teaches(at_desk):
    assert "tenggat mendekat" in at_desk("csr").get("/notices").main


def test_many_notices_come_in_pages(office, at_desk):
    number = office.receive()
    for index in range(60):
        office.session.add(
            Notice(
                key=f"k{index}",
                user_id=office.id_of("csr"),
                complaint_id=int(number.rpartition("-")[2]),
                kind="assigned",
                facts={"number": number, "by": "Rina", "reason": f"nomor {index}"},
                at=office.at,
            )
        )
    office.session.commit()
    csr = at_desk("csr")
    first = csr.get("/notices")
    assert len(first.all(".notice")) == 25
    second = csr.get(first.link("Lebih lama"))
    assert len(second.all(".notice")) == 25
    third = csr.get(second.link("Lebih lama"))
    assert "Kembali ke yang terbaru" not in first.text
    assert [each.link("Kembali ke yang terbaru") for each in (second, third)] == ["/notices"] * 2
    assert len(third.all(".notice")) == 10
    assert "nomor 0" in third.main


def test_a_notice_of_a_corrective_action_leads_there_from_home_and_from_the_list(office, at_desk):
    number, day = "TPB-2026-000001", "2026-11-27"
    facts = {"number": number, "action": number, "aim": "Daftar periksa", "by": "Rina", "due": day}
    office.session.add(
        Notice(key="k", user_id=office.id_of("csr"), kind="action_given", facts=facts, at=office.at)
    )
    office.session.commit()
    csr = at_desk("csr")
    for page in (csr.get("/"), csr.get("/notices")):
        assert f"/corrective-actions/{number}" in {each["href"] for each in page.all("main a")}

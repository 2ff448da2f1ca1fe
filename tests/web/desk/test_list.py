"""The list: filters in the address, pages there and back, the search, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from complaints.steps.casework.assign import assign_complaint
from complaints.steps.close import withdraw_complaint
from tests.conftest import NOW

pytestmark = pytest.mark.both_databases


def listed(page):
    return page.words(".list .c-number a")


def test_it_shows_open_complaints_the_most_urgent_first(office, at_desk):
    calm = office.receive(category="TAG_TELAT")
    urgent = office.receive(at=NOW - timedelta(days=2))
    gone = office.receive()
    office.take(gone, withdraw_complaint, reason="salah nomor")
    assert listed(at_desk("csr").get("/complaints")) == [urgent, calm]


def test_a_line_says_who_what_when_and_whose(office, at_desk, wall):
    number = office.receive()
    office.take(number, assign_complaint, by="supervisor", handler="csr@tanggap.example")
    wall.at = NOW + timedelta(minutes=20)
    row = at_desk("csr").get("/complaints").one(".list tbody tr").get_text(" ", strip=True)
    for words in (
        number,
        "P2 Tinggi",
        "Siti Aminah",
        "Internet mati total",
        "10 menit kerja lagi",
        "Kamis, 19 Nov, 09.45 WIB",
        "Belum terdaftar",
        "Csr",
    ):
        assert words in row


def test_the_due_time_is_told_in_the_branchs_own_zone(office, at_desk):
    office.receive(by="csr2", branch="MKS")
    assert "10.45 WITA" in at_desk("csr2").get("/complaints").main
    assert "10.45 WITA" in at_desk("manager").get("/complaints").main


@pytest.mark.parametrize("name", ["csr", "csr2"])
def test_nobody_is_asked_for_a_branch_who_sees_one(office, at_desk, name):
    office.receive()
    page = at_desk(name).get("/complaints")
    assert page.all("[name=branch]") == []
    assert page.all(".c-branch") == []
    named = at_desk("manager").get("/complaints").words(".c-branch")
    assert set(named) <= {"Jakarta", "Makassar", "Jayapura"}
    assert named


def test_filters_stand_in_the_address_and_in_the_form(office, at_desk):
    bill = office.receive(category="TAG_GANDA", channel="call")
    office.receive()
    csr = at_desk("csr")
    page = csr.get("/complaints?category=TAG_GANDA&channel=call")
    assert listed(page) == [bill]
    chosen = {
        select["name"]: [option["value"] for option in select.select("option[selected]")]
        for select in page.all(".filters select")
    }
    assert chosen["category"] == ["TAG_GANDA"]
    assert chosen["channel"] == ["call"]
    assert chosen["status"] == ["open"]
    assert page.one(".filters").has_attr("open")
    assert page.link("Bersihkan") == "/complaints"


def test_the_form_of_filters_works_without_scripts(office, at_desk):
    bill = office.receive(category="TAG_GANDA")
    office.receive()
    csr = at_desk("csr")
    page = csr.get("/complaints")
    form = next(form for form in page.all("form") if "filters-form" in form.get("class", []))
    names = [field["name"] for field in form.select("select, input")]
    assert set(names) == {
        "status",
        "handler",
        "team",
        "priority",
        "category",
        "channel",
        "sort",
        "overdue",
    }
    query = "&".join(f"{name}=" for name in names if name not in ("overdue", "category"))
    assert listed(csr.get(f"/complaints?{query}&category=TAG_GANDA")) == [bill]


@pytest.mark.parametrize(
    ("view", "expected"),
    [("Belum selesai", 2), ("Terlambat", 1), ("Yang saya tangani", 1), ("Selesai", 1)],
)
def test_the_usual_views_are_one_click_away(office, at_desk, wall, view, expected):
    late = office.receive(at=NOW - timedelta(days=1))
    office.complaint(late).handler_id = None
    office.session.commit()
    mine = office.receive()
    office.take(mine, assign_complaint, by="supervisor", handler="csr@tanggap.example")
    gone = office.receive()
    office.take(gone, withdraw_complaint, reason="salah nomor")
    wall.at = NOW + timedelta(minutes=12)
    csr = at_desk("csr")
    page = csr.get(csr.get("/complaints").link(view))
    assert len(listed(page)) == expected
    assert page.words(".views [aria-current]") == [view]


class TestSearch:
    def test_a_number_opens_its_complaint_at_once(self, office, at_desk):
        number = office.receive()
        office.session.commit()
        csr = at_desk("csr")
        for typed in (number, number.lower(), number.rpartition("-")[2], "1"):
            answer = csr.get(f"/complaints?q={typed}", status=302)
            assert answer.response.headers["Location"] == f"/complaints/{number}"

    def test_another_branchs_number_finds_nothing(self, office, at_desk):
        number = office.receive()
        office.session.commit()
        assert "Tidak ditemukan" in at_desk("csr2").get(f"/complaints?q={number}").main

    def test_words_names_and_phones_are_found_open_or_not(self, office, at_desk):
        gone = office.receive(story="Modem rusak")
        office.take(gone, withdraw_complaint, reason="salah nomor")
        csr = at_desk("csr")
        for typed in ("modem", "siti", "0812+3456+7890"):
            page = csr.get(f"/complaints?q={typed}")
            assert listed(page) == [gone]
            assert page.one("#find")["value"] == typed.replace("+", " ")

    def test_what_was_typed_is_shown_as_typed(self, at_desk):
        page = at_desk("csr").get("/complaints?q=%3Cscript%3Ealert(1)%3C/script%3E")
        assert "<script>alert(1)</script>" in page.h1
        assert "<script>alert" not in page.text_body

    def test_nothing_found_says_what_to_try(self, at_desk):
        page = at_desk("csr").get("/complaints?q=zzz")
        assert "Tidak ditemukan" in page.main
        assert page.link("Semua keluhan") == "/complaints"


class TestPages:
    def test_pages_go_there_and_back(self, office, at_desk, monkeypatch):
        from complaints.web.desk import list_page as desk

        monkeypatch.setattr(desk, "PAGE", 2)
        numbers = [office.receive(at=NOW - timedelta(hours=5 - index)) for index in range(5)]
        csr = at_desk("csr")
        first = csr.get("/complaints?channel=walk_in")
        assert listed(first) == numbers[:2]
        assert first.all("[rel=prev]") == []
        second = csr.get(first.link("Berikutnya"))
        assert listed(second) == numbers[2:4]
        third = csr.get(second.link("Berikutnya"))
        assert listed(third) == numbers[4:]
        assert third.all("[rel=next]") == []
        back = csr.get(csr.get(third.link("Sebelumnya")).link("Sebelumnya"))
        assert listed(back) == numbers[:2]
        query = parse_qs(urlsplit(first.link("Berikutnya")).query)
        assert query["channel"] == ["walk_in"]

    @pytest.mark.first_row_on_postgresql
    @pytest.mark.parametrize(
        "path",
        [
            "/complaints?cursor=nonsense",
            "/complaints?status=nonsense",
            "/complaints?sort=nonsense",
            "/complaints?figure=nonsense",
            "/complaints?figure=met",
            "/complaints?figure=met&from=yesterday&to=2026-01-01",
            "/complaints?q=modem&cursor=bnw",
        ],
    )
    def test_an_address_that_means_nothing_is_refused_in_words(self, at_desk, path):
        assert at_desk("csr").get(path, status=422).all(".said-stop")

    @pytest.mark.parametrize(
        "name", ["handler", "team", "branch", "priority", "category", "channel"]
    )
    def test_an_unknown_code_finds_nothing(self, office, at_desk, name):
        office.receive()
        office.session.commit()
        assert listed(at_desk("manager").get(f"/complaints?{name}=nonsense")) == []


class TestCost:
    @pytest.mark.parametrize("name", ["csr", "officer", "manager"])
    @pytest.mark.parametrize("path", ["/complaints", "/complaints?q=internet"])
    def test_fifty_lines_ask_no_more_than_one(self, office, at_desk, counted, name, path):
        person = at_desk(name)
        office.receive()
        office.session.commit()
        person.get(path)
        with counted() as one:
            person.get(path)
        for index in range(60):
            phone = f"0812 1000 {index:04}"
            office.receive(who={"name": f"Pelanggan {index}", "phone": phone, "email": ""})
        with counted() as many:
            page = person.get(path)
        assert len(page.all(".list tbody tr")) == 50
        statements = [each for each in many if each != "BEGIN"]
        assert len(statements) <= len([each for each in one if each != "BEGIN"])
        assert len(statements) <= (6 if "q=" not in path else 9)

    def test_fifty_lines_fit_into_sixty_thousand_characters(self, office, at_desk):
        story = (
            "Internet di rumah saya mati total sejak kemarin sore dan teknisi belum datang. " * 4
        )
        for index in range(50):
            phone = f"0812 2000 {index:04}"
            name = f"Raden Ajeng Siti Wahyuningsih Kusumaningrat {index}"
            office.receive(story=story, who={"name": name, "phone": phone, "email": ""})
        page = at_desk("manager").get("/complaints")
        assert len(page.all(".list tbody tr")) == 50
        assert len(page.text_body.encode()) < 60_000

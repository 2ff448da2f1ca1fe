"""Money on the complaint page: whose word an amount needs, and what the approver has in sight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

import pytest

from complaints.models import Offer
from complaints.people.absences import note_absence
from complaints.rules.authority import authority_in_force, save_authority
from complaints.steps.offer import offer_solution
from tests.html_tree import Tag
from tests.money import RINGGIT
from tests.office import STORY, Office
from tests.web.page import Visitor

At = Callable[..., Visitor]
GIFT = {"remedy": "PENJELASAN", "description": "Tanda perhatian"}


def explained(office: Office, amount: int = 0, by: str = "csr", **more: object) -> str:
    """The address of a complaint that is ready for an offer, or has one of this amount."""
    number = office.receive(**more)
    office.walk(number, to="020-3.2")
    if amount:
        office.take(number, offer_solution, by=by, amount=amount, **GIFT)
    office.session.commit()
    return f"/complaints/{number}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", ""),
        ("abc", ""),
        ("0", ""),
        ("100.000", "Masih dalam batas Anda: bisa langsung ditawarkan kepada pelanggan."),
        ("Rp100.001", "Akan dimintakan persetujuan ke Supervisor (Supervisor)."),
        ("2.500.001", "Akan dimintakan persetujuan ke Manager (Manajemen)."),
        ("25.000.001", "Tidak ada yang berwenang menyetujui sebesar ini di sini; paling tinggi"),
    ],
)
def test_while_an_amount_is_typed_the_form_says_whose_word_it_needs(at_desk, office, typed, said):
    path = explained(office)
    desk = at_desk("csr")
    form = desk.get(f"{path}/offer")
    assert form.one("[hx-target='#whose-word']")["hx-get"] == f"{path}/offer/approver"
    assert form.all("script[src*='htmx']")
    answer = desk.client.get(f"{path}/offer/approver", query_string={"amount": typed})
    assert answer.status_code == 200
    words = Tag.of(answer.text).get_text()
    assert words.startswith(said) if said else words == ""


def test_an_organisation_elsewhere_has_its_own_currency(at_desk: At, office: Office):
    office.load_organisation(currency=asdict(RINGGIT))
    path = explained(office)
    desk = at_desk("csr")
    page = desk.get(f"{path}/offer")
    assert "Jumlah dalam ringgit" in page.text
    assert "Sampai RM100.000 Anda putuskan sendiri." in page.text
    assert page.one("[data-fills='offer']")["data-worth"] == ", senilai RM"
    offer = {"remedy": "RESTITUSI", "description": "Ganti rugi"}
    page = desk.submit(page, f"{path}/offer", 422, **offer, amount="Rp75.000")
    assert "ringgit bulat" in page.text
    done = desk.submit(page, f"{path}/offer", 303, **offer, amount="RM75.000")
    assert "RM75.000" in desk.follow(done).text


def test_before_anything_is_typed_the_form_names_every_limit(at_desk: At, office: Office):
    page = at_desk("csr").get(f"{explained(office)}/offer")
    for words in (
        "Sampai Rp100.000 Anda putuskan sendiri.",
        "Di atas itu, sampai Rp2.500.000, persetujuan dimintakan ke Supervisor (Supervisor).",
        "Di atas itu, sampai Rp25.000.000, persetujuan dimintakan ke Manager (Manajemen).",
    ):
        assert words in page.main


def test_what_was_given_before_narrows_what_one_may_give(at_desk: At, office: Office):
    explained(office, 100_000)
    explained(office, 70_000)
    page = at_desk("csr").get(f"{explained(office)}/offer")
    assert "Sampai Rp30.000 Anda putuskan sendiri." in page.main
    assert "Rp0 pada keluhan ini, Rp170.000 kepada pelanggan ini dalam 90 hari" in page.main


@pytest.mark.parametrize(("days", "said"), [(1, "in 1 day."), (90, "in 90 days.")])
def test_the_days_of_the_sum_are_said_in_the_right_number(office, at_desk, days, said):
    row = authority_in_force(office.session)
    body = {**row.body, "sums": {**row.body.get("sums", {}), "customer_days": days}}
    save_authority(office.session, body, row.id, by=office.actor("admin"), at=office.at)
    office.session.commit()
    explained(office, 90_000)
    path = explained(office, 300_000)
    assert said in at_desk("supervisor", "en").get(path).main
    assert said in at_desk("csr", "en").get(f"{explained(office)}/offer").main


def test_the_approver_sees_story_wish_sums_and_earlier_offers_on_one_page(at_desk, office):
    explained(office, 90_000)
    path = explained(office, 300_000, remedy_wanted="Ganti rugi satu bulan")
    page = at_desk("supervisor").get(f"{path}/offer/approval")
    for words in (
        STORY,
        "Ganti rugi satu bulan",
        "Jumlahnya melampaui batas satu penawaran dari yang meminta.",
        "Uang pada keluhan ini diberikan: Rp0",
        "Uang kepada pelanggan ini dalam 90 hari diberikan: Rp90.000",
        "Rp300.000 · Penjelasan · menunggu persetujuan",
        "KLH-2026-000001, Jakarta · Csr",
    ):
        assert words in page.main


@pytest.mark.parametrize(("who", "amount"), [("supervisor", 3_000_000), ("csr", 300_000)])
def test_who_may_not_decide_has_no_button_and_hears_who_was_asked(at_desk, office, who, amount):
    path = explained(office, amount)
    desk = at_desk(who)
    asked = {"supervisor": "Manager", "csr": "Supervisor"}[who]
    page = desk.get(path)
    assert not page.all(".decision")
    assert f"Tunggu sampai {asked} memutuskan penawaran" in page.words("#next-title")
    if who == "supervisor":
        page = desk.get(f"{path}/offer/approval")
        assert f"sudah dimintakan kepada {asked}" in page.words(".said-stop")[0]
        assert not page.all("#open")


def test_while_who_was_asked_is_away_the_page_says_who_may_decide_instead(at_desk, office, wall):
    path = explained(office, 300_000)
    wall.at = office.at
    note_absence(
        office.session,
        deputy="",
        from_at=office.at - timedelta(days=1),
        until_at=office.at + timedelta(days=3),
        by=office.actor("supervisor"),
        at=office.at,
    )
    office.session.commit()
    assert "Manager dapat memutuskan" in at_desk("csr").get(path).main
    assert at_desk("manager").get(path).all(".decision")


def test_an_approval_by_page_makes_the_offer_a_refusal_gives_the_reason(at_desk, office, wall):
    first, second = explained(office, 300_000), explained(office, 300_000)
    wall.at = office.at
    desk = at_desk("supervisor")
    desk.submit(desk.get(first), f"{first}/offer/approval", 303)
    form = desk.get(f"{second}/offer/approval")
    desk.submit(form, f"{second}/offer/approval", 422, answer="rejected")
    desk.submit(form, f"{second}/offer/approval", 303, answer="rejected", reason="Terlalu besar")
    states = [office.rows(Offer, path.rpartition("/")[2])[-1].state for path in (first, second)]
    assert states == ["open", "rejected"]
    assert "Supervisor: Terlalu besar" in at_desk("csr").get(second).main

"""The card of the next step says why it is still that one."""

from __future__ import annotations

from datetime import timedelta

from complaints.domain.permissions import CUSTOMER
from complaints.steps.case import open_case
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.confirm import answer_confirmation, confirm_back
from complaints.steps.explain import explain_cause
from complaints.steps.inform import answer_as_party, inform_parties
from tests.office import Office
from tests.web.complaint.test_complaint import At, at_place, path_of


def test_units_told_beside_the_one_the_category_names_are_not_enough(
    at_desk: At, office: Office, wall
):
    number = at_place(office, "020-1.6")
    office.take(number, inform_parties, teams=["TAGIHAN"])
    wall.at = office.at
    words = at_desk("csr").get(path_of(number)).words(".case-next")[0]
    assert "padahal kategorinya menyebut unit ini: Teknik" in words
    assert "Belum ada jawaban dari: " in words


def test_while_a_unit_is_silent_nobody_is_sent_there_again(at_desk: At, office: Office, wall):
    number = at_place(office, "asked")
    wall.at = office.at
    page = at_desk("csr").get(path_of(number))
    assert "Belum ada jawaban dari: Teknik" in page.words(".gate")[0]
    assert page.all(f".gate a[href='{path_of(number, 'parties')}']") == []


def test_a_unit_that_gave_it_back_says_why(at_desk: At, office: Office, wall):
    number = at_place(office, "asked")
    reason = "Nomor layanan tidak ditemukan."
    office.take(
        number, answer_as_party, by="officer", team="TEKNIK", answer="returned", reason=reason
    )
    wall.at = office.at
    words = at_desk("csr").get(path_of(number)).words(".case-next")[0]
    assert "mengembalikannya: “Nomor layanan tidak ditemukan”" in words


def test_a_closing_before_the_plan_names_the_plan(at_desk: At, office: Office, wall):
    number = at_place(office, "020-2.4")
    wall.at = office.at
    page = at_desk("csr").get(path_of(number, "closure"))
    assert any("rencana" in each.lower() for each in page.words(".gate-list li"))


def test_an_explanation_without_a_view_says_what_is_still_open(at_desk: At, office: Office, wall):
    number = at_place(office, "020-3.1")
    office.take(number, explain_cause, text="Kabel putus oleh galian di jalan depan")
    wall.at = office.at
    page = at_desk("csr").get(path_of(number))
    assert "Belum tercatat bahwa penjelasannya jelas bagi pelanggan" in page.words(".gate")[0]


def test_a_complaint_opened_again_is_promised_a_date_first(at_desk: At, office: Office, wall):
    number = at_place(office, "020-2.5")
    office.take(number, withdraw_complaint, reason="Sudah menyala sendiri")
    # The days for taking a withdrawal back are over, so that the old promise does not go on.
    later = office.at + timedelta(days=12)
    office.take(number, reopen_complaint, by="supervisor", at=later, reason="Ternyata mati lagi")
    wall.at = office.at
    desk = at_desk("csr")
    page = desk.get(path_of(number))
    card = page.one(".case-next")
    assert card.select_one(".btn-primary")["href"] == path_of(number, "promise")
    assert "pelanggan belum mendapat tanggal baru. Tenggat barunya" in card.get_text(
        " ", strip=True
    )
    form = desk.get(path_of(number, "promise"))
    desk.submit(form, path_of(number, "promise"), 303)
    assert "pelanggan belum mendapat tanggal" not in desk.get(path_of(number)).main
    assert office.complaint(number).promised_at is not None


def test_once_the_customer_has_corrected_the_summary_it_is_our_turn(office: Office, at_desk, wall):
    """Found: the journey went on waiting for an answer that had come."""
    number = office.receive()
    office.walk(number, to="020-1.1")
    summary = "Internet mati sejak kemarin sore, minta segera menyala"
    office.take(number, confirm_back, summary=summary, method="email")
    office.post(number)
    wall.at = office.at
    desk, path = at_desk("csr"), f"/complaints/{number}"
    assert "menunggu jawaban pelanggan" in desk.get(path).one(".journey-awaiting").get_text()
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    answer_confirmation(case, answer="corrected", corrections="Mati sejak Senin")
    office.session.commit()
    page = desk.get(path)
    assert page.all(".journey-awaiting") == []
    assert "tunggu jawabannya" not in page.main
    step = page.one(".journey-corrected")
    assert "perlu diperbaiki" in step.get_text()
    assert step.select_one(f'a[href^="{path}/confirmation"]')
    office.take(number, confirm_back, summary=f"{summary} Senin", method="email")
    office.post(number)
    wall.at = office.at
    page = desk.get(path)
    assert page.all(".journey-corrected") == []
    assert page.one(".journey-awaiting")

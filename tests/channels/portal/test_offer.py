"""The offer on the customer's page: all of it before the buttons, and their answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.models import Answer
from complaints.steps.casework.remind import remind_of_offer
from complaints.steps.offer import offer_solution
from tests.channels.portal.test_pages import at_place, link_to, status_of
from tests.office import Office
from tests.web.page import Visitor


def offered(office: Office, method: str = "spoken", amount: int = 75_000) -> str:
    number = at_place(office, "020-3.2")
    words = {"remedy": "RESTITUSI", "description": "Potongan pada tagihan bulan Desember"}
    office.take(number, offer_solution, **words, amount=amount, method=method)
    return number


#: The two inputs by which an offer is accepted.
ACCEPTED = {"answer": "accepted", "agree": "yes"}


def said(visitor: Visitor, link: str, **form: str) -> str:
    answer = visitor.post(f"{link}/answer", form, 303)
    return visitor.get(answer.response.headers["Location"]).main


def test_the_whole_offer_stands_before_the_buttons(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    page = visitor.get(link_to(office, number))
    words = page.one(".card").get_text(" ")
    before = words.partition("Ya, saya terima")[0]
    for each in ("Potongan pada tagihan bulan Desember", "Rp75.000", "24 November 2026"):
        assert each in before
    assert len(page.all(".card input[type=radio]")) == 4
    assert not page.all("script")


def test_the_customer_accepts_and_reads_what_comes_next(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    link = link_to(office, number)
    page = visitor.get(link)
    form = {each["name"]: each["value"] for each in page.all(".card input[type=hidden]")}
    shown = page.one(".card dl").get_text(" ")
    wall.at = office.at + timedelta(minutes=20)
    after = said(visitor, link, **{**form, **ACCEPTED})
    assert "Anda menerima penawaran kami" in after
    assert "Penawaran kami" not in after
    assert status_of(office, number) == "accepted"
    # The date that was read is the one that is kept.
    agreed = visitor.get(link).one(".steps .step-open:last-child small").get_text()
    date, _, _ = agreed.removeprefix("Paling lambat ").partition(" · ")
    assert date in " ".join(shown.split())


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_choice_alone_accepts_nothing_and_the_page_asks_for_the_tick(
    visitor, office, wall, language
):
    number = offered(office)
    wall.at = office.at
    link, before = link_to(office, number), len(office.history(number))
    for more in ({}, {"agree": "no"}, {"agree": ""}):
        page = visitor.post(f"{link}/answer?lang={language}", {"answer": "accepted", **more}, 422)
        asked = {"id": "centang juga bahwa Anda setuju", "en": "also tick that you agree"}
        assert asked[language] in page.one("#agree-error").get_text()
        assert page.one("#answer-accepted").has_attr("checked")
        assert not page.one("#agree").has_attr("checked")
        assert page.one("#agree").has_attr("autofocus")
    assert office.rows(Answer, number) == []
    assert (status_of(office, number), len(office.history(number))) == ("offered", before)
    # The page that came back takes both, without a script.
    form = {each["name"]: each["value"] for each in page.all(".card input[type=hidden]")}
    answered = visitor.post(f"{link}/answer?lang={language}", {**form, **ACCEPTED}, 303)
    assert "said=accepted" in answered.response.headers["Location"]
    assert status_of(office, number) == "accepted"


def test_a_tick_without_the_choice_accepts_nothing(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    visitor.post(f"{link_to(office, number)}/answer", {"agree": "yes"}, 422)
    assert status_of(office, number) == "offered"


def test_nobody_is_asked_to_tick_who_does_not_accept(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    assert not visitor.get(link_to(office, number)).one("#agree").has_attr("required")
    assert "mencari solusi lain" in said(
        visitor, link_to(office, number), answer="refused", reason="Kurang"
    )


def test_a_refusal_without_a_reason_keeps_the_choice_and_asks(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    link = link_to(office, number)
    page = visitor.post(f"{link}/answer", {"answer": "refused", "reason": " "}, 422)
    assert "Mohon tuliskan alasannya" in page.main
    assert page.one("#answer-refused").has_attr("checked")
    assert status_of(office, number) == "offered"
    after = said(visitor, link, answer="refused", reason="Kurang")
    assert "mencari solusi lain" in after
    assert status_of(office, number) == "in_handling"


def test_no_answer_chosen_is_asked_for(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    page = visitor.post(f"{link_to(office, number)}/answer?lang=en", {}, 422)
    assert "Please choose an answer." in page.main


def test_time_to_think_is_remembered(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    link = link_to(office, number)
    assert "perlu waktu untuk berpikir" in said(visitor, link, answer="thinking")
    page = visitor.get(link)
    assert "Pada Kamis, 19 November 2026" in page.one(".card").get_text()
    assert page.form(f"{link}/answer?lang=id")


def test_until_when_an_answer_is_awaited_stands_on_the_page(visitor, office, wall):
    number = offered(office, "email")
    office.post(number)
    wall.at = office.at
    link = link_to(office, number)
    asked = visitor.get(link).words(".answer-until")[0]
    # Thursday, three working days from Friday on: Tuesday at closing.
    assert "Selasa, 24 November 2026, pukul 16.00 WIB" in asked
    assert "3 hari kerja lagi" in asked
    wall.at = office.at + timedelta(days=6)
    over = visitor.get(f"{link}?lang=en").words(".answer-until")[0]
    assert "over on Tuesday, 24 November 2026, 16:00 WIB" in over
    assert "Anda menerima penawaran kami" in said(visitor, link, **ACCEPTED)


def test_a_reminder_gives_more_time(visitor, office, wall):
    number = offered(office, "email")
    office.post(number)
    office.take(number, remind_of_offer, at=office.at + timedelta(days=6))
    office.post(number)
    wall.at = office.at
    asked = visitor.get(link_to(office, number)).words(".answer-until")[0]
    assert "Senin, 30 November 2026, pukul 16.00 WIB" in asked


def test_what_was_only_said_has_no_date(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    assert not visitor.get(link_to(office, number)).all(".answer-until")


def test_whoever_only_opens_the_link_answers_nothing(visitor, office, wall):
    """Mail scanners open every link of a letter, again and again, whatever stands behind it."""
    number = offered(office)
    wall.at = office.at
    link, before = link_to(office, number), len(office.history(number))
    for more in ("", "?answer=accepted", "?said=accepted&answer=accepted&rating=5", "/withdrawal"):
        for _ in range(3):
            visitor.client.head(f"{link}{more}", headers={"User-Agent": "SafeLinks"})
            page = visitor.get(f"{link}{more}")
        assert not page.all("input[type=radio][checked]")
    for act in ("answer", "confirmation", "message", "take-back"):
        assert visitor.client.get(f"{link}/{act}?answer=accepted").status_code in (404, 405)
    assert office.rows(Answer, number) == []
    assert (status_of(office, number), len(office.history(number))) == ("offered", before)


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("answer", ACCEPTED),
        ("confirmation", {"answer": "yes"}),
        ("withdrawal", {"reason": "Sudah menyala"}),
        ("take-back", {"confirm": "yes"}),
        ("message", {"text": "Saya setuju"}),
    ],
)
def test_nobody_acts_as_the_customer_who_is_logged_in_as_staff(
    visitor, at_desk, office, wall, act: str, form: dict[str, str]
):
    """Everybody at the desk sees the link; what is done by it is the customer's own proof."""
    number = offered(office)
    wall.at = office.at
    link, before = link_to(office, number), len(office.history(number))
    page = at_desk("csr").post(f"{link}/{act}?lang=id", form, 403)
    assert "jadi tidak ada yang dicatat" in page.main
    assert (len(office.history(number)), office.rows(Answer, number)) == (before, [])
    # The customer's own browser goes on as before.
    assert visitor.post(f"{link}/{act}", form, 303)


def test_another_hosts_name_leads_nobody_elsewhere(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    link = link_to(office, number)
    sent = visitor.post(f"{link}/answer", {"answer": "thinking"}, 303, Host="jahat.example")
    assert "jahat.example" not in sent.response.headers["Location"]
    assert "jahat.example" not in visitor.get(link, Host="jahat.example").text_body


@pytest.mark.both_databases
def test_sent_twice_it_counts_once(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    link = link_to(office, number)
    for _ in range(2):
        assert "Anda menerima penawaran kami" in said(visitor, link, **ACCEPTED)
    assert len(office.rows(Answer, number)) == 1


def test_a_replaced_offer_is_refused_and_the_new_one_shown(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    link = link_to(office, number)
    old = visitor.get(link).one("input[name=offer]")["value"]
    words = {"remedy": "RESTITUSI", "description": "Dua bulan gratis"}
    office.take(number, offer_solution, **words, amount=90_000)
    wall.at = office.at
    after = said(visitor, link, **ACCEPTED, offer=old)
    assert "Penawaran kami sudah berubah" in after
    assert "Dua bulan gratis" in after
    assert status_of(office, number) == "offered"


@pytest.mark.parametrize("how", [{"method": "email"}, {"method": "letter"}, {"amount": 900_000}])
def test_what_is_not_approved_or_not_sent_is_not_shown(visitor, office, wall, how):
    number = offered(office, **how)
    wall.at = office.at
    link = link_to(office, number)
    main = visitor.get(link).main
    assert "Potongan" not in main
    assert "menawarkan" not in main
    assert "Tidak ada penawaran" in said(visitor, link, **ACCEPTED)
    assert office.rows(Answer, number) == []


def test_a_stranger_answers_nothing(visitor, office, wall):
    number = offered(office)
    wall.at = office.at
    visitor.post(f"{link_to(office, number)}x/answer", {"answer": "accepted"}, 404)
    assert status_of(office, number) == "offered"

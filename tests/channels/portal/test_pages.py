"""The customer's page behind the secret link: five lines, no names, nothing for strangers."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from complaints.channels.portal.lines import StepLine, in_sight
from complaints.domain.accounts.login_delay import PATIENCE, WINDOW, ThrottleScope
from complaints.models import LoginAttempt, Note
from complaints.signing import follow_token
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.customer import Whose, change_customer
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import withdraw_complaint
from complaints.steps.confirm import confirm_back
from tests.office import Office
from tests.web.page import Page

KEY = "a key for tests only, long enough"


def link_in(page: Page) -> str:
    """The path of the link that stands on a receipt."""
    return urlsplit(page.words(".receipt-link")[0]).path


def link_to(office: Office, number: str) -> str:
    complaint = office.complaint(number)
    office.session.commit()
    return f"/portal/{follow_token(KEY, complaint.id, complaint.follow_nonce)}"


def at_place(office: Office, place: str | None, **more: object) -> str:
    number = office.receive(**more)
    if place:
        office.walk(number, to=place)
    office.session.commit()
    return number


def status_of(office: Office, number: str) -> str:
    status = office.complaint(number).status
    office.session.commit()
    return status


STANDS = [
    (None, "sudah kami terima", "memberi Anda tanda terima beserta tenggatnya, paling lambat"),
    ("020-1.6", "sudah terdaftar", "Memeriksa jaringan"),
    ("020-2.5", "sedang kami tangani", "Memeriksa jaringan"),
    ("020-3.3", "menawarkan solusi", "bersedia menerimanya"),
    ("020-3.4", "sudah menerima solusi", "akan menuntaskannya"),
]


@pytest.mark.parametrize(("place", "now_words", "next_words"), STANDS)
def test_it_says_what_happened_and_what_comes_next(
    visitor, office, wall, place, now_words, next_words
):
    number = at_place(office, place)
    wall.at = office.at
    page = visitor.get(link_to(office, number))
    assert page.h1 == f"Keluhan Anda {number}"
    assert now_words in page.main
    assert next_words in page.main
    if place:
        assert "Selasa, 24 November 2026, pukul 09.15 WIB" in page.main


def test_a_settled_complaint_waits_for_nothing(visitor, office, wall):
    number = at_place(office, "closed")
    wall.at = office.at
    page = visitor.get(link_to(office, number))
    assert "sudah diselesaikan pada Kamis, 19 November 2026" in page.main
    assert "Paling lambat" not in page.main


def test_it_names_no_staff_and_shows_nothing_internal(visitor, office, wall):
    number = at_place(office, "020-3.2")
    office.take(number, write_note, text="Pelanggan ini cerewet")
    wall.at = office.at
    text = visitor.get(link_to(office, number)).text
    for word in ("Csr", "Joko", "cerewet", "galian", "TEKNIK", "Siti"):
        assert word not in text


def test_a_missed_date_is_owned_up_to(visitor, office, wall):
    number = at_place(office, "020-1.6")
    wall.at = office.at + timedelta(days=10)
    assert "mohon maaf" in visitor.get(link_to(office, number)).main
    office.take(number, escalate_by_hand, reason="Sudah terlambat")
    assert (
        "Atasan petugas yang menangani sudah kami libatkan"
        in visitor.get(link_to(office, number)).main
    )


def test_while_we_wait_it_says_for_whom(visitor, office, wall):
    number = at_place(office, "020-1.6")
    office.take(
        number,
        pause_clocks,
        by="supervisor",
        reason="Foto modem",
        until=office.at + timedelta(days=3),
    )
    wall.at = office.at
    page = visitor.get(link_to(office, number))
    assert "Kami menunggu dokumen atau foto dari Anda" in page.main
    # The date told before the pause says nothing any more; until when we wait does.
    assert "dijeda, paling lama sampai" in page.one(".by-when").get_text()
    assert "Paling lambat" not in page.main


def test_it_speaks_the_customers_language_and_the_other_on_request(visitor, office):
    number = at_place(office, "020-1.6", who={"language": "en"})
    path = link_to(office, number)
    english = visitor.get(path)
    assert english.h1 == f"Your complaint {number}"
    assert english.tree["lang"] == "en"
    assert visitor.get(f"{path}?lang=id").h1 == f"Keluhan Anda {number}"


def test_it_stays_out_of_search_engines_and_keeps_its_address_to_itself(visitor, office):
    headers = visitor.get(link_to(office, at_place(office, None))).response.headers
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_it_needs_no_script_and_little_else(visitor, office):
    page = visitor.get(link_to(office, at_place(office, "020-1.6")))
    assert not page.all("script")
    assert len(page.all("link[rel=stylesheet]")) == 1
    assert len(page.text_body) < 5_000


WRONG = ["1", "1-", "-x", "0-x", "x-y", "9" * 30 + "-x", "١-x", "%00", "1-" + "x" * 2000]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("token", WRONG)
def test_a_wrong_link_learns_nothing(visitor, office, token):
    at_place(office, "020-1.6")
    page = visitor.get(f"/portal/{token}", 404)
    assert "tanda terima" in page.main
    assert "KLH" not in page.text


def test_another_complaints_token_opens_nothing(visitor, office):
    first, second = at_place(office, None), at_place(office, None)
    mac = link_to(office, first).partition("-")[2]
    complaint = office.complaint(second)
    office.session.commit()
    visitor.get(f"/portal/{complaint.id}-{mac}", 404)


def test_too_many_wrong_links_have_to_wait_but_a_right_one_opens(visitor, office, wall):
    path = link_to(office, at_place(office, "020-1.6"))
    for _ in range(PATIENCE[ThrottleScope.PORTAL].free):
        visitor.get("/portal/1-wrong", 404)
    page = visitor.get("/portal/1-wrong", 429)
    assert page.response.headers["Retry-After"] == "900"
    assert "Tunggu 15 menit" in page.main
    visitor.get(path)
    assert office.count(LoginAttempt) == 1
    wall.at += WINDOW
    visitor.get("/portal/1-wrong", 404)


def test_it_asks_the_database_little(visitor, office, counted):
    path = link_to(office, at_place(office, "020-1.6"))
    visitor.get(path)
    with counted() as queries:
        visitor.get(path)
    assert len([each for each in queries if each.startswith("SELECT")]) <= 4


def test_the_date_beneath_the_next_step_is_that_of_the_whole(visitor, office):
    page = visitor.get(link_to(office, at_place(office, "020-1.6")))
    assert page.one(".by-when dt").get_text() == "Batas waktu kami"


def test_a_withdrawal_is_taken_back_by_a_deliberate_press_and_by_nothing_else(
    visitor, office, wall
):
    number = at_place(office, "020-1.6")
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi")
    wall.at = office.at + timedelta(days=1)
    link = link_to(office, number)
    for _ in range(5):
        page = visitor.get(link)
    assert "dapat membatalkan pencabutan" in page.main
    assert status_of(office, number) == "withdrawn"
    unsure = visitor.post(f"{link}/take-back", {}, 422)
    assert unsure.one("#confirm-error").get_text()
    assert status_of(office, number) == "withdrawn"
    answer = visitor.post(f"{link}/take-back", {"confirm": "yes"}, 303)
    assert status_of(office, number) == "registered"
    after = visitor.get(answer.response.headers["Location"]).main
    assert "Kami melanjutkan keluhan Anda" in after
    assert "membatalkan pencabutan" not in after
    again = visitor.post(f"{link}/take-back", {"confirm": "yes"}, 303)
    assert "said=" not in again.response.headers["Location"]


def test_a_withdrawal_is_not_taken_back_by_a_stranger(visitor, office, wall):
    number = at_place(office, "020-1.6")
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi")
    wall.at = office.at + timedelta(days=1)
    visitor.post(f"{link_to(office, number)}x/take-back", {"confirm": "yes"}, 404)
    assert office.complaint(number).status == "withdrawn"


SUMMARY = "Internet mati sejak kemarin sore, minta segera menyala"


def asked(office: Office) -> str:
    number = at_place(office, "020-1.1")
    office.take(number, confirm_back, summary=SUMMARY, method="email")
    return number


def is_awaited(office: Office, number: str) -> bool:
    awaits = office.complaint(number).awaiting_confirmation
    office.session.commit()
    return awaits


def test_the_customer_confirms_the_summary_with_one_answer(visitor, office, wall):
    number = asked(office)
    wall.at = office.at + timedelta(hours=1)
    link = link_to(office, number)
    page = visitor.get(link)
    assert SUMMARY in page.main
    assert "Ada yang perlu diperbaiki" in page.main
    # Our own follow-up is no business of the customer's.
    assert "Menanyakan kepada pelanggan" not in page.main
    visitor.post(f"{link}x/confirmation", {"answer": "yes"}, 404)
    assert is_awaited(office, number)
    answer = visitor.post(f"{link}/confirmation", {"answer": "yes"}, 303)
    assert not is_awaited(office, number)
    page = visitor.get(answer.response.headers["Location"])
    assert "Terima kasih atas jawaban Anda" in page.main
    assert "Ada yang perlu diperbaiki" not in page.main
    visitor.post(f"{link}/confirmation", {"answer": "yes"}, 303)


EMPTY = [
    ({}, "#confirm-answer-error", "Silakan pilih"),
    ({"answer": "corrected", "corrections": " "}, "#corrections-error", "harus diperbaiki"),
]


@pytest.mark.parametrize(("form", "place", "words"), EMPTY)
def test_an_empty_answer_is_refused_at_its_field(visitor, office, wall, form, place, words):
    number = asked(office)
    wall.at = office.at + timedelta(hours=1)
    page = visitor.post(f"{link_to(office, number)}/confirmation", form, 422)
    assert words in page.one(place).get_text()
    assert not page.all(".said")
    assert page.words("input[checked]") == [""] * len(form.get("answer", "")[:1])
    assert is_awaited(office, number)


def test_the_english_page_calls_the_contact_centre_by_its_english_name(visitor, office):
    path = link_to(office, at_place(office, "020-1.6"))
    assert "Contact centre (021) 5550-100" in visitor.get(f"{path}?lang=en").words("footer")[0]
    assert "Pusat Kontak (021) 5550-100" in visitor.get(f"{path}?lang=id").words("footer")[0]


def test_an_answer_to_an_older_summary_counts_for_nothing(visitor, office, wall):
    number = asked(office)
    wall.at = office.at + timedelta(hours=1)
    link = link_to(office, number)
    older = {"answer": "yes", "of": "0123456789abcdef"}
    answer = visitor.post(f"{link}/confirmation", older, 303)
    assert is_awaited(office, number)
    page = visitor.get(answer.response.headers["Location"])
    assert "berubah" in page.words(".refused")[0]
    assert not page.all(".said")


def test_what_the_customer_corrects_reaches_us_and_leaves_it_unconfirmed(visitor, office, wall):
    number = asked(office)
    wall.at = office.at + timedelta(hours=1)
    link = link_to(office, number)
    words = {"answer": "corrected", "corrections": "Mati sejak Senin"}
    answer = visitor.post(f"{link}/confirmation?lang=en", words, 303)
    assert (
        "passed on what has to be corrected"
        in visitor.get(answer.response.headers["Location"]).main
    )
    assert is_awaited(office, number)
    assert [row.text for row in office.rows(Note, number)] == ["Mati sejak Senin"]
    # Who has answered is asked for no answer, until the summary was put right.
    later = visitor.get(f"{link}?lang=en").main
    assert "We put the summary right as you told us" in later
    assert "Is this what you told us?" not in later
    assert "tell us below whether" not in later
    visitor.post(f"{link}/message", {"text": "Lampu modem merah"}, 303)
    assert visitor.get(f"{link}?lang=en").main.count("We put the summary right as you told us") == 1
    again = {"summary": "Internet mati sejak Senin, pelanggan minta teknisi", "method": "email"}
    office.take(number, confirm_back, at=wall.at + timedelta(minutes=5), **again)
    wall.at = office.at
    assert "tell us below whether" in visitor.get(f"{link}?lang=en").main


def duplicate_of(office: Office, other: str, **more: object) -> str:
    number = at_place(office, "020-1.6", **more)
    office.take(number, merge_complaint, into=other, reason="Satu gangguan bersama")
    return number


def test_a_duplicates_page_leads_its_customer_to_the_other(visitor, office, wall):
    other = at_place(office, "020-1.6")
    number = duplicate_of(office, other)
    wall.at = office.at
    page = visitor.get(link_to(office, number))
    assert f"sama dengan keluhan Anda {other}" in page.main
    assert "diselesaikan" not in page.main
    (link,) = page.all("main a")
    assert urlsplit(link["href"]).path == link_to(office, other)
    assert visitor.get(link["href"]).h1 == f"Keluhan Anda {other}"


@pytest.mark.usefixtures("merged_as_before")
def test_another_customer_learns_the_number_and_nothing_else(visitor, office, wall):
    other = at_place(office, "020-1.6", who={"name": "Orang Lain", "phone": "0811 111 2222"})
    number = duplicate_of(
        office, other, who={"name": "Budi", "phone": "0813 333 4444", "email": ""}
    )
    wall.at = office.at
    page = visitor.get(link_to(office, number))
    assert f"Sebutkan nomor {other}" in page.main
    assert page.all("main a") == []
    assert link_to(office, other) not in page.text


@pytest.mark.parametrize("moved", ["before", "after"])
@pytest.mark.parametrize("contact", [{"phone": "0811 111 2222"}, {"number": "PLG-7", "email": ""}])
@pytest.mark.usefixtures("merged_as_before")
def test_a_complaint_moved_into_the_record_opens_no_page_of_another(
    visitor, office, wall, moved, contact
):
    """Who told it with contacts of their own is the other customer still."""
    other = at_place(office, "020-1.6", who={"name": "Orang Lain", "phone": "", **contact})
    who = {"name": "Budi", "phone": "0813 333 4444", "email": ""}
    whose = {"whose": Whose(complaint=other), "reason": "Salah pilih pelanggan"}
    if moved == "before":
        number = at_place(office, "020-1.6", who=who)
        office.take(number, change_customer, **whose)
        office.take(number, merge_complaint, into=other, reason="Satu gangguan bersama")
    else:
        number = duplicate_of(office, other, who=who)
        office.take(number, change_customer, **whose)
    wall.at = office.at
    page = visitor.get(link_to(office, number))
    assert f"Sebutkan nomor {other}" in page.main
    assert link_to(office, other) not in page.text


def test_until_there_is_a_summary_it_shows_how_their_own_words_begin(visitor, office, wall):
    story = "Tagihan <b>November</b> dua kali lipat. " + "Sudah tiga kali menelepon. " * 40
    number = at_place(office, None, story=story)
    wall.at = office.at
    shown = visitor.get(link_to(office, number)).one(".about").get_text()
    assert shown.startswith("“Tagihan <b>November</b> dua kali lipat.")
    assert len(shown) <= 92
    number = asked(office)
    assert visitor.get(link_to(office, number)).one(".about").get_text() == f"“{SUMMARY}”"


def test_what_is_still_to_be_done_stands_in_sight_and_of_what_is_done_the_solution():
    done = [StepLine(f"Langkah {each}", "", "done") for each in range(1, 5)]
    solution = StepLine("Modem diganti", "", "done", is_solution=True)
    shown = in_sight([*done, solution])
    assert [each.what for each in shown["steps"]] == ["Langkah 1", "Langkah 2", "Modem diganti"]
    assert [each.what for each in shown["more_steps"]] == ["Langkah 3", "Langkah 4"]
    still = [StepLine(f"Nanti {each}", "", "open") for each in range(1, 4)]
    assert in_sight([*done, solution, *still])["steps"] == still

"""After the end: the customer says whether it is settled, rates it, and comes back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from complaints.domain.attachments import FileLimits
from complaints.files.in_use import FileSettings, use_files
from complaints.models import (
    Attachment,
    Complaint,
    Exit,
    FollowUp,
    HistoryEntry,
    Note,
    Notice,
    Rating,
)
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import reopen_complaint
from tests.channels.portal.test_pages import at_place, link_to, status_of
from tests.office import Office
from tests.steps.files.pictures import PHOTO
from tests.steps.test_delivery import closed

DAY = timedelta(days=1)
SCORES = {"listening": "5", "courtesy": "4", "cause": "3", "next_step": "2", "overall": "4"}


@pytest.fixture
def ended(office: Office, wall) -> str:
    """A closed complaint, looked at a day later."""
    number = at_place(office, "closed")
    wall.at = office.at + DAY
    return number


def told(office: Office, number: str, name: str = "csr") -> list[str]:
    mine = office.id_of(name)
    return [row.kind for row in office.rows(Notice, number) if row.user_id == mine]


def newest(office: Office) -> str:
    """The number of the complaint that came last."""
    found = office.session.scalars(select(Complaint).order_by(Complaint.id.desc())).first()
    number = office.rules.numbers.write(found.year, found.id)
    office.session.commit()
    return number


def close_again(office: Office, number: str) -> None:
    """Handle a reopened complaint to its end once more."""
    office.promise_anew(number)
    office.walk(number, after="020-2.5")


def test_a_page_that_has_ended_asks_whether_it_is_settled(visitor, office, ended):
    page = visitor.get(link_to(office, ended))
    assert "Sudah benar-benar beres?" in page.main
    assert page.form(f"{link_to(office, ended)}/fixed?lang=id")


def test_settled_is_kept_once_and_asked_no_more(visitor, office, ended):
    link = link_to(office, ended)
    for _ in range(2):
        answer = visitor.post(f"{link}/fixed", {"answer": "yes"}, 303)
    page = visitor.follow(answer)
    assert "Kami senang" in page.main
    assert "Sudah benar-benar beres?" not in page.main
    (said,) = office.rows(FollowUp, ended)
    assert (said.answer, said.cycle, said.text) == ("yes", 1, "")
    assert [row.what for row in office.history(ended)].count("follow_up") == 1
    assert status_of(office, ended) == "closed"


@pytest.mark.parametrize("answer", ["partly", "no"])
def test_what_is_not_settled_needs_words(visitor, office, ended, answer):
    page = visitor.post(f"{link_to(office, ended)}/fixed", {"answer": answer, "text": " "}, 422)
    assert "belum beres" in page.one("#fixed-text-error").get_text()
    assert page.one(f"#fixed-{answer}").has_attr("checked")
    assert office.rows(FollowUp, ended) == []
    assert status_of(office, ended) == "closed"


@pytest.mark.parametrize("answer", ["partly", "no"])
def test_what_is_not_settled_opens_it_again_in_sight_of_everybody(visitor, office, ended, answer):
    link = link_to(office, ended)
    sent = visitor.post(f"{link}/fixed", {"answer": answer, "text": "Mati lagi malam ini"}, 303)
    page = visitor.follow(sent)
    assert "dibuka kembali" in page.main
    assert status_of(office, ended) == "in_handling"
    whats = [row.what for row in office.history(ended)]
    assert whats[-2:] == ["follow_up", "reopen"]
    assert told(office, ended).count("customer_reopened") == 1
    (exit_,) = [row for row in office.rows(Exit, ended) if row.kind == "reopening"]
    assert (exit_.reason, exit_.by_name) == ("Mati lagi malam ini", "Pelanggan")
    # Sent twice it is one; and it is not asked of what is open.
    again = visitor.post(f"{link}/fixed", {"answer": answer, "text": "Mati lagi malam ini"}, 303)
    assert "said=reopened" in again.response.headers["Location"]
    # Other words from the page that was open before are a message.
    visitor.post(f"{link}/fixed", {"answer": answer, "text": "Lampunya merah"}, 303)
    assert [row.text for row in office.rows(Note, ended)][-1:] == ["Lampunya merah"]
    late = visitor.post(f"{link}/fixed", {"answer": "yes"}, 303)
    assert "said=not-asked" in late.response.headers["Location"]
    assert len(office.rows(FollowUp, ended)) == 1
    assert [row.what for row in office.history(ended)].count("reopen") == 1
    assert "Sudah benar-benar beres?" not in visitor.get(link).main


def test_each_closing_is_asked_about_once(visitor, office, ended, wall):
    link = link_to(office, ended)
    visitor.post(f"{link}/fixed", {"answer": "no", "text": "Masih mati"}, 303)
    office.at = wall.at
    close_again(office, ended)
    wall.at = office.at + DAY
    assert "Sudah benar-benar beres?" in visitor.get(link).main
    visitor.post(f"{link}/fixed", {"answer": "yes"}, 303)
    assert [(row.cycle, row.answer) for row in office.rows(FollowUp, ended)] == [
        (1, "no"),
        (2, "yes"),
    ]
    again = visitor.post(f"{link}/fixed", {"answer": "no", "text": "Ternyata belum"}, 303)
    assert "said=not-asked" in again.response.headers["Location"]
    assert status_of(office, ended) == "closed"


def test_a_duplicate_and_an_open_complaint_are_not_asked(visitor, office, wall):
    other = at_place(office, "020-1.6")
    number = at_place(office, "020-1.6")
    office.take(number, merge_complaint, into=other, reason="Satu gangguan bersama")
    wall.at = office.at + DAY
    for each in (number, other):
        link = link_to(office, each)
        assert "benar-benar beres" not in visitor.get(link).main
        for path, form in (("fixed", {"answer": "yes"}), ("rating", SCORES)):
            sent = visitor.post(f"{link}/{path}", form, 303)
            assert "said=not-" in sent.response.headers["Location"]
        assert office.rows(FollowUp, each) == office.rows(Rating, each) == []


def test_a_message_in_time_opens_the_closed_complaint_and_says_so_before(
    visitor, office, ended, wall
):
    closed_at = office.complaint(ended).closed_at
    days = office.rules.authority.portal.reopen_days
    office.session.commit()
    link = link_to(office, ended)
    assert "kami buka kembali" in visitor.get(link).main
    # The last second is in time.
    wall.at = closed_at + timedelta(days=days)
    for _ in range(2):
        sent = visitor.post(f"{link}/message", {"text": "Mati lagi"}, 303)
    assert ended in visitor.follow(sent).main
    assert status_of(office, ended) == "in_handling"
    (note,) = office.rows(Note, ended)
    assert (note.direction, note.text) == ("in", "Mati lagi")
    # One notice, and not that somebody wrote as well.
    assert [each for each in told(office, ended) if each.startswith("customer_")] == [
        "customer_reopened"
    ]


def test_a_message_after_the_time_becomes_a_new_complaint_and_its_number_is_read(
    visitor, office, ended, wall
):
    closed_at = office.complaint(ended).closed_at
    days = office.rules.authority.portal.reopen_days
    office.session.commit()
    wall.at = closed_at + timedelta(days=days, seconds=1)
    link = link_to(office, ended)
    assert "menjadi keluhan baru" in visitor.get(link).main
    for _ in range(2):
        sent = visitor.post(f"{link}/message", {"text": "Mati lagi"}, 303)
    assert office.count(Complaint) == 2
    new = newest(office)
    page = visitor.follow(sent)
    assert new in page.main
    assert status_of(office, ended) == "closed"
    complaint = office.complaint(new)
    old = office.complaint(ended)
    assert (complaint.continues_id, complaint.story, complaint.status) == (
        old.id,
        "Mati lagi",
        "received",
    )
    assert complaint.customer_id == old.customer_id
    assert complaint.category == old.category
    office.session.commit()
    assert "customer_came_back" in told(office, new)
    assert [row.what for row in office.history(ended)][-1] == "continue"
    assert "continued" in [row.kind for row in office.letters(new)]
    # The page leads to the new one, whose page is the customer's too.
    path = urlsplit(page.link(new)).path
    assert visitor.get(path).h1 == f"Keluhan Anda {new}"
    # What is written then is a message on the new one.
    visitor.post(f"{link}/message", {"text": "Lampunya merah"}, 303)
    assert office.count(Complaint) == 2
    assert [row.text for row in office.rows(Note, new)] == ["Lampunya merah"]


def test_not_settled_after_the_time_goes_on_as_a_new_complaint(visitor, office, ended, wall):
    wall.at = office.at + 40 * DAY
    link = link_to(office, ended)
    # Pressed twice it is one, and nobody is glad of it.
    for _ in range(2):
        heard = visitor.post(f"{link}/fixed", {"answer": "no", "text": "Masih mati"}, 303)
        assert "said=continued" in heard.response.headers["Location"]
    (said,) = office.rows(FollowUp, ended)
    new = newest(office)
    assert said.opened_id == int(new.rpartition("-")[2])
    assert status_of(office, ended) == "closed"
    assert office.rows(Note, new) == []
    # What is told with it once more goes on there as well, and so does a photo.
    more = {"answer": "no", "text": "Lampunya merah", "files": [(BytesIO(PHOTO), "lampu.jpg")]}
    visitor.post(f"{link}/fixed", more, 303)
    assert [row.text for row in office.rows(Note, new)] == ["Lampunya merah"]
    (row,) = office.session.scalars(select(Attachment)).all()
    assert row.complaint_id == said.opened_id


def test_who_reads_the_old_page_of_another_does_not_reach_the_new_one(visitor, office, ended, wall):
    wall.at = office.at + 40 * DAY
    link = link_to(office, ended)
    visitor.post(f"{link}/message", {"text": "Mati lagi"}, 303)
    new = office.complaint(newest(office))
    new.contact_phone, new.contact_email = "+628111112222", "lain@pelanggan.example"
    office.session.commit()
    page = visitor.get(link)
    assert newest(office) not in page.main


def test_the_customer_rates_once_for_each_closing(visitor, office, ended, wall):
    link = link_to(office, ended)
    sent = visitor.post(f"{link}/rating", {**SCORES, "overall": "2", "comment": "Lama"}, 303)
    assert "Penilaian Anda sudah diterima" in visitor.follow(sent).main
    office.take(ended, reopen_complaint, at=wall.at, reason="Pelanggan menelepon")
    close_again(office, ended)
    wall.at = office.at + DAY
    visitor.post(f"{link}/rating", {**SCORES, "overall": "5"}, 303)
    first, second = office.rows(Rating, ended)
    assert [(each.cycle, each.overall, each.handler_id) for each in (first, second)] == [
        (1, 2, office.id_of("csr")),
        (2, 5, office.id_of("csr")),
    ]
    assert (first.listening, first.courtesy, first.cause, first.next_step) == (5, 4, 3, 2)
    assert first.comment == "Lama"
    assert told(office, ended).count("customer_rated") == 2


def test_a_rating_is_changed_within_the_days_and_no_later(visitor, office, ended, wall):
    link = link_to(office, ended)
    for _ in range(2):
        visitor.post(f"{link}/rating", SCORES, 303)
    page = visitor.get(link)
    assert "Penilaian dapat Anda ubah sampai" in page.main
    assert page.one("[name=overall][checked]")["value"] == "4"
    days = office.rules.authority.portal.rating_days
    office.session.commit()
    wall.at += timedelta(days=days)
    visitor.post(f"{link}/rating", {"overall": "1"}, 303)
    (rating,) = office.rows(Rating, ended)
    assert (rating.overall, rating.listening) == (1, None)
    assert [row.what for row in office.history(ended)].count("rate") == 2
    assert told(office, ended).count("customer_rated") == 1
    wall.at += timedelta(seconds=1)
    late = visitor.post(f"{link}/rating", {"overall": "5"}, 303)
    assert "said=not-rated" in late.response.headers["Location"]
    assert "1 dari 5" in visitor.get(link).main
    assert office.rows(Rating, ended)[0].overall == 1


ODD = [
    ({}, "overall"),
    ({"overall": "0"}, "overall"),
    ({"overall": "6"}, "overall"),
    ({"overall": "9" * 40}, "overall"),
    ({"overall": "5", "cause": "baik"}, "cause"),
    ({"overall": "٥"}, "overall"),
    ({"overall": "4", "comment": "x" * 2_001}, "comment"),
    ({"overall": "4", "suggestion": "x" * 2_001}, "suggestion"),
]


@pytest.mark.parametrize(("form", "field"), ODD)
def test_an_odd_rating_is_refused_at_its_field(visitor, office, ended, form, field):
    page = visitor.post(f"{link_to(office, ended)}/rating", form, 422)
    assert page.one(f"#{field}-error").get_text()
    assert page.one("details:has([name=overall])").has_attr("open")
    assert office.rows(Rating, ended) == []


def test_leave_to_publish_is_asked_apart_and_taken_back_at_any_time(visitor, office, ended, wall):
    link = link_to(office, ended)
    visitor.post(f"{link}/rating", {**SCORES, "comment": "Ramah"}, 303)
    assert office.rows(Rating, ended)[0].consented_at is None
    visitor.post(f"{link}/rating", {**SCORES, "comment": "Ramah", "consent": "yes"}, 303)
    assert office.rows(Rating, ended)[0].consented_at is not None
    wall.at += 300 * DAY
    page = visitor.get(link)
    sent = visitor.submit(page, f"{link}/consent?lang=id", 303)
    assert "tidak lagi memuat" in visitor.follow(sent).main
    (rating,) = office.rows(Rating, ended)
    assert (rating.consented_at, rating.comment) == (None, "Ramah")
    assert [row.what for row in office.history(ended)][-1] == "consent"


def test_leave_is_taken_back_while_it_is_open_again_as_well(visitor, office, ended):
    link = link_to(office, ended)
    visitor.post(f"{link}/rating", {**SCORES, "comment": "Ramah", "consent": "yes"}, 303)
    visitor.post(f"{link}/message", {"text": "Mati lagi"}, 303)
    page = visitor.get(link)
    assert not page.all("[name=overall]")
    visitor.submit(page, f"{link}/consent?lang=id", 303)
    assert office.rows(Rating, ended)[0].consented_at is None


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("fixed", {"answer": "no", "text": "Masih mati"}),
        ("rating", {"overall": "5"}),
        ("message", {"text": "Mati lagi"}),
        ("objection", {"text": "Tidak adil"}),
    ],
)
def test_nothing_leads_to_the_host_of_the_request(visitor, office, ended, wall, path, form):
    link = link_to(office, ended)
    wall.at = office.at + 40 * DAY
    sent = visitor.client.post(f"{link}/{path}", data=form, headers={"Host": "jahat.example"})
    assert "jahat.example" not in str(sent.headers) + sent.text
    number = newest(office)
    for letter in office.letters(number):
        assert "jahat.example" not in str(letter.facts)
    assert "jahat.example" not in visitor.get(link).text


LINKS = ["?rating=5", "?answer=accepted", "?fixed=no", "?rating=5&answer=yes&overall=5", ""]


@pytest.mark.parametrize("agent", ["Mozilla/5.0", "SafeLinks", "curl/8"])
def test_no_link_records_anything_however_often_it_is_opened(visitor, office, ended, agent):
    link = link_to(office, ended)
    before = office.count(HistoryEntry)
    for _ in range(5):
        for more in LINKS:
            visitor.get(f"{link}{more}", **{"User-Agent": agent})
            assert visitor.client.head(f"{link}{more}").status_code == 200
    assert office.count(HistoryEntry) == before
    assert office.count(Rating) == office.count(FollowUp) == 0


def test_a_link_chooses_a_number_and_sends_nothing(visitor, office, ended):
    page = visitor.get(f"{link_to(office, ended)}?rating=5")
    assert page.one("[name=overall][checked]")["value"] == "5"
    assert page.one("details:has([name=overall])").has_attr("open")
    for odd in ("9", "x", "-1", "9" * 50):
        page = visitor.get(f"{link_to(office, ended)}?rating={odd}")
        assert not page.all("[name=overall][checked]")


@pytest.mark.parametrize("path", ["fixed", "rating", "consent"])
def test_a_stranger_and_staff_say_nothing(visitor, at_desk, office, ended, path):
    link = link_to(office, ended)
    form = {"answer": "yes", "overall": "5"}
    visitor.post(f"{link}x/{path}", form, 404)
    at_desk("csr").post(f"{link}/{path}", form, 403)
    assert office.count(Rating) == office.count(FollowUp) == 0


def test_what_is_still_to_be_delivered_is_neither_asked_nor_opened_by_a_message(
    visitor, office, wall
):
    number = closed(office)
    wall.at = office.at
    link = link_to(office, number)
    assert office.complaint(number).awaiting_delivery
    office.session.commit()
    page = visitor.get(link)
    assert "benar-benar beres" not in page.main
    visitor.post(f"{link}/message", {"text": "Rekening saya berubah"}, 303)
    assert status_of(office, number) == "closed"
    assert "customer_wrote" in told(office, number)


def test_a_photo_comes_with_the_answer_to_the_complaint_that_goes_on(visitor, office, ended):
    link = link_to(office, ended)
    page = visitor.get(link)
    assert page.form(f"{link}/fixed?lang=id")["enctype"] == "multipart/form-data"
    told = {"answer": "no", "text": "Lampunya masih merah"}
    for _ in range(2):
        visitor.post(f"{link}/fixed", {**told, "files": [(BytesIO(PHOTO), "lampu.jpg")]}, 303)
    assert office.complaint(ended).status != "closed"
    (row,) = office.session.scalars(select(Attachment)).all()
    assert (row.complaint_id, row.name) == (office.complaint(ended).id, "lampu.jpg")
    assert (row.source, row.shown_to_customer, row.by_name) == ("portal", True, "Pelanggan")
    office.session.commit()
    # Another photo with other words, from the page that was open before, is there as well.
    more = {"answer": "no", "text": "Kabelnya juga putus"}
    visitor.post(f"{link}/fixed", {**more, "files": [(BytesIO(b"%PDF-1.4"), "kabel.pdf")]}, 303)
    rows = office.session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert [each.name for each in rows] == ["lampu.jpg", "kabel.pdf"]


def test_a_file_that_cannot_be_taken_keeps_the_answer_unsent(visitor, office, ended):
    use_files(FileSettings("memory://small", FileLimits(most_bytes=10)))
    link = link_to(office, ended)
    told = {"answer": "partly", "text": "Lampunya masih merah"}
    page = visitor.post(f"{link}/fixed", {**told, "files": [(BytesIO(PHOTO), "lampu.jpg")]}, 413)
    assert page.one("#fixed-files-error")
    assert page.one("#fixed-partly").has_attr("checked")
    assert page.one("#fixed-text").get_text() == "Lampunya masih merah"
    assert office.complaint(ended).status == "closed"
    assert office.session.scalars(select(Attachment)).all() == []

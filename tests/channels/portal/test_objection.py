"""The customer objects: a superior is called, the answer has a clock, bodies outside are named."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest

from complaints.domain.errors import Invalid
from complaints.models import Attachment, Commitment, Deadline, Escalation, Note, Notice
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import withdraw_complaint
from complaints.steps.commitments.settle import StillOpen, keep_commitments
from tests.channels.portal.test_after_end import newest
from tests.channels.portal.test_pages import at_place, link_to, status_of
from tests.office import Office
from tests.steps.files.pictures import PHOTO

DAY = timedelta(days=1)


def told(office: Office, number: str) -> list[tuple[str, int]]:
    return [(row.kind, row.user_id) for row in office.rows(Notice, number)]


def owed(office: Office, number: str) -> list[Commitment]:
    return [row for row in office.rows(Commitment, number) if row.kind == "objection"]


@pytest.fixture
def handled(office: Office, wall) -> str:
    number = at_place(office, "020-3.3")
    office.at += timedelta(hours=1)
    wall.at = office.at
    return number


def test_the_page_says_what_comes_then_by_when_and_who_else_there_is(visitor, office, handled):
    link = link_to(office, handled)
    page = visitor.get(visitor.get(link).link("Saya tidak setuju dengan penanganannya"))
    assert "Atasan penanggung jawab" in page.main
    assert "paling lambat Senin, 23 November 2026" in " ".join(page.main.split())
    # What our own file names; the packs that are switched on name nobody that was looked up.
    assert page.words(".outside li") == [
        "Badan Penyelesaian Sengketa Konsumen (BPSK) di kabupaten atau kota Anda.",
        "Pengadilan negeri di tempat tinggal Anda.",
    ]
    english = visitor.get(f"{link}/objection?lang=en")
    assert "A manager above whoever handles" in english.main


def test_bodies_of_the_packs_switched_on_are_named_where_somebody_looked_them_up(
    visitor, office, handled
):
    office.switch_on("id-ojk-pojk22-2023")
    page = visitor.get(f"{link_to(office, handled)}/objection")
    assert "Portal APPK OJK (kontak 157)" in page.words(".outside li")


def test_the_superior_is_called_the_answer_is_owed_and_nothing_closes_over_it(
    visitor, office, handled, wall
):
    link = link_to(office, handled)
    for _ in range(2):
        sent = visitor.post(f"{link}/objection", {"text": "Ganti ruginya terlalu kecil"}, 303)
    page = visitor.follow(sent)
    assert "Atasan kami akan memeriksanya" in page.main
    assert "Atasan kami menanggapi keberatan Anda" in page.words(".steps span")
    assert "Menanggapi keberatan pelanggan" not in page.main
    (escalation,) = office.rows(Escalation, handled)
    supervisor = office.id_of("supervisor")
    assert (escalation.to_id, escalation.level, escalation.raised_by_id) == (supervisor, 1, None)
    assert escalation.reason == "Keberatan pelanggan: Ganti ruginya terlalu kecil"
    assert office.complaint(handled).escalation_level == 1
    office.session.commit()
    heard = [each for each in told(office, handled) if each[0] == "customer_objected"]
    assert sorted(each for _, each in heard) == sorted([supervisor, office.id_of("csr")])
    (owing,) = owed(office, handled)
    assert (owing.owner_id, owing.done_at) == (supervisor, None)
    (clock,) = [row for row in office.rows(Deadline, handled) if row.id == owing.deadline_id]
    assert (clock.kind, clock.ended_at) == ("commitment", None)
    assert [row.what for row in office.history(handled)].count("object") == 1
    # While it waits there is no second one, and the bodies outside stand there.
    assert "Saya tidak setuju dengan penanganannya" not in page.main
    assert page.words(".outside li")
    with pytest.raises(StillOpen):
        office.walk(handled, after="020-3.3", skip=("kept",))


def test_further_words_while_it_waits_are_a_message_and_nothing_is_lost(visitor, office, handled):
    link = link_to(office, handled)
    for text in ("Kurang", "Kurang", "Saya juga sudah dua kali menelepon"):
        visitor.post(f"{link}/objection", {"text": text}, 303)
    assert len(owed(office, handled)) == 1
    written = [row.text for row in office.rows(Note, handled) if row.direction == "in"]
    assert written == ["Saya juga sudah dua kali menelepon"]


def test_it_is_not_answered_by_a_tick(visitor, office, handled):
    link = link_to(office, handled)
    visitor.post(f"{link}/objection", {"text": "Kurang"}, 303)
    (owing,) = owed(office, handled)
    with pytest.raises(Invalid, match="has not been answered"):
        office.take(handled, keep_commitments, by="supervisor", ids=[owing.id], note="Sudah saya")
    office.take(
        handled,
        record_message,
        by="supervisor",
        text="Kami tinjau kembali; tawaran tetap",
        direction="out",
        method="phone",
    )
    office.take(handled, keep_commitments, by="supervisor", ids=[owing.id])
    # Answered: whoever still does not agree climbs further.
    visitor.post(f"{link}/objection", {"text": "Saya tetap keberatan"}, 303)
    calls = office.rows(Escalation, handled)
    assert [each.to_id for each in calls] == [office.id_of("supervisor"), office.id_of("manager")]
    # A manager ticks nothing, so the handler owes the answer.
    assert owed(office, handled)[-1].owner_id == office.id_of("csr")


def test_what_is_closed_opens_again_and_later_goes_on_as_a_new_complaint(visitor, office, wall):
    number = at_place(office, "closed")
    link = link_to(office, number)
    wall.at = office.at + DAY
    visitor.post(f"{link}/objection", {"text": "Belum adil"}, 303)
    assert status_of(office, number) == "in_handling"
    # No promise stands any more; the date for the answer does, and it is the one that is said.
    page = visitor.get(link)
    (step,) = [each for each in page.words(".steps small") if "paling lambat" in each.lower()]
    assert "Tanggalnya segera kami sampaikan" not in page.main
    said = page.one(".by-when b").get_text()
    assert said in step
    assert "Tanggal yang pertama" not in page.main
    wall.at += 30 * DAY
    assert "mohon maaf" in visitor.get(link).one(".by-when").get_text()
    wall.at -= 30 * DAY
    assert "customer_reopened" not in [kind for kind, _ in told(office, number)]
    assert len(office.rows(Escalation, number)) == 1
    late = at_place(office, "closed")
    wall.at = office.at + 40 * DAY
    sent = visitor.post(f"{link_to(office, late)}/objection", {"text": "Belum adil"}, 303)
    new = newest(office)
    assert new in visitor.follow(sent).main
    assert status_of(office, late) == "closed"
    assert len(office.rows(Escalation, new)) == len(owed(office, new)) == 1


@pytest.mark.parametrize("text", ["", "  ", "x" * 5_001])
def test_an_objection_needs_words(visitor, office, handled, text):
    page = visitor.post(f"{link_to(office, handled)}/objection", {"text": text}, 422)
    assert page.one("#text-error").get_text()
    assert owed(office, handled) == []


def test_a_duplicate_and_what_was_withdrawn_take_none(visitor, office, wall):
    other = at_place(office, "020-1.6")
    merged, withdrawn = at_place(office, "020-1.6"), at_place(office, "020-1.6")
    office.take(merged, merge_complaint, into=other, reason="Satu gangguan bersama")
    office.take(withdrawn, withdraw_complaint, reason="Sudah menyala lagi")
    wall.at = office.at
    for number in (merged, withdrawn):
        link = link_to(office, number)
        visitor.get(f"{link}/objection", 303)
        sent = visitor.post(f"{link}/objection", {"text": "Tidak adil"}, 303)
        assert "said=not-objected" in sent.response.headers["Location"]
        assert owed(office, number) == []


def test_a_bill_comes_with_the_objection(visitor, office, handled):
    form = {"text": "Kurang", "files": [(BytesIO(PHOTO), "tagihan.jpg")]}
    visitor.post(f"{link_to(office, handled)}/objection", form, 303)
    (row,) = office.rows(Attachment, handled)
    assert (row.name, row.by_id, row.shown_to_customer) == ("tagihan.jpg", None, True)


def test_a_stranger_and_staff_object_to_nothing(visitor, at_desk, office, handled):
    link = link_to(office, handled)
    visitor.get(f"{link}x/objection", 404)
    visitor.post(f"{link}x/objection", {"text": "Bukan saya"}, 404)
    at_desk("csr").post(f"{link}/objection", {"text": "Bukan saya"}, 403)
    assert owed(office, handled) == []


def test_the_customer_asks_about_the_offer_and_it_stays_open(visitor, office, handled):
    link = link_to(office, handled)
    for _ in range(2):
        sent = visitor.post(
            f"{link}/answer", {"answer": "question", "reason": "Kapan disambung?"}, 303
        )
    page = visitor.follow(sent)
    assert "Pertanyaan Anda sudah diterima" in page.main
    assert page.form(f"{link}/answer?lang=id")
    (note,) = [row for row in office.rows(Note, handled) if row.direction == "in"]
    assert note.text == "Kapan disambung?"
    assert [kind for kind, _ in told(office, handled)].count("customer_asked") == 1
    assert status_of(office, handled) == "offered"
    unsure = visitor.post(f"{link}/answer", {"answer": "question", "reason": " "}, 422)
    assert "ingin Anda ketahui" in unsure.one("#reason-error").get_text()

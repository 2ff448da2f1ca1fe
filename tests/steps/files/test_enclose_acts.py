"""Files that go with what a step writes: cause, offer, extension, closing; held where it waits."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.actions.recording import ActGiven, Uploads, record_given, record_several
from complaints.domain.attachments import FileLimits
from complaints.domain.errors import Invalid
from complaints.domain.words.exits import Unable
from complaints.files.in_use import FileSettings, file_settings, use_files
from complaints.files.keep import keep_file
from complaints.models import Attachment, OutboxMessage
from complaints.outbox.enclosures import facts_as_it_leaves, held_back_of
from complaints.outbox.purge import purge_letters
from complaints.queries.complaint.letters import letters_of
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.files.enclosures import sendings_of
from complaints.steps.casework.approve import decide_offer
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.close import close_complaint
from complaints.steps.explain import explain_cause
from complaints.steps.files.attach import hide_attachment
from complaints.steps.offer import offer_solution
from tests.office import Office
from tests.outbox.test_deliver import Hand
from tests.outbox.test_enclosures import deliver, enclosed
from tests.steps.files.pictures import PHOTO
from tests.steps.files.test_attach import attach
from tests.web.complaint.test_extensions import wib

pytestmark = pytest.mark.both_databases

REPAIR = {"remedy": "PERBAIKAN", "description": "Kabel disambung"}
MONEY = {"remedy": "GOODWILL", "description": "Potongan tagihan bulan depan"}
CAUSE = {"text": "Kabel terputus oleh galian di depan rumah"}


@pytest.fixture
def number(office: Office) -> str:
    """A complaint in handling whose cause is known."""
    number = office.receive()
    office.walk(number, to="020-3.1")
    deliver(office, Hand(), office.at)
    return number


def letters(office: Office, number: str, kind: str = "conversation") -> list[OutboxMessage]:
    return [each for each in office.letters(number) if each.kind == kind and each.state == "queued"]


def going(letter: OutboxMessage) -> list[tuple[str, str, bool]]:
    return [(each["name"], each["part"], each["held_back"]) for each in letter.facts["enclosed"]]


def is_shown(office: Office, row: Attachment) -> bool:
    office.session.refresh(row)
    return row.shown_to_customer


def last(office: Office, number: str) -> dict[str, Any]:
    return dict(office.history(number)[-1].detail)


def hide(office: Office, number: str, row: Attachment) -> None:
    office.take(number, hide_attachment, attachment=row.id, reason="Milik pelanggan lain")
    office.session.commit()


def sent(office: Office) -> list[list[str]]:
    office.session.commit()
    hand = Hand()
    deliver(office, hand, office.at)
    to_customer = [each for each in hand.sent if "pelanggan.example" in each["To"]]
    return [[name for name, _, _ in enclosed(mail)] for mail in to_customer]


def test_a_cause_and_an_offer_take_their_files_and_the_history_names_them(office, number):
    photo, pages = attach(office, number), attach(office, number, given=b"%PDF-1.4\n", name="b.pdf")
    office.take(number, explain_cause, method="email", enclose=[photo.id], **CAUSE)
    told = last(office, number)
    assert told["enclosed"] == f"foto.jpg (SHA-256 {photo.sha256})"
    office.take(number, offer_solution, method="email", enclose=[pages.id], **REPAIR)
    assert last(office, number)["enclosed"] == f"b.pdf (SHA-256 {pages.sha256})"
    cause, offer = letters(office, number)
    assert going(cause) == [("foto.jpg", "020-3.2", False)]
    assert going(offer) == [("b.pdf", "020-3.3", False)]
    assert sent(office) == [["foto.jpg"], ["b.pdf"]]
    assert verify_history(office.session)["bad"] == []
    # A letter that is emptied later still says which bytes went.
    assert purge_letters(office.session, sent_before=wib("12-31 09:00"), at=wib("12-31 09:00")) > 1
    found = sendings_of(office.session, office.complaint(number).id)
    assert [[each.sha256 for each in one.files] for one in found] == [
        [photo.sha256],
        [pages.sha256],
    ]


def test_words_that_are_replaced_before_they_left_take_their_files_back(office, number):
    photo, pages = attach(office, number), attach(office, number, given=b"%PDF-1.4\n", name="b.pdf")
    office.take(number, explain_cause, method="email", enclose=[photo.id], **CAUSE)
    office.take(
        number, explain_cause, method="email", enclose=[pages.id], text="Kabel putus oleh pohon"
    )
    assert sent(office) == [["b.pdf"]]


def test_in_a_letter_of_two_parts_only_the_files_of_replaced_words_stay(office, number):
    photo, pages = attach(office, number), attach(office, number, given=b"%PDF-1.4\n", name="b.pdf")
    acts = [
        ActGiven("cause-explanation", {**CAUSE, "method": "email", "enclose": [photo.id]}),
        ActGiven("offer", {**REPAIR, "method": "email", "enclose": [pages.id]}),
    ]
    record_several(office.session, number, acts, by=office.actor("csr"), now=office.at)
    office.session.commit()
    assert [len(each.facts["enclosed"]) for each in letters(office, number)] == [2]
    office.take(number, explain_cause, method="email", text="Kabel putus oleh pohon tumbang")
    assert sent(office) == [["b.pdf"], []]


def test_a_file_that_goes_with_two_parts_of_a_letter_is_named_once(office, number):
    photo = attach(office, number)
    acts = [
        ActGiven("cause-explanation", {**CAUSE, "method": "email", "enclose": [photo.id]}),
        ActGiven("offer", {**REPAIR, "method": "email", "enclose": [photo.id]}),
    ]
    record_several(office.session, number, acts, by=office.actor("csr"), now=office.at)
    office.session.commit()
    (letter,) = letters(office, number)
    assert len(going(letter)) == 2
    found = {each.id: each for each in letters_of(office.session, office.complaint(number).id)}
    assert [each.file for each in found[letter.id].files] == [photo.id]
    hide(office, number, photo)
    assert held_back_of(facts_as_it_leaves(office.session, letter)) == ["foto.jpg"]


def test_the_files_of_all_parts_together_are_no_larger_than_a_letter_may_be(office, number):
    photo, pages = attach(office, number), attach(office, number, given=b"%PDF-1.4\n", name="b.pdf")
    acts = [
        ActGiven("cause-explanation", {**CAUSE, "method": "email", "enclose": [photo.id]}),
        ActGiven("offer", {**REPAIR, "method": "email", "enclose": [pages.id]}),
    ]
    before = file_settings()
    limits = FileLimits(most_bytes_of_letter=photo.size + pages.size - 1)
    use_files(FileSettings(before.url, limits, scan=before.scan))
    try:
        with pytest.raises(Invalid, match="too large for an email") as refused:
            record_several(office.session, number, acts, by=office.actor("csr"), now=office.at)
    finally:
        use_files(before)
    office.session.rollback()
    assert (refused.value.field, refused.value.index) == ("enclose", 1)
    record_several(office.session, number, acts, by=office.actor("csr"), now=office.at)
    assert sent(office) == [["foto.jpg", "b.pdf"]]


def test_the_same_words_go_again_only_for_a_file_that_they_did_not_take(office, number):
    photo, pages = attach(office, number), attach(office, number, given=b"%PDF-1.4\n", name="b.pdf")
    office.take(number, explain_cause, method="email", enclose=[photo.id], **CAUSE)
    office.take(number, explain_cause, method="email", enclose=[photo.id], **CAUSE)
    office.take(number, explain_cause, method="email", **CAUSE)
    assert sent(office) == [["foto.jpg"]]
    office.take(number, explain_cause, method="email", enclose=[photo.id, pages.id], **CAUSE)
    assert sent(office) == [["foto.jpg", "b.pdf"]]


def test_what_is_only_said_takes_no_files(office, number):
    photo = attach(office, number)
    for step, said in ((explain_cause, CAUSE), (offer_solution, REPAIR)):
        with pytest.raises(Invalid, match="email or letter"):
            office.take(number, step, method="phone", enclose=[photo.id], **said)


def waiting(office: Office, number: str) -> tuple[Attachment, Attachment]:
    """An offer that waits for the manager's word, with an internal file and one that is hidden."""
    office.walk(number, after="020-3.1", to="020-3.2")
    sent(office)
    inside = attach(office, number, shown_to_customer=False, name="catatan.jpg")
    later_hidden = attach(office, number, given=b"%PDF-1.4\n", name="salah.pdf")
    chosen = {"enclose": [later_hidden.id], "enclose_internal": [inside.id]}
    office.take(number, offer_solution, amount=3_000_000, method="email", **chosen, **MONEY)
    return inside, later_hidden


def test_an_offer_that_waits_shows_nothing_before_it_is_approved(office, number):
    inside, later_hidden = waiting(office, number)
    asked = next(each for each in office.history(number) if each.what == "ask_approval").detail
    assert asked["files"] == [inside.id, later_hidden.id]
    assert "catatan.jpg" in asked["to_enclose"]
    assert "enclosed" not in asked
    assert not is_shown(office, inside)
    hide(office, number, later_hidden)
    office.take(number, decide_offer, by="manager", answer="approved")
    decided = next(each for each in office.history(number) if each.what == "approve_offer").detail
    assert decided["revealed"] == "catatan.jpg"
    assert is_shown(office, inside)
    assert not is_shown(office, later_hidden)
    assert sent(office) == [["catatan.jpg"]]
    notices = [each for each in office.notices("csr") if each.kind == "letter_file_held_back"]
    assert [each.facts["files"] for each in notices] == ["salah.pdf"]


def test_an_offer_that_is_rejected_leaves_internal_what_is_internal(office, number):
    inside, _ = waiting(office, number)
    office.take(number, decide_offer, by="manager", answer="rejected", reason="Terlalu besar")
    assert not is_shown(office, inside)
    assert sent(office) == []


def test_what_came_with_an_offer_that_waits_is_internal_until_it_is_approved(office, number):
    office.walk(number, after="020-3.1", to="020-3.2")
    sent(office)
    given = {**MONEY, "amount": 3_000_000, "method": "email"}
    uploads = Uploads([keep_file(PHOTO, name="foto.jpg")], "desk")
    record_given(
        office.session,
        number,
        "offer",
        given,
        by=office.actor("csr"),
        now=office.at,
        enclosing=uploads,
    )
    office.session.commit()
    (row,) = office.rows(Attachment, number)
    assert not is_shown(office, row)
    office.take(number, decide_offer, by="manager", answer="approved")
    assert is_shown(office, row)
    assert sent(office) == [["foto.jpg"]]


def test_an_extension_takes_its_files_once_it_is_approved(office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    sent(office)
    photo = attach(office, number, shown_to_customer=False)
    office.take(
        number,
        ask_extension,
        until=wib("12-10 09:15"),
        reason="Suku cadang belum datang",
        enclose_internal=[photo.id],
    )
    assert not is_shown(office, photo)
    office.take(number, decide_extension, by="supervisor", answer="approved")
    assert last(office, number)["enclosed"].startswith("foto.jpg (SHA-256 ")
    assert is_shown(office, photo)
    assert sent(office) == [["foto.jpg"]]


def test_an_extension_asked_for_again_takes_no_file_of_the_one_that_was_refused(office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    sent(office)
    inside = attach(office, number, shown_to_customer=False)
    asked = {"until": wib("12-10 09:15"), "reason": "Suku cadang belum datang"}
    office.take(number, ask_extension, enclose_internal=[inside.id], **asked)
    said = {"answer": "rejected", "reason": "Catatan itu bukan untuk pelanggan"}
    office.take(number, decide_extension, by="supervisor", **said)
    office.take(number, ask_extension, **asked)
    office.take(number, decide_extension, by="supervisor", answer="approved")
    assert "enclosed" not in last(office, number)
    assert not is_shown(office, inside)
    assert sent(office) == [[]]


def test_what_could_not_be_told_takes_no_files(office, number):
    photo = attach(office, number)
    why = Unable("Pelanggan tidak dapat dihubungi sama sekali", "TAK_TERHUBUNG")
    for step in (explain_cause, offer_solution):
        with pytest.raises(Invalid, match="email or letter"):
            office.take(number, step, unable=why, enclose=[photo.id])


def test_an_extension_that_no_letter_tells_takes_no_files(office):
    number = office.receive(who={"email": ""})
    office.walk(number, to="020-1.6")
    photo = attach(office, number)
    with pytest.raises(Invalid, match="email or letter"):
        office.take(
            number,
            ask_extension,
            until=wib("12-10 09:15"),
            reason="Suku cadang belum datang",
            enclose=[photo.id],
        )


def test_a_closing_takes_files_and_leaves_without_what_is_hidden_meanwhile(office, number):
    office.walk(number, after="020-3.1", to="kept")
    sent(office)
    photo, pages = attach(office, number), attach(office, number, given=b"%PDF-1.4\n", name="b.pdf")
    office.take(number, close_complaint, enclose=[photo.id, pages.id])
    closed = next(each for each in office.history(number) if each.what == "close").detail
    assert "foto.jpg (SHA-256 " in closed["enclosed"]
    hide(office, number, photo)
    assert sent(office) == [["b.pdf"]]
    notices = [each for each in office.notices("csr") if each.kind == "letter_file_held_back"]
    assert [each.facts["files"] for each in notices] == ["foto.jpg"]

"""Every letter as the receiver reads it, from what the steps put into the outbox.

The whole text stands beside this file, one file per kind and language.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from complaints.domain.words.exits import Unable
from complaints.models import Commitment, OutboxMessage
from complaints.outbox.mail.letters import Letter, LetterContext, write_letter
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.by_customer.complain import tell_arrived
from complaints.steps.by_customer.lost_link import send_link_again
from complaints.steps.casework.contacts import renew_link
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.casework.remind import remind_of_offer
from complaints.steps.close import close_complaint, take_back_withdrawal, withdraw_complaint
from complaints.steps.commitments.settle import drop_commitment, keep_commitments
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.confirm import confirm_back
from complaints.steps.explain import explain_cause
from complaints.steps.inform_standard import inform_standard
from complaints.steps.letters.about import About
from complaints.steps.letters.survey import ask_for_rating
from complaints.steps.offer import offer_solution
from complaints.steps.promise import promise_deadline
from complaints.steps.register import register_complaint
from tests.conftest import NOW
from tests.office import Office
from tests.steps.test_commitments import sweep

HERE = Path(__file__).parent
DAY = timedelta(days=1)
LINK = "https://keluhan.example/portal/1-rahasia"


def receipt(office: Office, number: str) -> None:
    office.walk(number, to="020-1.3")
    steps = [
        StepGiven("Memeriksa jaringan di alamat pelanggan", "TEKNIK", NOW + DAY),
        StepGiven("Memberi kabar kepada pelanggan", "Dewi"),
        StepGiven("Memastikan internet hidup kembali", "handler"),
    ]
    office.take(number, promise_deadline, steps=steps)
    office.take(number, register_complaint)


def message(office: Office, number: str) -> None:
    office.walk(number, to="020-1.6")
    text = "Teknisi datang besok pagi.\n\nMohon ada orang di rumah."
    office.take(number, record_message, text=text, direction="out", method="email")


def question(office: Office, number: str) -> None:
    office.walk(number, to="020-1.6")
    _write(office, number, About.QUESTION, "Apakah lampu modem menyala merah?")


def acknowledgement(office: Office, number: str) -> None:
    office.walk(number, to="020-1.6")
    _write(office, number, About.ACKNOWLEDGEMENT, "Terima kasih, keluhan Ibu sudah kami terima.")


def decision(office: Office, number: str) -> None:
    office.switch_on("id-ojk-pojk22-2023")
    office.walk(number, to="020-3.2")
    words = {"remedy": "RESTITUSI", "description": "Potongan tagihan.", "amount": 75_000}
    office.take(number, offer_solution, method="email", **words)
    office.post(number)
    text = "Kami sudah memeriksa keluhan Ibu dan menyampaikan keputusan kami."
    _write(office, number, About.DECISION, text)


def _write(office: Office, number: str, about: About, text: str) -> None:
    said = {"direction": "out", "method": "email", "about": about}
    office.take(number, record_message, text=text, **said)


def paused(office: Office, number: str) -> None:
    office.walk(number, to="020-1.6")
    office.take(
        number,
        pause_clocks,
        by="supervisor",
        reason="Mohon kirim foto lampu modem.",
        until=NOW + DAY,
    )


def withdrawn(office: Office, number: str) -> None:
    office.walk(number, to="020-1.6")
    call = {"method": "phone", "number": "0812 3456 7890"}
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi sendiri", **call)


def undelivered(office: Office, number: str) -> None:
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="accepted", deliver_by=NOW + 8 * DAY)
    office.walk(number, after="020-3.4", to="020-3.7")
    done = [each.id for each in office.rows(Commitment, number) if each.kind != "delivery"]
    office.take(number, keep_commitments, ids=done, note="Joko melapor selesai")
    office.take(number, close_complaint)
    sweep(office, NOW + 9 * DAY)


def not_delivered(office: Office, number: str) -> None:
    office.walk(number, to="020-3.4")
    (delivery,) = [each for each in office.rows(Commitment, number) if each.kind == "delivery"]
    reason = "Teknisi tidak dapat menjangkau tiang"
    office.take(number, drop_commitment, commitment=delivery.id, reason=reason)


def merged(office: Office, number: str) -> None:
    other = office.receive()
    for each in (number, other):
        office.walk(each, to="020-1.6")
    office.take(number, merge_complaint, into=other)


def original_ended(office: Office, number: str) -> None:
    """Another customer's complaint went on for this one, and is closed."""
    other = office.receive(who={"name": "Orang Lain", "phone": "0811 111 2222", "email": ""})
    for each in (number, other):
        office.walk(each, to="020-1.6")
    office.take(number, merge_complaint, into=other, reason="Gangguan yang sama di satu gang")
    office.walk(other, after="020-1.6")


def extended(office: Office, number: str) -> None:
    office.walk(number, to="020-1.6")
    office.take(number, ask_extension, until=NOW + 8 * DAY, reason="Menunggu suku cadang")
    office.take(number, decide_extension, by="supervisor", answer="approved")


def intake(office: Office, number: str) -> None:
    office.walk(number, to="020-1.1")
    case = office.open(number)
    confirm_back(case, summary="Internet mati sejak kemarin sore", method="email")
    send_apology(case, stage="intake", method="email")
    steps = [StepGiven("Memeriksa jaringan", "TEKNIK", NOW + DAY), StepGiven("Memberi kabar")]
    promise_deadline(case, steps=steps, method="email")
    office.session.commit()


def conversation(office: Office, number: str) -> None:
    office.walk(number, to="confirmed")
    case = office.open(number)
    send_apology(case, stage="resolution", method="email")
    explain_cause(case, text="Kabel terputus oleh galian.", method="email")
    offer_solution(
        case,
        remedy="RESTITUSI",
        description="Potongan pada tagihan bulan depan.",
        amount=75_000,
        method="email",
    )
    inform_standard(case, all_items=True, method="email")
    office.session.commit()


def reminder(office: Office, number: str) -> None:
    office.walk(number, to="020-3.2")
    words = {"remedy": "RESTITUSI", "description": "Potongan tagihan.", "amount": 75_000}
    office.take(number, offer_solution, method="email", **words)
    for letter in office.letters(number):
        letter.state, letter.sent_at = "sent", office.at
    office.take(number, remind_of_offer, at=office.at + 6 * DAY)


def survey(office: Office, number: str) -> None:
    office.walk(number)
    office.take(number, ask_for_rating)


def closed(office: Office, number: str) -> None:
    office.walk(number)


def address_changed(office: Office, number: str) -> None:
    office.take(number, amend_record, change=Amendment(email="siti.baru@pelanggan.example"))


def address_removed(office: Office, number: str) -> None:
    change = Amendment(cleared=("email",), reason="Alamatnya milik orang lain")
    office.take(number, amend_record, change=change)


def new_link(office: Office, number: str) -> None:
    office.take(number, renew_link)


def arrived(office: Office, number: str) -> None:
    """The same was told before, as it happens under the next number."""
    office.receive(at=NOW)
    tell_arrived(office.open(number))
    office.session.commit()


def lost_link(office: Office, number: str) -> None:
    office.take(number, send_link_again, contact="0812 3456 7890")


def notice(office: Office, number: str) -> None:
    office.walk(number, to="020-1.6")
    office.take(number, ask_extension, until=NOW + 8 * DAY, reason="Menunggu suku cadang")


KINDS = (
    receipt,
    arrived,
    intake,
    conversation,
    message,
    question,
    acknowledgement,
    decision,
    paused,
    extended,
    withdrawn,
    undelivered,
    not_delivered,
    merged,
    original_ended,
    reminder,
    closed,
    survey,
    address_changed,
    address_removed,
    new_link,
    lost_link,
    notice,
)

#: What is pinned under another name than its kind.
CALLED = {"intake": "conversation", "address_removed": "address_changed"}


def written(office: Office, kind: str, number: str, lang: str) -> Letter:
    row: OutboxMessage = next(
        row for row in office.letters(number) if row.kind == CALLED.get(kind, kind)
    )
    context = LetterContext(office.rules, "https://keluhan.example")
    office.session.commit()
    return write_letter(row.kind, row.facts, lang, context, follow_link=LINK)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("act", KINDS, ids=lambda act: act.__name__)
@pytest.mark.usefixtures("merged_as_before")
def test_the_whole_text(office: Office, act):
    number = office.receive(who={"language": "id"})
    act(office, number)
    for lang in ("id", "en"):
        letter = written(office, act.__name__, number, lang)
        pinned = (HERE / f"{act.__name__}.{lang}.txt").read_text(encoding="utf-8")
        assert f"{letter.subject}\n\n{letter.text}" == pinned


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("act", KINDS, ids=lambda act: act.__name__)
@pytest.mark.usefixtures("merged_as_before")
def test_the_page_says_the_same_as_the_text(office: Office, act):
    number = office.receive()
    act(office, number)
    for lang in ("id", "en"):
        letter = written(office, act.__name__, number, lang)
        body = letter.html.partition("<body")[2].partition(">")[2]
        said = words(unescape(re.sub(r"<[^>]+>", " ", body)))
        numbering = {str(n) for n in range(1, 4)} if act in (receipt, intake) else set()
        text = [word for word in words(letter.text) if word not in numbering]
        assert sorted(set(text)) == sorted(set(said) - numbering)
        assert f'lang="{lang}"' in letter.html
        assert f"<title>{letter.subject}</title>" in letter.html


def test_what_a_customer_typed_is_never_markup(office: Office):
    number = office.receive(who={"name": "<img src=x> & Co"})
    message(office, number)
    letter = written(office, "message", number, "id")
    assert "<img" not in letter.html
    assert "&lt;img src=x&gt; &amp; Co" in letter.html
    assert "<img src=x> & Co" in letter.text


def merged_on_paper(office: Office, number: str) -> None:
    other = office.receive(who={"email": ""})
    for each in (number, other):
        office.walk(each, to="020-1.6")
    office.take(number, merge_complaint, into=other)


ON_PAPER = {
    "receipt": receipt,
    "paused": paused,
    "withdrawn": withdrawn,
    "undelivered": undelivered,
    "not_delivered": not_delivered,
    "merged": merged_on_paper,
    "closed": closed,
}


@pytest.mark.parametrize("kind", ON_PAPER)
def test_without_an_address_it_waits_to_be_printed(office: Office, kind: str):
    number = office.receive(who={"email": ""})
    ON_PAPER[kind](office, number)
    letters = [each for each in office.letters(number) if each.kind != "notice"]
    assert {(each.via, each.state) for each in letters} == {("letter", "to_print")}
    assert letters[-1].kind == kind


def test_what_is_no_longer_true_is_not_printed(office: Office):
    number = office.receive(who={"email": ""})
    paused(office, number)
    office.take(number, record_message, text="Ini fotonya", direction="in")
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi")
    office.take(number, take_back_withdrawal, by="csr")
    assert [(each.kind, each.state) for each in office.letters(number)] == [
        ("receipt", "to_print"),
        ("paused", "replaced"),
        ("withdrawn", "replaced"),
    ]


def test_a_refused_complaint_is_told_the_reason(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="refused", reason="Minta jaringan dibangun")
    nothing = Unable("Di luar jangkauan jaringan kami")
    office.take(number, offer_solution, by="supervisor", unable=nothing)
    office.walk(number, after="020-3.4", skip={"closed"})
    office.take(number, close_complaint, outcome="DITOLAK")
    letter = written(office, "closed", number, "id")
    assert "Hasil: Tidak dikabulkan, dengan alasan" in letter.text
    assert "Alasan: Di luar jangkauan jaringan kami" in letter.text
    assert "Solusi:" not in letter.text

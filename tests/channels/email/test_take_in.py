"""What comes by e-mail becomes a complaint, a message of one, a line, or waits for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from complaints.channels.email.answering import TO_AN_ADDRESS
from complaints.channels.email.keep import Origin
from complaints.channels.email.take_in import MOST_AN_HOUR
from complaints.domain.deadlines import DeadlineState
from complaints.models import Complaint, Customer, HistoryEntry, Note, Notice, OutboxMessage
from complaints.rules.config_files import read_config
from complaints.rules.load import load_rules
from complaints.steps.casework.pause import pause_clocks
from tests.channels.email.conftest import PostRoom
from tests.conftest import NOW, ROOT
from tests.mails import CUSTOMER, OURS, bounce, mail, multipart
from tests.office import Office

STRANGER = "Orang Lain <lain@tempat.example>"


def state(office: Office, number: str) -> tuple[object, ...]:
    """All of a complaint that a message from outside may not change by itself."""
    complaint = office.complaint(number)
    clocks = {kind: (each.state, each.due_at) for kind, each in office.clocks(number).items()}
    found = (complaint.status, complaint.waiting_customer, complaint.cycle, clocks)
    office.session.rollback()
    return found


# A new complaint


@pytest.mark.parametrize("name", ["Klik https://x.example", "WWW.x.example", "hadiah.example/a"])
def test_a_name_with_a_web_address_is_not_written_to_whose_address_it_bears(
    post: PostRoom, office: Office, name: str
):
    """Anybody can write under a stranger's address, and our answer goes to that stranger."""
    done = post.take(mail("Internet mati.", From=f'"{name}" <{CUSTOMER}>'))
    assert done.number
    assert office.complaint(done.number).contact_name == CUSTOMER.partition("@")[0]
    assert name not in str(post.letter(done.number).facts)


def test_a_customers_mail_is_a_complaint_in_their_own_words(post: PostRoom, office: Office):
    done = post.take(mail("Internet mati.\n> kutipan\nTolong segera."))
    assert (done.action, done.reason) == ("created", "new")
    assert done.number
    complaint = office.complaint(done.number)
    assert complaint.story == "Internet mati\n\nInternet mati.\n> kutipan\nTolong segera." or (
        complaint.story == "Internet mati.\n> kutipan\nTolong segera."
    )
    assert (complaint.channel, complaint.source, complaint.status) == ("email", "email", "received")
    assert (complaint.contact_name, complaint.contact_email) == ("Siti Aminah", CUSTOMER)
    assert complaint.received_by_id is None
    assert complaint.handler_id is None
    (row,) = post.rows()
    assert (row.complaint_id, row.kind, row.message_id) == (
        complaint.id,
        "person",
        "satu@pelanggan.example",
    )
    proven = {key for key, value in office.states(done.number).items() if value == "proven"}
    # Nothing that somebody of us has to have done is proven by it.
    assert proven == set()


def test_whoever_gives_complaints_to_people_hears_of_a_new_one(post: PostRoom, office: Office):
    done = post.take(mail())
    told = [each for each in office.notices("supervisor") if each.complaint_id]
    assert len(told) == 1
    assert told[0].facts["number"] == done.number


@pytest.mark.both_databases
def test_the_same_address_is_the_same_customer(post: PostRoom, office: Office):
    post.take(mail())
    post.take(mail("Tagihan salah", Subject="Tagihan", Message_ID="<dua@x.example>"))
    first, second = post.complaints()
    assert first.customer_id == second.customer_id
    assert office.session.get(Customer, first.customer_id).email == CUSTOMER  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "subject", "story"),
    [
        ("Sejak kemarin mati.", "Internet mati", "Internet mati\n\nSejak kemarin mati."),
        ("Internet mati sejak kemarin.", "Internet mati", "Internet mati sejak kemarin."),
        ("", "Internet mati", "Internet mati"),
        ("Mati.", "", "Mati."),
        ("hubungi <budi@contoh.id>", "", "hubungi <budi@contoh.id>"),
    ],
)
def test_the_story_is_the_whole_text_and_the_subject_where_it_says_more(
    post: PostRoom, body: str, subject: str, story: str
):
    post.take(mail(body, Subject=subject))
    (complaint,) = post.complaints()
    assert complaint.story == story


def test_a_page_is_read_as_text_without_what_is_not_shown(post: PostRoom):
    # T33.
    page = (
        "<html><head><title>Judul</title><style>p{color:red}</style></head>"
        "<body><p>Internet mati</p><script>alert(1)</script></body></html>"
    )
    post.take(mail(page, {"Content-Type": "text/html; charset=utf-8", "Subject": ""}))
    (complaint,) = post.complaints()
    assert complaint.story == "Internet mati"


@pytest.mark.parametrize("told", ["", "kemarin", "Mon, 01 Jan 1900 00:00:00 +0000"])
def test_a_date_decides_nothing(post: PostRoom, told: str):
    # T29: the server's time counts, and the header is kept as it was told.
    seen = NOW - timedelta(minutes=20)
    post.take(mail(Date=told), Origin("imap", OURS, "1:1", seen), NOW)
    (complaint,) = post.complaints()
    assert complaint.received_at == seen
    assert post.rows()[0].sent_text == told


def test_a_server_whose_clock_is_ahead_sets_no_time_in_the_future(post: PostRoom):
    ahead = NOW + timedelta(days=3)
    post.take(mail(), Origin("imap", OURS, "1:1", ahead), NOW)
    assert post.complaints()[0].received_at == NOW


def add_makassar(office: Office) -> None:
    """Let Makassar have a mailbox of its own, where customers write in English."""
    files = read_config(ROOT / "config")
    files["mailboxes"]["mailboxes"]["mailbox"].append(
        {
            "address": "makassar@tanggap.example",
            "branch": "MKS",
            "language": "en",
            "category": "GGN_MATI",
        }
    )
    load_rules(office.session, files, by="tests", at=NOW)
    office.session.commit()


def test_a_mailbox_says_branch_language_and_category(post: PostRoom, office: Office):
    add_makassar(office)
    post.take(mail(To="Layanan <Makassar+apa@tanggap.example>"))
    (complaint,) = post.complaints()
    rules = office.rules
    assert rules.branches[complaint.branch_id].code == "MKS"
    assert complaint.category == "GGN_MATI"
    assert office.session.get(Customer, complaint.customer_id).language == "en"  # type: ignore[union-attr]


# Answers of ours


def arrived(post: PostRoom) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "arrived")
    return list(post.all(query.order_by(OutboxMessage.id)))


def test_a_new_complaint_is_answered_with_its_number_and_page(post: PostRoom):
    done = post.take(mail())
    (letter,) = arrived(post)
    assert (letter.to_address, letter.facts["number"]) == (CUSTOMER, done.number)


@pytest.mark.both_databases
def test_an_address_is_not_answered_again_and_again(post: PostRoom, office: Office):
    # T22.
    for count in range(TO_AN_ADDRESS + 3):
        post.take(mail(f"Keluhan {count}", Message_ID=f"<{count}@x.example>"))
    assert len(arrived(post)) == TO_AN_ADDRESS
    assert len(post.complaints()) == TO_AN_ADDRESS + 3
    later = office.at + timedelta(hours=2)
    post.take(mail("Nanti", Message_ID="<nanti@x.example>"), at=later)
    assert len(arrived(post)) == TO_AN_ADDRESS + 1


@pytest.mark.both_databases
def test_nor_is_a_domain_whose_addresses_change(post: PostRoom, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("complaints.channels.email.answering.TO_A_DOMAIN", 2)
    for count in range(4):
        sender = f"bot{count}@program.example"
        post.take(mail(f"Halo {count}", From=sender, Message_ID=f"<{count}@x.example>"))
    assert len(arrived(post)) == 2
    assert len(post.complaints()) == 4


def test_nobody_is_answered_while_answers_cannot_be_counted(
    post: PostRoom, office: Office, monkeypatch: pytest.MonkeyPatch
):
    # T22.
    def broken(*given: object, **more: object) -> None:
        raise OperationalError("statement", {}, Exception("gone"))

    monkeypatch.setattr("complaints.channels.email.answering.may_take", broken)
    assert post.take(mail()).action == "created"
    assert arrived(post) == []


# Taken once


@pytest.mark.both_databases
def test_the_same_message_is_taken_in_once(post: PostRoom):
    first = post.take(mail())
    again = post.take(mail(Received="from a by b"))
    assert (again.action, again.reason, again.number) == ("ignored", "already_taken", first.number)
    assert len(post.complaints()) == len(post.rows()) == 1


@pytest.mark.both_databases
def test_the_same_name_with_another_text_is_left_to_a_person(post: PostRoom):
    # T24.
    first = post.take(mail())
    done = post.take(mail("Isi yang lain"))
    assert (done.action, done.reason) == ("quarantined", "same_name")
    assert post.rows()[1].proposal_id == first.complaint_id
    assert len(post.complaints()) == 1


def test_the_other_branch_that_a_mail_names_is_told_of_it(post: PostRoom, office: Office):
    """T24: one complaint, both branches know of it, and its words stay where they belong."""
    add_makassar(office)
    both = f"{OURS}, makassar@tanggap.example"
    done = post.take(mail(To=both))
    post.take(mail(To=both, Received="from a by b"))
    # Nor do they hear again of each answer to all that joins the complaint.
    again = post.take(mail(To=both, Subject=f"Re: {done.number}", Message_ID="<dua@x.example>"))
    assert (again.number, again.action) == (done.number, "appended")
    told = post.all(select(Notice).where(Notice.kind == "mail_elsewhere"))
    # Nobody leads Makassar; whoever sees to what is nobody's there hears.
    assert [(each.user_id, each.facts) for each in told] == [
        (office.id_of("manager"), {"number": done.number, "branch": "Jakarta"})
    ]


def test_a_mail_to_one_branch_is_told_to_no_other(post: PostRoom, office: Office):
    add_makassar(office)
    post.take(mail(To=f"{OURS}, teman@contoh.example"))
    assert post.all(select(Notice).where(Notice.kind == "mail_elsewhere")) == []


# Belonging to a complaint


def test_an_answer_to_the_reply_address_joins_its_complaint(post: PostRoom, office: Office):
    number = post.receive()
    done = post.take(mail("Ini fotonya.", To=post.reply_to(number), From=STRANGER))
    assert (done.action, done.reason, done.number) == ("appended", "reply_address", number)
    (note,) = post.notes(number)
    assert (note.direction, note.method, note.text) == ("in", "email", "Ini fotonya.")


def test_the_history_says_that_an_answer_came_from_an_address_not_on_file(
    post: PostRoom, office: Office
):
    """Whoever was passed a letter can write in the customer's name, a colleague from home too."""
    number = post.receive()
    post.take(mail("Sudah beres.", To=post.reply_to(number), From=STRANGER))
    post.take(mail("Belum beres.", To=post.reply_to(number), Message_ID="<dua@x.example>"))
    entries = post.all(
        select(HistoryEntry).where(HistoryEntry.what == "message").order_by(HistoryEntry.seq)
    )
    assert [each.detail.get("elsewhere") for each in entries] == [True, None]
    assert "tempat.example" not in str([each.detail for each in entries])


def test_an_answer_to_our_letter_joins_its_complaint(post: PostRoom):
    number = post.receive()
    name = post.name_of(post.letter(number))
    done = post.take(mail("Ini fotonya.", In_Reply_To=name, Subject="Re: apa saja"))
    assert (done.action, done.reason, done.number) == ("appended", "our_letter", number)


def test_an_answer_from_another_address_is_known_by_our_letter_and_its_subject(post: PostRoom):
    number = post.receive()
    name = post.name_of(post.letter(number))
    done = post.take(
        mail("Dari kantor.", From=STRANGER, In_Reply_To=name, Subject=f"Re: [{number}]")
    )
    assert (done.action, done.reason) == ("appended", "our_letter")


def test_an_answer_to_ones_own_first_mail_joins_its_complaint(post: PostRoom):
    # T26.
    first = post.take(mail())
    done = post.take(
        mail("Lagi.", Message_ID="<dua@x.example>", In_Reply_To="<satu@pelanggan.example>")
    )
    assert (done.action, done.reason, done.number) == (
        "appended",
        "earlier_message",
        first.number,
    )


def test_whoever_got_a_copy_may_answer_all(post: PostRoom):
    # T26.
    first = post.take(mail(Cc="suami@pelanggan.example"))
    done = post.take(
        mail(
            "Saya suaminya.",
            From="suami@pelanggan.example",
            Message_ID="<dua@x.example>",
            References="<satu@pelanggan.example>",
        )
    )
    assert (done.action, done.number) == ("appended", first.number)


def test_a_number_in_the_subject_counts_from_a_known_address(post: PostRoom):
    number = post.receive()
    done = post.take(mail("Bagaimana kabarnya?", Subject=f"Tanya {number.lower()}"))
    assert (done.action, done.reason, done.number) == ("appended", "number", number)


@pytest.mark.parametrize("way", ["number", "reference"])
def test_a_strangers_claim_changes_nothing_and_waits_for_a_person(
    post: PostRoom, office: Office, way: str
):
    # T25.
    first = post.take(mail())
    number = str(first.number)
    before = state(office, number)
    letters = len(office.letters(number))
    told = (
        {"Subject": f"[{number}] Saya cabut"}
        if way == "number"
        else {"In-Reply-To": "<satu@pelanggan.example>"}
    )
    told |= {"From": STRANGER, "Message-ID": "<palsu@tempat.example>"}
    done = post.take(mail("Saya cabut keluhan ini.", told))
    assert (done.action, done.reason, done.number) == ("quarantined", "unknown_sender", None)
    assert post.rows()[-1].proposal_id == first.complaint_id
    assert post.rows()[-1].complaint_id is None
    assert state(office, number) == before
    assert post.notes(number) == []
    assert len(office.letters(number)) == letters


def test_a_made_up_reply_address_is_no_proof(post: PostRoom):
    number = post.receive()
    forged = f"layanan+{int(number.rpartition('-')[2])}-{'a' * 26}@tanggap.example"
    done = post.take(mail("Halo", To=forged, From=STRANGER, Subject="Halo"))
    assert (done.action, done.number == number) == ("created", False)


def test_the_customers_word_ends_a_pause(post: PostRoom, office: Office):
    number = post.receive()
    office.walk(number, to="020-2.5")
    until = office.at + timedelta(days=2)
    office.take(number, pause_clocks, reason="Menunggu foto modem", until=until)
    done = post.take(mail("Ini fotonya.", To=post.reply_to(number)), at=office.at)
    assert done.action == "appended"
    assert not office.complaint(number).waiting_customer


def test_an_answer_within_the_days_for_it_opens_a_finished_complaint(
    post: PostRoom, office: Office
):
    # T9, by mail.
    number = post.receive()
    office.walk(number)
    text = "Masih mati juga.\n\nOn Thu, 19 Nov 2026 Layanan wrote:\n> Keluhan Anda selesai"
    later = office.at + timedelta(days=2)
    done = post.take(mail(text, To=post.reply_to(number)), at=later)
    assert (done.action, done.number) == ("appended", number)
    assert office.complaint(number).status == "in_handling"
    reopened = next(each for each in office.history(number) if each.what == "reopen")
    assert reopened.detail["reason"] == "Masih mati juga."
    assert post.notes(number)[-1].text == text


def test_an_answer_after_that_begins_a_complaint_that_goes_on(post: PostRoom, office: Office):
    number = post.receive()
    office.walk(number)
    later = office.at + timedelta(days=400)
    done = post.take(mail("Mati lagi.", To=post.reply_to(number)), at=later)
    assert done.action == "appended"
    assert done.number != number
    new = office.complaint(str(done.number))
    assert (new.story, new.channel, new.source) == ("Mati lagi.", "email", "email")
    assert new.continues_id == office.complaint(number).id
    more = mail("Tolong.", To=post.reply_to(number), Message_ID="<dua@x.example>")
    assert post.take(more, at=later).number == done.number


# Machines


def test_an_automatic_reply_stays_with_its_complaint_and_moves_nothing(
    post: PostRoom, office: Office
):
    # T21.
    number = post.receive()
    office.walk(number, to="020-2.5")
    until = office.at + timedelta(days=2)
    office.take(number, pause_clocks, reason="Menunggu foto modem", until=until)
    before = state(office, number)
    heard = len(office.notices("csr"))
    letters = len(office.letters(number))
    reply = mail("Saya cuti.", To=post.reply_to(number), Auto_Submitted="auto-replied")
    done = post.take(reply, at=office.at)
    assert (done.action, done.reason, done.number) == ("auto_reply", "automatic", number)
    assert state(office, number) == before
    kept = [each for each in office.rows(Note, number) if each.method == "automatic"]
    assert [each.direction for each in kept] == ["internal"]
    assert "Saya cuti." in kept[0].text
    assert len(office.notices("csr")) == heard
    assert len(office.letters(number)) == letters


def test_an_automatic_reply_to_a_closed_complaint_opens_nothing(post: PostRoom, office: Office):
    number = post.receive()
    office.walk(number)
    before = state(office, number)
    done = post.take(mail("Saya cuti.", To=post.reply_to(number), X_Autoreply="yes"), at=office.at)
    assert done.action == "auto_reply"
    assert state(office, number) == before


@pytest.mark.parametrize(
    ("raw", "action", "reason"),
    [
        (mail("Cuti", Auto_Submitted="auto-replied"), "auto_reply", "automatic"),
        (mail("Diskon", List_Id="<warta.toko.example>"), "ignored", "list"),
        (mail("Halo", From=OURS), "ignored", "own"),
        (bounce("<lain@tempat.example>"), "bounce", "unmatched"),
        (mail("550 unknown", From="MAILER-DAEMON@mx.example"), "bounce", "unmatched"),
    ],
)
def test_what_machines_send_opens_no_complaint_and_is_not_answered(
    post: PostRoom, office: Office, raw: bytes, action: str, reason: str
):
    # T19, T21, T23.
    done = post.take(raw)
    assert (done.action, done.reason, done.number) == (action, reason, None)
    assert post.complaints() == []
    assert office.session.scalars(select(OutboxMessage)).all() == []


def test_a_letter_that_came_back_is_undeliverable_and_who_wrote_it_hears(
    post: PostRoom, office: Office
):
    # T20.
    number = post.receive()
    letter = post.letter(number)
    came_back = bounce(post.name_of(letter), subject=f"Kabar [{number}]")
    done = post.take(came_back, at=office.at)
    assert (done.action, done.reason, done.number) == ("bounce", "failed", number)
    (again,) = [each for each in office.letters(number) if each.id == letter.id]
    assert again.state == "bounced"
    assert "letter_lost" in [each.kind for each in office.notices("csr")]
    assert "note_return" in [each.what for each in office.history(number)]


def test_a_letter_that_is_delayed_is_a_line_and_no_more(post: PostRoom, office: Office):
    # T20.
    number = post.receive()
    letter = post.letter(number)
    late = bounce(
        post.name_of(letter), action="delayed", status="4.4.1", reply_to=post.reply_to(number)
    )
    done = post.take(late, at=office.at)
    assert (done.action, done.reason, done.number) == ("bounce", "delayed", number)
    (again,) = [each for each in office.letters(number) if each.id == letter.id]
    assert again.state == "sent"
    assert "letter_lost" not in [each.kind for each in office.notices("csr")]
    assert [each.method for each in office.rows(Note, number)][-1] == "automatic"


def test_a_report_on_nobody_knows_which_letter_marks_none(post: PostRoom, office: Office):
    number = post.receive()
    letter = post.letter(number)
    done = post.take(bounce("<karangan@tempat.example>", subject=number), at=office.at)
    assert (done.action, done.reason) == ("bounce", "unmatched")
    (again,) = [each for each in office.letters(number) if each.id == letter.id]
    assert again.state == "sent"


@pytest.mark.both_databases
def test_a_letter_comes_back_once(post: PostRoom, office: Office):
    number = post.receive()
    letter = post.letter(number)
    post.take(bounce(post.name_of(letter), subject=number), at=office.at)
    again = bounce(post.name_of(letter), subject=number, status="5.2.2").replace(
        b"pantul-failed", b"pantul-lagi"
    )
    assert post.take(again, at=office.at).action == "bounce"
    returns = [each.what for each in office.history(number) if each.what == "note_return"]
    assert len(returns) == 1


# For a person to decide


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (mail("Halo", From='"Sari'), "no_sender"),
        (mail("Halo", From="orang@localhost"), "no_sender"),
        (mail("", Subject=""), "empty"),
        (mail("Halo", From="Csr <csr@tanggap.example>"), "colleague"),
        (mail("x" * 30_000_000), "oversized"),
    ],
)
def test_what_cannot_be_taken_in_is_kept_for_a_person(post: PostRoom, raw: bytes, reason: str):
    done = post.take(raw)
    assert (done.action, done.reason) == ("quarantined", reason)
    assert post.complaints() == []


def test_more_than_a_person_writes_is_kept_and_not_answered(post: PostRoom, office: Office):
    # T22: responders that do not say what they are, their address as it is.
    for count in range(MOST_AN_HOUR + 5):
        last = post.take(mail(f"Keluhan {count}", Message_ID=f"<{count}@x.example>"))
    assert (last.action, last.reason) == ("quarantined", "flood")
    assert len(post.complaints()) == MOST_AN_HOUR
    assert len(post.rows()) == MOST_AN_HOUR + 5
    later = post.take(
        mail("Nanti", Message_ID="<nanti@x.example>"), at=office.at + timedelta(hours=2)
    )
    assert later.action == "created"


def test_a_mistake_of_ours_keeps_the_message_and_those_behind_it_go_on(
    post: PostRoom, monkeypatch: pytest.MonkeyPatch
):
    # T28.
    with monkeypatch.context() as patch:
        patch.setattr("complaints.channels.email.take_in.open_complaint", lambda arrival: 1 / 0)
        broken = post.take(mail())
    assert (broken.action, broken.reason) == ("quarantined", "failed_here")
    assert post.take(mail("Lain", Message_ID="<dua@x.example>")).action == "created"
    assert [each.action for each in post.rows()] == ["quarantined", "created"]


@pytest.mark.both_databases
def test_the_raw_message_is_kept_as_it_came(post: PostRoom, office: Office):
    from complaints.models import InboundSource
    from complaints.queries.mail.raw import raw_message

    raw = multipart("Content-Type: text/plain\n\nInternet mati.", "Content-Type: x/y\n\n\xff")
    post.take(raw)
    (row,) = post.rows()
    assert raw_message(office.session, row.id) == raw
    assert office.session.get(InboundSource, row.id) is not None


def test_a_story_longer_than_a_story_may_be_is_cut_and_kept_whole_beside(post: PostRoom):
    post.take(mail("kata " * 30_000, Subject=""))
    (complaint,) = post.complaints()
    assert complaint.story.endswith("[…]")
    assert len(complaint.story) <= 100_000
    assert len(post.rows()[0].text) > 100_000


def test_nothing_counts_for_the_customer_that_they_cannot_have_written(
    post: PostRoom, office: Office
):
    # Forwarded by a colleague, the reply address on it or not.
    number = post.receive()
    done = post.take(mail("Diteruskan", From="csr@tanggap.example", To=post.reply_to(number)))
    assert (done.action, done.reason) == ("quarantined", "colleague")
    assert post.rows()[0].proposal_id == office.complaint(number).id
    assert post.notes(number) == []


def test_running_clocks_stay_running(post: PostRoom, office: Office):
    number = str(post.take(mail()).number)
    clocks = office.clocks(number).values()
    assert {each.state for each in clocks} == {DeadlineState.RUNNING}
    assert all(isinstance(each, Complaint) for each in post.complaints())

"""No sentence to a customer promises what is not there: every letter is held against the product.

A sentence that names a page, a link, a form, a contact, a service or a date has to be one that is
checked here: its link is followed, the form it speaks of is looked for on that page, its date in
the records of the complaint, its contact among the organisation's. One that nobody checks fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from complaints import clock
from complaints.domain.policies.outside import outside_bodies
from complaints.models import Commitment, Deadline, Exit, Extension, HistoryEntry
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.letters import Letter, LetterContext, write_letter
from complaints.queries.complaint.silence import answer_until
from complaints.signing import complaint_id_of_reply, follow_token
from tests.html_tree import Tag
from tests.letters.test_letters import CALLED, KINDS
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver

BASE = "https://keluhan.example"
KEY = "a key for tests only, long enough"
MAILBOX = "keluhan@tanggap.example"
#: Letters to customers; a notice goes to a colleague.
TO_CUSTOMERS = [act for act in KINDS if act.__name__ != "notice"]

#: What makes a sentence one that promises a thing: places, forms, services, dates, rights.
PROMISING = re.compile(
    r"\b(?:page|link|here|there|button|click|form|download|attach\w*|app|website|portal|chat|hotline"
    r"|rate|rating|survey|answer|reply|call you|visit|contact\w*|until|no later than|deadline"
    r"|halaman|tautan|di sini|di sana|tombol|klik|formulir|unduh|lampir\w*|aplikasi|situs|obrolan"
    r"|nilai layanan|menilai|nilailah|penilaian|survei|jawab\w*|balas\w*|menelepon|mengunjungi"
    r"|kontak|hubungi|sampai|paling lambat|tenggat|membawa perkara|take the matter)\b"
    r"|https?:|@|\(\d{3}\)|\b\d{1,2}[.:]\d\d\b",
    re.IGNORECASE,
)


@dataclass
class Sent:
    """A letter, the complaint it is about, and the page its link leads to."""

    office: Office
    number: str
    letter: Letter
    page: Tag
    #: Where this letter went, and what the link from before it answers now.
    went_to: str
    old_link: int

    def forms(self) -> set[str]:
        """What the page takes: the last part of each form's address."""
        actions = [str(each["action"]).partition("?")[0] for each in self.page.select("form")]
        return {each.rpartition("/")[2] for each in actions}


def _page(sent: Sent, *forms: str) -> bool:
    return sent.number in sent.page.get_text() and set(forms) <= sent.forms()


def _organisation(sent: Sent, words: str) -> bool:
    """Whether contacts are the organisation's own."""
    values = sent.office.rules.organisation.values
    known = " ".join(str(value) for value in values.values())
    named = re.findall(r"[\w.]+@[\w.]+\w|(?<!\w)@[\w.]+\w|\(\d{3}\) [\d-]+", words)
    return all(each in known for each in named)


def contacts(sent: Sent, words: str) -> bool:
    """Whoever is told to contact us finds the contacts in this very letter."""
    values = sent.office.rules.organisation.values
    return values["email"] in sent.letter.text and _organisation(sent, sent.letter.text)


def page(*forms: str) -> Callable[[Sent, str], bool]:
    """The page is there and takes what the sentence asks for."""
    return lambda sent, words: _page(sent, *forms)


def dated(sent: Sent, words: str) -> bool:
    """Every date in it stands in the records of the complaint."""
    known = {at.replace(second=0, microsecond=0) for at in moments(sent.office, sent.number)}
    told = dates(words)
    return bool(told) and set(told) <= known


def ended(sent: Sent, words: str) -> bool:
    """The link that the customer had before opens nothing any more."""
    return sent.old_link == 404


def moved(sent: Sent, words: str) -> bool:
    """Letters go to the new address from now on; this one went to the old one."""
    now = sent.office.complaint(sent.number).contact_email
    return bool(now) and now != sent.went_to


def unaddressed(sent: Sent, words: str) -> bool:
    """No letter goes to any address from now on, and none still waits for this one."""
    waiting = [row for row in sent.office.letters(sent.number) if row.state == "queued"]
    has_address = bool(sent.office.complaint(sent.number).contact_email)
    return not has_address and sent.went_to not in {row.to_address for row in waiting}


def outside(sent: Sent, words: str) -> bool:
    """Whoever the customer is sent to is named by a policy that is switched on."""
    named = [each for body in outside_bodies(sent.office.rules.policies) for each in body.values()]
    return any(f" {each}." in words for each in named)


def answerable(sent: Sent, words: str) -> bool:
    """An answer by mail goes to an address that leads back to this very complaint."""
    complaint = sent.office.complaint(sent.number)
    place = DeliverySettings(BASE, KEY, MAILBOX).place_of(complaint.id, sent.number, ())
    return complaint_id_of_reply(KEY, place.reply_to) == complaint.id


def says_so(sent: Sent, words: str) -> bool:
    """A right, or what the whole letter is about; nothing of the product is named in it."""
    return True


#: A sentence → what it promises. The first that fits is checked; a sentence may fit several.
CHECKED: list[tuple[str, Callable[[Sent, str], bool]]] = [
    (r"^(?:Pantau keluhan Anda di sini|Follow your complaint here):?$", page()),
    (r"(?:Anda juga dapat menulis kepada kami di sana|also write to us there)", page("message")),
    (r"^(?:Tanda terima beserta tenggatnya|You get our receipt with the deadline)", dated),
    (r"(?:menyampaikan hal serupa|told us something similar)", dated),
    (r"(?:mohon tuliskan itu di halaman|please write that on the page)", page("message")),
    (r"dapat dilihat di sini|(?:can be seen|see .*) here", page()),
    (r"(?:Halaman ini mengantar|This page (?:leads|takes))", page()),
    (r"^https://\S+$", page()),
    (r"^(?:Mohon jawab di halaman|Please answer on the page .*, at)", page("confirmation")),
    (r"(?:Di sana Anda juga|You can also write there)", page("confirmation")),
    (r"(?:mohon sampaikan hal berikut|please tell us the following)", contacts),
    (r"^(?:Please reply|Reply|To reply|To answer)\b.*contacts", contacts),
    (r"(?:You can follow|follow the progress of).*here:?$", page()),
    (r"(?:apakah Anda menerimanya|whether you accept)", page("answer")),
    (r"(?:Sampaikan jawaban Anda di halaman|answer on the page .*, or use)", page("message")),
    (r"(?:tulis kepada kami di halaman|write to us on the page)", page("message")),
    (r"(?:di halaman keluhan Anda atau melalui|on the page .* or through the)", page("message")),
    (r"(?:kami mengirimkan penawaran|wrote to you with our offer)", dated),
    # What the rule of silence does; tests/steps holds it to the letter and the date.
    (r"(?:tutup tanpa jawaban|close your complaint without your answer)", says_so),
    (r"(?:membatalkan pencabutan di halaman ini|withdrawal back on this page)", page("take-back")),
    (
        r"(?:Sampaikan jawaban lewat kontak|answer through the contacts|through our contacts)",
        contacts,
    ),
    (r"(?:lewat kontak kami|hubungi kontak|hubungi kami|contact us|use the contacts)", contacts),
    (r"(?:menghubungi kami|beri tahu kami|let us know|tell us)", contacts),
    (r"(?:Selama menunggu jawaban|While we wait)", dated),
    (r"(?:menulis ke kantor pusat|write to the head office)", contacts),
    (r"^(?:- )?(?:Kontak kami|Contact us):?", contacts),
    (r"^(?:- )?(?:Pusat Kontak|Contact centre|Contact center)", contacts),
    (r"^- (?:@\w|\S+@\S)", contacts),
    (r"(?:tanda terima dengan tanggal dan jam|receipt with the date and time)", says_so),
    (r"(?:Jika tenggat harus berubah|If the deadline must change)", says_so),
    (r"(?:berhak mendapat jawaban|right to a reasoned answer)", says_so),
    (r"(?:dapat dihubungi selama|remain reachable)", says_so),
    (r"^Letters about it go there now", moved),
    (r"^No letters about it come here any more", unaddressed),
    (r"(?:Tautan yang pernah dikirim|link to it that was sent here before)", ended),
    (r"^(?:Ini tautan baru untuk|This is the new link to)", page()),
    (r"^(?:Anda meminta tautan|Inilah tautannya|You asked us for the link|Here it is)", page()),
    # tests/channels/portal/test_lost_link.py sees to whom it goes.
    (r"(?:hanya dikirim kepada Anda|it was sent to you alone)", says_so),
    (r"(?:Tautan yang Anda miliki sebelumnya|The one you had before)", ended),
    (r"(?:di halamannya apakah|on its page whether)", page("fixed")),
    (r"(?:menilai layanan kami|rate how we dealt with you)", page("fixed")),
    (r"(?:^Sampaikan di sini; surat|^Say so here; letters)", says_so),
    (r"^(?:Surat ini merupakan jawaban akhir|This is our final response)", says_so),
    (r"^- (?:Anda dapat membawa perkara ini ke|You can take the matter to)", outside),
    (r"(?:langsung membalas email ini|simply reply to this email)", answerable),
    # Whoever has the link can indeed read and write there.
    (r"^(?:Simpan untuk Anda sendiri|Keep it to yourself)", page("message")),
]


@pytest.fixture
def sent(app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Sent]:
    """A letter of this kind, with its link followed at the moment it was written."""

    def make(act: Callable[[Office, str], None], language: str) -> Sent:
        number = office.receive(who={"language": language})
        first = office.complaint(number)
        before = follow_token(KEY, first.id, first.follow_nonce)
        act(office, number)
        kind = CALLED.get(act.__name__, act.__name__)
        row = next(row for row in office.letters(number) if row.kind == kind)
        deliver(office, Hand(), office.at)
        complaint = office.complaint(number)
        token = follow_token(KEY, complaint.id, complaint.follow_nonce)
        context = LetterContext(office.rules, BASE, reads_mail=True)
        is_theirs = row.to_address == complaint.contact_email
        office.session.commit()
        link = f"{BASE}/portal/{token}"
        letter = write_letter(
            row.kind, row.facts, language, context, follow_link=link, takes_replies=is_theirs
        )
        monkeypatch.setattr(clock, "now", lambda: office.at)
        shown = app.test_client().get(f"/portal/{token}?lang={language}")
        assert shown.status_code == 200
        old = app.test_client().get(f"/portal/{before}").status_code
        page_shown = Tag.of(shown.text)
        return Sent(office, number, letter, page_shown, row.to_address, old)

    return make


@pytest.mark.usefixtures("merged_as_before")
@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("act", TO_CUSTOMERS, ids=lambda act: act.__name__)
def test_every_promise_of_a_letter_is_one_that_is_kept(sent, act, language: str):
    found = sent(act, language)
    unchecked = [words for words in promising(found.letter.text) if not is_checked(found, words)]
    assert unchecked == []


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "words",
    [
        "Nilai layanan kami lewat tombol di halaman ini.",
        "- Anda dapat membawa perkara ini ke Ombudsman RI.",
        "Balas surat ini dan kami menjawab dalam satu jam.",
        "Unduh ringkasannya di sini.",
        "Obrolan kami buka sampai pukul 22.00.",
        "Hubungi kami di palsu@lain.example.",
        "Tenggat: Rabu, 2 Desember 2026, pukul 09.15 WIB",
        "Apakah ini sudah benar? Mohon jawab di halaman keluhan Anda.",
    ],
)
def test_a_promise_of_what_is_not_there_is_found(sent, words: str):
    found = sent(KINDS[0], "id")
    assert promising(words) != []
    assert not all(is_checked(found, each) for each in promising(words))


def is_checked(found: Sent, words: str) -> bool:
    """Whether what the sentence promises is there; false also where nobody looks."""
    told = dates(words)
    if told and not dated(found, words):
        return False
    if not _organisation(found, words):
        return False
    checks = [check for pattern, check in CHECKED if re.search(pattern, words, re.IGNORECASE)]
    if not checks:
        # A plain line with a date says no more than the date.
        return bool(told) and re.search(r"^[^.?!]*$|^- |^\d\.|^ ", plain(words)) is not None
    return all(check(found, words) for check in checks)


def promising(text: str) -> list[str]:
    """The sentences that promise a thing, without what somebody typed into the complaint."""
    lines = [line for line in text.splitlines() if line.strip()]
    pieces = [each for line in lines for each in re.split(r"(?<=[.?!;]) (?=[A-Z])", line.strip())]
    return [each for each in pieces if PROMISING.search(each)]


def plain(words: str) -> str:
    """The sentence without its dates and hours, whose dots end nothing."""
    return DATE["id"].sub("", DATE["en"].sub("", words))


JAKARTA = ZoneInfo("Asia/Jakarta")
MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "en": "January February March April May June July August September October November December",
}
DATE = {
    "id": re.compile(r"(\d{1,2}) ([A-Z]\w+) (\d{4}), pukul (\d\d)\.(\d\d) WIB"),
    "en": re.compile(r"(\d{1,2}) ([A-Z]\w+) (\d{4}),? (?:at )?(\d\d)[.:](\d\d)(?: WIB)?"),
}


def dates(words: str) -> list[datetime]:
    """The moments that a text names, in either language."""
    found = []
    for language, pattern in DATE.items():
        names = MONTHS[language].split()
        for day, month, year, hour, minute in pattern.findall(words):
            if month in names:
                date_of = (int(year), names.index(month) + 1, int(day))
                found.append(datetime(*date_of, int(hour), int(minute), tzinfo=JAKARTA))
    return found


def moments(office: Office, number: str) -> set[datetime]:
    """Every moment that the records of the complaint hold."""
    complaint: Any = office.complaint(number)
    ends = [complaint.closed_at + timedelta(days=7)] if complaint.closed_at else []
    found = [complaint.received_at, complaint.promised_at, complaint.first_told_at, *ends]
    found += [each.due_at for each in office.rows(Commitment, number)]
    found += [each.due_at for each in office.rows(Deadline, number)]
    found += [each.until_at for each in office.rows(Exit, number)]
    found += [each.until for each in office.rows(Extension, number)]
    found += [each.at for each in office.rows(HistoryEntry, number)]
    left = [each.sent_at for each in office.letters(number) if each.sent_at is not None]
    found += [*left, *(answer_until(office.rules, complaint, each) for each in left)]
    return {each for each in found if each is not None}

"""What the public form and the page of the service promise is there: sent, followed, opened.

As on customers' own pages: a promising sentence that nobody checks here fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from complaints.channels.portal.complain_page import MOST_FILES
from complaints.models import Complaint, Deadline, OutboxMessage, StepRecord
from tests.channels.portal.test_complain import STORY, TOLD, one, send
from tests.channels.portal.test_pages import link_to
from tests.channels.portal.test_promises import PROMISING, sentences
from tests.office import Office
from tests.web.page import Page, Visitor


@dataclass
class Told:
    """A page that anybody reads, and what became of a complaint sent by the form."""

    office: Office
    visitor: Visitor
    at_desk: Callable[..., Visitor]
    page: Page

    @property
    def complaint(self) -> Complaint:
        found: Complaint = one(self.office, Complaint)
        return found

    @property
    def number(self) -> str:
        found = self.complaint
        number: str = self.office.rules.numbers.write(found.year, found.id)
        self.office.session.commit()
        return number

    @property
    def link(self) -> str:
        return link_to(self.office, self.number)

    def own_page(self) -> Page:
        return self.visitor.get(self.link)


Check = Callable[[Told, str], bool]


def letter_with_number_and_link(told: Told, words: str) -> bool:
    rows = [each for each in told.office.letters(told.number) if each.kind != "notice"]
    return [each.to_address for each in rows] == [TOLD["email"]] and _names(rows[0], told.number)


def _names(letter: OutboxMessage, number: str) -> bool:
    return letter.facts["number"] == number


def kept_as_typed(told: Told, words: str) -> bool:
    found = told.complaint
    return found.story == STORY and found.contact_email == TOLD["email"]


def staff_read_it(told: Told, words: str) -> bool:
    return STORY.split(".")[0] in told.at_desk("csr").get(f"/complaints/{told.number}").text


def reachable(told: Told, words: str) -> bool:
    organisation = told.office.rules.organisation
    told.office.session.commit()
    ways = (*organisation.contact_center.values(), organisation.email)
    return any(each in told.page.text for each in ways)


def as_many_files(told: Told, words: str) -> bool:
    return int(re.findall(r"\d+", words)[0]) == MOST_FILES


def writes_to_us(told: Told, words: str) -> bool:
    forms = [str(each["action"]) for each in told.own_page().all("form")]
    return any(each.startswith(f"{told.link}/message") for each in forms)


def gets_a_receipt(told: Told, words: str) -> bool:
    return told.number in told.visitor.get(f"{told.link}/receipt").text


def has_clocks(told: Told, words: str) -> bool:
    """What the page says in days runs for the complaint that was sent."""
    return bool(told.office.rows(Deadline, told.number))


def is_the_organisations(told: Told, words: str) -> bool:
    """The organisation's own words: its standard, kept and told complaint by complaint."""
    rules = told.office.rules
    own = [text for item in rules.leaflet.mandatory for text in item.texts.values()]
    own += [rules.taxonomy.definition_id, rules.taxonomy.definition_en]
    told.office.session.commit()
    plain = " ".join(" ".join(own).split())
    pieces = [each for each in re.split(r"\{[^}]*\}", plain) if each.strip()]
    return any(words in each or each in words for each in [plain, *pieces])


def nothing_is_proven_for_us(told: Told, words: str) -> bool:
    """Steps and deadline are told by a person: the form proves nothing that people have to do."""
    return not [each for each in told.office.rows(StepRecord, told.number) if each.by_id]


#: What a sentence says → how it is followed; all that fit have to hold.
CHECKED: tuple[tuple[str, Check], ...] = (
    (r"By email we also send|Jika ada email", letter_with_number_and_link),
    (r"We keep what you write|Yang Anda tulis di sini", kept_as_typed),
    (r"Our staff who deal|Petugas kami yang menangani", staff_read_it),
    (r"contact us\.|hubungi kontak kami", reachable),
    (r"At most \d+ files|Paling banyak \d+ berkas", as_many_files),
    (r"a page of its own|halaman sendiri", writes_to_us),
    (r"give you a receipt|tanda terima", gets_a_receipt),
    (r"deadline|working day|batas waktu|hari kerja|Batas waktu", has_clocks),
    (r"tell you the steps|memberi tahu langkah", nothing_is_proven_for_us),
    (r"You have the right|Anda berhak", writes_to_us),
    (r"any expression of dissatisfaction|setiap ungkapan", is_the_organisations),
    (r"Contact centre|Pusat Kontak|Questions\?|Ada pertanyaan\?", reachable),
)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("path", ["/portal/", "/portal/service"])
def test_every_promising_sentence_of_the_public_pages_is_followed(
    visitor: Visitor, office: Office, at_desk, wall, path: str, language: str
):
    send(visitor, wall)
    page = visitor.get(f"{path}?lang={language}")
    told = Told(office, visitor, at_desk, page)
    promising = [each for each in dict.fromkeys(sentences(page)) if PROMISING.search(each)]
    assert len(promising) >= 3
    broken = []
    for words in promising:
        checks = [check for pattern, check in CHECKED if re.search(pattern, words)]
        if not checks or not all(check(told, words) for check in checks):
            broken.append((words, [each.__name__ for each in checks]))
    assert broken == []


@pytest.mark.parametrize("path", ["/portal/", "/portal/service"])
def test_every_link_of_the_public_pages_opens(visitor: Visitor, path: str):
    page = visitor.get(path)
    links = {str(each["href"]) for each in page.all("a[href]")}
    ours = sorted(each for each in links if each.startswith("/"))
    assert ours
    for each in ours:
        assert visitor.client.get(each).status_code == 200, each
    others = {each.partition(":")[0] for each in links if not each.startswith(("/", "#", "?"))}
    assert others <= {"mailto", "tel", "https"}

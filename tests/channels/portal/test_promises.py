"""No sentence of the customer's pages promises what is not there: every state, both languages.

A sentence that names an act, a form, a link, a date or what we will do has to be one that is
checked here against the records behind the page. One that nobody checks fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from babel.messages.pofile import read_po

from complaints.channels.portal.pages import SAID
from complaints.domain.accounts.login_delay import PATIENCE, WINDOW, ThrottleScope
from complaints.domain.deadlines import OUTCOME_KINDS, Kind
from complaints.domain.errors import Refused
from complaints.domain.permissions import CUSTOMER
from complaints.models import Commitment, Complaint, Deadline, Note, Notice, Offer, Rating, Timer
from complaints.steps.answer import take_answer
from complaints.steps.by_customer.object import answer_due, object_to
from complaints.steps.by_customer.rate import RatingGiven, rate
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import open_case
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.close import close_complaint
from complaints.steps.commitments.deliver import usual_delivery
from complaints.steps.confirm import answer_confirmation
from complaints.steps.letters.about import About
from complaints.steps.offer import offer_solution
from tests.channels.portal.test_pages import asked, at_place, duplicate_of, link_to
from tests.html_tree import Tag
from tests.letters.test_letters import extended, paused, reminder, undelivered, withdrawn
from tests.letters.test_promises import dates, moments
from tests.office import Office
from tests.web.page import CATALOGUE, Page, Visitor

DAY = timedelta(days=1)
OFFER = {"remedy": "PERBAIKAN", "description": "Kabel disambung"}

#: What makes a sentence one that promises a thing: acts of ours, forms, links, dates, people told.
PROMISING = re.compile(
    r"\b(?:we (?:will|go|are|put|then|have passed)|our staff|will tell|please|until|no later than"
    r"|deadline|contact|call us|below|page|link|answer|message|withdraw|take .* back|questions"
    r"|automatically|wait \d+|a manager|scan|remains open|write to us|follow|working \w+ left"
    r"|kami (?:akan|sedang|lanjut|meneruskan|tanya|perbaiki|hentikan|tutup|libatkan)"
    r"|akan|segera|petugas kami|mohon|silakan|sampai|paling lambat|batas waktu|hubungi|telepon"
    r"|di bawah|halaman|tautan|jawab\w*|pesan|cabut\w*|pencabutan|membatalkan|pertanyaan|otomatis"
    r"|tunggu|pindai|tetap berlaku|tulis|menulis|ikuti|kerja lagi|melanjutkan\w*)\b"
    r"|\b\d{1,2}[.:]\d\d\b|\(\d{3}\)",
    re.IGNORECASE,
)


@dataclass
class Shown:
    """A page of the customer's as it was shown, and the records behind it."""

    office: Office
    number: str
    page: Page

    def forms(self) -> set[str]:
        """What the page takes: the last part of each form's address."""
        actions = [str(each["action"]).partition("?")[0] for each in self.page.all("form")]
        return {each.rpartition("/")[2] for each in actions}

    @property
    def complaint(self):
        found = self.office.complaint(self.number)
        self.office.session.commit()
        return found

    def told(self) -> set[str]:
        """What staff were notified of about this complaint."""
        return {each.kind for each in self.office.rows(Notice, self.number)}


Check = Callable[[Shown, str], bool]


def form(*names: str) -> Check:
    """The page takes what the sentence asks for."""
    return lambda shown, words: set(names) <= shown.forms()


def reachable(shown: Shown, words: str) -> bool:
    """Whoever is told to contact us finds on this page how, and it is the organisation's own."""
    centre = shown.office.rules.organisation.contact_center
    return any(each in shown.page.text for each in centre.values())


def dated(shown: Shown, words: str) -> bool:
    """Every date in it stands in the records of the complaint."""
    known = moments(shown.office, shown.number) | delivery_if_accepted(shown) | ends(shown)
    return set(dates(words)) <= {at.replace(second=0, microsecond=0) for at in known}


def ends(shown: Shown) -> set[datetime]:
    """Until when their word opens an ended complaint, and a rating may be changed."""
    terms = shown.office.rules.authority.portal
    closed_at = shown.complaint.closed_at
    found = {each.at + terms.rating_days * DAY for each in shown.office.rows(Rating, shown.number)}
    found.add(answer_due(shown.office.rules, shown.complaint.branch_id, shown.office.at))
    return found | ({closed_at + terms.reopen_days * DAY} if closed_at else set())


def delivery_if_accepted(shown: Shown) -> set[datetime]:
    """When an open offer is delivered if it is accepted now; test_offer.py accepts it."""
    office = shown.office
    offers = [each for each in office.rows(Offer, shown.number) if each.state == "open"]
    branch = shown.complaint.branch_id
    found = {usual_delivery(office.rules, branch, each, office.at) for each in offers}
    return {at for at in found if at is not None}


def clock_runs(shown: Shown, words: str) -> bool:
    """Somebody is reminded until it is done: a clock of the outcome runs, or of a commitment."""
    kinds = {Kind.COMMITMENT.value, *(each.value for each in OUTCOME_KINDS)}
    rows = shown.office.rows(Deadline, shown.number)
    return any(row.ended_at is None and row.kind in kinds for row in rows)


def any_clock(shown: Shown, words: str) -> bool:
    """Whatever we owe next has a clock, and a timer that fires."""
    return bool(shown.office.rows(Timer, shown.number))


def told(*kinds: str) -> Check:
    """Staff were notified of it."""
    return lambda shown, words: bool(shown.told() & set(kinds))


def superior_called(shown: Shown, words: str) -> bool:
    calls = {"escalated", "escalation", "customer_objected"}
    return shown.complaint.escalation_level > 0 and bool(shown.told() & calls)


def resumes_by_itself(shown: Shown, words: str) -> bool:
    """A timer ends the pause at the date that stands there."""
    return dated(shown, words) and bool(shown.office.rows(Timer, shown.number))


def owes_another(shown: Shown, words: str) -> bool:
    """Nothing closes until something else was offered, or somebody signed that there is nothing."""
    shown.office.session.rollback()
    with suppress(Refused):
        shown.office.take(shown.number, close_complaint)
        return False
    return True


def is_late(shown: Shown, words: str) -> bool:
    """Nobody says sorry for what is in time, or was when the solution was accepted."""
    rows = shown.office.rows(Deadline, shown.number)
    outcomes = [row for row in rows if row.kind in {each.value for each in OUTCOME_KINDS}]
    due = [(shown.complaint.promised_at, outcomes[-1].ended_at)]
    commitments = shown.office.rows(Commitment, shown.number)
    due += [(each.due_at, each.done_at or each.dropped_at) for each in commitments]
    return any(at is not None and at < (ended or shown.office.at) for at, ended in due)


def is_paused(shown: Shown, words: str) -> bool:
    return bool(shown.complaint.waiting_customer)


def goes_on(shown: Shown, words: str) -> bool:
    """The original is open, and in the hands of somebody."""
    original = shown.complaint.duplicate_of_id
    other = shown.office.session.get_one(Complaint, original)
    shown.office.session.commit()
    return other.closed_at is None


def asks_again(shown: Shown, words: str) -> bool:
    """Until the summary is confirmed somebody here has to ask, and is reminded."""
    return form("confirmation")(shown, words) and any(
        each.kind == "confirm" and each.done_at is None
        for each in shown.office.rows(Commitment, shown.number)
    )


def take_back_days(shown: Shown, words: str) -> bool:
    days = shown.office.rules.authority.withdrawal.take_back_days
    return re.findall(r"(\d+) (?:days|hari)", words) == [str(days)]


def quarter_of_an_hour(shown: Shown, words: str) -> bool:
    return re.findall(r"(\d+) (?:minutes|menit)", words) == [str(int(WINDOW.total_seconds() // 60))]


def held_elsewhere(shown: Shown, words: str) -> bool:
    """What stands on paper; tests/web/complaint/test_receipt.py reads it there."""
    return True


def kept_as_theirs(shown: Shown, words: str) -> bool:
    """What they wrote is on record, and the handler heard of it."""
    return bool(shown.office.rows(Note, shown.number))


def both(*checks: Check) -> Check:
    return lambda shown, words: all(check(shown, words) for check in checks)


def terms(shown: Shown):
    return shown.office.rules.authority.portal


def reopens_by(shown: Shown, words: str) -> bool:
    """The date is the last on which their word opens it."""
    last = shown.complaint.closed_at + terms(shown).reopen_days * DAY
    return dates(words) == [last.replace(second=0, microsecond=0)]


def is_long_over(shown: Shown, words: str) -> bool:
    return shown.complaint.closed_at < shown.office.at - 7 * DAY


def answer_is_owed(shown: Shown, words: str) -> bool:
    """A superior was called, and the answer has a clock whose date stands on the page."""
    owed = [row for row in shown.office.rows(Commitment, shown.number) if row.kind == "objection"]
    return superior_called(shown, words) and all(each.deadline_id for each in owed) and bool(owed)


def ratable_until(shown: Shown, words: str) -> bool:
    (rating,) = shown.office.rows(Rating, shown.number)
    last = rating.at + terms(shown).rating_days * DAY
    return dates(words) == [last.replace(second=0, microsecond=0)]


#: A sentence → what it promises. Every one that fits is checked.
CHECKED: list[tuple[str, Check]] = [
    (r"^(?:Questions\?|Ada pertanyaan\?|Contact centre|Pusat Kontak)", reachable),
    (r"(?:call us|contact us|hubungi kami|telepon kami|menghubungi kami)", reachable),
    (r"(?:Write to us below|Tulis kepada kami di bawah)", form("message")),
    # A bare date, and what is told with it: the records hold each.
    (r"\d{4}(?:,| )", dated),
    (r"(?:answer our question below|jawab pertanyaan kami)", form("message")),
    (r"(?:tell us below whether|di bawah ini apakah)", form("confirmation")),
    (r"(?:tell us whether you accept|apakah Anda bersedia)", form("answer")),
    (r"(?:can still answer here|masih dapat menjawab di sini)", form("answer")),
    (r"(?:answer by|jawab paling lambat)", form("answer")),
    (r"(?:summary right as you told|Ringkasannya kami perbaiki)", asks_again),
    (r"(?:still add to it here|masih dapat menambahkannya)", form("confirmation")),
    (r"(?:put it right|go on with it\.|kami melanjutkannya|kami perbaiki)", asks_again),
    (r"(?:can take that back on the page|dapat membatalkan pencabutan di halaman)", take_back_days),
    (r"(?:withdraw your complaint, we stop|mencabut keluhan)", form("withdrawal")),
    # That the newest link opens and the older ones do not, the tests of new links hold.
    (r"(?:our latest letter|surat kami yang terakhir)", held_elsewhere),
    (r"^(?:Too many|Terlalu banyak)", lambda shown, words: shown.page.status == 429),
    (r"(?:Wait|Tunggu) \d+", quarter_of_an_hour),
    (r"(?:Scan|Pindai)", held_elsewhere),
    (r"(?:take the withdrawal back;|membatalkan pencabutan;)", form("take-back")),
    (r"(?:sorry|mohon maaf)", is_late),
    (r"(?:still working|masih menangani|masih kami tangani)", clock_runs),
    (r"(?:are working on|sedang kami tangani)", clock_runs),
    (r"(?:carrying it out|sedang melaksanakannya)", clock_runs),
    (r"(?:complete the work|akan menuntaskannya)", clock_runs),
    (r"(?:tell you the (?:date|result)|kami sampaikan|memberi kabar hasilnya)", any_clock),
    (r"(?:look for something else|mencari solusi lain)", owes_another),
    (r"(?:A manager is now|Atasan petugas)", superior_called),
    (r"(?:resumes automatically|berjalan lagi dengan sendirinya|otomatis)", resumes_by_itself),
    (r"(?:deadline is paused|Paused with our|dijeda)", is_paused),
    (r"(?:documents or photos|dokumen atau foto)", form("message")),
    (r"(?:we go on with that one|sama dengan keluhan)", goes_on),
    # tests/channels/portal/test_objection.py sends it, and sees that the answer has a clock.
    (r"(?:If you send it now|Jika dikirim sekarang)", both(form("objection"), dated)),
    # tests/channels/portal/test_after_end.py writes and sees what becomes of it.
    (r"(?:open your complaint again|Anda kami buka kembali)", both(form("message"), reopens_by)),
    (r"(?:becomes a new complaint|menjadi keluhan baru)", both(form("message"), is_long_over)),
    (r"(?:goes on from this one|lanjutan keluhan ini)", form("message")),
    (r"(?:change your rating until|dapat Anda ubah sampai)", both(form("rating"), ratable_until)),
]


def nowhere(office: Office) -> str:
    return at_place(office, None)


def state(act: Callable[[Office, str], None], later: timedelta = timedelta()) -> Callable:
    def make(office: Office) -> str:
        number = office.receive()
        act(office, number)
        office.at += later
        return number

    return make


def place(name: str, later: timedelta = timedelta()) -> Callable[[Office], str]:
    def make(office: Office) -> str:
        number = at_place(office, name)
        office.at += later
        return number

    return make


def offered_by_letter(office: Office, number: str) -> None:
    office.walk(number, to="020-3.2")
    office.take(number, offer_solution, method="email", **OFFER)
    office.post(number)


def thinking(office: Office, number: str) -> None:
    offered_by_letter(office, number)
    office.take(number, take_answer, answer="thinking")


def refused(office: Office, number: str) -> None:
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="refused", reason="Kurang")


def by_customer(office: Office, number: str, step: Callable[..., object], **words: object) -> None:
    office.at += timedelta(minutes=5)
    step(open_case(office.session, number, by=CUSTOMER, at=office.at), **words)
    office.session.commit()


def rated(office: Office, number: str) -> None:
    office.walk(number, to="closed")
    given = RatingGiven({"overall": 4}, "Ramah", "", True)
    by_customer(office, number, lambda case: rate(case, given))


def come_back(office: Office, number: str) -> None:
    office.walk(number, to="closed")
    office.at += 40 * DAY
    by_customer(office, number, write_message, text="Mati lagi")


def corrected(office: Office) -> str:
    number = asked(office)
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    answer_confirmation(case, answer="corrected", corrections="Sejak Senin")
    office.session.commit()
    return number


def accepted_late(office: Office, number: str) -> None:
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="accepted", at=office.at + 20 * DAY)


def asked_a_question(office: Office, number: str) -> None:
    office.walk(number, to="020-1.6")
    ask = {"text": "Modem merek apa?", "direction": "out", "method": "email"}
    office.take(number, record_message, about=About.QUESTION, **ask)
    office.post(number)


def objected(office: Office, number: str) -> None:
    office.walk(number, to="020-3.3")
    by_customer(office, number, object_to, text="Kurang")


def late(office: Office, number: str) -> None:
    office.walk(number, to="020-1.6")
    office.at += 10 * DAY


def late_and_called(office: Office, number: str) -> None:
    late(office, number)
    office.take(number, escalate_by_hand, reason="Sudah terlambat")


def followed(office: Office) -> str:
    return duplicate_of(office, at_place(office, "020-1.6"))


def followed_elsewhere(office: Office) -> str:
    other = at_place(office, "020-1.6", who={"name": "Orang Lain", "phone": "0811 111 2222"})
    return duplicate_of(office, other)


STATES: dict[str, Callable[[Office], str]] = {
    "received": nowhere,
    "to be confirmed": asked,
    "corrected": corrected,
    "registered": place("020-1.6"),
    "in handling": place("020-2.5"),
    "offered": place("020-3.3"),
    "offered by letter": state(offered_by_letter),
    "offered and over": state(offered_by_letter, 20 * DAY),
    "reminded": state(reminder),
    "thinking": state(thinking),
    "refused": state(refused),
    "accepted": place("020-3.4"),
    "accepted and not closed": place("020-3.4", 20 * DAY),
    "accepted late": state(accepted_late),
    "closed": place("closed"),
    "closed long ago": place("closed", 40 * DAY),
    "rated": state(rated),
    "come back": state(come_back, DAY),
    "paused": state(paused),
    "moved": state(extended),
    "objected": state(objected),
    "asked a question": state(asked_a_question),
    "late": state(late),
    "late and called": state(late_and_called),
    "withdrawn": state(withdrawn),
    "withdrawn for good": state(withdrawn, 9 * DAY),
    "undelivered": state(undelivered),
    "duplicate": followed,
    "duplicate of another's": followed_elsewhere,
}


#: What somebody wrote into the complaint.
TYPED = ".words, .about, .steps span[dir], .told small"


def sentences(page: Page) -> Iterator[str]:
    """What the page says in sentences, without what somebody typed into the complaint.

    Names of fields, headings and buttons say nothing by themselves: that their forms and links
    lead somewhere is checked apart.
    """
    shown = Tag.of(re.sub("<br ?/?>", "\n", str(page.tree))).without(
        "head, label, button, a, .words, .about, .steps span[dir], .told small"
    )
    for block in shown.select("dd, p, li, small"):
        own = block.without("body > * p, body > * small")
        lines = [" ".join(line.split()) for line in own.get_text().splitlines()]
        yield from (each for line in lines for each in re.split(r"(?<=[.?!;]) (?=[A-Z])", line))


def unchecked(shown: Shown) -> list[str]:
    """The promising sentences of a page that nobody checks, or that are not kept."""
    return [each for each in dict.fromkeys(sentences(shown.page)) if not is_kept(shown, each)]


def is_kept(shown: Shown, words: str) -> bool:
    if not PROMISING.search(words):
        return True
    checks = [check for pattern, check in CHECKED if re.search(pattern, words)]
    kept = bool(checks) and all(check(shown, words) for check in checks)
    shown.office.session.commit()
    return kept


@pytest.fixture
def show(visitor: Visitor, office: Office, wall) -> Callable[..., Shown]:
    """A page of this complaint, as shown at the office's time."""

    def shown(number: str, language: str, more: str = "", rest: str = "") -> Shown:
        wall.at = office.at
        path = f"{link_to(office, number)}{more}?lang={language}{rest}"
        return Shown(office, number, visitor.get(path))

    return shown


@pytest.mark.parametrize("name", STATES)
def test_every_promise_of_the_page_is_kept(show, visitor: Visitor, office: Office, name: str):
    number = STATES[name](office)
    for language in ("id", "en"):
        shown = show(number, language)
        assert unchecked(shown) == []
        for each in shown.page.all("main a, header a"):
            visitor.get(str(each["href"]))


@pytest.mark.parametrize(
    ("name", "is_sorry"),
    [("accepted", False), ("accepted and not closed", False), ("accepted late", True)],
)
def test_an_accepted_solution_was_in_time_or_not_for_good(
    show, office: Office, name: str, is_sorry: bool
):
    """As the report counts it: nobody hears that a date was missed which was kept."""
    number = STATES[name](office)
    said = show(number, "en").page.one(".by-when").get_text()
    assert ("kept" in said, "sorry" in said) == (not is_sorry, is_sorry)
    office.at += 30 * DAY
    assert show(number, "en").page.one(".by-when").get_text() == said


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_of_the_objection_promises_what_it_does(show, office: Office, language: str):
    shown = show(at_place(office, "020-3.3"), language, "/objection")
    assert unchecked(shown) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_of_the_withdrawal_promises_what_it_does(show, office: Office, language: str):
    shown = show(at_place(office, "020-1.6"), language, "/withdrawal")
    assert unchecked(shown) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_link_that_opens_nothing_promises_what_can_be_done(
    visitor: Visitor, office: Office, language: str
):
    number = at_place(office, None)
    path = f"/portal/1-wrong?lang={language}"
    for _ in range(PATIENCE[ThrottleScope.PORTAL].free):
        assert unchecked(Shown(office, number, visitor.get(path, 404))) == []
    assert unchecked(Shown(office, number, visitor.get(path, 429))) == []


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "words",
    [
        "Nilai layanan kami di halaman ini.",
        "Kami akan menelepon Anda besok.",
        "You can download the answer here.",
        "Tuesday, 1 December 2026, 09:15 WIB",
        "Please tell us whether you accept it.",
        "Our staff have been told.",
    ],
)
def test_a_promise_of_what_is_not_there_is_found(show, office: Office, words: str):
    assert not is_kept(show(at_place(office, "020-1.6"), "id"), words)


@dataclass(frozen=True)
class Answered:
    """What a customer sends from a state, and what has to be true of the answer they read."""

    state: str
    to: str
    fields: dict[str, str]
    holds: Check


def status(name: str) -> Check:
    return lambda shown, words: shown.complaint.status == name


def nothing_recorded(shown: Shown, words: str) -> bool:
    """Nobody reads thanks for what was not kept."""
    return not shown.told() & {f"customer_{each}" for each in ("accepted", "refused", "thinking")}


def told_of_the_new(shown: Shown, words: str) -> bool:
    """The number stands on the page, and whoever handles it has heard of the new one."""
    new = shown.office.rules.numbers.write(2026, shown.complaint.id + 1)
    kinds = {each.kind for each in shown.office.rows(Notice, new)}
    return new in shown.page.main and "customer_came_back" in kinds


def goes_on_anew(shown: Shown, words: str) -> bool:
    new = shown.office.rules.numbers.write(2026, shown.complaint.id + 1)
    kinds = {each.kind for each in shown.office.rows(Notice, new)}
    return new in shown.page.main and "customer_objected" in kinds


def owes_nothing(shown: Shown, words: str) -> bool:
    return all(each.kind != "objection" for each in shown.office.rows(Commitment, shown.number))


def not_rated(shown: Shown, words: str) -> bool:
    return not shown.office.rows(Rating, shown.number)


#: What the page says of an act → the act after which it says so.
SAYS: dict[str, Answered] = {
    "yes": Answered(
        "to be confirmed", "confirmation", {"answer": "yes"}, lambda shown, _: not awaits(shown)
    ),
    "corrected": Answered(
        "to be confirmed",
        "confirmation",
        {"answer": "corrected", "corrections": "Sejak Senin"},
        both(kept_as_theirs, told("customer_wrote"), asks_again),
    ),
    "changed": Answered(
        "to be confirmed",
        "confirmation",
        {"answer": "yes", "of": "0123456789abcdef"},
        lambda shown, _: awaits(shown),
    ),
    "accepted": Answered(
        "offered",
        "answer",
        {"answer": "accepted", "agree": "yes"},
        both(status("accepted"), told("customer_accepted")),
    ),
    "refused": Answered(
        "offered",
        "answer",
        {"answer": "refused", "reason": "Kurang"},
        both(status("in_handling"), told("customer_refused")),
    ),
    "thinking": Answered(
        "offered",
        "answer",
        {"answer": "thinking"},
        both(status("offered"), told("customer_thinking"), form("answer")),
    ),
    "question": Answered(
        "offered",
        "answer",
        {"answer": "question", "reason": "Kapan disambung?"},
        both(kept_as_theirs, told("customer_asked"), status("offered"), form("answer")),
    ),
    "objected": Answered("offered", "objection", {"text": "Kurang"}, answer_is_owed),
    "objected-anew": Answered(
        "closed long ago", "objection", {"text": "Kurang"}, both(status("closed"), goes_on_anew)
    ),
    "not-objected": Answered(
        "withdrawn", "objection", {"text": "Kurang"}, both(status("withdrawn"), owes_nothing)
    ),
    "replaced": Answered(
        "offered",
        "answer",
        {"answer": "accepted", "agree": "yes", "offer": "999"},
        both(nothing_recorded, form("answer")),
    ),
    "answered": Answered(
        "refused", "answer", {"answer": "accepted", "agree": "yes"}, status("in_handling")
    ),
    "no-offer": Answered(
        "registered", "answer", {"answer": "accepted", "agree": "yes"}, nothing_recorded
    ),
    "written": Answered(
        "registered",
        "message",
        {"text": "Lampu modem merah"},
        both(kept_as_theirs, told("customer_wrote")),
    ),
    "reopened": Answered(
        "closed",
        "message",
        {"text": "Mati lagi"},
        both(kept_as_theirs, told("customer_reopened"), status("in_handling"), clock_runs),
    ),
    "continued": Answered(
        "closed long ago",
        "message",
        {"text": "Mati lagi"},
        both(status("closed"), told_of_the_new),
    ),
    "settled": Answered(
        "closed", "fixed", {"answer": "yes"}, lambda shown, _: "fixed" not in shown.forms()
    ),
    "not-asked": Answered("registered", "fixed", {"answer": "yes"}, status("registered")),
    "rated": Answered(
        "closed", "rating", {"overall": "5"}, both(told("customer_rated"), form("rating"))
    ),
    "not-rated": Answered("registered", "rating", {"overall": "5"}, not_rated),
    "consent-back": Answered(
        "rated", "consent", {}, lambda shown, _: "consent" not in shown.forms()
    ),
    "withdrawn": Answered(
        "registered",
        "withdrawal",
        {"reason": "Sudah menyala"},
        both(status("withdrawn"), told("customer_withdrew"), form("take-back")),
    ),
    "taken-back": Answered(
        "withdrawn",
        "take-back",
        {"confirm": "yes"},
        both(status("registered"), told("withdrawal_taken_back"), clock_runs),
    ),
}


def awaits(shown: Shown) -> bool:
    return bool(shown.complaint.awaiting_confirmation)


def test_every_answer_of_the_page_is_tried():
    assert set(SAYS) == set(SAID)


@pytest.mark.parametrize("said", SAYS)
def test_what_the_page_says_of_an_act_is_what_became_of_it(
    visitor: Visitor, office: Office, wall, said: str
):
    act = SAYS[said]
    number = STATES[act.state](office)
    wall.at = office.at
    sent = visitor.post(f"{link_to(office, number)}/{act.to}", act.fields, 303)
    page = visitor.follow(sent)
    words = str(SAID[said])
    assert gettext_id(words) in page.main
    assert act.holds(Shown(office, number, page), words)


def gettext_id(words: str) -> str:
    """The sentence as the Indonesian page says it."""
    with CATALOGUE.open("rb") as file:
        return str(read_po(file, locale="id")[words].string)

"""The report as management reads it: one sentence, the figures, and the list behind each."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.actions.exit_words import ExitWords
from complaints.documents.reporting.words import ReportWords
from complaints.domain.permissions import CUSTOMER
from complaints.models import Commitment
from complaints.outbox.mail.letters import translations
from complaints.queries.reports.figures import DIMENSIONS, deadline_report
from complaints.queries.reports.rows import Figures, ReportRow
from complaints.rulebook import current_rules
from complaints.steps.answer import take_answer
from complaints.steps.by_customer.withdraw import withdraw_on_page
from complaints.steps.case import open_case
from complaints.steps.casework.approve import decide_offer
from complaints.steps.casework.escalate import acknowledge_escalation, escalate_by_hand
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import reopen_complaint, withdraw_complaint
from complaints.steps.commitments.settle import keep_commitments, undertake
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.offer import offer_solution
from complaints.sums.refresh import refresh_sums
from tests.conftest import NOW
from tests.office import staff
from tests.stories import Story

pytestmark = pytest.mark.both_databases

PATH = "/reports/deadlines"


def tell_autumn(office):
    days = [(9, 1, 1), (10, 1, 1), (10, 5, 20), (11, 2, None)]
    for month, day, taken in days:
        at = datetime(2026, month, day, 2, tzinfo=UTC)
        office.at = at
        number = office.receive(at=at, category="GGN_LAMBAT" if taken == 20 else "GGN_MATI")
        if taken:
            office.walk(number, to="020-3.3")
            office.take(number, take_answer, at=at + timedelta(days=taken), answer="accepted")


AUTUMN = Story(tell_autumn)


@pytest.fixture
def database_url(databases, request):
    """A database with everybody hired, and where the test asks for it with its autumn."""
    url = databases.fresh(AUTUMN.prepare if "autumn" in request.fixturenames else staff)
    yield url
    databases.drop(url)


@pytest.fixture
def autumn(office):
    """September: one kept. October: one kept, one missed. November: one missed and still open."""
    return AUTUMN.go_on(office)


def figures(page):
    """What the big figures say, by their words."""
    big = ".big-figures:not(.in-part)"
    terms = [" ".join(dt.get_text().split()) for dt in page.all(f"{big} dt")]
    values = [" ".join(dd.get_text().split()) for dd in page.all(f"{big} dt + dd")]
    return dict(zip(terms, values, strict=True))


def test_this_month_and_the_two_before_by_default(at_desk, autumn):
    page = at_desk("manager").get(PATH)
    assert page.one("#from")["value"] == "2026-09-01"
    assert page.one("#to")["value"] == "2026-11-30"
    assert figures(page) == {
        "Tepat waktu": "2 dari 4",
        "Diterima": "4",
        "Ditepati": "2",
        "Lewat tenggat": "2",
        "Di antaranya belum selesai": "1",
    }


def test_one_sentence_says_how_it_went(at_desk, autumn):
    october = f"{PATH}?from=2026-09-01&to=2026-10-31"
    lead = at_desk("manager").get(october).one(".lead").get_text()
    assert lead.startswith("Oktober 2026: 1 dari 2 tepat waktu; ")
    assert "Internet lambat" in lead
    english = at_desk("manager", "en").get(october).one(".lead").get_text()
    assert english.startswith("October 2026: 1 of 2 on time; ")


@pytest.mark.parametrize(
    ("september", "october", "said"),
    [
        ((18, 2), (10, 10), "Oktober 2026: 50,0% tepat waktu, turun 40,0 poin"),
        ((10, 10), (18, 2), "Oktober 2026: 90,0% tepat waktu, naik 40,0 poin"),
        # A few cases are said as they are, and no trend is made of them.
        ((18, 2), (1, 0), "Oktober 2026: 1 dari 1 tepat waktu"),
        ((1, 8), (10, 0), "Oktober 2026: 100,0% tepat waktu"),
        ((0, 10), (9, 1), "Oktober 2026: 90,0% tepat waktu, naik 90,0 poin"),
    ],
)
def test_a_month_is_set_against_the_one_before_where_both_have_enough(
    office, september, october, said
):
    months = [
        ReportRow(key, key, key, Figures(met=met, breached=breached))
        for key, (met, breached) in (("2026-09", september), ("2026-10", october))
    ]
    days = date(2026, 9, 1), date(2026, 10, 31)
    found = deadline_report(office.session, office.actor("manager"), *days, None, now=NOW)
    words = ReportWords(current_rules(office.session), translations("id").gettext, "id")
    told = words.sentence(replace(found, months=months), NOW.date())
    assert told == f"{said}."


def test_of_a_few_no_share_is_said_and_no_bar_is_drawn(at_desk, autumn):
    page = at_desk("manager").get(f"{PATH}?by=category")
    rows = {row.find("th").get_text(): row for row in page.all("#where tbody tr")}
    slow = rows["Internet lambat"]
    assert slow.select_one(".c-share").get_text(strip=True) == "0 dari 1"
    assert not page.all("#where .share-bar, .big-figures .share-bar")
    # The file and the API count on, for whoever adds up several reports.
    assert "%" not in page.one("#where table").get_text()


def test_nor_of_a_few_that_were_opened_again(at_desk, office):
    number = office.receive(at=NOW)
    office.at = NOW
    office.walk(number)
    office.take(number, reopen_complaint, by="supervisor", reason="Mati lagi sejak pagi")
    office.promise_anew(number)
    office.walk(number, after="020-2.5")
    page = at_desk("manager").get(f"{PATH}?from={NOW.date()}&to=2027-03-31")
    assert page.one("#again td:last-child").get_text(strip=True) == "1 dari 1"


def test_a_month_that_still_runs_is_set_against_nothing(at_desk, autumn):
    lead = at_desk("manager").get(PATH).one(".lead").get_text()
    assert lead.startswith("November 2026 sejauh ini: 0 dari 1 tepat waktu; ")
    cut = f"{PATH}?from=2026-09-20&to=2026-10-31"
    lead = at_desk("manager", "en").get(cut).one(".lead").get_text()
    assert lead.startswith("October 2026: 1 of 2 on time; ")


def test_a_quiet_period_says_so(at_desk):
    page = at_desk("manager").get(PATH)
    assert "Tidak ada janji yang jatuh tempo" in page.one(".lead").get_text()
    assert figures(page)["Tepat waktu"] == "–"


@pytest.mark.parametrize(
    "name",
    ["manager", pytest.param("supervisor", marks=pytest.mark.first_row_on_postgresql)],
)
def test_every_figure_opens_as_many_lines_as_it_says(at_desk, autumn, name):
    person = at_desk(name)
    said: dict[str, str] = {}
    for by in DIMENSIONS:
        page = person.get(f"{PATH}?by={by}")
        links = page.all(".big-figures a[href], .figures td a[href]")
        assert len(links) > 10
        for link in links:
            # What stands on the page of every division is opened once.
            assert said.setdefault(str(link["href"]), link.get_text()) == link.get_text()
    for href, figure in said.items():
        behind = person.get(href)
        assert len(behind.all(".list tbody tr")) == int(figure), href
        assert f"Jumlah: {figure}" in behind.main


def test_behind_a_figure_the_way_leads_back(at_desk, autumn):
    manager = at_desk("manager")
    page = manager.get(manager.get(PATH).all(".big-figures a")[0]["href"])
    assert page.link("Laporan tenggat").startswith(f"{PATH}?from=2026-09-01&to=2026-11-30")


def test_how_late_it_was_stands_behind_the_figure(at_desk, autumn):
    manager = at_desk("manager")
    page = manager.get("/complaints?figure=breached&status=all&from=2026-10-01&to=2026-10-31")
    assert "terlambat" in page.one(".c-due b").get_text()
    page = manager.get("/complaints?figure=met&status=all&from=2026-10-01&to=2026-10-31")
    assert page.one(".c-due b").get_text() == "tepat waktu"


def test_csv_says_what_the_page_says(at_desk, autumn):
    manager = at_desk("manager")
    page = manager.get(f"{PATH}?by=category")
    answer = manager.get(page.link("Unduh CSV"))
    assert answer.response.mimetype == "text/csv"
    assert (
        "tanggap-2026-09-01-2026-11-30-category.csv"
        in answer.response.headers["Content-Disposition"]
    )
    lines = answer.text_body.removeprefix("\ufeff").split("\r\n")
    assert lines[0] == (
        "key,label,received,met,breached,late_open,on_time,"
        "first_kept,first_missed,first_on_time,moved,again_kept,again_missed,again_on_time,count"
    )
    assert "GGN_MATI,Internet mati total,3,2,1,1,0.6667,2,0,1.0,0,0,0,," in lines
    assert "total,Total,4,2,2,1,0.5,2,1,0.6667,0,0,0,," in lines
    assert 'balance/missed_settled,"Lewat tenggat, sudah selesai",,,,,,,,,,,,,1' in lines


def test_excel_in_indonesian_finds_its_own_marks_in_the_file(at_desk, autumn):
    manager = at_desk("manager", "en")
    page = manager.get(f"{PATH}?by=category")
    answer = manager.get(page.link("CSV for Excel in Indonesian"))
    assert answer.response.mimetype == "text/csv"
    assert answer.text_body.startswith("\ufeffkey;label;received;")
    plain = manager.get(page.link("Download as CSV")).text_body
    read = [
        list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=mark))
        for text, mark in ((answer.text_body, ";"), (plain, ","))
    ]
    assert len(read[0]) == len(read[1]) > 20
    for excel, other in zip(*read, strict=True):
        assert {name: value.replace(",", ".") for name, value in excel.items()} == {
            name: value.replace(",", ".") for name, value in other.items()
        }
    shares = [line["on_time"] for line in read[0] if line["key"] in ("total", "GGN_MATI")]
    assert shares == ["0,6667", "0,5"]
    exits = manager.get("/reports/exits")
    listed = manager.get(exits.link("CSV for Excel in Indonesian")).text_body
    assert listed.startswith("\ufeffkind;kind_label;number;")


def test_the_balance_adds_up_on_the_page(at_desk, autumn):
    page = at_desk("manager").get(PATH)
    rows = page.all(".part:has(#balance) tbody tr")
    counts = [int(row.find("td").get_text()) for row in rows]
    total = page.one(".part:has(#balance) tfoot tr td").get_text()
    assert sum(counts) == int(total) == 4


def test_a_supervisor_reads_of_the_own_branch_only(office, at_desk, autumn):
    office.receive(by="csr2", branch="MKS", at=NOW)
    office.session.commit()
    assert figures(at_desk("supervisor").get(PATH))["Diterima"] == "4"
    assert figures(at_desk("manager").get(PATH))["Diterima"] == "5"


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "query",
    [
        "by=nonsense",
        "from=yesterday",
        "from=2026-02-30",
        "from=2026-10-02&to=2026-10-01",
        "from=1000-01-01",
        "from=0001-01-01&to=9999-12-31",
    ],
)
def test_a_report_that_cannot_be_is_refused_in_words(at_desk, query):
    assert at_desk("manager").get(f"{PATH}?{query}", status=422).all(".said-stop")


def test_the_usual_periods_are_one_click_away(at_desk, autumn):
    manager = at_desk("manager")
    page = manager.get(PATH)
    assert page.words(".bar [aria-current]") == ["Tiga bulan"]
    last = manager.get(page.link("Bulan lalu"))
    assert last.words(".bar [aria-current]") == ["Bulan lalu"]
    assert figures(last)["Diterima"] == "2"


def test_the_report_costs_the_same_whatever_was_recorded(office, at_desk, counted, autumn):
    manager = at_desk("manager")
    manager.get(PATH)
    with counted() as queries:
        manager.get(PATH)
    # Eleven of them look at what changed since the sums were computed.
    assert len([each for each in queries if each != "BEGIN"]) <= 21
    office.session.commit()
    while refresh_sums(sessionmaker(office.engine), clock.now()):
        pass
    with counted() as queries:
        manager.get(PATH)
    assert len([each for each in queries if each != "BEGIN"]) <= 11


def test_every_exception_opens_its_list_with_as_many_lines(office, at_desk, wall):
    wall.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.6")
    office.take(
        number, pause_clocks, reason="Menunggu foto modem", until=office.at + timedelta(days=1)
    )
    office.take(number, withdraw_complaint, reason="Salah alamat")
    office.session.commit()
    manager = at_desk("manager")
    page = manager.get(PATH)
    links = page.all(".acts a[href^='/reports/exits']")
    assert len(links) >= 4
    for link in links:
        behind = manager.get(str(link["href"]))
        assert len(behind.all(".list tbody tr")) == int(link.get_text())
    listed = manager.get(str(links[0]["href"]))
    assert "Menunggu foto modem" in listed.main
    assert listed.link("Laporan tenggat").startswith(PATH)
    assert at_desk("csr").get("/reports/exits", status=403)


@pytest.mark.parametrize(("lang", "name"), [("id", "Pelanggan"), ("en", "Customer")])
@pytest.mark.usefixtures("merged_as_before")
def test_what_a_customer_did_stands_under_the_customer(office, at_desk, wall, lang, name):
    """Beside what Tanggap does of itself, with a list of its own behind it."""
    wall.at = office.at = NOW
    budi = {"name": "Budi", "phone": "0811 1111 1111", "email": ""}
    one, other = office.receive(at=NOW), office.receive(at=NOW, who=budi)
    office.take(other, merge_complaint, by="supervisor", into=one, reason="Gangguan yang sama")
    case = open_case(office.session, one, by=CUSTOMER, at=office.at)
    withdraw_on_page(case, reason="Sudah menyala sendiri")
    office.session.commit()
    manager = at_desk("manager", lang)
    page = manager.get(PATH)
    lines = {row.find("th").get_text(): row for row in page.all(".part:has(#exceptions) tbody tr")}
    assert set(lines) == {name, "Tanggap", "Supervisor"}
    for whose in (name, "Tanggap"):
        (link,) = lines[whose].select("a")
        listed = manager.get(str(link["href"]))
        (row,) = listed.all(".list tbody tr")
        assert row.select("td")[3].get_text() == whose
        assert listed.one("h1").get_text().endswith(f" · {whose}")


@pytest.fixture
def busy(office, wall):
    """Commitments kept and missed, an escalation acknowledged and one not, an amount approved."""
    wall.at = office.at = NOW
    one = office.receive(at=NOW)
    office.walk(one, to="020-3.2")
    offer = {"remedy": "REFUND", "description": "Ganti rugi", "amount": 400_000}
    office.take(one, offer_solution, **offer)
    office.take(one, decide_offer, by="supervisor", answer="approved")
    office.at = NOW
    two = office.receive(at=NOW)
    office.walk(two, to="020-1.6")
    for what, days in (("Membawa bukti bayar", 1), ("Membawa KTP", 1), ("Membawa meterai", 20)):
        step = StepGiven(what, "customer", NOW + timedelta(days=days))
        office.take(two, undertake, kind="document", step=step)
    brought = next(each for each in office.rows(Commitment, two) if each.what == "Membawa KTP")
    office.take(two, keep_commitments, ids=[brought.id])
    office.take(two, escalate_by_hand, reason="Pelanggan sangat marah")
    office.take(one, escalate_by_hand, at=office.at, reason="Pelanggan sangat marah")
    office.take(one, acknowledge_escalation, by="supervisor", at=office.at)
    wall.at = NOW + timedelta(days=10)
    office.session.commit()
    return one, two


@pytest.mark.parametrize("name", ["manager", "supervisor"])
def test_commitments_escalations_and_amounts_open_what_they_count(at_desk, busy, name):
    person = at_desk(name)
    page = person.get(f"{PATH}?from=2026-11-01&to=2026-12-31")
    links = [str(a["href"]) for a in page.all(".acts a[href*='&line=']")]
    figures = {parse_qs(urlsplit(href).query)["figure"][0] for href in links}
    assert figures >= {
        *("commitment_kept", "commitment_missed", "commitment_open"),
        *("escalation_raised", "escalation_by_hand", "escalation_acknowledged"),
        *("escalation_unanswered", "money_given", "money_asked", "money_approved"),
    }
    counts = [a for a in page.all(".acts a[href*='&line=']") if a.get_text().isdecimal()]
    sums = [a for a in page.all(".acts a[href*='&line=']") if not a.get_text().isdecimal()]
    # A sum of rupiah opens the list of the offers that it adds up, a median that of the answers.
    assert {str(a["href"]) for a in sums} <= {str(a["href"]) for a in counts}
    assert len(sums) >= 3
    for link in counts:
        behind = person.get(str(link["href"]))
        assert len(behind.all(".list tbody tr")) == int(link.get_text()), link["href"]
        assert f"Jumlah: {link.get_text()}" in behind.main
    one, two = busy
    answered = [href for href in links if "figure=escalation_acknowledged" in href]
    behind = person.get(answered[0])
    assert one in behind.main
    assert two not in behind.main
    assert "Jenjang 1" in behind.main


def test_the_lists_behind_owners_keep_to_the_scope_and_to_whole_pages(office, at_desk, busy):
    path = "/complaints?figure={}&status=all&from=2026-11-01&to=2026-12-31"
    office.people["supervisor"].branch_id = office.rules.branches_by_code["MKS"].id
    office.session.commit()
    for figure in ("commitment_kept", "escalation_raised", "money_given"):
        assert at_desk("manager").get(path.format(figure)).all(".list tbody tr")
        assert not at_desk("supervisor").get(path.format(figure)).all(".list tbody tr")
    for line in ("nobody@tanggap.example", "99", "9" * 19, "none", "TEKNIK", "%27"):
        assert at_desk("manager").get(path.format(f"escalation_raised&line={line}"))
        assert at_desk("manager").get(path.format(f"commitment_open&line={line}"))
        assert at_desk("manager").get(path.format(f"money_given&line={line}"))


def numbers_behind(person, href):
    """The complaints that a list shows, page after page."""
    found, page = set(), person.get(href)
    while True:
        found |= {link.get_text(strip=True) for link in page.all(".list tbody a[href]")} & {
            str(link["href"]).rpartition("/")[2] for link in page.all(".list tbody a[href]")
        }
        older = page.all("a[rel='next']")
        if not older:
            return found
        page = person.get(str(older[0]["href"]))


def test_a_figure_and_its_list_are_the_same_complaints_for_whoever_sees_less(
    office, at_desk, busy, wall
):
    one, two = busy
    office.at = NOW
    elsewhere = office.receive(by="csr2", branch="MKS", at=NOW)
    office.take(elsewhere, escalate_by_hand, by="csr2", reason="Pelanggan sangat marah")
    office.take(elsewhere, withdraw_complaint, by="csr2", reason="Salah alamat")
    here = office.receive(at=NOW)
    office.take(here, withdraw_complaint, reason="Salah alamat")
    dated = exception_dated_back(office, wall)
    # An earlier version took it at its word; what it stored stands.
    clock = office.clocks(dated)["resolve"]
    clock.state, clock.breached_at = "met", None
    wall.at = NOW + timedelta(days=10)
    office.session.commit()
    assert_same_sets(at_desk("manager"), at_desk("supervisor"), elsewhere)
    manager = at_desk("manager", "en").get(f"{PATH}?from=2026-11-01&to=2026-12-31")
    supervisor = at_desk("supervisor", "en").get(f"{PATH}?from=2026-11-01&to=2026-12-31")
    said = "Counted: complaints of your branch, and those that you handle."
    assert said in supervisor.main
    assert said not in manager.main
    everybody = at_desk("manager", "en")
    assert linked(everybody, manager, "figure=balance_received") == {
        one,
        two,
        here,
        elsewhere,
        dated,
    }
    assert linked(everybody, manager, "figure=balance_kept_dated_back") == {dated}
    assert linked(everybody, manager, "kind=withdrawal&stood=running") == {here, elsewhere}
    medians = manager.all("#escalations td[data-word='Median'] a[href]")
    assert [numbers_behind(everybody, str(a["href"])) for a in medians] == [{one}]


def linked(person, page, query):
    """The complaints behind the only address on the page that asks so."""
    (href,) = {str(a["href"]) for a in page.all("main a[href]") if query in str(a["href"])}
    return numbers_behind(person, href)


def assert_same_sets(manager, supervisor, elsewhere):
    page = manager.get(f"{PATH}?from=2026-11-01&to=2026-12-31")
    own = supervisor.get(f"{PATH}?from=2026-11-01&to=2026-12-31")
    figures = "main a[href*='figure='], main a[href*='/reports/exits?']"
    whole = {str(a["href"]): numbers_behind(manager, str(a["href"])) for a in page.all(figures)}
    assert len(whole) > 25
    for link in own.all(figures):
        href = str(link["href"])
        assert numbers_behind(supervisor, href) == whole[href] - {elsewhere}, href
    # What the smaller report does not link to has nothing of the reader's.
    shown = {str(link["href"]) for link in own.all(figures)}
    for href in whole.keys() - shown:
        assert numbers_behind(supervisor, href) == set(), href


def test_no_number_on_the_report_stands_without_its_list(at_desk, office, busy, wall):
    exception_dated_back(office, wall)
    office.at = NOW
    office.take(office.receive(at=NOW), withdraw_complaint, reason="Salah alamat")
    wall.at = NOW + timedelta(days=10)
    page = at_desk("manager").get(f"{PATH}?from=2026-11-01&to=2026-12-31")
    cells = page.all("main tbody td.r, main tfoot td.r, main .big-figures dd, main .part-body b")
    bare = {cell.get_text(strip=True) for cell in cells if not cell.find("a")}
    # Nothing, and shares of two numbers that stand beside them.
    shares = {text for text in bare if re.fullmatch(r"[\d,]+%|\d+ dari \d+", text)}
    assert bare - shares - {"", "0", "–", "Rp0"} == set()


def exception_dated_back(office, wall):
    """An answer that was told for before the deadline and written down after it."""
    wall.at = office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-3.3")
    due = office.clocks(number)["resolve"].due_at
    case = open_case(office.session, number, by=office.actor("csr"), at=due - timedelta(hours=1))
    case.recorded_at = due + timedelta(hours=3)
    take_answer(case, answer="accepted", method="spoken")
    office.session.commit()
    return number


def test_who_dated_back_past_a_deadline_stands_on_the_page_with_the_entries(office, at_desk, wall):
    number = exception_dated_back(office, wall)
    manager = at_desk("manager")
    page = manager.get(PATH)
    (cell,) = page.all(".acts tbody a[href*='kind=past_due']")
    assert cell.get_text() == "1"
    assert "handler=csr" in str(cell["href"])
    behind = manager.get(str(cell["href"]))
    assert len(behind.all(".list tbody tr")) == 1
    assert number in behind.main
    assert "melewati tenggat Penyelesaian" in behind.main
    # What was recorded is said in the words of the history.
    assert ExitWords(office.rules).code("backdated", "accept") in behind.main


def test_the_list_of_exceptions_is_a_file_in_the_readers_words(office, at_desk, wall):
    wall.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.6")
    until = office.at + timedelta(days=1)
    office.take(number, pause_clocks, reason="Menunggu foto modem", until=until)
    office.session.commit()
    for language, label in (("id", "label_id"), ("en", "label_en")):
        page = at_desk("manager", language).get("/reports/exits?kind=pause")
        rows = page.all(".list tbody tr")
        file = at_desk("manager", language).get(
            page.link("Unduh CSV" if language == "id" else "Download as CSV")
        )
        assert file.response.mimetype == "text/csv"
        awaited = office.rules.exits.awaited
        lines = list(csv.DictReader(io.StringIO(file.text_body.removeprefix("\ufeff"))))
        assert len(rows) == len(lines) == 1
        (line,) = lines
        word = getattr(awaited[line["code"]], label)
        assert line["code_label"] == word
        assert word in rows[0].get_text()
        assert file.response.headers["Content-Disposition"].endswith('.csv"')


def test_a_quiet_period_has_no_exceptions_and_says_so(at_desk):
    assert "Tidak ada pengecualian" in at_desk("manager").get("/reports/exits").main


@pytest.mark.parametrize("by", ["category"])
def test_every_mark_of_a_picture_opens_what_its_line_of_the_table_opens(at_desk, autumn, by):
    page = at_desk("manager", "en").get(f"{PATH}?by={by}")
    missed = {each["href"] for each in page.all("table a[href]") if "=breached" in each["href"]}
    bars = {each["href"] for each in page.all(".picture a[href]:has(.p-bar)")}
    ages = {each["href"] for each in page.all("#handling table tbody a[href]")}
    assert ages, "one is open"
    assert bars == {each for each in missed if f"{by}=" in each} | ages
    dots = {each["href"] for each in page.all(".picture a[href]:not(:has(.p-bar))")}
    assert dots & missed


def test_each_picture_says_what_it_shows_and_leads_to_its_table(at_desk, autumn):
    page = at_desk("manager", "en").get(f"{PATH}?by=category")
    assert page.words(".picture-title") == [
        "On time, month by month",
        "Where most was missed",
        "How old is what is open",
    ]
    for each in page.all(".picture-table"):
        assert page.all(each["href"])
    assert all(each["aria-label"] for each in page.all(".picture, .picture a[href]"))

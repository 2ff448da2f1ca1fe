"""Reports by email: once for each stretch, in their reader's words, with what they may read."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from complaints.documents.reporting.words import ReportWords
from complaints.domain.errors import NotFound
from complaints.domain.notices.report_mail import Rhythm
from complaints.models import OutboxMessage, ReportMail, User
from complaints.outbox.deliver import deliver_waiting
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.letters import translations
from complaints.outbox.mail.transports import Folder
from complaints.people.notice_choices import ReportChoice, choose_report_mails
from complaints.queries.reports.figures import deadline_report
from complaints.queries.reports.outcomes.report import OUTCOME_PARTS, outcome_report
from complaints.worker import report_mails
from complaints.worker.report_mails import fill_report, send_reports, write_reports
from complaints.worker.sweeps import WorkerContext, deliver_messages
from tests.at_once import at_once
from tests.documents.pdf_text import close, text_of
from tests.documents.workbook_cells import sheets
from tests.office import Office

DAY = timedelta(days=1)
#: A Thursday at nine in Jakarta; complaints are received at that moment.
CHOSEN = datetime(2026, 11, 19, 2, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 0, tzinfo=UTC)
FIRST = datetime(2026, 12, 1, 0, tzinfo=UTC)
PERIOD = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def context(office: Office, tmp_path: Path) -> WorkerContext:
    return WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=DeliverySettings("https://keluhan.example", "a key for tests only, long enough"),
        transport=Folder(tmp_path / "mail"),
    )


def choose(
    office: Office,
    name: str,
    by: str = "",
    at: datetime = CHOSEN,
    with_outcomes: bool = False,
    **rhythms: int | None,
) -> None:
    """Let somebody get reports: `choose(office, "manager", weekly=0)`."""
    reader = office.session.scalars(select(User).where(User.email.startswith(f"{name}@"))).one()
    wanted = {
        Rhythm(each): ReportChoice(day, "branch", with_outcomes) for each, day in rhythms.items()
    }
    choose_report_mails(office.session, reader.id, wanted, by=office.actor(by or name), at=at)
    office.session.commit()


def mails(tmp_path: Path) -> list[EmailMessage]:
    files = sorted((tmp_path / "mail").glob("*.eml"), key=lambda each: each.stat().st_mtime_ns)
    parser = BytesParser(policy=policy.default)
    return [parser.parsebytes(each.read_bytes()) for each in files]  # type: ignore[misc]


def words_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]


def periods(office: Office) -> list[tuple[str, str, str]]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "report").order_by(OutboxMessage.id)
    found = [
        (row.facts["rhythm"], row.facts["from_on"], row.facts["to_on"])
        for row in office.session.scalars(query)
    ]
    office.session.commit()
    return found


def test_the_mail_says_what_the_report_says_and_encloses_it(
    office: Office, context: WorkerContext, tmp_path: Path
):
    office.receive()
    office.receive()
    choose(office, "manager", monthly=1)
    send_reports(context, FIRST - timedelta(seconds=1))
    assert mails(tmp_path) == []
    send_reports(context, FIRST)
    (mail,) = mails(tmp_path)
    report = deadline_report(
        office.session,
        office.actor("manager"),
        date(2026, 11, 1),
        date(2026, 11, 30),
        "branch",
        now=FIRST,
    )
    office.session.commit()
    body = words_of(mail)
    assert mail["To"].startswith("Manager")
    assert "1 Nov 2026 sampai 30 Nov 2026" in mail["Subject"]
    assert f"Diterima: {report.total.received}\n" in body
    assert report.total.received == 2
    assert f"Lewat tenggat: {report.total.breached}\n" in body
    assert "https://keluhan.example/notices/reports" in body
    assert "from=2026-11-01&to=2026-11-30&by=branch" in body
    files = {part.get_filename(): part for part in mail.iter_attachments()}
    assert {name: part.get_content_type() for name, part in files.items()} == {
        "tanggap-2026-11-01-2026-11-30.pdf": "application/pdf",
        "tanggap-2026-11-01-2026-11-30.xlsx": (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        ),
    }
    pdf, book = (part.get_content() for part in files.values())
    assert close("Diterima", str(report.total.received)) in text_of(pdf)
    (lines, *_) = sheets(book).values()
    heads = next(row for row in lines if "Diterima" in row)
    total = next(row for row in lines if row[0] == "total")
    assert total[heads.index("Diterima")] == report.total.received


def test_the_report_on_outcomes_comes_with_it_where_that_is_chosen(
    office: Office, context: WorkerContext, tmp_path: Path
):
    office.receive()
    choose(office, "supervisor", monthly=1, with_outcomes=True)
    send_reports(context, FIRST)
    (mail,) = mails(tmp_path)
    assert "part=" not in words_of(mail)
    assert "/reports/outcomes?from=2026-11-01&to=2026-11-30" in words_of(mail)
    files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    name = "tanggap-2026-11-01-2026-11-30"
    assert list(files) == [
        *(f"{name}.{ending}" for ending in ("pdf", "xlsx")),
        *(f"{name}-outcomes.{ending}" for ending in ("pdf", "xlsx")),
    ]
    paper, book = text_of(files[f"{name}-outcomes.pdf"]), sheets(files[f"{name}-outcomes.xlsx"])
    actor, rules = office.actor("supervisor"), office.rules
    words = ReportWords(rules, translations("id").gettext, "id")
    assert len(book) == len(OUTCOME_PARTS)
    for part, sheet in zip(OUTCOME_PARTS, book.values(), strict=True):
        found = outcome_report(office.session, actor, *PERIOD, part, now=FIRST, rules=rules)
        keys = [f"{each.key}/{line.key}" for each in found.sections for line in each.all_lines]
        assert [row[-1] for row in sheet if row[-1] in keys] == keys
        for section in found.sections:
            assert close(words.say(section.title)) in paper
    office.session.commit()


def test_whoever_changes_only_the_enclosure_has_chosen_it(office: Office):
    choose(office, "supervisor", weekly=0)
    choose(office, "supervisor", by="manager", weekly=0, with_outcomes=True)
    (row,) = office.session.scalars(select(ReportMail)).all()
    assert (row.with_outcomes, row.chosen_by_id) == (True, office.id_of("manager"))


@pytest.mark.parametrize(
    ("back", "covered"),
    [
        # Down from Friday to Monday: one report, and Tuesday's is its own again.
        (datetime(2026, 11, 23, 9, tzinfo=UTC), ("2026-11-19", "2026-11-22")),
        (datetime(2026, 11, 25, 9, tzinfo=UTC), ("2026-11-19", "2026-11-24")),
    ],
)
def test_what_was_missed_comes_as_one_report_over_all_its_days(
    office: Office, context: WorkerContext, back: datetime, covered: tuple[str, str]
):
    choose(office, "manager", daily=None)
    write_reports(context, back)
    write_reports(context, back)
    assert periods(office) == [("daily", *covered)]
    write_reports(context, back + DAY)
    assert periods(office)[1] == ("daily", *[back.date().isoformat()] * 2)


def test_a_week_that_was_missed_keeps_its_own_days(office: Office, context: WorkerContext):
    choose(office, "manager", weekly=0)
    write_reports(context, MONDAY + 3 * DAY)
    assert periods(office) == [("weekly", "2026-11-16", "2026-11-22")]
    # Two Mondays missed: each week once, in one report.
    write_reports(context, MONDAY + 16 * DAY)
    assert periods(office)[1:] == [("weekly", "2026-11-23", "2026-12-06")]


def test_another_day_goes_on_after_the_last_report(office: Office, context: WorkerContext):
    choose(office, "manager", weekly=0)
    write_reports(context, MONDAY)
    # From Mondays to Fridays on the same Monday: Friday's would be about the same week.
    choose(office, "manager", at=MONDAY + timedelta(hours=2), weekly=4)
    assert office.session.scalars(select(ReportMail.next_on)).all() == [date(2026, 12, 4)]
    office.session.commit()
    write_reports(context, MONDAY + 4 * DAY)
    assert periods(office) == [("weekly", "2026-11-16", "2026-11-22")]
    # Sundays tell of the week before the last: of that day on no week is left out.
    choose(office, "manager", at=MONDAY + 4 * DAY, weekly=6)
    write_reports(context, MONDAY + 20 * DAY)
    choose(office, "manager", at=MONDAY + 21 * DAY, weekly=0)
    write_reports(context, MONDAY + 28 * DAY)
    assert periods(office)[1:] == [
        ("weekly", "2026-11-23", "2026-12-06"),
        ("weekly", "2026-12-07", "2026-12-20"),
    ]


def test_who_chooses_again_gets_no_stretch_twice(office: Office, context: WorkerContext):
    choose(office, "manager", monthly=1)
    write_reports(context, FIRST)
    choose(office, "manager", at=FIRST + DAY)
    choose(office, "manager", at=FIRST + 2 * DAY, monthly=15)
    assert office.session.scalars(select(ReportMail.next_on)).all() == [date(2027, 1, 15)]
    office.session.commit()
    write_reports(context, FIRST + 46 * DAY)
    assert periods(office) == [
        ("monthly", "2026-11-01", "2026-11-30"),
        ("monthly", "2026-12-01", "2026-12-31"),
    ]


def test_a_report_that_cannot_be_written_keeps_no_other_waiting(
    office: Office, context: WorkerContext
):
    for name in ("manager", "supervisor"):
        choose(office, name, monthly=1)
    row = office.session.scalars(select(ReportMail).order_by(ReportMail.id)).all()[0]
    row.day = 40
    office.session.commit()
    assert write_reports(context, FIRST) == 2
    assert len(periods(office)) == 1
    row.day = 1
    office.session.commit()
    write_reports(context, FIRST + timedelta(hours=1))
    assert len(periods(office)) == 2


def test_two_workers_write_and_send_one(office: Office, context: WorkerContext, tmp_path: Path):
    choose(office, "manager", monthly=1)
    choose(office, "supervisor", monthly=1)
    other = WorkerContext(context.sessions, context.delivery, Folder(tmp_path / "mail"))
    workers = iter((context, other))
    at_once(2, lambda: send_reports(next(workers), FIRST))
    send_reports(context, FIRST)
    assert len(periods(office)) == 2
    assert sorted(mail["To"].addresses[0].addr_spec for mail in mails(tmp_path)) == [
        "manager@tanggap.example",
        "supervisor@tanggap.example",
    ]


def test_a_supervisor_gets_their_branch_and_is_told_so(
    office: Office, context: WorkerContext, tmp_path: Path
):
    office.receive()
    office.receive(by="csr2", branch="MKS")
    for name in ("manager", "supervisor"):
        choose(office, name, monthly=1)
    send_reports(context, FIRST)
    received = {}
    for mail in mails(tmp_path):
        body = words_of(mail)
        is_part = "keluhan cabang Anda" in body
        (line,) = [each for each in body.splitlines() if each.startswith("Diterima: ")]
        received[mail["To"].addresses[0].username] = (line, is_part)
    assert received == {
        "manager": ("Diterima: 2", False),
        "supervisor": ("Diterima: 1", True),
    }


def test_whose_rights_end_between_writing_and_sending_gets_nothing(
    office: Office, context: WorkerContext, tmp_path: Path
):
    choose(office, "supervisor", monthly=1)
    write_reports(context, FIRST)
    person = office.session.scalars(select(User).where(User.email.startswith("supervisor@"))).one()
    person.role = "csr"
    office.session.commit()
    delivered = deliver_waiting(
        context.sessions,
        context.transport,
        context.delivery,
        at=FIRST,
        fill=partial(fill_report, context.sessions, None, at=FIRST),
    )
    assert (delivered.sent, delivered.failed) == (0, 0)
    assert mails(tmp_path) == []
    assert office.session.scalars(select(OutboxMessage.state)).all() == ["replaced"]
    office.session.commit()
    # Nor is another written; the choice ends with the right.
    write_reports(context, FIRST + 40 * DAY)
    assert office.session.scalars(select(ReportMail)).all() == []
    assert len(periods(office)) == 1


def test_figures_that_cannot_be_read_go_out_later_and_never_in_part(
    office: Office, context: WorkerContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    choose(office, "manager", monthly=1)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the copy of the database has gone")

    with monkeypatch.context() as broken:
        broken.setattr(report_mails, "deadline_report", fail)
        send_reports(context, FIRST)
    assert mails(tmp_path) == []
    send_reports(context, FIRST + timedelta(minutes=2))
    (mail,) = mails(tmp_path)
    assert len(list(mail.iter_attachments())) == 2


def test_letters_to_customers_do_not_wait_for_reports(
    office: Office, context: WorkerContext, tmp_path: Path
):
    choose(office, "manager", monthly=1)
    write_reports(context, FIRST)
    deliver_messages(context, FIRST)
    assert mails(tmp_path) == []
    assert office.session.scalars(select(OutboxMessage.state)).all() == ["queued"]
    office.session.commit()


def test_who_leads_chooses_for_their_people_only(
    office: Office, context: WorkerContext, tmp_path: Path
):
    choose(office, "supervisor", by="manager", weekly=0)
    send_reports(context, MONDAY)
    (mail,) = mails(tmp_path)
    body = words_of(mail)
    assert "Manager memilih laporan ini untuk Anda" in body
    for name, by in (("manager", "supervisor"), ("csr", "manager")):
        with pytest.raises(NotFound):
            choose(office, name, by=by, weekly=0)
        office.session.rollback()


def test_what_is_chosen_again_goes_on_and_what_is_left_out_ends(office: Office):
    choose(office, "manager", weekly=0, monthly=31)
    before = office.session.scalars(select(ReportMail.covered_to)).all()
    choose(office, "manager", weekly=0)
    (row,) = office.session.scalars(select(ReportMail)).all()
    assert (row.rhythm, row.covered_to) == ("weekly", before[0])
    choose(office, "manager")
    assert office.session.scalars(select(ReportMail)).all() == []
    office.session.commit()


def test_the_reader_reads_their_own_language(
    office: Office, context: WorkerContext, tmp_path: Path
):
    person = office.session.scalars(select(User).where(User.email.startswith("manager@"))).one()
    person.language = "en"
    office.session.commit()
    choose(office, "manager", weekly=0)
    send_reports(context, MONDAY)
    (mail,) = mails(tmp_path)
    assert mail["Subject"].startswith("Deadline report 16 Nov 2026 to 22 Nov 2026")
    pdf = next(mail.iter_attachments()).get_content()
    assert close("Deadline report") in text_of(pdf)
    assert io.BytesIO(pdf).read(4) == b"%PDF"


def test_whoever_changed_it_last_has_chosen_it(office: Office):
    def chosen_by() -> int:
        found = office.session.scalars(select(ReportMail.chosen_by_id)).one()
        office.session.commit()
        return found

    manager, reader = office.actor("manager").id, office.actor("supervisor").id
    choose(office, "supervisor", by="manager", weekly=0)
    choose(office, "supervisor", weekly=0)
    assert chosen_by() == manager
    choose(office, "supervisor", weekly=1)
    assert chosen_by() == reader

"""`complaints report`: the figures for management, as the page and the API have them."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from complaints import clock
from complaints.commands.console import command, fail, open_database, say
from complaints.domain.permissions import SYSTEM

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from complaints.documents.reporting.files import ReportForm

#: What a report can be written as.
FORMATS = ("json", "csv", "xlsx", "pdf")
LANGUAGES = ("id", "en")
#: What figures can be divided by.
_DIVISIONS = (
    *("branch", "team", "category", "priority", "channel", "handler", "month"),
    *("cause", "tier", "need", "product"),
)
#: So many complaints are computed at once where nobody has to wait for the database.
REBUILT_AT_ONCE = 2_000


class Day(click.ParamType):
    """A day, written year-month-day."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a sentence on how to write it."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day. Write it as year-month-day, such as 2026-10-31.")


def _options(by: tuple[str, ...]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """What every report that is divided is asked with; `by` are the divisions it knows."""
    return _asked(
        click.option("--by", type=click.Choice(by), help="What its lines are divided by.")
    )


def _asked(
    own: Callable[..., Any],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """What every report is asked with, and the `own` option of one."""

    def add(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(
            (
                click.option("--from", "from_on", required=True, type=Day(), help="First day."),
                click.option("--to", "to_on", required=True, type=Day(), help="Last day."),
                own,
                click.option(
                    "--format",
                    "form",
                    type=click.Choice(FORMATS),
                    default="json",
                    show_default=True,
                ),
                click.option(
                    "--lang",
                    type=click.Choice(LANGUAGES),
                    default="id",
                    show_default=True,
                    help="Language of the words in a file.",
                ),
                click.option(
                    "--out",
                    type=click.Path(path_type=Path, dir_okay=False),
                    help="Write to this file instead of standard output.",
                ),
            )
        ):
            function = option(function)
        return function

    return add


@click.group()
def report() -> None:
    """Figures for management."""


@_options((*_DIVISIONS, "clock"))
def deadlines(
    from_on: date, to_on: date, by: str | None, form: str, lang: str, out: Path | None
) -> None:
    """The deadline report, the same figures as the page and the API."""
    from complaints.documents.reporting.files import ReportForm, deadlines_file
    from complaints.documents.reporting.paper import Made
    from complaints.documents.reporting.words import ReportWords
    from complaints.outbox.mail.letters import translations
    from complaints.queries.reports.figures import deadline_report
    from complaints.rulebook import current_rules

    with _session() as session:
        now, rules = clock.now(), current_rules(session)
        found = deadline_report(session, SYSTEM, from_on, to_on, by, now=now, rules=rules)
    if form == "json":
        _say(found.as_json(), out)
        return
    words = ReportWords(rules, translations(lang).gettext, lang)
    asked = ReportForm(form)
    _write_file(asked, deadlines_file(found, asked, Made(SYSTEM, now), words), out)


@_options(("criterion", "reason", "handler", "branch"))
def exits(
    from_on: date, to_on: date, by: str | None, form: str, lang: str, out: Path | None
) -> None:
    """Every exception of a period, the same as the page and the API."""
    from complaints.actions.exit_words import ExitWords
    from complaints.documents.reporting.files import ReportForm, exits_file
    from complaints.documents.reporting.paper import Made
    from complaints.documents.reporting.words import ReportWords
    from complaints.outbox.mail.letters import translations
    from complaints.queries.reports.exit_report import exit_report

    with _session() as session:
        found = exit_report(session, SYSTEM, from_on, to_on, by)
    codes = {each: ExitWords(found.rules, each) for each in LANGUAGES}
    if form == "json":
        _say(found.as_json(codes["id"], codes["en"]), out)
        return
    words = ReportWords(found.rules, translations(lang).gettext, lang)
    asked = ReportForm(form)
    content = exits_file(found, asked, Made(SYSTEM, clock.now()), words, codes[lang])
    _write_file(asked, content, out)


@click.option(
    "--part",
    type=click.Choice(("results", "steps", "causes", "arrivals", "satisfaction")),
    default="results",
    show_default=True,
    help="What is counted.",
)
@_options(_DIVISIONS)
def outcomes(
    from_on: date, to_on: date, part: str, by: str | None, form: str, lang: str, out: Path | None
) -> None:
    """What became of complaints, step by step, why, when, and how they rate it; as the page."""
    from complaints.documents.reporting.files import ReportForm, outcomes_file
    from complaints.documents.reporting.paper import Made
    from complaints.documents.reporting.words import ReportWords
    from complaints.outbox.mail.letters import translations
    from complaints.queries.reports.outcomes.report import outcome_report
    from complaints.rulebook import current_rules

    with _session() as session:
        rules = current_rules(session)
        now = clock.now()
        found = outcome_report(session, SYSTEM, from_on, to_on, part, by, now=now, rules=rules)
    if form == "json":
        _say(found.as_json(), out)
        return
    words, asked = ReportWords(rules, translations(lang).gettext, lang), ReportForm(form)
    _write_file(asked, outcomes_file(found, asked, Made(SYSTEM, clock.now()), words), out)


@click.option("--from", "from_on", type=Day(), required=True, help="First day.")
@click.option("--to", "to_on", type=Day(), required=True, help="Last day.")
def check(from_on: date, to_on: date) -> None:
    """Hold the report from the sums against one from the rows; 1 where they differ."""
    from complaints.db import begin_snapshot
    from complaints.sums.check import differing_parts

    with _session() as session:
        begin_snapshot(session)
        parts = differing_parts(session, from_on, to_on, clock.now())
    if parts is None:
        click.echo("Too much changed since the sums were computed: reports count the rows.")
    elif parts:
        fail(
            f"The sums differ from the rows in: {', '.join(parts)}. Run complaints report rebuild."
        )
    else:
        click.echo("The sums and the rows say the same.")


@click.option("--wait", is_flag=True, help="Compute them here, not in the worker.")
def rebuild(wait: bool) -> None:
    """Make all sums of the reports anew; until they are there, reports count the rows."""
    from complaints.queries.reports.summaries.state import calendars_of
    from complaints.rulebook import current_rules
    from complaints.sums.refresh import begin_anew, refresh_sums

    _, engine, sessions = open_database()
    try:
        with sessions() as session:
            calendars = calendars_of(current_rules(session))
        begin_anew(sessions, calendars)
        while wait and refresh_sums(sessions, clock.now(), REBUILT_AT_ONCE):
            pass
    finally:
        engine.dispose()
    click.echo("Done." if wait else "The worker computes them now.")


@_asked(click.option("--handler", required=True, help="E-mail of the person."))
def competence(
    from_on: date, to_on: date, handler: str, form: str, lang: str, out: Path | None
) -> None:
    """The proof of competence of a person, the same figures as the page."""
    from complaints.documents.competence import competence_pdf, competence_workbook
    from complaints.outbox.mail.letters import translations
    from complaints.queries.competence.report import competence_report
    from complaints.queries.competence.words import competence_table

    translate = translations(lang).gettext
    with _session() as session:
        found = competence_report(session, SYSTEM, handler, from_on, to_on)
    if form == "json":
        _say(found.as_json(), out)
    elif form == "csv":
        _write(competence_table(found, translate, lang).as_csv(), out)
    elif form == "xlsx":
        _refuse_terminal(out)
        _write_bytes(competence_workbook(found, translate, lang), out)
    else:
        _refuse_terminal(out)
        _write_bytes(competence_pdf(found, translate, lang, clock.now()), out)


@click.option("--form", "code", required=True, help="The form, such as ojk.")
@click.option("--quarter", required=True, help="The quarter, such as 2026-Q4.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("json", "csv", "xlsx")),
    default="json",
    show_default=True,
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="id", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of standard output.",
)
def regulator(code: str, quarter: str, form: str, lang: str, out: Path | None) -> None:
    """The form of an authority for a quarter, the same figures as the page."""
    from complaints.documents.reporting.regulator import form_table, form_workbook
    from complaints.documents.reporting.words import ReportWords
    from complaints.outbox.mail.letters import translations
    from complaints.queries.regulators.forms import form_named
    from complaints.queries.regulators.report import Quarter, regulator_report
    from complaints.rulebook import current_rules

    asked, days = form_named(code), Quarter.parse(quarter)
    with _session() as session:
        rules = current_rules(session)
        found = regulator_report(session, SYSTEM, asked, days, rules, now=clock.now())
    words = ReportWords(rules, translations(lang).gettext, lang)
    if form == "json":
        _say(found.as_json(), out)
    elif form == "csv":
        _write(form_table(found, words).as_csv(), out)
    else:
        _refuse_terminal(out)
        _write_bytes(form_workbook(found, words), out)


@click.argument("number")
@click.option(
    "--format", "form", type=click.Choice(("json", "pdf")), default="json", show_default=True
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="id", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of standard output.",
)
def review(number: str, form: str, lang: str, out: Path | None) -> None:
    """The record of a management review by its NUMBER, with the figures that it keeps."""
    from complaints.channels.api.management_review.schemas import review_answer
    from complaints.documents.management_review import review_pdf
    from complaints.documents.reporting.paper import Made
    from complaints.documents.reporting.words import ReportWords
    from complaints.outbox.mail.letters import translations
    from complaints.queries.management_review.view import read_review
    from complaints.steps.management_review.record import view_review

    now = clock.now()
    # Nothing is counted for it, so that no copy of the database is asked, which may be behind.
    _, engine, sessions = open_database()
    try:
        with sessions() as session:
            case = view_review(session, number, by=SYSTEM, at=now)
            if form == "json":
                _say(dict(review_answer(case)), out)
                return
            _refuse_terminal(out)
            view = read_review(session, case.rules, case.review, at=now)
            words = ReportWords(case.rules, translations(lang).gettext, lang)
            _write_bytes(review_pdf(view, Made(SYSTEM, now), words), out)
    finally:
        engine.dispose()


@contextmanager
def _session() -> "Iterator[Session]":
    """A session on the database of reports, closed with all of its connections."""
    from complaints.db import make_engine

    settings, engine, sessions = open_database()
    copy = make_engine(settings.reports_database_url) if settings.reports_database_url else None
    try:
        with sessions(bind=copy or engine) as session:
            yield session
    finally:
        engine.dispose()
        if copy is not None:
            copy.dispose()


def _write_file(form: "ReportForm", content: bytes, out: Path | None) -> None:
    """A report; text without the mark that only spreadsheets look for."""
    if form.type == "text/csv":
        _write(content.decode("utf-8-sig"), out)
        return
    _refuse_terminal(out)
    _write_bytes(content, out)


def _refuse_terminal(out: Path | None) -> None:
    """A workbook or PDF is never printed between the lines of a terminal."""
    if out is None and sys.stdout.isatty():
        fail("This file is no text. Name a file with --out, or redirect the output to one.")


def _write(text: str, out: Path | None) -> None:
    """Text as it is, to the file or to standard output."""
    if out is None:
        click.echo(text, nl=False)
    else:
        _write_bytes(text.encode(), out)


def _write_bytes(content: bytes, out: Path | None) -> None:
    """A file as it is, to the file or to standard output."""
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.")


def _say(result: dict[str, Any], out: Path | None) -> None:
    """One JSON document, to the file or to standard output."""
    if out is None:
        say(result, True)
    else:
        _write(json.dumps(result, ensure_ascii=False) + "\n", out)


report.add_command(command(deadlines), "deadlines")
report.add_command(command(exits), "exits")
report.add_command(command(outcomes), "outcomes")
report.add_command(command(check), "check")
report.add_command(command(rebuild), "rebuild")
report.add_command(command(competence), "competence")
report.add_command(command(regulator), "regulator")
report.add_command(command(review), "review")

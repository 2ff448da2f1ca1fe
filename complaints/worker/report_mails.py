"""Sending the reports that people get by email: written once when due, read when they are sent."""

import time
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from complaints import clock
from complaints.documents.reporting.files import ReportForm, all_outcomes_file, deadlines_file
from complaints.documents.reporting.paper import Made
from complaints.documents.reporting.words import ReportWords, scope_said
from complaints.domain.permissions import Actor
from complaints.models import User
from complaints.outbox.deliver import deliver_waiting, is_anything_waiting
from complaints.outbox.mail.envelope import Enclosure
from complaints.outbox.mail.letters import translations
from complaints.outbox.on_the_way import Filled, Leased
from complaints.outbox.report_mails import is_report_due, write_next_report
from complaints.people.undelivered import tell_undelivered
from complaints.queries.people.report_mails import may_get_reports
from complaints.queries.reports.figures import Report, deadline_report
from complaints.queries.reports.outcomes.report import OUTCOME_PARTS, outcome_report
from complaints.rulebook import current_rules
from complaints.worker.sweeps import CLOSED_SECONDS, JobResult, WorkerContext, note_way_out, reading

#: As what a report is enclosed.
_ENCLOSED = (ReportForm.PDF, ReportForm.XLSX)


def send_reports(context: WorkerContext, at: datetime) -> JobResult:
    """Write what is due, then send what waits, one report after another."""
    done = JobResult(write_reports(context, at))
    if time.monotonic() < context.reports_open:
        return done
    with reading(context.sessions) as session:
        if not is_anything_waiting(session, at, is_filled_late=True):
            return done
    delivered = deliver_waiting(
        context.sessions,
        context.report_transport or context.transport,
        context.delivery,
        at=at,
        tell=tell_undelivered,
        is_stopping=context.is_stopping,
        fill=partial(fill_report, context.sessions, context.report_sessions, at=at),
    )
    done.handled += delivered.handled
    if delivered.has_answered or delivered.is_closed:
        note_way_out(context.sessions, delivered, at)
    if delivered.is_closed:
        context.reports_open = time.monotonic() + CLOSED_SECONDS
    return done


def write_reports(context: WorkerContext, at: datetime) -> int:
    """Write the letters that are due, each in a transaction of its own; returns how many."""
    with reading(context.sessions) as session:
        if not is_report_due(session, at):
            return 0
    written = 0
    while not context.is_stopping():
        with context.sessions.begin() as session:
            if not write_next_report(session, at=at):
                break
        written += 1
    return written


def fill_report(
    sessions: sessionmaker[Session],
    copies: sessionmaker[Session] | None,
    message: Leased,
    *,
    at: datetime,
) -> Filled | None:
    """The report as its reader may read it now, with its files; None for who may not any more.

    `copies` are sessions on the database of reports, where there is one.
    """
    given = message.facts
    with reading(sessions) as session:
        user = session.get(User, given["reader"])
        if user is None or not user.is_active or not may_get_reports(user.actor):
            return None
        reader, branch_id = user.actor, user.branch_id
    from_on, to_on = (date.fromisoformat(given[name]) for name in ("from_on", "to_on"))
    with (copies or sessions)() as session:
        report = deadline_report(session, reader, from_on, to_on, given["division"], now=at)
        rules = current_rules(session)
        # A letter that was written before there was a choice says nothing of it.
        parts = OUTCOME_PARTS if given.get("with_outcomes") else ()
        outcomes = [
            outcome_report(session, reader, from_on, to_on, part, now=at, rules=rules)
            for part in parts
        ]
    words = ReportWords(rules, translations(message.language).gettext, message.language)
    facts = {**given, **_said(report, reader, words, at)}
    facts["zone"] = str(rules.own_calendar(branch_id).tz)
    name = f"tanggap-{from_on}-{to_on}"
    made = Made(reader, clock.now())
    enclosed = [
        Enclosure(f"{name}.{form.ending}", form.type, deadlines_file(report, form, made, words))
        for form in _ENCLOSED
    ]
    if outcomes:
        called = f"{name}-outcomes"
        enclosed += [
            Enclosure(
                f"{called}.{form.ending}", form.type, all_outcomes_file(outcomes, form, made, words)
            )
            for form in _ENCLOSED
        ]
    return Filled(facts, enclosed)


def _said(report: Report, reader: Actor, words: ReportWords, at: datetime) -> dict[str, Any]:
    """What stands in the letter itself: the sentence and the figures on top of the page."""
    total, today = report.total, at.astimezone(words.rules.home_zone).date()
    return {
        "days": words.days(report.from_on, report.to_on, is_short=True),
        "said": words.sentence(report, today),
        "on_time": words.share(total.met, total.breached),
        "received": words.number(total.received),
        "kept": words.number(total.met),
        "missed": words.number(total.breached),
        "late_open": words.number(total.late_open),
        "scope": scope_said(reader, words.say),
        "zones": words.zones(report),
        "query": f"from={report.from_on}&to={report.to_on}&by={report.by}",
        "days_query": f"from={report.from_on}&to={report.to_on}",
    }

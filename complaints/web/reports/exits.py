"""The report of exits as a page and a file: every exception of a period, and whose it is."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.actions.exit_words import ExitWords
from complaints.documents.reporting.files import ReportForm, exits_file
from complaints.documents.reporting.paper import Made
from complaints.documents.reporting.words import ReportWords
from complaints.domain.permissions import SYSTEM, Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.queries.reports.exceptions import (
    BY_CUSTOMERS,
    PAGE,
    Asked,
    ExceptionRow,
    count_listed,
    list_exceptions,
)
from complaints.queries.reports.exit_report import exit_report
from complaints.queries.reports.period import Period
from complaints.queries.reports.words import BY_CUSTOMER, EXITS, STOOD
from complaints.rulebook import current_rules
from complaints.web.frame.files import asked_report_form, report_file
from complaints.web.frame.filters import exception_word, scope_words
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang
from complaints.web.reports.periods import asked_days

blueprint = Blueprint("exits", __name__)

_ASKED = ("kind", "handler", "criterion", "code", "branch", "stood")


@blueprint.get("/reports/exits")
@guarded(Permission.REPORTS)
def exits() -> str | Response:
    """What was moved, stopped, skipped, overridden or dated back, in pages."""
    rules = current_rules(db.session)
    from_on, to_on = asked_days(clock.now().astimezone(rules.home_zone).date())
    given = {name: request.args.get(name, "").strip()[:120] or None for name in _ASKED}
    asked, number = Asked(**given), _page_number()
    period, words = Period.of(from_on, to_on, rules), ExitWords(rules, lang())
    form = asked_report_form()
    if form is not None:
        with db.reports() as session:
            report = exit_report(session, actor(), from_on, to_on, None, rules, asked)
        made, said = Made(actor(), clock.now()), ReportWords(rules, gettext, lang())
        content = exits_file(report, form, made, said, words)
        return report_file(content, form, f"tanggap-exits-{from_on}-{to_on}")
    with db.reports() as session:
        count = count_listed(session, actor(), period, rules, asked)
        rows = list_exceptions(
            session, actor(), period, rules, asked, limit=PAGE, offset=PAGE * (number - 1)
        )
    days = {"from": from_on.isoformat(), "to": to_on.isoformat()}
    kept = {**days, **{name: value for name, value in given.items() if value}}

    def address(page: int) -> str:
        return "/reports/exits?" + urlencode({**kept, "page": page})

    return render_template(
        "reports/exits.html",
        rows=rows,
        count=count,
        scope=scope_words(actor()),
        rules=rules,
        asked=asked,
        from_on=from_on,
        to_on=to_on,
        kinds=[(kind, exception_word(kind)) for kind in EXITS],
        stood=gettext(STOOD[asked.stood]) if asked.stood and asked.stood in STOOD else "",
        whose=_whose(asked.handler, rows),
        words=words,
        files={
            form.value: "/reports/exits?" + urlencode({**kept, "format": form.value})
            for form in ReportForm
        },
        back="/reports/deadlines?" + urlencode(days),
        newer=address(number - 1) if number > 1 else None,
        older=address(number + 1) if count > PAGE * number else None,
    )


def _whose(handler: str | None, rows: Sequence[ExceptionRow]) -> str:
    """Whose exceptions are listed, where it was asked for one line of the report only."""
    if handler == BY_CUSTOMERS:
        return gettext(BY_CUSTOMER)
    if handler == "none":
        return SYSTEM.name
    return next((each.by for each in rows if each.by), handler) if handler else ""


def _page_number() -> int:
    """Which page is asked for, counted from 1."""
    return max(1, min(whole_number(request.args.get("page", "")) or 1, 10_000))

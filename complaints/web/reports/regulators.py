"""The forms of authorities for a quarter: as a page, CSV and workbook."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.documents.reporting.regulator import (
    balance_said,
    form_heads,
    form_notes,
    form_rows,
    form_table,
    form_workbook,
)
from complaints.documents.reporting.words import ReportWords
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.regulators.forms import form_named, regulator_forms
from complaints.queries.regulators.report import Quarter, regulator_report
from complaints.rulebook import current_rules
from complaints.web.frame.files import FileForm, asked_form, file_answer
from complaints.web.frame.filters import scope_words
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang

blueprint = Blueprint("regulators", __name__)

#: So many quarters back are offered; any other can be asked for in the address.
_OFFERED = 8


@blueprint.get("/reports/regulators")
@guarded(Permission.REPORTS)
def regulators() -> str | Response:
    """A form filled in for a quarter; the last one that is over without any."""
    rules, now = current_rules(db.session), clock.now()
    forms = regulator_forms()
    present = Quarter.of(now.astimezone(rules.home_zone).date())
    form = form_named(request.args.get("form", "")[:40] or next(iter(forms)))
    asked = request.args.get("quarter", "")[:10]
    quarter = Quarter.parse(asked) if asked else present.before
    with db.reports() as session:
        report = regulator_report(session, actor(), form, quarter, rules, now=now)
    words = ReportWords(rules, gettext, lang())
    file = asked_form()
    if file is not None:
        name = f"tanggap-{form.id}-{quarter}.{file.ending}"
        if file is FileForm.XLSX:
            return file_answer(form_workbook(report, words), name)
        return file_answer(form_table(report, words).as_csv(file.of_csv), name)
    kept = {"form": form.id, "quarter": str(quarter)}
    return render_template(
        "reports/regulators.html",
        report=report,
        form=form,
        heads=form_heads(report, words),
        rows=form_rows(report, words),
        notes=form_notes(report, words)[1:],
        balance=balance_said(report.total, words),
        scope=scope_words(actor()),
        forms=[(each.id, f"{each.authority}: {each.label(lang())}") for each in forms.values()],
        quarters=_quarters(present, quarter),
        in_force=form.policy in rules.policy_codes,
        files={
            each.value: "/reports/regulators?" + urlencode({**kept, "format": each.value})
            for each in FileForm
        },
    )


def _quarters(present: Quarter, shown: Quarter) -> list[tuple[str, str]]:
    """The present one and those before, and the one that is shown."""
    found = [present]
    while len(found) < _OFFERED:
        found.append(Quarter.of(found[-1].from_on - timedelta(days=1)))
    if shown not in found:
        found.append(shown)
    return [(str(each), _said(each)) for each in found]


def _said(quarter: Quarter) -> str:
    words: str = gettext("Quarter %(number)s, %(year)s", number=quarter.number, year=quarter.year)
    return words

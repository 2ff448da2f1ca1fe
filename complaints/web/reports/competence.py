"""The proof of competence as a page, a file and the form on A4: one's own, or of one's people."""

from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.documents.competence import (
    DEFINITIONS,
    WITHHELD,
    competence_pdf,
    competence_workbook,
)
from complaints.domain.errors import N_, Forbidden
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.competence.people import people_to_choose
from complaints.queries.competence.report import CompetenceReport, competence_report
from complaints.queries.competence.words import (
    QUESTION_WORDS,
    competence_table,
    evidence_said,
    label,
    score_said,
    scores_said,
    share_said,
)
from complaints.rulebook import current_rules
from complaints.web.complaint.printing import pdf
from complaints.web.frame.files import FileForm, asked_form, file_answer
from complaints.web.frame.guards import actor, guarded, own_account
from complaints.web.frame.translations import lang
from complaints.web.reports.periods import asked_days

blueprint = Blueprint("competence", __name__)


@blueprint.get("/reports/competence")
@guarded(Permission.VIEW)
def competence() -> str | Response:
    """What the records of a period say of a person; without one, who it may be."""
    rules, me = current_rules(db.session), actor()
    from_on, to_on = asked_days(clock.now().astimezone(rules.home_zone).date())
    if not (me.has(Permission.REPORTS) or me.has(Permission.HANDLE)):
        raise Forbidden(N_("Your role does not allow this. Ask your supervisor to do it."))
    handler = request.args.get("handler", "").strip()[:254]
    if not handler and not me.has(Permission.REPORTS):
        handler = own_account().email
    report = None
    if handler:
        with db.reports() as session:
            report = competence_report(session, me, handler, from_on, to_on, rules)
        answer = _file(report)
        if answer is not None:
            return answer
    days = {"from": from_on.isoformat(), "to": to_on.isoformat()}
    kept = "/reports/competence?" + urlencode({**days, "handler": handler})
    return render_template(
        "reports/competence.html",
        report=report,
        people=people_to_choose(db.session, me),
        handler=handler,
        from_on=from_on,
        to_on=to_on,
        files={name: f"{kept}&format={name}" for name in ("pdf", "xlsx", "csv")},
        definitions=[gettext(each) for each in DEFINITIONS],
        withheld=gettext(WITHHELD),
        evidence_said=lambda line: evidence_said(line, gettext, lang()),
        note_of=lambda criterion: label(criterion, lang(), "note"),
        scores_said=lambda line: scores_said(line, gettext, lang()),
        share_said=lambda line: share_said(line, gettext, lang()),
        score_said=lambda score: score_said(score, 5, gettext, lang()),
        questions={name: gettext(words) for name, words in QUESTION_WORDS.items()},
        back="/reports/deadlines?" + urlencode(days) if me.has(Permission.REPORTS) else "",
    )


def _file(report: CompetenceReport) -> Response | None:
    """The file that the address asks for; None for the page."""
    form, said = asked_form(), lang()
    name = f"tanggap-competence-{report.from_on}-{report.to_on}"
    if request.args.get("format") == "pdf":
        return pdf(competence_pdf(report, gettext, said, clock.now()), f"{name}.pdf")
    if form is None:
        return None
    if form is FileForm.XLSX:
        return file_answer(competence_workbook(report, gettext, said), f"{name}.xlsx")
    table = competence_table(report, gettext, said)
    return file_answer(table.as_csv(form.of_csv), f"{name}.csv")

"""The calls that answer a report, as JSON or as a file in the language asked for."""

from flask import Blueprint, Response, request

from complaints import clock
from complaints.actions.exit_words import ExitWords
from complaints.channels.accept_language import preferred_language
from complaints.channels.api.bearer import caller, with_token
from complaints.channels.api.conditional import read_answer
from complaints.channels.api.query_params import (
    JSON_FORM,
    ExitsQuestion,
    OutcomesQuestion,
    ReportQuestion,
    read_question,
)
from complaints.documents.reporting.files import (
    ReportForm,
    deadlines_file,
    exits_file,
    outcomes_file,
)
from complaints.documents.reporting.paper import Made
from complaints.documents.reporting.words import ReportWords
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.formatting import ENGLISH, INDONESIAN
from complaints.outbox.mail.letters import translations
from complaints.queries.reports.exit_report import exit_report
from complaints.queries.reports.figures import deadline_report
from complaints.queries.reports.outcomes.report import outcome_report
from complaints.rulebook import RuleBook, current_rules


def add_reports(blueprint: Blueprint) -> None:
    """Let the blueprint answer the calls for reports."""
    views = ("deadlines", _deadlines), ("exits", _exits), ("outcomes", _outcomes)
    for name, view in views:
        guarded = with_token(Permission.REPORTS)(view)
        blueprint.add_url_rule(
            f"/reports/{name}", endpoint=f"reports_{name}", view_func=guarded, methods=["GET"]
        )


def _deadlines() -> Response:
    """Report promises kept and missed in a period."""
    asked, now = read_question(ReportQuestion, request.args), clock.now()
    rules = current_rules(db.session)
    with db.reports() as session:
        found = deadline_report(
            session, caller(), asked.from_on, asked.to_on, asked.by, now=now, rules=rules
        )
    if asked.format == JSON_FORM:
        return read_answer(found.as_json())
    form, words = ReportForm(asked.format), asked_words(rules, asked.lang)
    content = deadlines_file(found, form, Made(caller(), now), words)
    return file_response(content, form, f"tanggap-{asked.from_on}-{asked.to_on}")


def _exits() -> Response:
    """Report every exit of a period."""
    asked = read_question(ExitsQuestion, request.args)
    with db.reports() as session:
        found = exit_report(session, caller(), asked.from_on, asked.to_on, asked.by)
    rules = found.rules
    if asked.format == JSON_FORM:
        words = (ExitWords(rules, each) for each in (INDONESIAN, ENGLISH))
        return read_answer(found.as_json(*words))
    form, said = ReportForm(asked.format), asked_words(rules, asked.lang)
    codes = ExitWords(rules, said.lang)
    content = exits_file(found, form, Made(caller(), clock.now()), said, codes)
    return file_response(content, form, f"tanggap-exits-{asked.from_on}-{asked.to_on}")


def _outcomes() -> Response:
    """Report one part of what became of complaints."""
    asked = read_question(OutcomesQuestion, request.args)
    rules = current_rules(db.session)
    with db.reports() as session:
        found = outcome_report(
            session,
            caller(),
            asked.from_on,
            asked.to_on,
            asked.part,
            asked.by,
            now=clock.now(),
            rules=rules,
        )
    if asked.format == JSON_FORM:
        return read_answer(found.as_json())
    form, words = ReportForm(asked.format), asked_words(rules, asked.lang)
    content = outcomes_file(found, form, Made(caller(), clock.now()), words)
    return file_response(content, form, f"tanggap-{asked.part}-{asked.from_on}-{asked.to_on}")


def asked_words(rules: RuleBook, asked: str | None) -> ReportWords:
    """The words of a file, in the language asked for, else that of the request."""
    lang = asked or preferred_language(request.accept_languages) or INDONESIAN
    return ReportWords(rules, translations(lang).gettext, lang)


def file_response(content: bytes, form: ReportForm, name: str) -> Response:
    """A file to save; its tag is that of its bytes."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form.ending}"'}
    response = Response(content, mimetype=form.type, headers=headers)
    response.add_etag()
    response.make_conditional(request.environ)
    return response

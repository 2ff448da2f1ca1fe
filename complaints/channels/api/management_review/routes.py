"""The calls about management reviews; a request commits exactly once or not at all."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from complaints import clock
from complaints.actions.fields import Part
from complaints.actions.management_review import (
    ReviewActionBody,
    ReviewBody,
    ReviewChangeBody,
    ReviewConclusionBody,
    ReviewCorrectionBody,
    ReviewDropBody,
    ReviewFiguresBody,
    change_with,
    conclude_with,
    correct_with,
    drafting,
    drop_with,
    link_with,
    renewing,
    unlink_with,
)
from complaints.actions.reading import read_body
from complaints.channels.api.bearer import caller, with_token
from complaints.channels.api.conditional import read_answer
from complaints.channels.api.idempotent import do_and_answer, make_and_answer, sent_object
from complaints.channels.api.management_review.schemas import (
    ReviewAnswer,
    ReviewQuestion,
    ReviewsQuestion,
    line_answer,
    review_answer,
)
from complaints.channels.api.query_params import JSON_FORM, read_question
from complaints.channels.api.reports.routes import asked_words, file_response
from complaints.documents.management_review import review_pdf
from complaints.documents.reporting.files import ReportForm
from complaints.documents.reporting.paper import Made
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.management_review.lists import list_reviews
from complaints.queries.management_review.view import read_review
from complaints.rulebook import current_rules
from complaints.steps.management_review.record import open_review, view_review

#: The last part of an address → its body and its step.
_ACTS: tuple[tuple[str, type[Part], Callable[..., Any]], ...] = (
    ("change", ReviewChangeBody, change_with),
    ("figures", ReviewFiguresBody, renewing),
    ("actions", ReviewActionBody, link_with),
    ("removal", ReviewActionBody, unlink_with),
    ("conclusion", ReviewConclusionBody, conclude_with),
    ("correction", ReviewCorrectionBody, correct_with),
    ("drop", ReviewDropBody, drop_with),
)


def add_reviews(blueprint: Blueprint) -> None:
    """Let the blueprint answer the calls about management reviews."""
    for method, path, name, view, permission in (
        ("GET", "/management-reviews", "list", _list, Permission.REPORTS),
        ("POST", "/management-reviews", "draft", _draft, Permission.REVIEW),
        ("GET", "/management-reviews/<number>", "one", _one, Permission.REPORTS),
    ):
        blueprint.add_url_rule(
            path,
            endpoint=f"reviews_{name}",
            view_func=with_token(permission)(view),
            methods=[method],
        )
    for name, body, step in _ACTS:
        blueprint.add_url_rule(
            f"/management-reviews/<number>/{name}",
            endpoint=f"reviews_{name}",
            view_func=with_token(Permission.REVIEW)(_act(name, body, step)),
            methods=["POST"],
        )


def _list() -> Response:
    """The management reviews of the caller's scope."""
    asked = read_question(ReviewsQuestion, request.args)
    rules = current_rules(db.session)
    page = list_reviews(
        db.session, rules, caller(), asked.asked(rules), limit=asked.limit, after=asked.cursor
    )
    return read_answer(
        {"items": [line_answer(each, rules) for each in page.items], "next": page.more}
    )


def _one(number: str) -> Response:
    """One management review, as JSON or as a PDF."""
    asked, now = read_question(ReviewQuestion, request.args), clock.now()
    case = view_review(db.session, number, by=caller(), at=now)
    if asked.format == JSON_FORM:
        return read_answer(dict(review_answer(case)))
    view = read_review(db.session, case.rules, case.review, at=now)
    content = review_pdf(view, Made(caller(), now), asked_words(case.rules, asked.lang))
    return file_response(content, ReportForm.PDF, view.number)


def _draft() -> Response:
    """Draft a management review with the figures of now."""
    given = sent_object()
    body = read_body(ReviewBody, given)
    rules, now = current_rules(db.session), clock.now()
    draft = drafting(rules, body, db.reports(), by=caller(), now=now)

    def draft_it() -> ReviewAnswer:
        return review_answer(draft(db.session))

    return make_and_answer("management-reviews", given, draft_it, "/management-reviews")


def _act(name: str, body: type[Part], step: Callable[..., Any]) -> Callable[[str], Response]:
    def view(number: str) -> Response:
        given, taken = sent_object(), step
        if step is renewing:
            seen = view_review(db.session, number, by=caller(), at=clock.now())
            renew = renewing(seen, read_body(ReviewFiguresBody, given), db.reports())

            def taken(case: Any, _body: Any) -> None:
                renew(case)

        def act() -> ReviewAnswer:
            case = open_review(db.session, number, by=caller(), at=clock.now())
            taken(case, read_body(body, given))
            return review_answer(case)

        return do_and_answer(f"management-reviews/{number.upper()}/{name}"[:60], given, act)

    view.__doc__ = f"Do it to a management review: {name}."
    return view

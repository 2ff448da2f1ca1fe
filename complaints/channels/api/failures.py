"""What the API answers where nothing can be answered: refusals, unknown addresses, trouble, bugs.

Every answer is a problem document, and nothing of the request is kept.
"""

from http import HTTPStatus

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from complaints.channels.api import problems
from complaints.channels.api.noun_routes import unknown_noun
from complaints.domain.errors import Refused
from complaints.extensions import db
from complaints.logs import place_of
from complaints.trouble import code_of, trouble_of

log = structlog.get_logger()


def answer_failures(blueprint: Blueprint) -> None:
    """Let the blueprint answer its failures in its own way."""
    blueprint.before_app_request(_answer_unrouted)
    blueprint.register_error_handler(Refused, _refuse)
    blueprint.register_error_handler(HTTPException, _fail)
    blueprint.register_error_handler(DBAPIError, _in_trouble)
    blueprint.register_error_handler(NoConnectionFree, _in_trouble)
    blueprint.register_error_handler(Exception, _break)


def _answer_unrouted() -> Response | None:
    """Addresses and methods that do not exist below ours are answered in our way too."""
    error = request.routing_exception
    is_ours = request.path == "/api" or request.path.startswith("/api/")
    if not is_ours or error is None or (error.code or 500) < 400:
        return None
    unknown = unknown_noun(request.path) if error.code == HTTPStatus.NOT_FOUND else None
    return problems.refused(unknown) if unknown else problems.failed(error)


def _refuse(error: Refused) -> Response:
    db.session.rollback()
    return problems.refused(error)


def _fail(error: HTTPException) -> Response:
    db.session.rollback()
    return problems.failed(error)


def _in_trouble(error: SQLAlchemyError) -> Response:
    trouble = trouble_of(error)
    if trouble is None:
        return _break(error)
    db.session.close()
    log.warning("database_trouble", kind=trouble.value, code=code_of(error))
    response = problems.of_database(trouble)
    response.headers["Retry-After"] = "5"
    return response


def _break(error: Exception) -> Response:
    db.session.rollback()
    # The places of the code alone: messages of a database quote what the customer said.
    log.error("api_failure", endpoint=request.endpoint, where=place_of(error))
    return problems.plain(500)

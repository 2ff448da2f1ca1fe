"""What comes in with every request, cleaned in one place: ids in addresses, and NUL everywhere.

From here on the time runs that its statements share, and it is known how they are planned.

NUL is the one character that PostgreSQL keeps nowhere; like other marks that nobody sees and nobody
types it is left out. A body of the API that holds one is refused by name (`actions.fields`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Request, current_app, request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items
from werkzeug.routing import IntegerConverter, Map

from complaints.db import begin_waiting, end_waiting
from complaints.domain.words.whole_number import HIGHEST_ID
from complaints.statement_plans import plan_once

NUL = "\0"


class Parameters(ImmutableMultiDict[str, Any]):
    """The words of an address or the fields of a form, without NUL."""

    def __init__(self, given: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        pairs = iter_multi_items(given) if isinstance(given, Mapping) else given or ()
        super().__init__([(_clean(name), _clean(value)) for name, value in pairs])


class CleanRequest(Request):
    """A request as the pages read it."""

    parameter_storage_class = Parameters


class RowId(IntegerConverter):
    """A whole number that the database can hold; another one is an address that leads nowhere."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": HIGHEST_ID, **options})


def init_app(app: Flask) -> None:
    """Read every request so; before the pages are registered."""
    app.before_request(begin_waiting)
    app.before_request(_plan)
    app.teardown_request(lambda _: plan_once(False))
    app.teardown_request(lambda _: end_waiting())
    app.request_class = CleanRequest
    app.url_map.converters["int"] = RowId
    app.before_request(_clean_address)


def _plan() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    is_once = getattr(view, "is_planned_once", None)
    plan_once(is_once is not None and bool(is_once()))


def _clean_address() -> None:
    if request.view_args:
        request.view_args = {name: _clean(value) for name, value in request.view_args.items()}


def _clean(value: Any) -> Any:
    return value.replace(NUL, "") if isinstance(value, str) else value

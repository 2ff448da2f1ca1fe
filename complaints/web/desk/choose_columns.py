"""Choose the columns of a list and their order: one place after the other, without a script."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints.domain.permissions import Permission
from complaints.web.desk.list_columns import columns_for, read_columns, write_columns
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import translated

blueprint = Blueprint("choose_columns", __name__)

#: The field of the nth place is called so; the number of the complaint has the first place.
_PLACE = "place-"
#: So many places are offered, and so many beyond those that are filled.
_OFFERED, _MORE = 8, 3
#: Where somebody begins who has chosen none: what fits into a window.
_BEGIN = ("customer", "category", "due_state", "status", "handler")
#: What belongs to a page of the list or a file, and not to the list.
_LEFT_OUT = ("cursor", "format", "columns")


@blueprint.get("/complaints/columns")
@guarded(Permission.VIEW)
def show() -> Response | str | tuple[str, int]:
    """The places to fill; filled, they lead to the list with these columns."""
    offered = columns_for(actor())
    asked = {
        name: value[:200]
        for name, value in request.args.items()
        if value and name not in _LEFT_OUT and not name.startswith(_PLACE)
    }
    places = _places(len(offered))
    if not any(place in request.args for place in places):
        chosen = read_columns(request.args.get("columns"), actor()).codes or _BEGIN
        return _page(asked, dict(zip(places, chosen, strict=False)), {})
    given = {place: request.args.get(place, "") for place in places}
    filled = {place: code for place, code in given.items() if code in offered}
    errors = _twice(filled)
    if errors:
        return _page(asked, filled, errors), 422
    if filled:
        asked["columns"] = write_columns(filled.values())
    return redirect(_list_address(asked), 303)


def _places(count: int) -> Sequence[str]:
    return [f"{_PLACE}{nth}" for nth in range(2, count + 2)]


def _twice(filled: Mapping[str, str]) -> dict[str, str]:
    """Where a column stands that has an earlier place already."""
    codes = list(filled.values())
    return {
        place: gettext("This column is shown already. Choose another one, or none.")
        for nth, (place, code) in enumerate(filled.items())
        if code in codes[:nth]
    }


def _list_address(asked: Mapping[str, str]) -> str:
    return f"/complaints?{urlencode(asked)}" if asked else "/complaints"


def _page(asked: Mapping[str, str], filled: Mapping[str, str], errors: Mapping[str, str]) -> str:
    offered = columns_for(actor())
    last = max((int(place.removeprefix(_PLACE)) - 1 for place in filled), default=0)
    present = request.args.get("columns", "")[:200]
    return render_template(
        "desk/choose_columns.html",
        asked=asked,
        places=_places(min(len(offered), max(_OFFERED, last + _MORE))),
        filled=filled,
        offered=[(code, translated(column.words)) for code, column in offered.items()],
        errors=errors,
        present=present,
        back=_list_address({**asked, "columns": present} if present else asked),
        usual=_list_address(asked),
    )

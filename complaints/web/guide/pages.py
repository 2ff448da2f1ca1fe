"""The guides: a short text for each role, the words, the keys; the reader's own comes first.

The texts lie in `templates/guide/<language>/`. What a button, field or page is called they take
from the catalogue (`on_screen`), so that a guide says what the screen says.
"""

from collections.abc import Mapping

from flask import Blueprint, abort, current_app, render_template
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from complaints.domain.errors import N_
from complaints.domain.permissions import Permission, Role
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import translated
from complaints.web.guide.pictures import HEIGHT, PICTURES, WIDTH, guide_at

blueprint = Blueprint("guide", __name__, url_prefix="/guide")
blueprint.add_app_template_global(guide_at)

#: Part of the address and file → its name, in the order of the row of links.
PARTS: Mapping[str, str] = {
    "csr": N_("CSR"),
    "unit": N_("Unit"),
    "supervisor": N_("Supervisor"),
    "manager": N_("Management"),
    "auditor": N_("Auditor"),
    "administrator": N_("Administrator"),
    "words": N_("Glossary"),
    "keys": N_("Keyboard shortcuts"),
}
#: Whose guide is called otherwise than the role.
_OF_ROLE = {Role.OFFICER: "unit", Role.ADMIN: "administrator"}


@blueprint.get("")
@guarded(Permission.VIEW)
def own() -> str:
    """The guide of the reader's own role."""
    role = actor().role
    return _show(_OF_ROLE.get(role, role.value))


@blueprint.get("/<part>")
@guarded(Permission.VIEW)
def part(part: str) -> str:
    """One of the guides; everybody may read all of them."""
    if part not in PARTS:
        abort(404)
    return _show(part)


def _show(part: str) -> str:
    return render_template(
        "guide/page.html",
        parts=PARTS,
        part=part,
        on_screen=on_screen,
        go=link_to,
        pictures=[each for each in PICTURES if each.part == part],
        size=(WIDTH, HEIGHT),
    )


def on_screen(text: str) -> Markup:
    """What a screen says, as it says it in the language of this page."""
    return Markup("<b>{}</b>").format(translated(text))


def link_to(path: str, text: str) -> Markup:
    """The name of a page, leading there if the reader may open it."""
    if not _may_open(path):
        return on_screen(text)
    return Markup('<a href="{}">{}</a>').format(path, translated(text))


def _may_open(path: str) -> bool:
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    needed = getattr(current_app.view_functions[endpoint], "guard", None)
    return isinstance(needed, Permission) and actor().has(needed)

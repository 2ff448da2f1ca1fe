"""The organisation on its pages: which parts there are, what each holds, one item at a time."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.parts import (
    FILES,
    PARTS,
    FieldKind,
    Part,
    find_item,
    items_of,
    part_called,
)
from complaints.domain.parts.fields import Field
from complaints.domain.parts.items import Item
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.rulebook import current_rules
from complaints.rules.in_force import bodies_in_force
from complaints.rules.meanwhile import version_edited
from complaints.rules.parts import file_in_force
from complaints.web.frame.errors import say
from complaints.web.frame.guards import guarded
from complaints.web.frame.translations import lang
from complaints.web.organisation.change_words import name_of
from complaints.web.organisation.edits import CHANGES, Wrong, changed_body, typed_body
from complaints.web.organisation.form import Typed, choices, fields_of
from complaints.web.organisation.grid import grid_view
from complaints.web.organisation.letter_sample import LetterSample, letter_sample
from complaints.web.organisation.preview import preview_file
from complaints.web.rules.whatif import edited

blueprint = Blueprint("organisation", __name__, url_prefix="/admin/organisation")

#: The parts as the first page groups them: heading → codes.
GROUPS: Mapping[str, tuple[str, ...]] = {
    N_("Who we are"): ("organisation", "branches", "units", "products"),
    N_("Complaints"): (
        "categories",
        "synonyms",
        "spellings",
        "facts",
        "groups",
        "channels",
        "tiers",
        "needs",
        "priority-grid",
        "severities",
        "not-complaints",
        "definition",
    ),
    N_("Handling"): (
        "causes",
        "cause-groups",
        "remedies",
        "outcomes",
        "reasons",
        "pauses",
        "record",
        "record-rules",
        "record-fields",
        "commitments",
        "step-time",
        "document-time",
        "delivery-time",
    ),
    N_("Words"): (
        "scripts",
        "courtesy-id",
        "courtesy-en",
        "standards",
        "leaflet",
        "drafts",
        "routes",
        "sender",
        "signature",
        "footer",
        "salutations",
        "greetings",
    ),
    N_("Ways in and numbers"): ("mailboxes", "public-form", "number", "currency"),
}


def get_part(code: str) -> Part:
    """The part of this address; NotFound for another one."""
    part = part_called(code)
    if part is None:
        raise NotFound(N_("There is no such part of the organisation."))
    return part


@blueprint.get("/")
@guarded(Permission.ADMINISTER)
def overview() -> str:
    """Everything that is decided here, and how many items each part has."""
    bodies = bodies_in_force(db.session)
    counts = {
        part.code: sum(not each.is_retired for each in items_of(part, bodies[part.file][part.file]))
        for part in PARTS
        if part.is_list
    }
    groups = {words: [get_part(code) for code in codes] for words, codes in GROUPS.items()}
    return render_template("organisation/overview.html", groups=groups, counts=counts, files=FILES)


@blueprint.get("/<part_code>/")
@guarded(Permission.ADMINISTER)
def one_part(part_code: str) -> str:
    """The items of a part, or the form of one that is a single table."""
    return part_page(get_part(part_code))


@blueprint.get("/<part_code>/item")
@guarded(Permission.ADMINISTER)
def item(part_code: str) -> str:
    """The form of an item; without a key that of a new one."""
    return _item_page(get_part(part_code), _key(request.args))


@blueprint.post("/<part_code>/item")
@guarded(Permission.ADMINISTER)
def edit(part_code: str) -> str | Response | tuple[str, int]:
    """What saving the form would change; the form again where it cannot be saved."""
    part, form = get_part(part_code), request.form
    row = version_edited(db.session, file_in_force(db.session, part.file), edited(form))
    key, given = _key(form), form.to_dict(flat=False)
    if request.form.get("do") == "size":
        return _item_page(part, key, typed=given, base_id=row.id)
    try:
        if form.get("do") == "sample" and part.code == "drafts":
            sample = letter_sample(given)
            return _item_page(part, key, typed=given, base_id=row.id, sample=sample)
        body = typed_body(part, row.body, key, given)
        return preview_file(part, body, row.id)
    except Wrong as wrong:
        errors = wrong.errors
    except Refused as error:
        if error.status != 422 and not isinstance(error, NotFound):
            raise
        errors = [(error.field or "", say(error))]
    db.session.rollback()
    return _item_page(part, key, typed=given, errors=errors, base_id=row.id), 422


@blueprint.post("/<part_code>/change")
@guarded(Permission.ADMINISTER)
def change(part_code: str) -> str | Response | tuple[str, int]:
    """What retiring, bringing back, moving or removing an item would change."""
    part, form = get_part(part_code), request.form
    row = version_edited(db.session, file_in_force(db.session, part.file), edited(form))
    key, do = _key(form) or "", form.get("do", "")
    if part.code == "branches" and do == "retire":
        # More hangs on a branch than a preview can ask for.
        return redirect(f"/admin/organisation/branches/retirement/?key={quote(key)}", 303)
    found = find_item(part, row.body, key)
    if found is None or do not in CHANGES:
        raise NotFound(N_("There is no such item."))
    try:
        return preview_file(part, changed_body(part, row.body, found, do), row.id)
    except Refused as error:
        if error.status != 422:
            raise
        db.session.rollback()
        return part_page(part, [("", say(error))]), 422


def _key(given: Mapping[str, str]) -> str | None:
    """The item that an address or a form names; None where it names none."""
    return given["key"][:200] if "key" in given else None


def part_page(part: Part, errors: list[tuple[str, str]] | None = None) -> str:
    """The items of a part with their names, or its form."""
    if not part.is_list:
        return _item_page(part, "", errors=errors)
    base_id = file_in_force(db.session, part.file).id
    bodies = bodies_in_force(db.session)
    body = bodies[part.file][part.file]
    parents: dict[str, str] = {}
    if part.parent is not None:
        parents = dict(choices(part.parent, bodies, [each.parent for each in items_of(part, body)]))
    return render_template(
        "organisation/part.html",
        part=part,
        items=[_shown(part, each, bodies) for each in items_of(part, body)],
        parents=parents,
        base_id=base_id,
        errors=errors or [],
    )


def _shown(part: Part, each: Item, bodies: Any) -> dict[str, Any]:
    """An item as the list of its part has it."""
    name = name_of(each.data, "") or str(each.data.get(part.key, ""))
    if not part.key or (part.makes == "" and not each.data.get("label_id")):
        name = _summary(part, each, bodies) or name
    return {"key": each.key, "name": name, "parent": each.parent, "is_retired": each.is_retired}


def _summary(part: Part, each: Item, bodies: Any) -> str:
    """What an item without a name is called: its choices, else the beginning of its words."""
    words = []
    for part_field in part.fields:
        value = each.data.get(part_field.name)
        if part_field.kind in (FieldKind.CHOICE, FieldKind.CHOICES) and value:
            chosen = [str(code) for code in (value if isinstance(value, list) else [value])]
            names = dict(choices(part_field, bodies, chosen))
            words.append(", ".join(names.get(code, code) for code in chosen))
    text = str(each.data.get(f"text_{lang()}") or "").strip()
    return " · ".join(words[:3]) or (text if len(text) < 80 else f"{text[:80]}…")


def _item_page(
    part: Part,
    key: str | None,
    *,
    typed: Typed | None = None,
    errors: list[tuple[str, str]] | None = None,
    base_id: int = 0,
    sample: LetterSample | None = None,
) -> str:
    # Before the body: what somebody saves between the two is then asked about and not overwritten.
    base_id = base_id or file_in_force(db.session, part.file).id
    bodies = bodies_in_force(db.session)
    body = bodies[part.file][part.file]
    found = find_item(part, body, key or "") if key is not None or not part.is_list else None
    is_new = part.is_list and key is None
    if (is_new and part.is_closed) or (part.is_list and not is_new and found is None):
        raise NotFound(N_("There is no such item."))
    data = found.data if found else {}
    wrong = dict(errors or ())
    is_grid = part.fields[0].kind is FieldKind.GRID
    return render_template(
        "organisation/item.html",
        part=part,
        item=found,
        key=key,
        is_new=is_new,
        name=name_of(data, found.key if found and part.key else "") if part.is_list else "",
        fields=[]
        if is_grid
        else fields_of(part, data, bodies, is_new=is_new, typed=typed, wrong=wrong),
        grid=grid_view(data, bodies, typed) if is_grid else None,
        parent=_parent_view(part.parent, found, bodies, typed) if part.parent else None,
        sample=sample,
        base_id=base_id,
        errors=errors or [],
        wrong=wrong,
        tz=current_rules(db.session).home_zone,
    )


def _parent_view(
    parent: Field, found: Item | None, bodies: Any, typed: Typed | None
) -> dict[str, Any]:
    value = found.parent if found else request.args.get("parent", "")
    if typed is not None:
        value = next(iter(typed.get("parent", ())), value)
    return {
        "label": gettext(parent.label),
        "value": value,
        "options": choices(parent, bodies, [value]),
    }

"""Who may decide what alone: limits and thresholds on a page, previewed, with their versions."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.fields import HIGHEST_AMOUNT
from complaints.actions.reading import TOO_LARGE
from complaints.domain.config.authority import Authority
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Permission, Role
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.queries.rules.limits import DAYS, effect_of_limits
from complaints.queries.rules.versions import body_of, version_shown, versions_of
from complaints.rulebook import current_rules
from complaints.rules.authority import KIND, authority_in_force, check_authority, save_authority
from complaints.rules.meanwhile import put_on_newest, version_edited
from complaints.web.frame.errors import say
from complaints.web.frame.filters import currency, label, money, role_word
from complaints.web.frame.form_parsing import read_amount
from complaints.web.frame.guards import actor, guarded
from complaints.web.rules.whatif import edited, saved_meanwhile

blueprint = Blueprint("authority", __name__, url_prefix="/admin/rules/authority")

#: The tables of limits, in the order of their columns.
LIMITS = {
    "limits": N_("One offer"),
    "limits_per_complaint": N_("One complaint in all"),
    "limits_per_customer": N_("One customer in all"),
}

#: What stands for the organisation's currency where a threshold counts money.
_MONEY = "money"

#: (section, threshold) → what it is, and what it counts.
THRESHOLDS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("sums", "customer_days"): (N_("How far back a customer's sum reaches"), N_("days")),
    ("exits", "countersign_from"): (
        N_("From how many steps that could not be done someone else has to sign"),
        N_("steps"),
    ),
    ("pause", "first_days"): (N_("First pause by the handler alone"), N_("working days")),
    ("pause", "total_days"): (
        N_("All pauses of a complaint together, beyond which an extension is needed"),
        N_("calendar days"),
    ),
    ("extension", "max_count"): (
        N_("Extensions of a complaint before a manager has to decide"),
        N_("extensions"),
    ),
    ("extension", "total_days"): (
        N_(
            "How far all extensions of a complaint may move the date before a manager has to decide"
        ),
        N_("working days"),
    ),
    ("withdrawal", "take_back_days"): (
        N_("How long a withdrawal can be taken back"),
        N_("calendar days"),
    ),
    ("commitments", "latest_days"): (
        N_("How far ahead a commitment may be dated without a supervisor"),
        N_("working days"),
    ),
    ("delivery", "one_tap_up_to"): (
        N_("Up to which sum per complaint a delivery is ticked by its offerer"),
        _MONEY,
    ),
    ("attempts", "confirmation"): (
        N_("Attempts before the summary counts as not confirmable"),
        N_("attempts"),
    ),
    ("attempts", "explanation"): (
        N_("Attempts before the cause counts as not explainable"),
        N_("attempts"),
    ),
    ("attempts", "explanation_days"): (N_("On at least so many days"), N_("days")),
    ("attempts", "minutes_apart"): (N_("Attempts recorded closer together are one"), N_("minutes")),
    ("reminders", "confirmation_days"): (
        N_("Reminder when the summary is not confirmed"),
        N_("working days"),
    ),
    ("reminders", "answer_days"): (
        N_("Time to answer an offer letter, and again its reminder; then silence counts"),
        N_("working days"),
    ),
    ("portal", "reopen_days"): (
        N_("How long after the end a customer's word opens the complaint again"),
        N_("calendar days"),
    ),
    ("portal", "rating_days"): (N_("How long a rating can be changed"), N_("calendar days")),
    ("portal", "objection_days"): (N_("Time to answer an objection"), N_("working days")),
    ("portal", "link_days"): (
        N_("How long after the end a customer's link works"),
        N_("calendar days"),
    ),
}

_ROLES = (Role.CSR, Role.OFFICER, Role.SUPERVISOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Changed:
    """A number that would change, in words."""

    what: str
    before: str
    after: str


@blueprint.get("/")
@guarded(Permission.REPORTS)
def authority() -> str:
    """The thresholds in force; an earlier version with `?version=`."""
    return _page(version=request.args.get("version", ""))


@blueprint.post("/")
@guarded(Permission.ADMINISTER)
def edit() -> str | Response | tuple[str, int]:
    """What would change, and with `do=save` the change itself."""
    newest = authority_in_force(db.session)
    row = version_edited(db.session, newest, edited(request.form))
    body, errors = read_thresholds(row.body, request.form)
    if errors:
        return _page(body=body, errors=errors), 422
    try:
        check_authority(body)
        mine = put_on_newest(db.session, newest, body, row.id)
        if mine.since:
            said = saved_meanwhile(current_rules(db.session), mine)
            return _page(body=mine.body, is_preview=True, errors=said, base_id=mine.base_id), 409
        if request.form.get("do") != "save":
            return _page(body=body, is_preview=True)
        saved = save_authority(db.session, body, row.id, by=actor(), at=clock.now())
        db.session.commit()
    except Refused as error:
        db.session.rollback()
        return _page(body=body, errors=[("", say(error))]), error.status
    flash(
        gettext(
            "Saved as version %(number)s. It applies to everything that starts from now on.",
            number=saved.version,
        ),
        "done",
    )
    return redirect("/admin/rules/authority/", 303)


def read_thresholds(
    base: Mapping[str, Any], form: Mapping[str, str]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The rule with the numbers that were typed, and what is wrong with them."""
    body: dict[str, Any] = deepcopy(dict(base))
    body.pop("kinds", None)
    errors: list[tuple[str, str]] = []
    for name in LIMITS:
        for role in _ROLES:
            field = f"{name}.{role}"
            if field not in form:
                continue
            try:
                amount = whole_number(read_amount(form[field] or "0", currency()), HIGHEST_AMOUNT)
                if amount is None:
                    raise Invalid(TOO_LARGE, most=HIGHEST_AMOUNT)
                body.setdefault(name, {})[role.value] = amount
            except Refused as error:
                errors.append((field, say(error)))
    for section, key in THRESHOLDS:
        field, typed = f"{section}.{key}", form.get(f"{section}.{key}", "").strip()
        if field not in form:
            continue
        most = HIGHEST_AMOUNT if THRESHOLDS[section, key][1] == _MONEY else 9999
        if number := whole_number(typed, most):
            body.setdefault(section, {})[key] = number
        else:
            errors.append((field, gettext("Write a whole number of 1 or more.")))
    return body, errors


def _page(
    *,
    version: str = "",
    body: Mapping[str, Any] | None = None,
    errors: list[tuple[str, str]] | None = None,
    is_preview: bool = False,
    base_id: int = 0,
) -> str:
    rules, session = current_rules(db.session), db.session
    versions = versions_of(session, KIND, KIND)
    shown = version_shown(versions, version)
    stored = Authority.from_dict(body_of(session, shown.id) or {})
    is_usable = body is not None and (is_preview or not errors)
    proposed = Authority.from_dict(body) if body is not None and is_usable else stored
    is_newest = shown is versions[0]
    return render_template(
        "rules/authority.html",
        authority=stored,
        proposed=proposed,
        versions=versions,
        shown=shown,
        is_newest=is_newest,
        may_edit=actor().has(Permission.ADMINISTER) and is_newest,
        is_preview=is_preview,
        changed=changes(rules.authority, proposed) if is_preview else [],
        effects=effect_of_limits(session, rules.authority, proposed, now=clock.now())
        if is_preview
        else [],
        days=DAYS,
        typed=request.form if body is not None and not base_id else {},
        base_id=base_id or edited(request.form) or shown.id,
        errors=errors or [],
        wrong=dict(errors or ()),
        roles=_ROLES,
        limits=LIMITS,
        thresholds=THRESHOLDS,
        unit_word=unit_word,
        tz=rules.home_zone,
    )


def unit_word(unit: str) -> str:
    """What a threshold counts, in the language of the page."""
    return label(currency()) if unit == _MONEY else gettext(unit)


def changes(before: Authority, after: Authority) -> list[Changed]:
    """Every number that differs, in the order of the page."""
    found = []
    for name, words in LIMITS.items():
        for role in _ROLES:
            old, new = limit(before, name, role), limit(after, name, role)
            if old != new:
                what = f"{gettext(words)}, {role_word(role)}"
                found.append(Changed(what, money(old), money(new)))
    for (section, key), (words, unit) in THRESHOLDS.items():
        old, new = (getattr(getattr(each, section), key) for each in (before, after))
        if old != new:
            found.append(
                Changed(gettext(words), f"{old} {unit_word(unit)}", f"{new} {unit_word(unit)}")
            )
    return found


@blueprint.app_template_global("limit_in")
def limit(authority: Authority, name: str, role: str) -> int:
    """What a role may give by one of the three limits."""
    of = {
        "limits": authority.limit_of,
        "limits_per_complaint": authority.limit_per_complaint,
        "limits_per_customer": authority.limit_per_customer,
    }
    return of[name](role)

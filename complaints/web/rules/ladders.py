"""The ladder as a line of time, and the form that edits its rungs; saving leads through whatif."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.domain.deadlines import Kind
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.escalation import HOLDING_UNITS, Ladder, Target
from complaints.domain.permissions import Permission, Role
from complaints.domain.policies.whatif import RuleKind
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.queries.rules.versions import body_of, version_shown, versions_of
from complaints.queries.rules.whatif import count_under_older
from complaints.rulebook import current_rules
from complaints.rules.edit import Proposal, rule_in_force
from complaints.rules.meanwhile import version_edited
from complaints.web.frame.errors import say
from complaints.web.frame.filters import kind_word, role_word, target_word
from complaints.web.frame.guards import actor, guarded
from complaints.web.rules import rule_words
from complaints.web.rules.policy_form import Errors
from complaints.web.rules.whatif import edited, given_body, preview

blueprint = Blueprint("ladders", __name__, url_prefix="/admin/rules/ladders")

#: More rungs than any ladder needs.
MOST_RUNGS = 24
_TIMES = ("before_percent", "before", "after")
_WHEN = {"before": N_("before the deadline"), "after": N_("after the deadline")}
#: Counted like a unit, though it always lies before the deadline.
PERCENT = "percent"
#: Table of a ladder → what its amount is called.
_AMOUNT_OF = {"acknowledgement": "expires_after", "top_reminder": "every"}
_RUNG_UNITS = (
    "working_minute",
    "working_hour",
    "working_day",
    "minute",
    "hour",
    "calendar_day",
)


@dataclass(frozen=True, slots=True)
class RungForm:
    """One rung as its fields show it; `when` is before or after, `unit` may be percent."""

    index: int
    key: str
    when: str
    amount: str
    unit: str
    target: str
    level: str
    kinds: tuple[str, ...]
    repeat_every: str
    repeat_unit: str
    repeat_max: str
    is_new: bool = False


@blueprint.get("/<code>")
@guarded(Permission.REPORTS)
def ladder(code: str) -> str:
    """One ladder; an earlier version with `?version=`."""
    return _page(code, version=request.args.get("version", ""))


@blueprint.post("/<code>")
@guarded(Permission.ADMINISTER)
def edit(code: str) -> str | tuple[str, int]:
    """What would change if the ladder were as typed."""
    if request.form.get("do") == "again":
        return _page(code, body=given_body())
    newest = rule_in_force(db.session, RuleKind.LADDER, code)
    row = version_edited(db.session, newest, edited(request.form))
    body, errors = read_rungs(row.body, request.form)
    if errors:
        return _page(code, body=body, errors=errors), 422
    try:
        return preview(Proposal(RuleKind.LADDER, code, body, row.id))
    except Refused as error:
        return _page(code, body=body, errors=[("", say(error))]), error.status


def read_rungs(base: Mapping[str, Any], form: Mapping[str, str]) -> tuple[dict[str, Any], Errors]:
    """The ladder with the rungs that were typed, and what is wrong with them.

    What the form does not show of a rung (its labels) stays as it was.
    """
    body: dict[str, Any] = deepcopy(dict(base))
    before = {str(rung.get("key")): rung for rung in body.get("rung", ())}
    rungs: list[dict[str, Any]] = []
    errors: Errors = []
    for index in range(MOST_RUNGS):
        if f"target_{index}" not in form or form.get(f"gone_{index}"):
            continue
        if form.get(f"new_{index}") and not form.get(f"amount_{index}", "").strip():
            continue
        rung, wrong = _read_rung(index, form, before)
        while any(each["key"] == rung["key"] for each in rungs):
            # The key guards against calling twice, so no two rungs may share one.
            rung["key"] += "-b"
        rungs.append(rung)
        errors += wrong
    body["rung"] = rungs
    if "expires_after" in form:
        errors += _read_holding(body, form, "acknowledgement", "expires_after", "expires_unit")
        body["quiet_warnings"] = bool(form.get("quiet_warnings"))
    if "remind_every" in form:
        errors += _read_holding(body, form, "top_reminder", "remind_every", "remind_unit")
    return body, errors


def _read_holding(
    body: dict[str, Any], form: Mapping[str, str], table: str, amount: str, unit: str
) -> Errors:
    """A table of the ladder that says an amount of time; at least 1 of its unit."""
    typed = form.get(amount, "").strip()
    name = _AMOUNT_OF[table]
    body[table] = {name: typed, "unit": _one_of(form.get(unit, ""), HOLDING_UNITS)}
    if not _is_count(typed) or int(typed) < 1:
        return [(amount, gettext("Write a whole number of 1 or more."))]
    body[table][name] = int(typed)
    return []


def _read_rung(
    index: int, form: Mapping[str, str], before: Mapping[str, dict[str, Any]]
) -> tuple[dict[str, Any], Errors]:
    def typed(name: str) -> str:
        return form.get(f"{name}_{index}", "").strip()

    errors: Errors = []
    key = typed("key")[:40]
    rung = {
        name: value
        for name, value in before.get(key, {}).items()
        if name not in (*_TIMES, "repeat_every", "repeat_unit", "repeat_max")
    }
    unit = _one_of(typed("unit"), (*_RUNG_UNITS, PERCENT))
    when = "before_percent" if unit == PERCENT else _one_of(typed("when"), tuple(_WHEN))
    amount = typed("amount")
    if not _is_count(amount) or (unit == PERCENT and int(amount) > 100):
        sentence = (
            gettext("Write a whole number from 0 to 100.")
            if unit == PERCENT
            else gettext("Write a whole number.")
        )
        errors.append((f"amount_{index}", sentence))
    if when == "before" and unit not in ("working_minute", "working_hour", "minute", "hour"):
        errors.append((f"unit_{index}", gettext("Before the deadline, count minutes or hours.")))
    level = typed("level") if when == "after" else "0"
    kinds = [kind.value for kind in Kind if form.get(f"kind_{index}_{kind.value}")]
    rung |= {
        "key": key or f"{when}-{amount}-{typed('target')}".replace(":", "-")[:40],
        "kinds": kinds or ["*"],
        # What is no number is shown again as it was typed; it is never saved.
        when: int(amount) if _is_count(amount) else amount,
        "unit": _RUNG_UNITS[0] if unit == PERCENT else unit,
        "target": typed("target")[:40],
        "level": int(level) if _is_count(level) and int(level) <= 9 else 0,
    }
    every, most = typed("repeat_every"), typed("repeat_max")
    if every and when == "after":
        if not (_is_count(every) and _is_count(most) and int(every) > 0 and 0 < int(most) <= 50):
            errors.append(
                (f"repeat_every_{index}", gettext("Say after how long, and at most how often."))
            )
        else:
            rung |= {
                "repeat_every": int(every),
                "repeat_unit": _one_of(typed("repeat_unit"), _RUNG_UNITS),
                "repeat_max": int(most),
            }
    return rung, errors


def _page(
    code: str,
    *,
    version: str = "",
    body: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
) -> str:
    session, rules = db.session, current_rules(db.session)
    versions = versions_of(session, "ladder", code)
    if not versions:
        raise NotFound(N_("There is no escalation ladder %(code)s."), code=code[:40])
    shown = version_shown(versions, version)
    stored = body_of(session, shown.id) or {}
    may_edit = actor().has(Permission.ADMINISTER) and shown is versions[0]
    return render_template(
        "rules/ladder.html",
        ladder=Ladder.from_dict(stored),
        code=code,
        name=stored,
        acknowledgement=(body or stored).get("acknowledgement", {}),
        top_reminder=(body or stored).get("top_reminder", {}),
        quiet_warnings=(body or stored).get("quiet_warnings", True),
        forms_of=rung_forms(body or stored) if may_edit else [],
        versions=versions,
        shown=shown,
        is_newest=shown is versions[0],
        older=count_under_older(session, rules, "ladder", code, now=clock.now()),
        tz=rules.home_zone,
        may_edit=may_edit,
        errors=errors or [],
        wrong=dict(errors or ()),
        whens=[(when, gettext(words)) for when, words in _WHEN.items()],
        units=_units(),
        holding_units=[(unit, rule_words.unit_choice(unit)) for unit in HOLDING_UNITS],
        shares=[(PERCENT, gettext("percent of the time")), *_units()],
        targets=_targets(),
        kinds=[(kind.value, kind_word(kind.value)) for kind in Kind if kind is not Kind.CUSTOMER],
        words=rule_words,
    )


def rung_forms(body: Mapping[str, Any]) -> list[RungForm]:
    """The rungs of a ladder's data as fields, and an empty one behind them."""
    found = [_rung_form(index, rung) for index, rung in enumerate(body.get("rung", ()))]
    if len(found) < MOST_RUNGS:
        empty = {"after": "", "target": "manager", "level": 1, "unit": "working_hour"}
        found.append(_rung_form(len(found), empty, is_new=True))
    return found


def _rung_form(index: int, rung: Mapping[str, Any], is_new: bool = False) -> RungForm:
    when = next((name for name in _TIMES if name in rung), "after")
    return RungForm(
        index=index,
        key=str(rung.get("key", "")),
        when="after" if when == "after" else "before",
        amount=str(rung.get(when, "")),
        unit=PERCENT if when == "before_percent" else str(rung.get("unit", "working_minute")),
        target=str(rung.get("target", "")),
        level=str(rung.get("level", 0)),
        kinds=tuple(kind for kind in rung.get("kinds", ()) if kind != "*"),
        repeat_every=str(rung.get("repeat_every", "")),
        repeat_unit=str(rung.get("repeat_unit", "working_hour")),
        repeat_max=str(rung.get("repeat_max", "") or ""),
        is_new=is_new,
    )


def _units() -> list[tuple[str, str]]:
    return [(unit, rule_words.unit_choice(unit)) for unit in _RUNG_UNITS]


def _targets() -> list[tuple[str, str]]:
    people = [(target.value, target_word(target)) for target in Target]
    return people + [(f"role:{role.value}", role_word(role.value)) for role in Role]


def _is_count(text: str) -> bool:
    return whole_number(text, 9999) is not None


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]

"""The ladder as a line of time, and the page that edits its rungs; saving leads through whatif."""

from flask import Blueprint, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.domain.deadlines import Kind
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.escalation import HOLDING_UNITS, Ladder, Target
from complaints.domain.permissions import Permission, Role
from complaints.domain.policies.whatif import RuleKind
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
from complaints.web.rules.ladder_form import PERCENT, RUNG_UNITS, WHEN, LadderForm
from complaints.web.rules.policy_form import Errors
from complaints.web.rules.whatif import edited, given_body, preview

blueprint = Blueprint("ladders", __name__, url_prefix="/admin/rules/ladders")


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
        return _page(code, form=LadderForm.of(given_body()))
    newest = rule_in_force(db.session, RuleKind.LADDER, code)
    row = version_edited(db.session, newest, edited(request.form))
    form = LadderForm.typed(request.form, LadderForm.of(row.body))
    if errors := form.errors():
        return _page(code, form=form, errors=errors), 422
    try:
        return preview(Proposal(RuleKind.LADDER, code, form.as_body(row.body), row.id))
    except Refused as error:
        return _page(code, form=form, errors=[("", say(error))]), error.status


def _page(
    code: str,
    *,
    version: str = "",
    form: LadderForm | None = None,
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
        form=form or LadderForm.of(stored),
        versions=versions,
        shown=shown,
        is_newest=shown is versions[0],
        older=count_under_older(session, rules, "ladder", code, now=clock.now()),
        tz=rules.home_zone,
        may_edit=may_edit,
        errors=errors or [],
        wrong=dict(errors or ()),
        whens=[(when, gettext(words)) for when, words in WHEN.items()],
        units=_units(),
        holding_units=[(unit, rule_words.unit_choice(unit)) for unit in HOLDING_UNITS],
        shares=[(PERCENT, gettext("percent of the time")), *_units()],
        targets=_targets(),
        kinds=[(kind.value, kind_word(kind.value)) for kind in Kind if kind is not Kind.CUSTOMER],
        words=rule_words,
    )


def _units() -> list[tuple[str, str]]:
    return [(unit, rule_words.unit_choice(unit)) for unit in RUNG_UNITS]


def _targets() -> list[tuple[str, str]]:
    people = [(target.value, target_word(target)) for target in Target]
    return people + [(f"role:{role.value}", role_word(role.value)) for role in Role]

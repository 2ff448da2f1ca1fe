"""Two policies beside each other on past complaints; counted for the page, stored nowhere."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Permission
from complaints.domain.policies.backtest import BacktestPolicies, Measured, Tally
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.formats.backtest_policy import LARGEST, read_backtest_policies
from complaints.formats.inputs import UnusableFile
from complaints.formatting import ENGLISH, say_percent
from complaints.queries.reports.period import Period
from complaints.queries.reports.policy_backtest import measure
from complaints.queries.rules.versions import versions_of
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label, month
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang
from complaints.web.rules.policies import policy_name
from complaints.web.rules.whatif import only_reading

blueprint = Blueprint("policy_backtest", __name__, url_prefix="/admin/whatif/replay")

SIDES = ("a", "b")
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two policies, with its name."""

    name: str
    stick: BacktestPolicies


@dataclass(frozen=True, slots=True)
class Row:
    """One month or category: the tallies of both sides beside each other."""

    key: str
    words: str
    a: Tally
    b: Tally


@blueprint.get("")
@guarded(Permission.REPORTS)
def ask() -> str:
    """The form: which two, and over which period."""
    return _page(current_rules(db.session))


@blueprint.post("")
@guarded(Permission.REPORTS)
def compare() -> str | tuple[str, int]:
    """Lay both on the complaints of the period."""
    only_reading()
    rules, now = current_rules(db.session), clock.now()
    errors: list[tuple[str, str]] = []
    sides: list[Side] = []
    period: Period | None = None
    for name in SIDES:
        try:
            sides.append(_side(rules, name))
        except UnusableFile as error:
            errors.append((f"file_{name}", _why_unusable(str(error))))
        except Refused as error:
            errors.append((f"side_{name}", say(error)))
    try:
        period = Period.of(_day("from"), _day("to"), rules)
    except Refused as error:
        errors.append((error.field or "", say(error)))
    if errors or period is None:
        return _page(rules, errors=errors), 422
    sticks = [side.stick for side in sides]
    try:
        measured = measure(db.session, rules, actor(), period, sticks, now=now)
    except (ValueError, OverflowError) as error:
        # Each rule can be read, yet there may be no such day in the file's calendar.
        sentence = gettext("No due date can be counted with this file: %(why)s", why=str(error))
        files = [name for name in SIDES if request.form.get(f"side_{name}") == "file"]
        if not files:
            raise
        return _page(rules, errors=[(f"file_{name}", sentence) for name in files]), 422
    return _page(rules, sides=sides, measured=measured)


def _why_unusable(why: str) -> str:
    """Why a file cannot be used; what only its reader knows of it stands behind a sentence."""
    said = gettext(why)
    if said != why or lang() == ENGLISH:
        return said
    return gettext("The file cannot be used. Technical detail, in English: %(why)s", why=why)


def _side(rules: RuleBook, name: str) -> Side:
    chosen = request.form.get(f"side_{name}", "")
    if chosen == "file":
        file = request.files.get(f"file_{name}")
        if file is None or not file.filename:
            raise UnusableFile(N_("Choose a TOML file for this side."))
        stick = read_backtest_policies(file.read(LARGEST + 1), file.filename[:80])
        return Side(file.filename[:80], stick)
    if chosen == "now":
        return Side(gettext("The policy packs in use now"), BacktestPolicies(rules.policies))
    kind, _, number = chosen.partition(":")
    version_id = whole_number(number)
    policy = rules.policy_versions.get(version_id) if version_id is not None else None
    if kind != "policy" or policy is None:
        raise Invalid(N_("Choose what to compare."))
    versions = rules.versions_of("policy", policy.code)
    words = gettext("version %(number)s", number=versions.index(policy.version_id) + 1)
    return Side(f"{policy_name(policy)}, {words}", BacktestPolicies((policy,)))


def _page(
    rules: RuleBook,
    *,
    sides: list[Side] | None = None,
    measured: list[Measured] | None = None,
    errors: list[tuple[str, str]] | None = None,
) -> str:
    today = clock.now().astimezone(next(iter(rules.calendars.values())).value.tz).date()
    values: dict[str, Any] = {
        "from": request.form.get("from", (today - YEAR).isoformat()),
        "to": request.form.get("to", today.isoformat()),
        "side_a": request.form.get("side_a", "now"),
        "side_b": request.form.get("side_b", ""),
    }
    months, categories = _rows(rules, measured) if measured else ([], [])
    return render_template(
        "rules/policy_backtest.html",
        values=values,
        choices=_choices(rules),
        sides=sides or [],
        measured=measured or [],
        months=months,
        categories=categories,
        errors=errors or [],
        wrong=dict(errors or ()),
        points=points,
    )


def points(a: Tally, b: Tally) -> str:
    """By how many percentage points B keeps more promises than A: `+3,2`."""
    if a.share_met is None or b.share_met is None:
        return "–"
    change = b.share_met - a.share_met
    sign = "+" if round(change, 3) > 0 else "−" if round(change, 3) < 0 else ""
    return sign + say_percent(abs(change), lang()).rstrip("%")


def _choices(rules: RuleBook) -> list[tuple[str, Any]]:
    """What can stand on a side: the policies in use, each policy, each earlier version, a file."""
    newest, earlier = [], []
    for policy in sorted(rules.all_policies, key=policy_name):
        versions = versions_of(db.session, "policy", policy.code)
        newest.append((f"policy:{versions[0].id}", policy_name(policy)))
        for version in versions[1:]:
            words = gettext("version %(number)s", number=version.number)
            earlier.append((f"policy:{version.id}", f"{policy_name(policy)}, {words}"))
    choices: list[tuple[str, Any]] = [
        ("now", gettext("The policy packs in use now")),
        ("file", gettext("A file of my own")),
        (gettext("One pack alone"), newest),
    ]
    if earlier:
        choices.append((gettext("Earlier versions"), earlier))
    return choices


def _rows(rules: RuleBook, measured: list[Measured]) -> tuple[list[Row], list[Row]]:
    a, b = measured
    months = [
        Row(key, month(date.fromisoformat(f"{key}-01")), a.by_month[key], b.by_month[key])
        for key in sorted(a.by_month)
    ]
    categories = [
        Row(key, _category(rules, key), tally, b.by_category[key])
        for key, tally in sorted(
            a.by_category.items(), key=lambda item: -(item[1].missed + item[1].met)
        )
        if tally.share_met is not None or b.by_category[key].share_met is not None
    ]
    return months, categories


def _category(rules: RuleBook, code: str) -> str:
    known = rules.taxonomy.categories.get(code)
    return label(known) if known is not None else code or gettext("not yet known")


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        raise Invalid(N_("Write a date like 2027-01-31."), field=name) from None

"""The list of contacts with their figures, as a page and a file."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.domain.csv_cells import CsvForm, write_csv
from complaints.domain.errors import N_, Invalid
from complaints.domain.other_contacts.acts import ContactState
from complaints.domain.permissions import Permission
from complaints.domain.searching import LONGEST
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.queries.other_contacts.figures import contact_figures
from complaints.queries.other_contacts.lists import Asked, ContactLine, list_contacts
from complaints.queries.reports.period import Period, next_month
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.choices import team_choices
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.list_params import read_day
from complaints.web.other_contacts.words import STATES

blueprint = Blueprint("contacts", __name__, url_prefix="/contacts")

#: Contacts of a page, and of a file at most.
PAGE = 25
MOST = 20_000
_KINDS = ("kind", "state", "team", "branch", "channel")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the address asks for: as the query takes it, and as links carry it on."""

    asked: Asked
    period: Period
    kept: dict[str, str]
    has_filters: bool


@blueprint.get("")
@guarded(Permission.VIEW)
def contacts() -> str | Response:
    """The contacts of this person's scope, the newest first, and the figures of the period."""
    rules = current_rules(db.session)
    narrowed = _narrowed(rules)
    form = request.args.get("format", "")
    if form in list(CsvForm):
        return _file(rules, narrowed, CsvForm(form))
    before = whole_number(request.args.get("before", ""))
    page = list_contacts(db.session, rules, actor(), narrowed.asked, limit=PAGE, before=before)
    older = {**narrowed.kept, "before": page.older}
    return render_template(
        "other_contacts/list.html",
        lines=page.items,
        figures=contact_figures(db.session, actor(), narrowed.period),
        rules=rules,
        kinds=[(each.id, label(each)) for each in rules.taxonomy.not_complaints.values()],
        states=STATES,
        teams=team_choices(rules, narrowed.kept.get("team", "")),
        kept=narrowed.kept,
        from_on=narrowed.period.from_on,
        to_on=narrowed.period.to_on,
        has_filters=narrowed.has_filters,
        newer=f"/contacts?{urlencode(narrowed.kept)}" if before else None,
        older=f"/contacts?{urlencode(older)}" if page.older else None,
        files={
            each.value: f"/contacts?{urlencode({**narrowed.kept, 'format': each.value})}"
            for each in CsvForm
        },
    )


def _narrowed(rules: RuleBook) -> Narrowed:
    """Read the address; without days the list holds all, and the figures are of this month."""
    given = {name: request.args.get(name, "").strip()[:60] for name in _KINDS}
    days = {"from": read_day(request.args, "from"), "to": read_day(request.args, "to")}
    period = _period(rules, days["from"], days["to"])
    has_days = any(days.values())
    typed = request.args.get("q", "").strip()[:LONGEST]
    team, branch = given["team"], given["branch"]
    if team and team not in rules.teams_by_code:
        raise Invalid(N_("There is no unit %(code)s."), field="team", code=team)
    asked = Asked(
        kind=given["kind"] or None,
        state=given["state"] or None,
        branch_id=rules.branch_by_code(branch).id if branch else None,
        team_id=rules.teams_by_code[team].id if team else None,
        channel=given["channel"] or None,
        period=period if has_days else None,
        q=typed or None,
    )
    kept = {name: value for name, value in {**given, "q": typed}.items() if value}
    kept |= {name: day.isoformat() for name, day in days.items() if day is not None}
    return Narrowed(asked, period, kept, has_filters=bool(kept))


def _period(rules: RuleBook, from_on: date | None, to_on: date | None) -> Period:
    today = clock.now().astimezone(rules.home_zone).date()
    first = from_on or (to_on or today).replace(day=1)
    last = to_on or next_month(first.replace(day=1)) - timedelta(days=1)
    return Period.of(first, last, rules)


def _file(rules: RuleBook, narrowed: Narrowed, form: CsvForm) -> Response:
    with db.reports() as session:
        page = list_contacts(session, rules, actor(), narrowed.asked, limit=MOST + 1)
    if len(page.items) > MOST:
        raise Invalid(N_("This is too much for one report. Choose a shorter period."), field="from")
    rows = [_row(rules, each) for each in page.items]
    text = write_csv(_COLUMNS, rows, form, rules.home_zone)
    name = f"tanggap-contacts-{narrowed.period.from_on}-{narrowed.period.to_on}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)


_COLUMNS = (
    "number",
    "kind",
    "kind_label",
    "state",
    "state_label",
    "branch",
    "channel",
    "received_at",
    "ended_at",
    "team",
    "taken_by",
    "customer",
    "words",
)


def _row(rules: RuleBook, line: ContactLine) -> dict[str, Any]:
    kind = rules.taxonomy.not_complaints.get(line.kind)
    team = rules.teams.get(line.team_id or 0)
    return {
        "number": line.number,
        "kind": line.kind,
        "kind_label": label(kind) if kind else line.kind,
        "state": line.state,
        "state_label": gettext(STATES[ContactState(line.state).value][0]),
        "branch": rules.branches[line.branch_id].code,
        "channel": line.channel,
        "received_at": line.received_at,
        "ended_at": line.ended_at,
        "team": team.code if team else "",
        "taken_by": line.taken_by,
        "customer": line.customer_name,
        "words": line.words,
    }

"""Working calendars: hours, shifts, breaks and holidays, typed, loaded for a year, or from a file.

Loading only fills the form; what is saved goes through `whatif` first.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.permissions import Permission
from complaints.domain.policies.whatif import RuleKind
from complaints.domain.words.whole_number import whole_number
from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.edited_calendar import EditedCalendar, HolidaySource
from complaints.extensions import db
from complaints.formats import ical, public_holidays
from complaints.formats.inputs import UnusableFile
from complaints.queries.rules.versions import (
    holiday_gaps,
    newest_versions,
    version_shown,
    versions_of,
)
from complaints.queries.rules.whatif import count_under_older
from complaints.rulebook import RuleBook, current_rules
from complaints.rules.edit import Proposal, rule_in_force
from complaints.rules.meanwhile import version_edited
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang
from complaints.web.rules import rule_words
from complaints.web.rules.calendar_form import (
    Errors,
    Typed,
    as_typed,
    read_typed,
    typed_of,
)
from complaints.web.rules.whatif import edited, given_body, preview

blueprint = Blueprint("calendars", __name__, url_prefix="/admin/calendars")

#: The zones of Indonesia stand first in the list.
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
#: So many years from now a year's holidays can be loaded.
YEARS_AHEAD = 5


@blueprint.get("/")
@guarded(Permission.REPORTS)
def overview() -> str:
    """Every calendar with its hours, and the years whose holidays it knows."""
    rules, now = current_rules(db.session), clock.now()
    return render_template(
        "rules/calendars.html",
        rules=rules,
        calendars=[
            (code, each.value, years_known(each.value), _branches_of(rules, code))
            for code, each in sorted(rules.calendars.items())
        ],
        versions=newest_versions(db.session),
        gaps=holiday_gaps(db.session, rules, now),
        year=now.year,
        words=rule_words,
    )


@blueprint.get("/<code>")
@guarded(Permission.REPORTS)
def calendar(code: str) -> str:
    """One calendar; with `?version=` an earlier one, to read."""
    return _page(code)


@blueprint.post("/<code>")
@guarded(Permission.ADMINISTER)
def edit(code: str) -> str | tuple[str, int]:
    """Load holidays into the form, or show what saving it would change."""
    rules = current_rules(db.session)
    _require(rules, code)
    newest = rule_in_force(db.session, RuleKind.CALENDAR, code)
    row = version_edited(db.session, newest, edited(request.form))
    form, do = request.form, request.form.get("do", "save")
    if do == "again":
        return _page(code, edited_calendar=EditedCalendar.from_body(given_body()))
    base = EditedCalendar.from_body(row.body)
    calendar, errors = read_typed(base, form, _first_year())
    loaded = form.get("loaded", "")[:20]
    if not errors and loaded[:2] in public_holidays.country_codes():
        country, _, region = loaded.partition("-")
        calendar = calendar.loaded_from(country, region, public_holidays.WANTED)
    if not errors and not calendar.is_open:
        sentence = gettext("No hour is left open. A calendar needs opening hours.")
        errors.append(("week_mon", sentence))
    try:
        if not errors and do == "save":
            proposal = Proposal(RuleKind.CALENDAR, code, calendar.as_body(), row.id)
            return preview(proposal, _warnings(calendar))
        if not errors:
            filled, said = _fill(do, calendar)
            return _page(code, edited_calendar=filled, said=said)
    except UnusableFile as error:
        errors.append(("file", gettext(str(error))))
    except Refused as error:
        errors.append((error.field or "", say(error)))
    return _page(code, typed=as_typed(form, base, _first_year()), errors=errors), 422


@blueprint.get("/<code>.ics")
@guarded(Permission.REPORTS)
def export(code: str) -> Response:
    """The calendar's holidays as an .ics file."""
    rules = current_rules(db.session)
    calendar = _require(rules, code)
    newest = versions_of(db.session, "calendar", code)[0]
    data = ical.write_ics(
        code,
        label(calendar) or code,
        calendar.holidays,
        calendar.annual_holidays,
        version=newest.number,
        at=newest.at,
    )
    response = Response(data, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.ics"'
    return response


def years_known(calendar: WorkCalendar) -> list[int]:
    """The years of which the calendar holds at least one dated holiday."""
    return sorted({day.year for day in calendar.holidays})


def _fill(do: str, calendar: EditedCalendar) -> tuple[EditedCalendar, list[str]]:
    """The calendar with a year's or a file's holidays, and what was done, in sentences."""
    if do == "load":
        country, region = request.form.get("country", ""), request.form.get("region", "")
        year = request.form.get("year", "")
        known = dict(public_holidays.regions_of(country))
        if region and region not in known:
            # The region belongs to the country chosen before; the list now shows the new one's.
            region = ""
        number = (whole_number(year, 9999) or 0) if len(year) == 4 else 0
        days = public_holidays.holidays_of(country, region, number, lang())
        loaded = calendar.loaded_from(country, region, public_holidays.WANTED)
        filled, added, renamed = _add_holidays(loaded, days)
        return filled, [
            gettext(
                "%(year)s, %(place)s: holidays added: %(added)s, renamed: %(renamed)s. Check them, "
                "then save.",
                year=number,
                place=known.get(region) or rule_words.country_name(country),
                added=added,
                renamed=renamed,
            )
        ]
    if do == "import":
        return _import(calendar)
    return calendar, []


def _add_holidays(
    calendar: EditedCalendar, days: Mapping[date, str]
) -> tuple[EditedCalendar, int, int]:
    """The calendar with these holidays; how many were new, and how many got another name."""
    named = {day.isoformat(): name for day, name in days.items()}
    added = sum(day not in calendar.holidays for day in named)
    renamed = sum(calendar.holidays.get(day, name) != name for day, name in named.items())
    return calendar.with_holidays(named), added, renamed


def _import(calendar: EditedCalendar) -> tuple[EditedCalendar, list[str]]:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise UnusableFile(N_("Choose an .ics file first."))
    found = ical.read_ics(file.read(ical.LARGEST + 1))
    calendar, added, renamed = _add_holidays(calendar, found.days)
    if found.annual:
        calendar = replace(calendar, annual={**(calendar.annual or {}), **found.annual})
    said = [
        gettext(
            "From the file: holidays added: %(added)s, renamed: %(renamed)s, yearly: %(annual)s. "
            "Check them, then save.",
            added=added,
            renamed=renamed,
            annual=len(found.annual),
        )
    ]
    for name, reason in found.left_out[:20]:
        said.append(
            gettext(
                "Left out: %(name)s, because %(reason)s.", name=name or "–", reason=gettext(reason)
            )
        )
    if len(found.left_out) > 20:
        said.append(gettext("Left out beside these: %(count)s.", count=len(found.left_out) - 20))
    return calendar, said


def _warnings(calendar: EditedCalendar) -> list[str]:
    """What a person should know before saving, though it can be saved."""
    year, known = clock.now().year, calendar.years
    if not known and not calendar.annual:
        return [
            gettext("This calendar has no holidays at all; every weekday counts as a working day.")
        ]
    return [
        gettext("There are no holidays of %(year)s in it.", year=each)
        for each in (year, year + 1)
        if each not in known
    ]


def _page(
    code: str,
    *,
    edited_calendar: EditedCalendar | None = None,
    typed: Typed | None = None,
    errors: Errors | None = None,
    said: list[str] | None = None,
) -> str:
    session, rules, now = db.session, current_rules(db.session), clock.now()
    stored = _require(rules, code)
    versions = versions_of(session, "calendar", code)
    shown = version_shown(versions, request.args.get("version", ""))
    is_newest = shown is versions[0]
    if not is_newest:
        stored = rules.calendar_versions[shown.id]
    calendar = edited_calendar or EditedCalendar.from_body(stored.spec)
    source = calendar.source or HolidaySource("ID")
    country = request.form.get("country") or source.country
    year = request.form.get("year") or request.args.get("year") or str(now.year + 1)
    return render_template(
        "rules/calendar.html",
        rules=rules,
        code=code,
        calendar=stored,
        typed=typed or typed_of(calendar, _first_year()),
        holidays=sorted(calendar.holidays.items()),
        versions=versions,
        shown=shown,
        is_newest=is_newest,
        is_unsaved=edited_calendar is not None or typed is not None,
        loaded=source.place
        if edited_calendar and edited_calendar.source
        else request.form.get("loaded", ""),
        older=count_under_older(session, rules, "calendar", code, now=now),
        gaps=[gap for gap in holiday_gaps(session, rules, now) if gap.calendar == code],
        branches=_branches_of(rules, code),
        may_edit=actor().has(Permission.ADMINISTER) and is_newest,
        errors=errors or [],
        wrong=dict(errors or ()),
        wrong_rows=[
            int(name.rpartition("_")[2]) for name, _ in errors or () if name.startswith("holiday_")
        ],
        said=said or [],
        tz=rules.home_zone,
        zones=_zones(calendar.tz),
        countries=_countries(),
        country=country,
        regions=public_holidays.regions_of(country),
        region=request.form.get("region") or source.region,
        years=[(str(each), str(each)) for each in range(now.year - 1, now.year + YEARS_AHEAD + 1)],
        year=year,
        words=rule_words,
    )


def _require(rules: RuleBook, code: str) -> WorkCalendar:
    found = rules.calendars.get(code)
    if found is None:
        raise NotFound(N_("There is no calendar %(code)s."), code=code[:40])
    return found.value


def _branches_of(rules: RuleBook, code: str) -> list[str]:
    return [branch.name for branch in rules.branches.values() if branch.calendar == code]


def _first_year() -> int:
    """Holidays of the years before stay as they are and are not shown for editing."""
    return clock.now().year - 1


def _zones(present: object) -> list[tuple[str, Any]]:
    """Time zones to choose from: Indonesia's, then the world's."""
    known = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
    ours = [(zone, f"{zone} ({known[zone]})") for zone in ZONES]
    others = sorted(available_timezones() - set(ZONES) | {str(present)} - set(ZONES))
    return [(gettext("Indonesia"), ours), (gettext("Elsewhere"), [(each, each) for each in others])]


def _countries() -> list[tuple[str, str]]:
    named = [(code, rule_words.country_name(code)) for code in public_holidays.country_codes()]
    return sorted(named, key=lambda pair: (pair[0] != "ID", pair[1]))

"""The list of complaints: filters in the address, the usual views, the search, and its files."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from flask import Blueprint, g, redirect, render_template, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import N_
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.lists.columns_beside import read_beside
from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.saved_views import list_views
from complaints.queries.lists.waiting import Waiting
from complaints.queries.lists.worklist import find_number, list_complaints
from complaints.queries.other_contacts.lists import Asked, ContactLine, list_contacts
from complaints.queries.other_contacts.search import find_contact_number
from complaints.queries.people.accounts import handlers_to_choose, named
from complaints.queries.reports.drilldown import count_behind, list_behind
from complaints.queries.reports.outcomes.lists import OUTCOME_FIGURES, outcome_line
from complaints.rulebook import RuleBook, current_rules
from complaints.web.desk.list_columns import (
    COLUMNS,
    Cell,
    cells_of_each,
    read_columns,
    shows_branches,
)
from complaints.web.desk.list_file import MOST_IN_FILE, list_file
from complaints.web.desk.list_rows import DisplayRow, lines
from complaints.web.desk.saved_views import address_of, kept_of
from complaints.web.frame.choices import (
    branch_choices,
    choice,
    no_longer_used,
    person_given,
    told_apart,
)
from complaints.web.frame.files import FileForm, asked_form
from complaints.web.frame.filters import choose, label, options_of, scope_words
from complaints.web.frame.guards import actor, guarded, planned_once
from complaints.web.frame.list_params import read_filters
from complaints.web.frame.translations import lang, translated
from complaints.web.frame.words import PRIORITIES, STATUSES

blueprint = Blueprint("complaint_list", __name__)

#: Complaints on a page.
PAGE = 50
#: What is no complaint, below those that a search finds.
OF_CONTACTS = 5
#: The filter that names somebody.
HANDLER = "handler"

#: The views everybody uses, as a row of links: words → filters.
VIEWS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (N_("All open"), {}),
    (N_("Late"), {"overdue": "1"}),
    (N_("Assigned to me"), {"handler": "me"}),
    (N_("Unassigned"), {"handler": "none"}),
    (N_("Finished"), {"status": "ended"}),
)


#: For whom an open complaint waits, as a row of links of its own.
WAITING: Mapping[Waiting, str] = {
    Waiting.ME: N_("me"),
    Waiting.UNIT: N_("a unit"),
    Waiting.CUSTOMER: N_("the customer"),
    Waiting.APPROVAL: N_("approval"),
}

#: What may be asked of a list beside all that is open, without narrowing it.
_IN_ORDER = {"overdue": "1", HANDLER: "me"}


@blueprint.get("/complaints")
@guarded(Permission.VIEW)
@planned_once(lambda: _is_in_order(request.args))
def complaints() -> Response | str:
    """The list of complaints; a number typed into the search box opens its complaint at once."""
    me, session = actor(), db.session
    typed = request.args.get("q", "").strip()
    if typed and request.args.get("cursor") is None:
        number = find_number(session, me, typed)
        if number is not None:
            return redirect(f"/complaints/{number}")
        contact = find_contact_number(session, me, typed)
        if contact is not None:
            return redirect(f"/contacts/{contact}")
    if request.args.get(f"{HANDLER}.email"):
        # Beside a list too long to show; the addresses of this page know one handler only.
        asked = {name: value for name, value in _asked().items() if name != f"{HANDLER}.email"}
        return redirect(_address({**asked, HANDLER: person_given(request.args, HANDLER)}))
    rules = current_rules(db.session)
    filters = read_filters(request.args, is_search=bool(typed))
    now, cursor, form = clock.now(), request.args.get("cursor") or None, asked_form()
    chosen = read_columns(request.args.get("columns"), me)
    if form is not None:
        return list_file(me, filters, rules, form, now, chosen.codes)
    handlers = told_apart(rules, handlers_to_choose(session, me))
    behind = None
    if filters.figure:
        page = list_behind(session, me, filters, rules, now=now, limit=PAGE, cursor=cursor)
        behind = count_behind(session, me, filters, rules, now=now)
    else:
        page = list_complaints(
            session, me, filters, now=now, limit=PAGE, cursor=cursor, rules=rules
        )
    shown = lines(page.items, rules)
    return render_template(
        "desk/list.html",
        lines=shown,
        cells=_under_chosen(shown, chosen.codes, rules) if chosen.codes else None,
        columns=COLUMNS,
        chosen=chosen,
        columns_here=_address(_asked(), "/complaints/columns"),
        rules=rules,
        contacts=_contacts(rules, typed) if typed and not set(_asked()) - {"q", "columns"} else (),
        is_near=page.is_near,
        filters=filters,
        views=[(translated(words), _address(view), _is_view(view)) for words, view in VIEWS],
        waiting=[
            (translated(words), _address({"waiting": each}), filters.waiting == each)
            for each, words in WAITING.items()
        ],
        saved=[
            (view.name, address_of(view.asked), _is_view(kept_of(view.asked)))
            for view in list_views(session, me)
        ],
        views_here="/complaints/views?" + urlencode(kept_of(_asked())),
        not_in_use=_not_in_use(rules, filters),
        files={each.value: _address({**_asked(), "format": each.value}) for each in FileForm},
        most_in_file=MOST_IN_FILE,
        choices=_choices(rules, handlers, filters),
        too_many_handlers=handlers if len(handlers) > MOST_CHOICES else [],
        newer=_address({**_asked(), "cursor": page.previous}) if page.previous else None,
        older=_address({**_asked(), "cursor": page.next}) if page.next else None,
        shows_branch=shows_branches(me),
        behind=behind,
        scope=scope_words(me),
        line=_line_words(filters, rules),
        has_filters=bool(set(_asked()) - {"q", "columns"}),
        is_narrowed=bool(set(_asked()) - {"q", "waiting", "columns"})
        and {**_asked(), "columns": ""} not in [{**view, "columns": ""} for _, view in VIEWS],
    )


def _under_chosen(
    shown: Sequence[DisplayRow], codes: Sequence[str], rules: RuleBook
) -> list[tuple[DisplayRow, list[Cell]]]:
    """The lines under the columns that were chosen, what no line has being read for all at once."""
    beside = read_beside(db.session, [line.row.id for line in shown], codes)
    return cells_of_each(shown, codes, beside, rules)


def _contacts(rules: RuleBook, typed: str) -> Sequence[ContactLine]:
    """The newest contacts that what was typed finds; the others have a list of their own."""
    asked = Asked(q=typed)
    return list_contacts(db.session, rules, actor(), asked, limit=OF_CONTACTS).items


def _line_words(filters: ListFilters, rules: RuleBook) -> str:
    """Whose line of the report the figure stands in, in words; a person is called by name."""
    key = filters.line or ""
    said = outcome_line(filters.figure or "", key, rules)
    if said is not None:
        return translated(said) if isinstance(said, str) else label(said)
    if key.isdecimal() and filters.figure not in OUTCOME_FIGURES:
        return gettext("Level %(level)s", level=key)
    if key in rules.teams_by_code:
        return label(rules.teams_by_code[key])
    words = {"customer": gettext("Customer"), "none": gettext("None yet")}
    people = dict(told_apart(rules, named(db.session, [key]))) if "@" in key else {}
    return words.get(key) or people.get(key, key)


def _choices(
    rules: RuleBook, handlers: Sequence[tuple[str, str]], filters: ListFilters
) -> dict[str, Markup]:
    """The options of each filter, what is asked for being chosen.

    Of too many handlers only the one that is chosen: the others are typed.
    """
    people = [("me", gettext("Me")), ("none", gettext("Unassigned"))]
    chosen_one = filters.handler or ""
    if len(handlers) <= MOST_CHOICES:
        people += handlers
    elif chosen_one and chosen_one not in dict(people):
        people.append((chosen_one, dict(handlers).get(chosen_one, chosen_one)))
    options = {**_fixed_options(rules, lang()), "handler": _kept_options(tuple(people))}
    chosen = {name: getattr(filters, name) or "" for name in options}
    chosen["status"] = filters.status or "all"
    return {name: choose(_with(text, chosen[name]), chosen[name]) for name, text in options.items()}


def _with(options: Markup, value: str) -> Markup:
    """The options, and the one asked for if it is none of them: sent again it narrows as before."""
    if not value or str(Markup('value="{}"').format(value)) in options:
        return options
    words = gettext("None yet") if value == "none" else no_longer_used(value)
    return options + options_of([(value, words)])


def _not_in_use(rules: RuleBook, filters: ListFilters) -> list[str]:
    """The codes asked for that nothing new can get any more, in words where there are any."""
    taxonomy = rules.taxonomy
    known: tuple[tuple[str | None, Mapping[str, Any]], ...] = (
        (filters.category, {**taxonomy.categories, **taxonomy.groups}),
        (filters.channel, taxonomy.channels),
        (filters.team, rules.teams_by_code),
        (filters.branch, rules.branches_by_code),
        (filters.priority, PRIORITIES),
    )
    return [
        getattr(items[code], "name", "") or label(items[code]) if code in items else code
        for code, items in known
        if code and code != "none" and (code not in items or getattr(items[code], "retired", False))
    ]


#: The same people stand in the lists of all who see alike.
_kept_options = lru_cache(maxsize=64)(options_of)

_options: WeakKeyDictionary[RuleBook, dict[str, dict[str, Markup]]] = WeakKeyDictionary()


def _fixed_options(rules: RuleBook, language: str) -> dict[str, Markup]:
    """The options that only the rules and the language decide; kept, as every list shows them."""
    in_languages = _options.setdefault(rules, {})
    kept = in_languages.get(language)
    if kept is None:
        kept = in_languages[language] = {
            "status": options_of(
                [
                    ("open", gettext("All open")),
                    *((code, gettext(words)) for code, (words, _) in STATUSES.items()),
                    ("ended", gettext("All finished")),
                    ("all", gettext("All")),
                ]
            ),
            "team": options_of((team.code, choice(team)) for team in rules.teams.values()),
            "branch": options_of(branch_choices(rules)),
            "priority": options_of(
                (code, f"{code} {gettext(words)}") for code, (words, _) in PRIORITIES.items()
            ),
            "category": Markup("").join(
                Markup('<optgroup label="{}">{}</optgroup>').format(
                    group.label(language),
                    options_of((each.id, choice(each)) for each in group.categories),
                )
                for group in rules.taxonomy.groups.values()
            ),
            "channel": options_of(
                (each.id, choice(each)) for each in rules.taxonomy.channels.values()
            ),
        }
    return kept


def _asked() -> dict[str, str]:
    left_out = ("cursor", "format")
    return {name: value for name, value in request.args.items() if value and name not in left_out}


def _is_in_order(asked: Mapping[str, str]) -> bool:
    """Whether an index has the rows in their order already, so that no value decides how."""
    return all(_IN_ORDER.get(name) == value for name, value in asked.items())


def _address(wanted: Mapping[str, str | None], at: str = "/complaints") -> str:
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{at}?{query}" if query else at


def _is_view(view: Mapping[str, str]) -> bool:
    asked: dict[str, str] = g.setdefault("asked", _asked())
    return asked == dict(view)

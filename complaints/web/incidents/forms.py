"""What was typed about an incident, and the words that its pages show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext

from complaints.channels.one_by_one import RowResult
from complaints.domain.errors import N_
from complaints.domain.incidents.rules import How, IncidentAct, Telling
from complaints.domain.worktime import WorkCalendar
from complaints.models import Incident
from complaints.rulebook import RuleBook
from complaints.steps.incidents.open import LONGEST, IncidentGiven
from complaints.web.frame.choices import Choice
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import read_time, wall_value
from complaints.web.frame.translations import translated

Given = Mapping[str, str]
Errors = Sequence[tuple[str, str]]

FIELDS = ("title", "category", "branch", "cause", "plan", "expected_at", "words", "words_en")
#: The choice that means everywhere; a blank one would be the first that is proposed.
EVERYWHERE = "all"

TELLINGS = {
    Telling.WAITING: N_("waiting to be sent"),
    Telling.TOLD: N_("told by email"),
    Telling.WITH_ANOTHER: N_("told with another complaint"),
    Telling.TASK: N_("task of the handler"),
    Telling.ENDED: N_("had ended before"),
    Telling.FAILED: N_("could not be told"),
}
HOWS = {
    How.BY_HAND: N_("linked by hand"),
    How.SUGGESTED: N_("linked as suggested"),
    How.AT_INTAKE: N_("linked when it was recorded"),
    How.MERGED: N_("through a duplicate"),
}
ACTS = {
    IncidentAct.OPEN: N_("Incident opened"),
    IncidentAct.AMEND: N_("Incident updated"),
    IncidentAct.APPROVE: N_("Words approved"),
    IncidentAct.TELL: N_("Customers told"),
    IncidentAct.CLOSE: N_("Incident closed"),
}


def typed() -> dict[str, str]:
    """The form as it was typed, cut to what can be kept."""
    return {name: request.form.get(name, "")[: LONGEST + 1] for name in FIELDS}


def read_given(form: Given, calendar: WorkCalendar) -> IncidentGiven:
    """The same as the step takes it; raises Invalid for a time that cannot be read."""
    told = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    expected = told.pop("expected_at")
    branch = told.pop("branch")
    return IncidentGiven(
        **told,
        branch="" if branch == EVERYWHERE else branch or None,
        expected_at=_expected(expected, calendar),
    )


def _expected(typed: str, calendar: WorkCalendar) -> datetime | None:
    """By when it is expected to be solved; a day alone lasts until closing."""
    return read_time("expected_at", typed, calendar.tz, calendar) if typed else None


def filled(incident: Incident, rules: RuleBook, zone: ZoneInfo) -> dict[str, str]:
    """The form of an incident as it stands."""
    branch = rules.branches.get(incident.branch_id or 0)
    return {
        "title": incident.title,
        "category": incident.category,
        "branch": branch.code if branch else EVERYWHERE,
        "cause": incident.cause,
        "plan": incident.plan,
        "expected_at": wall_value(incident.expected_at, zone),
        "words": incident.words,
        "words_en": incident.words_en,
    }


def kind_choices(rules: RuleBook) -> list[Choice]:
    """Each group of categories as a whole, and its categories."""
    return [
        (
            label(group),
            [
                (group.id, gettext("All of %(name)s", name=label(group))),
                *((each.id, label(each)) for each in group.categories if not each.retired),
            ],
        )
        for group in rules.taxonomy.groups.values()
    ]


def kind_word(rules: RuleBook, code: str) -> str:
    """What a category or group is called."""
    if not code:
        return gettext("whatever customers complain of")
    known = rules.taxonomy.categories.get(code) or rules.taxonomy.groups.get(code)
    return label(known) if known else code


def place_word(rules: RuleBook, branch_id: int | None) -> str:
    """Where: a branch, or all of them."""
    branch = rules.branches.get(branch_id or 0)
    return branch.name if branch else gettext("all branches")


def states_words(states: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many customers are in which state, in words."""
    return [
        (translated(words), states[state.value])
        for state, words in TELLINGS.items()
        if states.get(state.value)
    ]


def say_rows(rows: Sequence[RowResult]) -> list[tuple[str, str]]:
    """Numbers that were refused, each with its reason."""
    return [(each.number, say(each.refused)) for each in rows if each.refused is not None]


def read_numbers(text: str) -> list[str]:
    """Numbers as they are pasted: in lines, with commas or blanks between them."""
    return [each for each in text.replace(",", " ").replace(";", " ").split() if each][:500]


def words_of(table: Mapping[Any, str], code: str) -> str:
    """The words of a code in one of these tables; the code itself where it is unknown."""
    return translated(table[code]) if code in table else code

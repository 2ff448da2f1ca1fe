"""The form that edits a policy's clocks: other durations, a clock more, clocks taken away.

It turns fields into the policy's data and says beside which field something does not fit; what the
law allows is asked when the proposal is looked at.
"""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints.domain.clauses import Policy
from complaints.domain.deadlines import OUTCOME_KINDS, Event, Kind
from complaints.domain.errors import N_, Invalid
from complaints.domain.policies.editing import (
    STARTS,
    free_id,
    hidden_by,
    with_clock,
    without_clocks,
)
from complaints.domain.priority import Priority
from complaints.domain.words.whole_number import whole_number
from complaints.domain.worktime.durations import Counting, Unit
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import label
from complaints.web.rules import rule_words

#: A promise of more than this is a slip of the finger.
LONGEST_DURATION = 9999
LONGEST_LABEL, LONGEST_NOTE, LONGEST_ADDED = 120, 600, 60_000
_NOT_VERIFIED = N_(
    "A time limit that is not verified is not counted. Name its source, or call it your own."
)
_DAYS_ONLY = N_("Only days can be counted from the next day on. Choose days as the unit.")
SPOKEN = {"1": True, "0": False}

Errors = list[tuple[str, str]]
Body = Mapping[str, Any]
Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a clock may ask of a complaint: the field's name, its word, and what to tick."""

    name: str
    word: str
    options: list[tuple[str, str]]


def read_policy(
    rules: RuleBook, base: Body, form: Form, file: Body
) -> tuple[dict[str, Any], Errors]:
    """The policy as typed, and what is wrong with it.

    A new clock is a part of the policy only when nothing is wrong; until then its fields keep it.
    Clocks of the `file` that were taken away may be put back, and none gets an id of theirs.
    """
    body = with_added(base, form.get("added", ""))
    body, errors = read_durations(body, form)
    ids = [str(each["id"]) for each in body.get("clock", ())]
    taken = {str(each["id"]): each for each in file.get("clock", ())}
    for name, clock in taken.items():
        if form.get(f"back_{name}") and name not in ids:
            body = with_clock(body, clock)
    body = without_clocks(body, {each for each in ids if form.get(f"gone_{each}")})
    if not _wants_clock(form):
        if ids and not body["clock"]:
            sentence = gettext("A pack needs at least one time limit. Switch the pack off instead.")
            errors.append((f"gone_{ids[0]}", sentence))
        return body, errors
    clock, wrong = read_clock(rules, form)
    if not wrong:
        clock = {"id": free_id(Kind(clock["kind"]), [*taken, *ids]), **clock}
        longer = with_clock(body, clock)
        policy = Policy.from_dict(longer)
        for each in hidden_by(policy, policy.clause(clock["id"])):
            sentence = gettext(
                "The time limit %(clock)s would never apply, because both cover "
                "the same complaints. Change or remove that one.",
                clock=label(each),
            )
            wrong.append(("new_kind", sentence))
        if not (errors or wrong):
            return longer, []
    return body, errors + wrong


def with_added(base: Body, text: str) -> dict[str, Any]:
    """The policy in force with clocks that were added before and are not saved yet, as JSON."""
    body: dict[str, Any] = deepcopy(dict(base))
    try:
        added = json.loads(text) if text and len(text) <= LONGEST_ADDED else []
        # Read once as the rules read it, so that what follows meets whole clocks only.
        named = [each.id for each in Policy.from_dict({"id": "added", "clock": added}).clauses]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Invalid(N_("The rule did not arrive whole. Go back and send it again.")) from None
    known = [str(each["id"]) for each in body.get("clock", ())]
    if len({*known, *named}) < len(known) + len(named):
        raise Invalid(N_("The rule did not arrive whole. Go back and send it again."))
    # The last one first, because of equal ones the newest goes in front.
    for each in reversed(added):
        body = with_clock(body, each)
    return body


def read_durations(base: Body, given: Mapping[str, str]) -> tuple[dict[str, Any], Errors]:
    """The policy with the durations that were typed, and what is wrong with them."""
    body: dict[str, Any] = deepcopy(dict(base))
    errors: Errors = []
    for each in body.get("clock", ()):
        name = str(each["id"])
        typed = given.get(f"duration_{name}", "").strip()
        if f"duration_{name}" not in given:
            continue
        if _is_count(typed):
            each["duration"] = int(typed)
        else:
            sentence = gettext("Write a whole number up to %(most)s.", most=LONGEST_DURATION)
            errors.append((f"duration_{name}", sentence))
        unit = given.get(f"unit_{name}", "")
        if unit in set(Unit):
            each["unit"] = unit
        if f"end_of_day_{name}" in given:
            each["end_of_day"] = True
        else:
            each.pop("end_of_day", None)
        if f"day_after_{name}" not in given:
            each.pop("counting", None)
        elif Unit(each["unit"]).is_clock_time:
            errors.append((f"duration_{name}", gettext(_DAYS_ONLY)))
        else:
            each["counting"] = Counting.DAY_AFTER_RECEIPT.value
    return body, errors


def read_clock(rules: RuleBook, form: Form) -> tuple[dict[str, Any], Errors]:
    """The new clock without its id, and what is wrong with its fields."""
    errors: Errors = []

    def typed(name: str) -> str:
        return form.get(f"new_{name}", "").strip()

    def refuse(name: str, sentence: str) -> None:
        errors.append((f"new_{name}", sentence))

    kind, start, unit, evidence = (typed(each) for each in ("kind", "start", "unit", "evidence"))
    if kind not in set(STARTS):
        refuse("kind", gettext("Choose what the time limit measures."))
    elif start not in STARTS[Kind(kind)]:
        starts = "; ".join(rule_words.say_start(each) for each in STARTS[Kind(kind)])
        refuse(
            "start", gettext("A time limit of this kind can only start: %(starts)s.", starts=starts)
        )
    if not typed("label_id"):
        refuse("label_id", gettext("Enter a name for the time limit."))
    if not _is_count(typed("duration")) or not int(typed("duration")):
        sentence = gettext("Write a whole number from 1 to %(most)s.", most=LONGEST_DURATION)
        refuse("duration", sentence)
    if unit not in set(Unit):
        refuse("unit", gettext("Choose from the list."))
    if evidence == "memory":
        refuse("evidence", gettext(_NOT_VERIFIED))
    clock: dict[str, Any] = {
        "kind": kind,
        "label_id": typed("label_id")[:LONGEST_LABEL],
        "label_en": (typed("label_en") or typed("label_id"))[:LONGEST_LABEL],
        "start": start,
        "duration": int(typed("duration")) if _is_count(typed("duration")) else 0,
        "unit": unit,
        "party": "us",
        "automatic": True,
        "evidence": evidence if evidence in rule_words.EVIDENCE else "ours",
    }
    if typed("end_of_day"):
        clock["end_of_day"] = True
    if typed("day_after"):
        clock["counting"] = Counting.DAY_AFTER_RECEIPT.value
        if unit in set(Unit) and Unit(unit).is_clock_time:
            refuse("unit", gettext(_DAYS_ONLY))
    if start == Event.LAST_CONTACT:
        clock["repeat"] = True
    if typed("note"):
        clock["note"] = clock["note_id"] = typed("note")[:LONGEST_NOTE]
    chosen, wrong = _read_conditions(rules, form)
    extension, late = _read_extension(kind, typed)
    return {**clock, **chosen, **extension}, [*errors, *wrong, *late]


def conditions(rules: RuleBook) -> list[Condition]:
    """What a clock may ask of a complaint, in the words of the organisation."""
    taxonomy = rules.taxonomy
    values: Mapping[str, Iterable[str]] = {
        "priority": [each.value for each in Priority],
        "tier": taxonomy.tiers,
        "channel": taxonomy.channels,
        "branch": rules.branches_by_code,
        "category_group": taxonomy.groups,
        "category": taxonomy.categories,
        "product": list(rules.organisation.products),
    }
    found = []
    for name, codes in values.items():
        word, say = rule_words.SELECTORS[name]
        options = [(code, str(say(rules, code))) for code in codes]
        if options:
            found.append(Condition(name, gettext(word), options))
    return found


def _wants_clock(form: Form) -> bool:
    """Whether anything was typed or ticked that only a new clock can mean."""
    return any(
        values != [""]
        and name not in ("new_unit", "new_start", "new_evidence", "new_extension_unit")
        for name, values in form.lists()
        if name.startswith("new_")
    )


def _read_conditions(rules: RuleBook, form: Form) -> tuple[dict[str, Any], Errors]:
    chosen: dict[str, Any] = {}
    errors: Errors = []
    for each in conditions(rules):
        values = [value for value in form.getlist(f"new_{each.name}") if value]
        if not set(values) <= {code for code, _ in each.options}:
            errors.append((f"new_{each.name}", gettext("Choose from the list.")))
        elif values:
            chosen[each.name] = values[0] if len(values) == 1 else values
    spoken = form.get("new_oral", "")
    if spoken in SPOKEN:
        chosen["oral"] = SPOKEN[spoken]
    groups, categories = set(form.getlist("new_category_group")), form.getlist("new_category")
    known = rules.taxonomy.categories
    if groups and categories and not {known[x].group for x in categories if x in known} & groups:
        sentence = gettext("These categories are outside the groups that are ticked.")
        errors.append(("new_category", sentence))
    channels = [x for x in form.getlist("new_channel") if x in rules.taxonomy.channels]
    ways = {rules.taxonomy.channels[each].oral for each in channels}
    if channels and spoken in SPOKEN and SPOKEN[spoken] not in ways:
        sentence = gettext(
            "None of the ticked channels receives complaints in that form. "
            "Change the channel or the form."
        )
        errors.append(("new_oral", sentence))
    return chosen, errors


def _read_extension(kind: str, typed: Any) -> tuple[dict[str, Any], Errors]:
    amount, times, unit = typed("extension"), typed("extension_times"), typed("extension_unit")
    if not amount and not times:
        return {}, []
    errors: Errors = []
    if kind in set(STARTS) and kind not in OUTCOME_KINDS:
        sentence = gettext("Only the time for the solution can be extended.")
        errors.append(("new_extension", sentence))
    elif not _is_count(amount) or not int(amount) or unit not in set(Unit):
        sentence = gettext("Write a whole number from 1 to %(most)s.", most=LONGEST_DURATION)
        errors.append(("new_extension", sentence))
    if times and not (_is_count(times) and 0 < int(times) <= 99):
        errors.append(("new_extension_times", gettext("Write a whole number from 1 to 99.")))
    if errors:
        return {}, errors
    length = {"duration": int(amount), "unit": unit, "max_count": int(times or 1)}
    return {"extension": length}, []


def _is_count(text: str) -> bool:
    return whole_number(text, LONGEST_DURATION) is not None

"""The analysis on one page: units, cause, the customer's condition, priority, plan (element 2).

The priority is worked out while the page is open, and once more when it is recorded.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from complaints.actions.recording import ActGiven
from complaints.domain.permissions import Permission
from complaints.domain.words.comparing import is_same, sentences_of
from complaints.steps.case import as_if_category
from complaints.web.complaint.conversations.parts import (
    Part,
    Standing,
    Taken,
    Typed,
    cause_words,
    is_filled,
    without,
)
from complaints.web.complaint.forms.facts import facts_for, proposed_steps
from complaints.web.complaint.forms.known_words import outcome_due
from complaints.web.complaint.page import Page
from complaints.web.complaint.units_lacking import only_waits, say_units_lacking
from complaints.web.frame.choices import category_choices
from complaints.web.frame.form_parsing import part_of

#: So many of the customer's sentences are offered for quoting.
MOST_QUOTES = 12


def analysis_parts(page: Page, now: datetime, category: str = "") -> dict[str, Part]:
    """The parts in the order of the work, as if the complaint were of this category."""
    case, dossier, standing = page.case, page.dossier, Standing(page)
    own = case.complaint.category
    is_moved = bool(category) and category != own
    is_replanned = is_moved and _is_other(page, category)
    waits = only_waits(dossier, case.rules)
    is_told = standing.is_open("020-2.1") and not waits
    with as_if_category(case, category or own):
        parts = [
            standing.part(
                "parties",
                "parties",
                "020-2.1",
                is_asked=is_told or is_moved,
                note=say_units_lacking(dossier, case.rules),
                facts=facts_for(case, dossier, "parties", "", now),
            ),
            standing.part(
                "cause",
                "cause",
                "020-2.2",
                stage="preliminary",
                note=cause_words(page, "preliminary"),
                facts={**facts_for(case, dossier, "cause", "preliminary", now), **_words(page)},
            ),
            standing.part(
                "condition",
                "condition",
                "020-2.3",
                facts=facts_for(case, dossier, "condition", "", now),
            ),
            standing.part(
                "priority",
                "priority",
                "020-2.4",
                facts=facts_for(case, dossier, "priority", "", now),
            ),
            standing.part(
                "plan",
                "plan",
                "020-2.5",
                is_asked=standing.is_open("020-2.5") or is_replanned,
                facts=_plan(page, now, is_moved=is_moved),
            ),
        ]
    return {each.key: each for each in parts}


def proposed_for_analysis(page: Page, parts: Mapping[str, Part]) -> dict[str, Any]:
    """What stands in the page's fields before anything is typed."""
    parties, plan = parts["parties"].facts["proposed"], parts["plan"].facts["proposed"]
    return {
        "record.category": page.case.complaint.category or "",
        "parties.teams": parties["teams"],
        "parties.desk": parties["desk"],
        "plan.take": "1",
        "plan.steps": plan["steps"],
    }


def analysis_categories(page: Page) -> list[Any]:
    """The categories to choose from, where this person may correct the record."""
    if not page.may("record"):
        return []
    return list(category_choices(page.case.rules, page.case.complaint.category or ""))


def is_own_plan(page: Page, rows: list[dict[str, str]]) -> bool:
    """Whether somebody wrote a plan of their own, which no other category's steps take away."""
    taxonomy = page.case.rules.taxonomy
    known = [
        each.text(language)
        for group in taxonomy.groups.values()
        for each in group.steps
        for language in ("id", "en")
    ]
    known += [each.what for each in page.dossier.commitments]
    written = [row["what"] for row in rows if row["what"].strip()]
    return any(not any(is_same(what, each) for each in known) for what in written)


def read_analysis(page: Page, parts: Mapping[str, Part], given: Typed) -> list[Taken]:
    """The acts that the page came to, in their order; a part left empty stays open."""
    taken: list[Taken] = []

    def take(key: str, noun: str, body: Mapping[str, Any]) -> None:
        taken.append(Taken(key, ActGiven(noun, body)))

    category = str(part_of(given, "record").get("category", "")).strip()
    is_moved = bool(category) and category != page.case.complaint.category and page.may("record")
    if is_moved:
        take("record", "record", {"category": category})
    asked = {key: part_of(given, key) for key, part in parts.items() if part.is_asked}
    if is_filled(asked.get("parties", {}), ("teams", "desk", "not_needed")):
        take("parties", "parties", asked["parties"])
    if is_filled(asked.get("cause", {}), ("code", "text", "quote")):
        take("cause", "cause", {**asked["cause"], "stage": "preliminary"})
    if is_filled(asked.get("condition", {}), ("relevant", "none")):
        take("condition", "condition", asked["condition"])
    plan = asked.get("plan", {})
    has_plan = is_filled(plan, ("take",)) and is_filled(plan, ("steps",))
    priority = asked.get("priority")
    # The priority is nobody's to fill in: it goes with whatever else is recorded, or stands alone.
    is_alone = not any(part.is_asked for key, part in parts.items() if key != "priority")
    is_known = bool(category or page.case.complaint.category)
    if priority is not None and is_known and (taken or has_plan or is_alone):
        take("priority", "priority", without(priority, "take"))
    if has_plan:
        take("plan", "plan", without(plan, "take"))
    return taken


def _is_other(page: Page, category: str) -> bool:
    """Whether this category has another procedure than the complaint's own: it wants a new plan."""
    known = page.case.rules.taxonomy.categories
    chosen, own = known.get(category), known.get(page.case.complaint.category or "")
    return chosen is not None and (own is None or chosen.group != own.group)


def _plan(page: Page, now: datetime, *, is_moved: bool) -> dict[str, Any]:
    """The form's own facts; with another category its procedure joins what was told before."""
    facts = facts_for(page.case, page.dossier, "plan", "", now)
    if not is_moved:
        return facts
    before = facts["proposed"]["steps"]
    due = page.case.complaint.promised_at or outcome_due(page.dossier)
    more = [
        row
        for row in proposed_steps(page.case, due, now)
        if not any(is_same(row["what"], each["what"]) for each in before)
    ]
    return {**facts, "proposed": {"steps": [*before, *more]}}


def _words(page: Page) -> dict[str, Any]:
    """The customer's own sentences, of the story and of their messages, to be quoted."""
    notes = [each for each in page.dossier.activity.notes if each.direction == "in"]
    texts = [page.case.complaint.story, *(each.text for each in notes)]
    found = [each for text in texts for each in sentences_of(text)]
    return {"quotes": list(dict.fromkeys(found))[:MOST_QUOTES]}


def may_override(page: Page) -> bool:
    """Whether this person may set another priority than the one worked out."""
    return page.case.by.has(Permission.OVERRIDE)

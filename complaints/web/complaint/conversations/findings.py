"""What a unit has to say of a complaint, on one page: whether it takes it, what it found and did.

The talk with the customer is not the unit's and is not asked here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from complaints.actions.recording import ActGiven
from complaints.web.complaint.commitments import choices
from complaints.web.complaint.conversations.parts import (
    Part,
    Standing,
    Taken,
    Typed,
    cause_words,
    is_filled,
)
from complaints.web.complaint.forms.facts import facts_for
from complaints.web.complaint.page import Page
from complaints.web.frame.form_parsing import part_of


def findings_parts(page: Page, now: datetime) -> dict[str, Part]:
    """The parts that are the unit's own."""
    dossier, standing = page.dossier, Standing(page)
    asked = [each for each in dossier.waiting_parties if each.team_id == page.case.by.team_id]
    own = page.own_commitments
    parts = [
        standing.part(
            "acceptance",
            "parties/acceptance",
            "020-2.1",
            is_asked=bool(asked),
            note="" if asked else page.units_lacking,
            facts={"asked": asked},
        ),
        Part(
            key="cause",
            noun="cause",
            stage="confirmed",
            is_asked=dossier.confirmed_cause is None and page.may("cause"),
            note=cause_words(page, "confirmed"),
            facts=facts_for(page.case, dossier, "cause", "confirmed", now),
        ),
        Part(
            key="commitments",
            noun="commitments/done",
            is_asked=bool(own) and page.may("commitments/done"),
            facts={"open": choices(own, page.case.rules, page.zone)},
        ),
    ]
    return {each.key: each for each in parts}


def proposed_for_findings(page: Page, parts: Mapping[str, Part]) -> dict[str, Any]:
    """The likely cause as it was chosen; its sentence is the unit's own to write."""
    return {"cause.code": parts["cause"].facts["proposed"].get("code", "")}


def read_findings(page: Page, parts: Mapping[str, Part], given: Typed) -> list[Taken]:
    """The acts that the page came to, in their order."""
    taken = []
    asked = {key: part_of(given, key) for key, part in parts.items() if part.is_asked}
    if is_filled(asked.get("acceptance", {}), ("answer",)):
        body = {**asked["acceptance"], "team": page.own_team}
        taken.append(Taken("acceptance", ActGiven("parties/acceptance", body)))
    if is_filled(asked.get("cause", {}), ("text",)):
        body = {**asked["cause"], "stage": "confirmed"}
        taken.append(Taken("cause", ActGiven("cause", body)))
    if is_filled(asked.get("commitments", {}), ("ids",)):
        taken.append(Taken("commitments", ActGiven("commitments/done", asked["commitments"])))
    return taken

"""Whom a note may call by name: those who may read the complaint."""

from datetime import datetime
from typing import Any

from complaints.domain.words.mentions import write_name
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.people.readers import MOST_OFFERED, readers_to_offer
from complaints.steps.case import Case
from complaints.web.frame.filters import role_word


def readers_choices(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The address of each with their name, role and how a note names them."""
    people = readers_to_offer(case.session, case.complaint, case.by.id)
    return {
        "readers": [
            (each.email, f"{each.name} · {role_word(each.role)} · {write_name(each.email)}")
            for each in people
        ],
        "has_more": len(people) == MOST_OFFERED,
    }

"""What the forms that end a complaint offer: outcomes, and complaints that could go on for it."""

from datetime import datetime
from typing import Any

from complaints.domain.proofs.endings import may_close
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.complaint.duplicates import candidates_for
from complaints.steps.case import Case
from complaints.steps.close import ending_of
from complaints.web.frame.choices import category_choices
from complaints.web.frame.filters import label


def outcome_choices(case: Case) -> list[tuple[str, str]]:
    """The outcomes with which the complaint may be closed as it stands."""
    ending = ending_of(case)
    return [
        (each.id, label(each))
        for each in case.rules.taxonomy.outcomes.values()
        if may_close(each, ending)
    ]


def second_matter(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The categories of a matter that is split off."""
    return {"kinds": category_choices(case.rules)}


def kinds_of_contacts(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """What it may be where it is no complaint."""
    kinds = case.rules.taxonomy.not_complaints.values()
    return {"kinds": [(each.id, label(each)) for each in kinds]}


def originals(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The complaints of which this one could be a duplicate."""
    return {"candidates": candidates_for(case.session, case.rules, case.complaint, case.by)}


#: The forms that speak of something else it goes on as → what they offer.
OTHERS = {"merge": originals, "split": second_matter, "not-a-complaint": kinds_of_contacts}

"""The files of a complaint, to choose the one that the customer is no longer, or again, to see."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import request

from complaints.formatting import say_instant_short
from complaints.models import Attachment
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.files.attachments import attachments_of
from complaints.steps.case import Case
from complaints.web.complaint.forms.letter_choices import letters_that_left
from complaints.web.frame.translations import lang


def files_of_customer(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """Id and name of each that the customer sees, with when it came."""
    return _choices(case, attachments_of(case.session, case.complaint.id, for_customer=True))


def hidden_files(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The same of those that were hidden from the customer."""
    rows = attachments_of(case.session, case.complaint.id)
    return _choices(case, (each for each in rows if each.hidden_at is not None))


def _choices(case: Case, rows: Iterable[Attachment]) -> dict[str, Any]:
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    return {
        "attachments": [
            (str(each.id), f"{each.name}, {say_instant_short(each.at, zone, lang())}")
            for each in rows
        ],
        "proposed": {"attachment": request.args.get("attachment", "")},
    }


#: What may be chosen by its own act: letters that came back, files to hide or to show again.
LEFT = {
    "letters/return": letters_that_left,
    "attachments/hiding": files_of_customer,
    "attachments/showing": hidden_files,
}

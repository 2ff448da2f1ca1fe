"""The files that the customer sees, to choose the one that they are no longer to see."""

from datetime import datetime
from typing import Any

from flask import request

from complaints.formatting import say_instant_short
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.files.attachments import attachments_of
from complaints.steps.case import Case
from complaints.web.complaint.forms.letter_choices import letters_that_left
from complaints.web.frame.translations import lang


def files_of_customer(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """Id and name of each, with when it came."""
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    rows = attachments_of(case.session, case.complaint.id, for_customer=True)
    return {
        "attachments": [
            (str(each.id), f"{each.name}, {say_instant_short(each.at, zone, lang())}")
            for each in rows
        ],
        "proposed": {"attachment": request.args.get("attachment", "")},
    }


#: What is with the customer, to choose one of: letters that came back, files to hide.
LEFT = {"letters/return": letters_that_left, "attachments/hiding": files_of_customer}

"""Receipts and letters as PDF, to be printed or kept; they say what their pages say."""

from flask import Blueprint, Response

from complaints import clock
from complaints.channels.office import this_office
from complaints.channels.printed_pages import letter_pages, receipt_pages
from complaints.domain.errors import N_, NotFound
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.complaint.letters import find_letter
from complaints.steps.case import view_case
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("printing", __name__)


@blueprint.get("/complaints/<number>/receipt.pdf")
@guarded(Permission.VIEW)
def receipt(number: str) -> Response:
    """The receipt of a registered complaint on A5, in the customer's language."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    if case.complaint.status == Status.RECEIVED:
        raise NotFound(N_("There is no receipt before the complaint is registered."))
    return pdf(receipt_pages(case, this_office()), f"{case.number}.pdf")


@blueprint.get("/complaints/<number>/letters/<int:letter_id>.pdf")
@guarded(Permission.VIEW)
def letter(number: str, letter_id: int) -> Response:
    """A letter on A4 as it went or goes; a receipt on paper is the receipt."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    row = find_letter(db.session, case.complaint.id, letter_id)
    if row is None:
        raise NotFound(N_("There is no such letter on this complaint."))
    if row.emptied_at is not None:
        raise NotFound(
            N_(
                "The words of this letter are no longer kept here; what was said is in the "
                "complaint's records."
            )
        )
    return pdf(letter_pages(case, row, this_office()), f"{case.number}-{row.id}.pdf")


def pdf(pages: bytes, name: str) -> Response:
    """The pages, shown by the browser and kept under this name."""
    answer = Response(pages, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer

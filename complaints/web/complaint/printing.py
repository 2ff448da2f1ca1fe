"""Receipts and letters as PDF, to be printed or kept; they say what their pages say."""

from flask import Blueprint, Response, current_app

from complaints import clock
from complaints.documents.letters import letter_pdf
from complaints.documents.receipts import receipt_data, receipt_pdf
from complaints.domain.errors import N_, NotFound
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.models import OutboxMessage
from complaints.outbox.mail.letters import LetterContext
from complaints.queries.complaint.letters import find_letter
from complaints.steps.case import Case, view_case
from complaints.web.complaint.page import read_page
from complaints.web.complaint.pages import follow_link
from complaints.web.complaint.scripts import language_of
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("printing", __name__)


@blueprint.get("/complaints/<number>/receipt.pdf")
@guarded(Permission.VIEW)
def receipt(number: str) -> Response:
    """The receipt of a registered complaint on A5, in the customer's language."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    if case.complaint.status == Status.RECEIVED:
        raise NotFound(N_("There is no receipt before the complaint is registered."))
    return pdf(receipt_of(case), f"{case.number}.pdf")


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
    return pdf(letter_of(case, row), f"{case.number}-{row.id}.pdf")


def letter_of(case: Case, row: OutboxMessage) -> bytes:
    """The pages of one of its letters."""
    if row.kind == "receipt" and row.via == "letter":
        return receipt_of(case)
    return letter_pdf(
        row.kind,
        row.facts,
        row.language,
        context_of(case),
        case.rules.branches[case.complaint.branch_id],
        at=row.created_at,
        to=row.to_address,
        follow_link=follow_link(case.complaint),
    )


def receipt_of(case: Case) -> bytes:
    """The receipt as it stands now."""
    page = read_page(case, case.at)
    data = receipt_data(
        case.complaint,
        case.number,
        page.dossier,
        language_of(case),
        context_of(case),
        case.rules.branches[case.complaint.branch_id],
        zone=page.zone,
        link=follow_link(case.complaint),
    )
    return receipt_pdf(data)


def context_of(case: Case) -> LetterContext:
    """What letters need besides their facts."""
    return LetterContext(case.rules, current_app.config["SETTINGS"].base_url)


def pdf(pages: bytes, name: str) -> Response:
    """The pages, shown by the browser and kept under this name."""
    answer = Response(pages, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer

"""The pages of a letter: what is shown as PDF, and what stays on the complaint once it is printed.

A letter on paper leaves nothing here but its pages, so they are kept as they were printed. That
they cannot be kept hinders nobody from printing.
"""

from collections.abc import Mapping
from typing import Any

import structlog

from complaints.actions.casework.letters import PRINTING
from complaints.documents.letters import letter_pdf
from complaints.documents.receipts import receipt_data, receipt_pdf
from complaints.domain.attachments import AttachmentKind
from complaints.domain.errors import Refused
from complaints.domain.scripts import LANGUAGES
from complaints.domain.words.whole_number import whole_number
from complaints.files.keep import KeptFile, keep_file
from complaints.models import OutboxMessage
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.enclosures import facts_as_it_leaves
from complaints.outbox.mail.letters import LetterContext
from complaints.proxies import leads_here
from complaints.queries.complaint.dossier import read_dossier
from complaints.queries.complaint.letters import find_letter
from complaints.steps.case import Case
from complaints.steps.files.attach import attach_file

log = structlog.get_logger()


def letter_pages(case: Case, row: OutboxMessage, office: DeliverySettings) -> bytes:
    """The pages of one of its letters, as a PDF; a receipt on paper is the receipt."""
    if row.kind == "receipt" and row.via == "letter":
        return receipt_pages(case, office)
    return letter_pdf(
        row.kind,
        facts_as_it_leaves(case.session, row),
        row.language,
        LetterContext(case.rules, office.base_url),
        case.rules.branches[case.complaint.branch_id],
        at=row.created_at,
        to=row.to_address,
        follow_link=_link(case, office),
        has_code=not leads_here(office.base_url),
    )


def receipt_pages(case: Case, office: DeliverySettings) -> bytes:
    """The receipt as it stands now, in the customer's language."""
    complaint = case.complaint
    language = complaint.customer.language
    return receipt_pdf(
        receipt_data(
            complaint,
            case.number,
            read_dossier(case.session, complaint, case.rules),
            language if language in LANGUAGES else LANGUAGES[0],
            LetterContext(case.rules, office.base_url),
            case.rules.branches[complaint.branch_id],
            zone=case.rules.calendar_of(complaint.branch_id).value.tz,
            link=_link(case, office),
            has_code=not leads_here(office.base_url),
        )
    )


def keep_printed(
    case: Case, noun: str, given: Mapping[str, Any], office: DeliverySettings
) -> KeptFile | None:
    """Store the pages of the letter that is about to be noted as printed; None for all else.

    Outside of the transaction in which that is noted: a virus scan may take its time.
    """
    letter_id = whole_number(str(given.get("letter", ""))) if noun == PRINTING.noun else None
    row = find_letter(case.session, case.complaint.id, letter_id) if letter_id else None
    if row is None or row.state != "to_print":
        return None
    try:
        return keep_file(letter_pages(case, row, office), name=f"{case.number}-{row.id}.pdf")
    except Refused as error:
        log.warning("printed letter not kept", reason=type(error).__name__)
        return None


def attach_printed(case: Case, kept: KeptFile | None) -> None:
    """Put the pages on the complaint on which the printing has just been noted."""
    if kept is None:
        return
    # What was done is the printing; that its pages are kept goes without saying.
    taken, noted = case.taken, case.noted
    try:
        attach_file(case, kept, kind=AttachmentKind.LETTER, shown_to_customer=False, source="print")
    except Refused as error:
        log.warning("printed letter not kept", reason=type(error).__name__)
    case.taken, case.noted = taken, noted


def _link(case: Case, office: DeliverySettings) -> str:
    return office.follow_link(case.complaint.id, case.complaint.follow_nonce)

"""Taking a step as the complaint's customer, and back to the page."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import redirect
from werkzeug.wrappers import Response as AnyResponse

from complaints.channels.portal.access import language_of
from complaints.channels.portal.files import sent_files
from complaints.domain.errors import Refused
from complaints.domain.permissions import CUSTOMER
from complaints.extensions import db
from complaints.files.keep import KeptFile
from complaints.queries.customer_page.view import CustomerView
from complaints.steps.case import Case
from complaints.steps.casework.pause import open_now


def act(found: CustomerView, now: datetime, step: Callable[[Case], None]) -> Refused | None:
    """Take a step as this complaint's customer; returns why not, with nothing changed."""
    # What was read must not be the beginning of a writing transaction.
    db.session.rollback()
    try:
        step(open_now(db.session, found.number, by=CUSTOMER, at=now))
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return refused
    return None


def act_with_files(
    found: CustomerView, now: datetime, step: Callable[[Case, Sequence[KeptFile]], None]
) -> Refused | None:
    """As `act`, with the files that came with the form; what is wrong with those is refused too."""
    try:
        files = sent_files(found.id, now)
    except Refused as refused:
        return refused
    return act(found, now, lambda case: step(case, files))


def back(found: CustomerView, token: str, said: str = "") -> AnyResponse:
    """To the page, which says how things stand now."""
    language = language_of(found.language)
    more = f"&said={said}" if said else ""
    return redirect(f"/portal/{token}?lang={language}{more}", 303)

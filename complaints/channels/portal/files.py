"""Files on the customer's own page: those shown to them, handed out by the secret link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from flask_babel import gettext
from flask_login import current_user

from complaints import clock
from complaints.channels.downloads import hand_out, note_who_opened
from complaints.channels.portal.access import find_behind, quiet, unknown_link
from complaints.channels.uploads import take_uploads
from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.permissions import CUSTOMER
from complaints.extensions import db
from complaints.files.in_use import file_settings
from complaints.files.keep import KeptFile
from complaints.formatting import say_date, say_size
from complaints.queries.files.attachments import attachments_of, find_attachment
from complaints.queries.files.enclosures import sendings_of
from complaints.rate_limits import take_one
from complaints.steps.by_customer.come_back import CameBack
from complaints.steps.by_customer.send_files import send_files
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import Case

blueprint = Blueprint("portal_files", __name__)

#: So many come with one message.
MOST_FILES = 5
#: So often files come with a form of one complaint; whoever has more is better off by mail.
MOST_SENDINGS, WITHIN = 10, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file as the page names it."""

    id: int
    name: str
    size: str
    is_own: bool
    #: The day on which it went to them with an email or a letter, last; empty where it never did.
    enclosed_on: str = ""


def file_lines(complaint_id: int, language: str, zone: ZoneInfo) -> list[FileLine]:
    """The files that the customer may see, newest first."""
    rows = attachments_of(db.session, complaint_id, for_customer=True)
    went = {
        file.file: say_date(each.left_at.astimezone(zone), language)
        for each in (sendings_of(db.session, complaint_id) if rows else ())
        for file in each.files
        if each.left_at is not None and not file.held_back
    }
    return [
        FileLine(
            row.id,
            row.name,
            say_size(row.size, language),
            row.by_name == CUSTOMER.name,
            went.get(row.id, ""),
        )
        for row in reversed(rows)
    ]


def files_hint() -> str:
    """How many files, and how large, may come with one message."""
    limits, mega = file_settings().limits, 1024 * 1024
    return gettext(
        "At most %(count)d files of %(each)d MB each, %(all)d MB together.",
        count=min(MOST_FILES, limits.most_at_once),
        each=limits.most_bytes // mega,
        all=limits.most_bytes_at_once // mega,
    )


def sent_files(complaint_id: int, now: datetime) -> Sequence[KeptFile]:
    """What came with a form of this complaint's page, kept.

    Raises Refused as `take_uploads` does, and where files have come too often.
    """
    given = [each for each in request.files.getlist("files") if each.filename]
    if not given:
        return ()
    # What was read must not be the beginning of a writing transaction.
    db.session.rollback()
    key = f"portal:files:{complaint_id}"
    taken = take_one(db.session, key, limit=MOST_SENDINGS, per=WITHIN, now=now)
    db.session.commit()
    if not taken.is_allowed:
        raise Refused(
            N_("You have sent us files many times within the hour. Please wait, or call us."),
            field="files",
        )
    return take_uploads(given, most=MOST_FILES)


def write_with_files(case: Case, text: str, files: Sequence[KeptFile]) -> CameBack:
    """Keep a message and its files; without a word the names of the files are the message."""
    words = text if text.strip() else ", ".join(each.name for each in files)
    back = write_message(case, text=words)
    send_files(back.case, files)
    return back


@blueprint.get("/portal/<token>/files/<int:key>")
def save(token: str, key: int) -> Response:
    """One file that is shown to this customer; for everybody else there is nothing here."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    row = find_attachment(db.session, found.id, key, for_customer=True)
    if row is None:
        raise NotFound(N_("There is no such file on this complaint."))
    response = quiet(hand_out(row))
    # Staff may have the link before them, and are not the customer.
    who = current_user.actor if current_user.is_authenticated else CUSTOMER
    note_who_opened(row.id, by=who, at=now)
    return response


save.guard = "public"  # type: ignore[attr-defined]

"""The customer sends files on their own page: theirs to see, each once however often it is sent."""

from collections.abc import Sequence

from sqlalchemy import select

from complaints.files.keep import KeptFile
from complaints.models import Attachment
from complaints.steps.case import Case
from complaints.steps.files.attach import attach_file

SOURCE = "portal"


def send_files(case: Case, files: Sequence[KeptFile]) -> list[Attachment]:
    """Attach what came with the message that was just written, or that was sent a second time."""
    if not files:
        return []
    sent = select(Attachment.sha256).where(
        Attachment.complaint_id == case.complaint.id,
        Attachment.source == SOURCE,
        Attachment.shown_to_customer.is_(True),
    )
    there = set(case.session.scalars(sent))
    attached = []
    for each in files:
        if each.sha256 in there:
            continue
        there.add(each.sha256)
        attached.append(
            attach_file(case, each, shown_to_customer=True, source=SOURCE, note=case.written)
        )
    return attached

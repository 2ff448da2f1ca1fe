"""Files of a complaint that go with a letter to its customer, each chosen by somebody.

What came with the words of the letter becomes a file of the complaint first, in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from complaints.domain.attachments import AttachmentKind
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.words.enclosed import Enclosed, enclosed_facts
from complaints.domain.words.letter_state import WRITTEN
from complaints.files.letter_size import require_size
from complaints.models import Attachment, Note
from complaints.queries.files.asked import asked_with
from complaints.steps.case import Case
from complaints.steps.files.attach import attach_file


@dataclass(frozen=True, slots=True)
class Chosen:
    """The files that somebody chose, in the order they came; `revealed` were internal before."""

    files: Sequence[Attachment] = ()
    revealed: Sequence[Attachment] = field(default=())
    is_later: bool = False

    @property
    def detail(self) -> dict[str, Any]:
        """What the history keeps: names, which bytes, and what the customer sees from now on.

        Of a letter that waits for somebody's word also which rows they are (`chosen_before`).
        """
        if not self.files:
            return {}
        named = ", ".join(f"{each.name} (SHA-256 {each.sha256})" for each in self.files)
        if self.is_later:
            return {"to_enclose": named, "files": [each.id for each in self.files]}
        kept = {"enclosed": named}
        if self.revealed:
            kept["revealed"] = ", ".join(each.name for each in self.revealed)
        return kept

    def facts(self, message: Note | None = None) -> dict[str, Any]:
        """What the letter keeps of them; `message` is the one that it carries, with its id."""
        if not self.files:
            return {}
        files = [
            Enclosed(each.id, each.sha256, each.name, each.size, each.type) for each in self.files
        ]
        return enclosed_facts(files, message.id if message else None)


def goes_freely(row: Attachment) -> bool:
    """Whether a file may be chosen without saying that the customer is to see it: they do."""
    return row.shown_to_customer and row.kind != AttachmentKind.POWER_OF_ATTORNEY


def choose_files(
    case: Case,
    chosen: Sequence[int],
    internal: Sequence[int],
    *,
    method: str,
    is_later: bool = False,
) -> Chosen:
    """The files of this complaint with these ids, to go with a letter.

    `internal` names those of them that are internal, or a power of attorney: nothing of that kind
    leaves because somebody ticked all there is. The customer sees them from now on. What came with
    the words (`case.uploads`) is attached, shown to the customer, and goes as well. Where the
    letter is written only once somebody has approved it (`is_later`), the customer sees nothing of
    it yet.

    Raises Invalid where `method` sends no letter, for a file of another complaint, one that is
    hidden from the customer, an internal one that only stands among `chosen`, and more than a mail
    server takes.
    """
    if method not in WRITTEN and (chosen or internal or case.uploads):
        raise Invalid(N_("Files go only with what is sent by email or letter."), field="enclose")
    added = _attached(case, is_shown=not is_later)
    wanted = {*chosen, *internal, *added}
    if not wanted:
        return Chosen()
    rows = case.session.scalars(
        select(Attachment)
        .where(Attachment.id.in_(wanted), Attachment.complaint_id == case.complaint.id)
        .order_by(Attachment.id)
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) < len(wanted):
        raise Invalid(N_("There is no such file on this complaint."), field="enclose")
    for row in rows:
        if row.is_hidden:
            raise Invalid(
                N_(
                    "The file %(name)s is hidden from the customer, so it is not sent to them. "
                    "Show it again first, or leave it out."
                ),
                field="enclose",
                name=row.name,
            )
        if row.id not in (*internal, *added) and not goes_freely(row):
            raise Invalid(
                N_(
                    "The file %(name)s is internal or a power of attorney. Choose it among those "
                    "files if the customer is to have it."
                ),
                field="enclose",
                name=row.name,
            )
    require_size([each.size for each in rows], method)
    return Chosen(rows, is_later=True) if is_later else Chosen(rows, _revealed(rows))


def chosen_before(case: Case, action: Action, *, offer: int | None = None) -> Chosen:
    """The files that were chosen as this action asked for somebody's word, which has been given.

    What was hidden from the customer meanwhile is held back as the letter leaves.
    """
    ids = asked_with(case.session, case.complaint.id, action, offer=offer)
    if not ids:
        return Chosen()
    rows = case.session.scalars(
        select(Attachment)
        .where(Attachment.id.in_(ids), Attachment.complaint_id == case.complaint.id)
        .order_by(Attachment.id)
        .execution_options(populate_existing=True)
    ).all()
    return Chosen(rows, _revealed(rows))


def _revealed(rows: Sequence[Attachment]) -> list[Attachment]:
    """Show the customer what was internal until now; what was hidden from them stays hidden."""
    internal = [each for each in rows if not each.shown_to_customer and not each.is_hidden]
    for row in internal:
        row.shown_to_customer = True
    return internal


def _attached(case: Case, *, is_shown: bool) -> list[int]:
    """The ids of what came with the words, which is on the complaint from now on."""
    uploads, case.uploads = case.uploads, ()
    return [
        attach_file(case, each, shown_to_customer=is_shown, source=case.door).id for each in uploads
    ]

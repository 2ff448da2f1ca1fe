"""The files of a complaint as its pages show them: picture or sign, name, size, whose, for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext

from complaints.domain.attachments import KIND_WORDS, AttachmentKind
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import CUSTOMER
from complaints.domain.words.letter_state import WRITTEN
from complaints.files.in_use import file_settings
from complaints.models import Attachment
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.complaint.notes import NOTE, RECORD
from complaints.queries.files.asked import asked_with
from complaints.queries.files.attachments import SeenBy, attachments_of, seen_by
from complaints.queries.files.enclosures import sendings_of
from complaints.steps.case import Case
from complaints.web.complaint.forms.enclosure_choices import EnclosureChoices, enclosure_choices

#: So many stand on the complaint's own page, the newest; the rest has a page of its own.
ON_PAGE = 6


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file; `preview` is the address of its picture, empty where there is none."""

    id: int
    name: str
    size: int
    kind: str
    icon: str
    who: str
    at: datetime
    is_shown: bool
    is_hidden: bool
    hide_reason: str
    note_id: int | None
    path: str
    preview: str
    #: A picture whose preview is still to be drawn.
    is_waiting: bool
    seen: Sequence[SeenBy] = ()


@dataclass(frozen=True, slots=True)
class FilesShown:
    """The files of a complaint, newest first, and how much may come with one form."""

    files: Sequence[FileShown] = ()
    #: Kind and id of a line (`timeline`) → the files that went, or go, with its letter.
    enclosed: Mapping[str, Sequence[int]] = field(default_factory=dict)
    case: Case | None = None
    #: Noun of a decision → the files that the customer receives once it approves.
    awaiting: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def on_page(self) -> Sequence[FileShown]:
        """Those that stand on the complaint's own page."""
        return self.files[:ON_PAGE]

    def of_note(self, note_id: int) -> Sequence[FileShown]:
        """Those that came with a note or a message, as they came."""
        return [each for each in reversed(self.files) if each.note_id == note_id]

    def enclosed_with(self, kind: int, key: int) -> Sequence[FileShown]:
        """Those that were enclosed with a message, or words of a step, but for what stayed here."""
        chosen = self.enclosed.get(f"{kind}:{key}", ())
        return [each for each in reversed(self.files) if each.id in chosen]

    def awaiting_with(self, noun: str) -> Sequence[FileShown]:
        """Those that go to the customer once this is approved, but for what was hidden since."""
        asked = self.awaiting.get(noun, ())
        return [each for each in reversed(self.files) if each.id in asked and not each.is_hidden]

    @property
    def enclosures(self) -> EnclosureChoices | None:
        """Which of them may go with a letter; None where there is no file."""
        return enclosure_choices(self.case) if self.case is not None and self.files else None

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Kinds to choose from, with their words."""
        return [(kind.value, gettext(words)) for kind, words in KIND_WORDS.items()]

    @property
    def hint(self) -> str:
        """How much may come with one form."""
        return limits_hint()


def limits_hint() -> str:
    """How many files, and how large, may come with one form."""
    limits, mega = file_settings().limits, 1024 * 1024
    return gettext(
        "At most %(count)d files of %(each)d MB each, %(all)d MB together.",
        count=limits.most_at_once,
        each=limits.most_bytes // mega,
        all=limits.most_bytes_at_once // mega,
    )


def read_files(
    case: Case, dossier: Dossier | None = None, *, with_views: bool = False
) -> FilesShown:
    """The files of a complaint; with `with_views` also who has opened each.

    Which went with what is shown of a `dossier` is asked only where something was written.
    """
    rows = attachments_of(case.session, case.complaint.id)
    seen = seen_by(case.session, case.complaint.id) if with_views and rows else {}
    enclosed = _enclosed(case, dossier) if dossier is not None else {}
    awaiting = _awaiting(case, dossier) if dossier is not None else {}
    return FilesShown([_shown(case, row, seen) for row in reversed(rows)], enclosed, case, awaiting)


def _awaiting(case: Case, dossier: Dossier) -> dict[str, Sequence[int]]:
    """What waits for somebody's word → the files that were chosen with it."""
    awaiting: dict[str, Sequence[int]] = {}
    asked = case.session, case.complaint.id
    if (offer := dossier.waiting_offer) is not None:
        awaiting["offer/approval"] = asked_with(*asked, Action.ASK_APPROVAL, offer=offer.id)
    if dossier.waiting_extension is not None and case.complaint.contact_email:
        awaiting["extension/approval"] = asked_with(*asked, Action.ASK_EXTENSION)
    return awaiting


def _enclosed(case: Case, dossier: Dossier) -> dict[str, list[int]]:
    """Line → the files that went with it: a message of ours, or what a step said in a letter."""
    records = {(each.letter_key, each.criterion): each.id for each in dossier.records}
    notes = dossier.activity.notes
    is_written = any(each.direction == "out" and each.method in WRITTEN for each in notes)
    if not is_written and not dossier.letters:
        return {}
    enclosed: dict[str, list[int]] = {}
    for each in sendings_of(case.session, case.complaint.id):
        for file in each.files:
            if each.note is not None:
                line = f"{NOTE}:{each.note}"
            else:
                line = f"{RECORD}:{records.get((each.key, file.part))}"
            if not file.held_back:
                enclosed.setdefault(line, []).append(file.file)
    return enclosed


def _shown(case: Case, row: Attachment, seen: Mapping[int, Sequence[SeenBy]]) -> FileShown:
    path = f"/complaints/{case.number}/attachments/{row.id}"
    return FileShown(
        id=row.id,
        name=row.name,
        size=row.size,
        kind=gettext(KIND_WORDS[AttachmentKind(row.kind)]),
        icon="photo" if row.type.startswith("image/") else "file",
        # The customer has no account; a file of theirs stands under the name of the complaint's.
        who=case.complaint.contact_name if row.by_name == CUSTOMER.name else row.by_name,
        at=row.at,
        is_shown=row.shown_to_customer,
        is_hidden=row.is_hidden,
        hide_reason=row.hide_reason,
        note_id=row.note_id,
        path=path,
        preview=f"{path}/preview" if row.preview == "made" else "",
        is_waiting=row.preview == "waiting",
        seen=seen.get(row.id, ()),
    )

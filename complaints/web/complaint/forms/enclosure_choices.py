"""The files of a complaint, to choose those that go with a letter; none is chosen beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from complaints.domain.attachments import KIND_WORDS, AttachmentKind
from complaints.files.in_use import file_settings
from complaints.formatting import say_instant_short, say_size
from complaints.models import Attachment
from complaints.queries.files.attachments import attachments_of
from complaints.steps.case import Case
from complaints.steps.files.enclose import goes_freely
from complaints.web.frame.translations import lang


@dataclass(frozen=True, slots=True)
class EnclosureChoices:
    """What may be enclosed, as pairs of id and words, newest first; what is hidden is in neither.

    `internal` is what the customer does not see yet, and powers of attorney.
    """

    shown: Sequence[tuple[str, str]]
    internal: Sequence[tuple[str, str]]
    most_megabytes: int


def enclosure_choices(case: Case) -> EnclosureChoices:
    """The files that may be chosen for a letter of this complaint."""
    rows = attachments_of(case.session, case.complaint.id)
    may_go = [each for each in reversed(rows) if not each.is_hidden]
    return EnclosureChoices(
        [_choice(case, each) for each in may_go if goes_freely(each)],
        [_choice(case, each) for each in may_go if not goes_freely(each)],
        file_settings().limits.most_bytes_of_letter // (1024 * 1024),
    )


def _choice(case: Case, row: Attachment) -> tuple[str, str]:
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    kind = gettext(KIND_WORDS[AttachmentKind(row.kind)])
    time = say_instant_short(row.at, zone, lang())
    return str(row.id), f"{row.name} ({kind}, {say_size(row.size, lang())}, {time})"

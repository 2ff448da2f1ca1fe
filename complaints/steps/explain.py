"""Explain the main cause to the customer in plain words (020-3.2)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.words.exits import Unable
from complaints.domain.words.letter_state import WRITTEN
from complaints.domain.words.substance import require_substance
from complaints.models import OutboxMessage, StepRecord
from complaints.queries.complaint.exits import LEFT
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.casework.pause import no_longer_waiting
from complaints.steps.files.enclose import choose_files
from complaints.steps.wording import names_of

VIEWS = ("agrees", "disagrees", "unclear")

#: Means by which the customer answers at once how they see it.
_FACE_TO_FACE = ("spoken", "phone", "signature")


def explain_cause(
    case: Case,
    *,
    text: str = "",
    view: str | None = None,
    heard_by: str = "",
    method: str = "spoken",
    unable: Unable | None = None,
    enclose: Sequence[int] = (),
    enclose_internal: Sequence[int] = (),
) -> None:
    """Record the words the customer heard, and whether they see it the same way.

    `heard_by` names who stood in for the customer: a complaint is personal, and to whom it was
    told has to be shown later. The criterion stands once a confirmed cause stands behind the words
    and the customer agrees or disagrees; while it is unclear to them, or nobody asked, another
    attempt is due by the time of our next word to them. `enclose` are files that go with the letter
    (`files.enclose`).
    """
    if unable is None:
        text = require_substance(
            text,
            N_(
                "Write what you told the customer about the cause: what happened, and why, in "
                "plain words."
            ),
            names=names_of(case),
        )
    if view is not None and view not in VIEWS:
        raise Invalid(N_("Say whether the customer agrees, disagrees or is unclear."), field="view")
    if unable is None and view and method in WRITTEN and not _has_left(case, text.strip()):
        raise Invalid(
            N_(
                "The customer has not read this letter yet. Leave their view empty; what they say "
                "to it is recorded when they answer, by phone or face to face."
            ),
            field="view",
        )
    known = {"view": view, "heard_by": heard_by.strip()}
    detail: dict[str, Any] = {name: value for name, value in known.items() if value}
    if unable is None and (view == "unclear" or (view is None and method in _FACE_TO_FACE)):
        detail["is_open"] = True
    sent_by = method if unable is None else ""
    chosen = choose_files(case, enclose, enclose_internal, method=sent_by)
    proven = Proven(
        "020-3.2",
        words=text.strip(),
        method=method,
        unable=unable,
        detail=detail,
        part={"text": text.strip(), **chosen.facts()},
    )
    keep = no_longer_waiting(case) if view else None
    kept = {**detail, **chosen.detail}
    advance(case, Action.EXPLAIN_CAUSE, proven=[proven], detail=kept, keep=keep)


def _has_left(case: Case, text: str) -> bool:
    """Whether the letter that explains it in these words is with the customer."""
    query = (
        select(StepRecord.id)
        .join(OutboxMessage, OutboxMessage.key == StepRecord.letter_key)
        .where(
            StepRecord.complaint_id == case.complaint.id,
            StepRecord.cycle == case.complaint.cycle,
            StepRecord.criterion == "020-3.2",
            StepRecord.words == text,
            OutboxMessage.state.in_(LEFT),
        )
    )
    return case.session.scalar(query.limit(1)) is not None

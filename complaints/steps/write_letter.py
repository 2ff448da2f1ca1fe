"""Writing to the customer what a step says to them, so that its record is what really left.

One conversation writes one letter by each means: what several acts say is one letter of several
parts. Nothing goes twice, and what was corrected before it left goes in its last words only.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import or_, select

from complaints.domain.errors import N_, Invalid
from complaints.domain.words.enclosed import ENCLOSED, goes_along, with_part, without_parts
from complaints.domain.words.letter_state import ON_ITS_WAY, WRITTEN
from complaints.files.letter_size import require_size
from complaints.models import OutboxMessage, StepRecord
from complaints.outbox.queue import is_in_hand, queue_letters
from complaints.steps.case import Case
from complaints.steps.notify import customer_letter
from complaints.steps.order import confirmed_cause

#: The letter of a conversation: what was said in it, part by part.
KIND = "conversation"

#: The part of what is said that moves by itself: until when an answer is awaited.
UNTIL = "until"

_UNSENT = tuple(state.value for state in ON_ITS_WAY)


class Words(Protocol):
    """What a step has to say: the criterion, by which means, and what the letter tells."""

    @property
    def criterion(self) -> str:
        """The criterion that the words are to prove."""

    @property
    def method(self) -> str:
        """By which means they reach the customer."""

    @property
    def part(self) -> Mapping[str, Any] | None:
        """What stands in a letter; None where the words belong to another part, or to no letter."""


def write_letters(case: Case, said: Sequence[Words]) -> dict[str, str]:
    """Write what is to be written; returns criterion → the key of its letter.

    What a letter says already that has left or will leave is not written again: the new record
    rests on that one. Raises Invalid when there is no way to the customer by that means.
    """
    if all(each.part is None for each in said):
        return {}
    written = [each for each in said if each.method in WRITTEN]
    if not written:
        return {}
    for each in written:
        require_way(case, each.method)
    parts = [{"of": each.criterion, **each.part} for each in written if each.part is not None]
    files = [file for part in parts for file in with_part(part, part["of"])]
    parts = [_without_files(part) for part in parts]
    earlier = _earlier(case, {each.criterion for each in written})
    known = _of_this_cause(case, parts)
    alive = [each for each in earlier if each.key in known]
    key = _same_letter(alive, written[0].method, parts, files)
    if key is None:
        _drop_unsent(case, earlier, {part["of"] for part in parts})
        key = _add(case, written[0].method, parts, files)
    return {each.criterion: key for each in written}


def require_way(case: Case, method: str) -> None:
    """Raise Invalid when nothing can reach the customer by that means."""
    if method == "email" and not case.complaint.contact_email:
        raise Invalid(
            N_(
                "The customer has no email address, so nothing can be sent. Add the address to "
                "the record, or choose a letter, the phone or face to face."
            ),
            field="method",
        )


def drop_unsent(case: Case, criterion: str) -> None:
    """Let what was written for a criterion and has not left yet stay here; it holds no more."""
    _drop_unsent(case, _earlier(case, {criterion}), {criterion})


def _earlier(case: Case, criteria: Collection[str]) -> list[OutboxMessage]:
    """The letters of this cycle behind these criteria, locked; the delivery passes them by."""
    complaint = case.complaint
    keys = select(StepRecord.letter_key).where(
        StepRecord.complaint_id == complaint.id,
        StepRecord.cycle == complaint.cycle,
        StepRecord.criterion.in_(criteria),
        StepRecord.letter_key.is_not(None),
    )
    query = select(OutboxMessage).where(OutboxMessage.key.in_(keys)).order_by(OutboxMessage.id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    case.session.flush()
    return list(case.session.scalars(locked))


def _of_this_cause(case: Case, parts: Sequence[Mapping[str, Any]]) -> set[str]:
    """The letters that rest on the cause as it stands; at intake there is none to rest on."""
    cause = confirmed_cause(case)
    query = select(StepRecord.letter_key).where(
        StepRecord.complaint_id == case.complaint.id,
        StepRecord.letter_key.is_not(None),
        StepRecord.criterion.in_([part["of"] for part in parts]),
        or_(StepRecord.cause_id.is_(None), StepRecord.cause_id == (cause.id if cause else None)),
    )
    return {key for key in case.session.scalars(query) if key}


def _same_letter(
    earlier: Sequence[OutboxMessage],
    method: str,
    parts: Sequence[Mapping[str, Any]],
    files: Sequence[Mapping[str, Any]],
) -> str | None:
    """The key of the letter that says all of this already, takes these files, and is not lost."""
    wanted = {each["file"] for each in files}
    for letter in reversed(earlier):
        said = [_lasting(part) for part in letter.facts.get("parts", ())]
        is_alive = letter.state in (*_UNSENT, "sent") and letter.via == method
        takes_all = wanted <= {each.file for each in goes_along(letter.facts)}
        if is_alive and takes_all and all(_lasting(part) in said for part in parts):
            return letter.key
    return None


def _without_files(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != ENCLOSED}


def _lasting(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part without its date: the same words a day later are the same words."""
    return {name: value for name, value in part.items() if name != UNTIL}


def _drop_unsent(case: Case, earlier: Sequence[OutboxMessage], criteria: Collection[str]) -> None:
    now = case.recorded_at or case.at
    for letter in earlier:
        if letter.state not in _UNSENT or is_in_hand(letter, now):
            continue
        left = [part for part in letter.facts["parts"] if part["of"] not in criteria]
        letter.facts = {**without_parts(letter.facts, criteria), "parts": left}
        if not left:
            letter.state = "replaced"
    case.session.flush()


def _add(case: Case, method: str, parts: list[dict[str, Any]], files: list[dict[str, Any]]) -> str:
    """Put the parts into the letter of this conversation; returns its key."""
    key = case.letters.get(method)
    letter = (
        case.session.scalar(select(OutboxMessage).where(OutboxMessage.key == key).with_for_update())
        if key
        else None
    )
    if key is not None and letter is not None and letter.state in _UNSENT:
        more = {"parts": [*letter.facts["parts"], *parts]}
        if files:
            more[ENCLOSED] = [*letter.facts.get(ENCLOSED, ()), *files]
            require_size([each.size for each in goes_along(more)], method)
        letter.facts = {**letter.facts, **more}
        case.session.flush()
        return key
    key = f"{KIND}:{case.complaint.id}:{case.complaint.history_seq + 1}"
    facts = {"parts": parts, **({ENCLOSED: files} if files else {})}
    row = customer_letter(case, KIND, key, facts=facts, via=method)
    queue_letters(case.session, [row])
    case.letters[method] = key
    return key

"""What holds of an incident: its number, what it is about, and who may have its words told."""

import hashlib
import re
from enum import StrEnum

from complaints.domain.permissions import Actor, Permission

#: How an incident is numbered; a complaint never is, whatever prefix an organisation has.
_NUMBER = re.compile(r"INS-(\d{4})-(\d{1,9})", re.IGNORECASE | re.ASCII)
#: What the pattern of JSON Schema says of the same.
PATTERN = "^INS-[0-9]{4}-[0-9]{1,9}$"


class IncidentAct(StrEnum):
    """What is done with an incident itself; the value stands in its history."""

    OPEN = "open"
    AMEND = "amend"
    APPROVE = "approve"
    TELL = "tell"
    CLOSE = "close"


class How(StrEnum):
    """How a complaint came to be part of an incident."""

    BY_HAND = "by_hand"
    SUGGESTED = "suggested"
    AT_INTAKE = "at_intake"
    MERGED = "merged"


class Telling(StrEnum):
    """How it stands with telling one customer."""

    WAITING = "waiting"
    TOLD = "told"  # a letter was queued
    WITH_ANOTHER = "with_another"  # the letter on another complaint of theirs names this one too
    TASK = "task"  # no e-mail: the handler has it as a task
    ENDED = "ended"  # the complaint had ended before its turn
    FAILED = "failed"


def write_number(year: int, incident_id: int) -> str:
    """The number of an incident, such as INS-2026-000012."""
    return f"INS-{year}-{incident_id:06d}"


def read_number(number: str) -> tuple[int, int] | None:
    """Year and id in a number; None when it is none."""
    found = _NUMBER.fullmatch(number.strip())
    return (int(found[1]), int(found[2])) if found else None


def digest_of(text: str, text_en: str) -> str:
    """The same for the same words, however they are broken into lines."""
    plain = "\n".join(" ".join(each.split()) for each in (text, text_en))
    return hashlib.sha256(plain.encode()).hexdigest()


def may_decide(actor: Actor, branch_id: int | None) -> bool:
    """Whether this person may approve an incident's words, have others told, and close it.

    One of a single branch is its supervisor's; one of all branches is for whoever sees them all.
    """
    if actor.is_system:
        return True
    if not actor.has(Permission.APPROVE):
        return False
    return actor.branch_id is None or actor.branch_id == branch_id

"""Where a complaint stands on its journey of eight steps, what comes next, and who has to decide.

Read from the evidence and the open questions; nothing is decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.actions.registry import act_proving, face_of, find_act
from complaints.domain.errors import N_
from complaints.domain.evidence import EvidenceItem, EvidenceState, missing_for
from complaints.domain.lifecycle import ENDED, Gate, Status, gate_ahead
from complaints.domain.permissions import Actor, Permission
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.complaint.proofs import LetterRow

#: The eight steps of the conversation and the criteria that stand for each.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Receive"), ("020-1.1",)),
    (N_("Confirm"), ("020-1.2",)),
    (N_("Apology"), ("020-1.3",)),
    (N_("Deadline"), ("020-1.4", "020-1.5", "020-1.6")),
    (N_("Cause"), ("020-2.1", "020-2.2", "020-2.3")),
    (N_("Priority"), ("020-2.4", "020-2.5")),
    (N_("Solution"), ("020-3.1", "020-3.2", "020-3.3", "020-3.4", "020-3.5")),
    (N_("Thanks"), ("020-3.6", "020-3.7")),
)

#: state of a step → (words, icon)
STEP_STATES = {
    "done": (N_("done"), "circle-check"),
    "unable": (N_("could not be done"), "circle-x"),
    "sending": (N_("on its way"), "send"),
    "awaiting": (N_("waiting for the customer's answer"), "clock"),
    "corrected": (N_("to be put right"), "pencil"),
    "begun": (N_("under way"), "circle-half-2"),
    "ahead": (N_("to do"), "circle"),
}

#: What a shut gate says before the list of what is missing.
GATE_WORDS = {
    Gate.REGISTRATION: N_("Cannot be registered yet"),
    Gate.HANDLING: N_("Handling cannot begin yet"),
    Gate.CLOSING: N_("Cannot be closed yet"),
}


@dataclass(frozen=True, slots=True)
class JourneyStage:
    """One of the eight steps; `noun` leads to its first criterion that is still missing."""

    word: str
    state: str
    noun: str
    stage: str


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: a noun with its stage, and whether this person may do it now."""

    noun: str
    stage: str = ""
    may: bool = False


@dataclass(frozen=True, slots=True)
class Journey:
    """The road so far and ahead, for one person looking at it."""

    steps: tuple[JourneyStage, ...]
    next: Task | None
    decisions: tuple[Task, ...]
    gate: Gate | None
    missing: tuple[str, ...]
    proven: int


def read_journey(dossier: Dossier, actor: Actor, may_approve: bool) -> Journey:
    """The journey of a complaint; `may_approve` when an offer waits for this person's word."""
    status = Status(dossier.complaint.status)
    gate = gate_ahead(status)
    items = dossier.evidence
    missing = missing_for((gate,), items) if gate else ()
    settled = (EvidenceState.PROVEN, EvidenceState.UNABLE, EvidenceState.NOT_NEEDED)
    return Journey(
        steps=tuple(
            _step(word, keys, items, is_corrected=dossier.is_corrected) for word, keys in STEPS
        ),
        next=_next(dossier, actor, status, missing, may_approve),
        decisions=tuple(_decisions(dossier, actor, may_approve)),
        gate=gate,
        missing=missing,
        proven=sum(item.state in settled for item in items),
    )


def may_do(actor: Actor, noun: str, status: str) -> bool:
    """Whether the role allows the noun and the complaint is where it can follow."""
    act = find_act(noun)
    return act.may_be_taken_by(actor) and act.may_follow(Status(status))


def way_to(noun: str, stage: str = "") -> str:
    """Where a noun is recorded, under the complaint's address: a part of its conversation's page.

    What belongs to no conversation has a form of its own.
    """
    talk = face_of(noun, stage).conversation
    if talk:
        return (
            f"{talk}#part-{'alternative' if stage == 'alternative' and noun == 'offer' else noun}"
        )
    return f"{noun}?stage={stage}" if stage else noun


def task_for(criterion: str, dossier: Dossier) -> tuple[str, str]:
    """The noun and stage by which a missing criterion is met."""
    act, stage = act_proving(criterion)
    if criterion == "020-1.6" and dossier.complaint.status != Status.RECEIVED:
        return "record", ""
    if criterion == "020-3.2" and dossier.confirmed_cause is None:
        return "cause", "confirmed"
    if criterion == "020-3.4" and dossier.open_offer is None:
        act = find_act("offer")
    if act.noun == "offer" and dossier.last_refusal is not None:
        stage = "alternative"
    return act.noun, stage


def letter_of(dossier: Dossier, item: EvidenceItem) -> LetterRow | None:
    """The letter that carries the words of a criterion's record, where there is one."""
    record = next((each for each in dossier.records if each.id == item.record_id), None)
    return dossier.letters.get(record.letter_key or "") if record else None


def _step(
    word: str, keys: Sequence[str], items: Sequence[EvidenceItem], *, is_corrected: bool
) -> JourneyStage:
    own = [item for item in items if item.criterion in keys]
    wanted = [item for item in own if item.state is not EvidenceState.NOT_NEEDED]
    lacking = [item for item in wanted if item.state is EvidenceState.MISSING]
    is_sending = any(item.state is EvidenceState.SENDING for item in wanted)
    is_awaiting = any(item.state is EvidenceState.AWAITING for item in wanted)
    first = (lacking or own)[0].criterion
    act, stage = act_proving(first)
    if not lacking:
        is_unable = any(item.state is EvidenceState.UNABLE for item in wanted)
        asked = "corrected" if is_corrected else "awaiting"
        waits = "sending" if is_sending else asked if is_awaiting else ""
        state = waits or ("unable" if is_unable else "done")
    else:
        # A complaint that is there has been received, if only in part.
        is_begun = len(lacking) < len(wanted) or first == "020-1.1"
        state = "begun" if is_begun else "ahead"
    return JourneyStage(word, state, act.noun, stage)


def _next(
    dossier: Dossier, actor: Actor, status: Status, missing: Sequence[str], may_approve: bool
) -> Task | None:
    if status in ENDED:
        return None
    noun, stage = _next_noun(dossier, status, missing)
    may = may_approve if noun == "offer/approval" else may_do(actor, noun, status)
    return Task(noun, stage, may)


def _next_noun(dossier: Dossier, status: Status, missing: Sequence[str]) -> tuple[str, str]:
    """The step that comes next, whoever may take it."""
    if _lacks_promise(dossier, status):
        return "promise", ""
    waiting = {each.criterion for each in dossier.evidence if each.state is EvidenceState.SENDING}
    asked = [each.criterion for each in dossier.evidence if each.state is EvidenceState.AWAITING]
    if dossier.is_corrected:
        # The customer has answered: what they corrected is ours to put right.
        asked = []
    todo = [key for key in missing if key not in waiting and key not in asked]
    # What the customer may still answer by themselves is asked for last.
    todo += [key for key in asked if key in missing]
    if dossier.open_offer is not None and "020-3.4" in todo:
        return "answer", ""
    if "020-2.1" in todo and dossier.waiting_parties:
        # Others have to answer; meanwhile there is usually something to do here.
        if len(todo) > 1:
            todo.remove("020-2.1")
        else:
            return "parties/acceptance", ""
    if "020-3.2" in todo and dossier.confirmed_cause is None:
        # The cause comes first in element 3: the apology and the offer rest on it.
        return "cause", "confirmed"
    if todo and todo[0] >= "020-3.3" and dossier.waiting_offer is not None:
        return "offer/approval", ""
    if todo:
        return task_for(todo[0], dossier)
    if any(key in waiting for key in missing):
        # All is said; closing waits for the letters alone.
        return "letters/printing", ""
    if gate_ahead(status) is Gate.CLOSING and dossier.complaint.signature_asked_at is not None:
        return "countersignature", ""
    return {
        Status.RECEIVED: ("receipt", ""),
        Status.REGISTERED: ("plan", ""),
    }.get(status, ("closure", ""))


def _lacks_promise(dossier: Dossier, status: Status) -> bool:
    """Whether a complaint that was opened again has not been promised a date of its own yet."""
    complaint = dossier.complaint
    is_again = complaint.cycle > 1 and status is not Status.RECEIVED
    may_follow = find_act("promise").may_follow(status)
    return is_again and complaint.promised_at is None and may_follow


def _decisions(dossier: Dossier, actor: Actor, may_approve: bool) -> list[Task]:
    """What waits for this very person: escalations, acceptances, approvals."""
    decisions: list[Task] = []
    if any(each.to_id == actor.id for each in dossier.open_escalations):
        decisions.append(Task("acknowledgement", may=True))
    own_team = [each for each in dossier.waiting_parties if each.team_id == actor.team_id]
    if own_team and actor.has(Permission.HANDLE):
        decisions.append(Task("parties/acceptance", may=True))
    if dossier.complaint.signature_asked_at is not None and actor.has(Permission.COUNTERSIGN):
        own = {each.by_id for each in dossier.to_sign}
        complaint = dossier.complaint
        if actor.id not in {*own, complaint.handler_id or complaint.received_by_id}:
            decisions.append(Task("countersignature", may=True))
    if not actor.has(Permission.APPROVE):
        return decisions
    extension = dossier.waiting_extension
    if may_approve:
        decisions.append(Task("offer/approval", may=True))
    may_decide = extension is not None and (
        not extension.is_beyond or actor.has(Permission.EXTEND_FURTHER)
    )
    if extension is not None and may_decide and extension.asked_by_id != actor.id:
        decisions.append(Task("extension/approval", may=True))
    return decisions

"""Excuse a criterion for a reason of the list, and ask for the signature that this may need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from complaints.domain.config.exits import ExitReason, Need, chosen
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.evidence import CRITERIA
from complaints.domain.lifecycle import Action
from complaints.domain.words.exits import (
    ExitKind,
    ExitState,
    Unable,
    exits_to_sign,
    require_attempts,
    require_sentence,
)
from complaints.models import Cause, Exit, HistoryEntry, StepRecord, User
from complaints.models.exits import HANDLED_BY
from complaints.people.signers import handler_of, parties_to, who_may_sign
from complaints.queries.complaint.exits import (
    attempts_among,
    contacts_of,
    earlier_sentences,
    standing_exits,
)
from complaints.queries.complaint.silence import refusal_of_silence
from complaints.steps.case import Case
from complaints.steps.notify import tell_people


@dataclass(frozen=True, slots=True)
class Excused:
    """A criterion that is going to stand without its proof."""

    criterion: str
    reason: ExitReason
    sentence: str


def require_excuse(case: Case, criterion: str, unable: Unable, said: list[str]) -> Excused:
    """What excuses the criterion; Invalid when it may not be, or when too little speaks for it.

    `said` are the sentences of the same act. Judged by when things were written down, so that
    nothing can be dated back into an excuse.
    """
    if not CRITERIA[criterion].may_be_unable:
        raise Invalid(N_("This step cannot be skipped."), field="unable")
    others = [*earlier_sentences(case.session, case.complaint, criterion), *said]
    sentence = require_sentence(unable.reason, others)
    listed = case.rules.exits.reasons_for(criterion)
    reason = chosen(listed, unable.code, sentence)
    if reason is None:
        raise Invalid(
            N_("Choose the reason from the list: %(reasons)s."),
            field="unable.code",
            reasons={lang: "; ".join(each.label(lang) for each in listed) for lang in ("id", "en")},
        )
    _require_on_record(case, criterion, reason)
    return Excused(criterion, reason, sentence)


def keep_exit(case: Case, excused: Excused, record: StepRecord) -> None:
    """Store the exit of a record that was just made."""
    case.session.flush()
    made = Exit(
        kind=ExitKind.UNABLE.value,
        criterion=excused.criterion,
        code=excused.reason.id,
        reason=excused.sentence,
        method=record.method,
        record_id=record.id,
        detail={HANDLED_BY: handler_of(case.complaint)},
        **exit_columns(case),
    )
    signed_by = _signed_already(case, excused)
    if signed_by is not None:
        made.state = ExitState.SIGNED.value
        made.answered_by_id, made.answered_by_name = signed_by
        made.answered_at = _now(case)
    case.session.add(made)
    case.session.flush()


def exit_columns(case: Case) -> dict[str, object]:
    """What every exit keeps of its complaint, its maker and its moment."""
    return {
        "complaint_id": case.complaint.id,
        "cycle": case.complaint.cycle,
        "branch_id": case.complaint.branch_id,
        "at": case.at,
        "recorded_at": _now(case),
        "by_id": case.by.id,
        "by_name": case.by.name,
    }


def settle_signature(case: Case) -> None:
    """Note whether exits of the complaint wait for a signature; who may sign hears of it first.

    Call it once the history has its entry.
    """
    complaint = case.complaint
    sign_from = case.rules.authority.exits.countersign_from
    standing = standing_exits(case.session, complaint.id)
    to_sign = exits_to_sign([each for _, each in standing], sign_from)
    if not to_sign:
        complaint.signature_asked_at = None
        return
    if complaint.signature_asked_at is not None:
        return
    complaint.signature_asked_at = _now(case)
    signers = who_may_sign(case.session, complaint, _parties_to(standing), case.at)
    facts = {"count": len(to_sign), "criteria": [each.criterion for each in to_sign]}
    # Where nobody may sign, somebody has to hear of it all the same.
    asked: list[int | None] = [each.id for each in signers.nearest]
    tell_people(case, asked or [None], "signature_asked", facts=facts)


def require_signed(case: Case) -> None:
    """Refuse to close a complaint whose exits nobody else has signed, or before they did."""
    complaint = case.complaint
    standing = standing_exits(case.session, complaint.id)
    if not standing:
        return
    pairs = [each for _, each in standing]
    to_sign = exits_to_sign(pairs, case.rules.authority.exits.countersign_from)
    if to_sign:
        signers = who_may_sign(case.session, complaint, _parties_to(standing), case.at)
        sentence = (
            N_(
                "Steps that could not be done: %(count)d. Before closing, someone else has to "
                "sign them: %(names)s."
            )
            if signers.nearest
            else N_(
                "Steps that could not be done: %(count)d. Someone else has to sign them before "
                "closing, and nobody in the system may. Do these steps, or ask an administrator "
                "to add a supervisor."
            )
        )
        names = ", ".join(each.name for each in signers.nearest)
        raise Refused(sentence, count=len(to_sign), names=names)
    signed = [each.answered_at for each, _ in standing if each.answered_at is not None]
    if signed and max(signed) > case.at:
        raise Invalid(
            N_("This cannot have happened before the steps that could not be done were signed."),
            field="at",
        )


def _parties_to(standing: Sequence[tuple[Exit, object]]) -> set[int | None]:
    return parties_to(made for made, _ in standing)


def _now(case: Case) -> datetime:
    """The moment of writing."""
    return case.recorded_at or case.at


def _signed_already(case: Case, excused: Excused) -> tuple[int | None, str] | None:
    """Who signs by recording it, or has signed what it rests on; None when nobody has.

    That nothing else may be offered is a supervisor's word; one who handles the complaint as well,
    or did before handing it over, needs another's.
    """
    complaint = case.complaint
    if (
        excused.criterion == "020-3.5"
        and case.by.id not in (None, handler_of(complaint), complaint.received_by_id)
        and not _was_given_to(case)
    ):
        return case.by.id, case.by.name
    if excused.reason.needs is Need.DISPUTE:
        for made, _ in standing_exits(case.session, complaint.id):
            is_end = made.criterion == "020-3.5" and made.cycle == complaint.cycle
            if is_end and made.state == ExitState.SIGNED:
                return made.answered_by_id, made.answered_by_name
    return None


def _was_given_to(case: Case) -> bool:
    """Whether the complaint was at any time given to this person to handle."""
    address = select(User.email).where(User.id == case.by.id).scalar_subquery()
    query = select(HistoryEntry.seq).where(
        HistoryEntry.complaint_id == case.complaint.id,
        HistoryEntry.what == Action.ASSIGN.value,
        func.lower(func.trim(HistoryEntry.detail["handler"].as_string())) == address,
    )
    return case.session.scalar(query.limit(1)) is not None


def _require_on_record(case: Case, criterion: str, reason: ExitReason) -> None:
    if criterion == "020-3.2":
        _require_cause(case)
    match reason.needs:
        case Need.ATTEMPTS:
            _require_attempts(case, criterion)
        case Need.SILENCE:
            _require_silence(case)
        case Need.DISPUTE:
            _require_dispute(case)


def _require_attempts(case: Case, criterion: str) -> None:
    known = case.rules.authority.attempts
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    apart = timedelta(minutes=known.minutes_apart)
    made = attempts_among(contacts_of(case.session, case.complaint.id), zone, apart)
    if criterion == "020-3.2":
        require_attempts(made, known.explanation, known.explanation_days)
    else:
        require_attempts(made, known.confirmation)


def _require_cause(case: Case) -> None:
    """Nobody is excused from explaining a cause that was not found."""
    complaint = case.complaint
    query = select(Cause.id).where(
        Cause.complaint_id == complaint.id,
        Cause.cycle == complaint.cycle,
        Cause.stage == "confirmed",
    )
    if case.session.scalar(query.limit(1)) is None:
        raise Invalid(
            N_("First confirm the cause; only then can it be impossible to explain it."),
            field="unable",
        )


def _require_silence(case: Case) -> None:
    refusal = refusal_of_silence(case.session, case.rules, case.complaint, _now(case))
    if refusal is not None:
        raise refusal


def _require_dispute(case: Case) -> None:
    for made, _ in standing_exits(case.session, case.complaint.id):
        if made.criterion == "020-3.5" and made.cycle == case.complaint.cycle:
            return
    raise Invalid(
        N_("First a supervisor has to sign that nothing else may be offered."), field="unable.code"
    )

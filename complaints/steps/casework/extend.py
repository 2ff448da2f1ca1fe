"""Move the promised date: asked with a reason, approved by another person, told to the customer.

A policy may say how often and on which conditions, and a limit set by rule moves only where the
rule says so; where our own policy says nothing, the approval is the condition. Extensions are
counted in every case, and beyond the limits of `authority.toml` a manager decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from complaints.clocks.changes import Clocks
from complaints.clocks.expected import cycle_begun_at
from complaints.domain.clauses import Extension as Allowance
from complaints.domain.clauses import Policy
from complaints.domain.deadlines import OUTCOME_KINDS, Kind
from complaints.domain.errors import N_, Forbidden, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Permission
from complaints.domain.short_reason import require_reason
from complaints.domain.worktime.durations import Counting, Unit, due_at
from complaints.models import Extension
from complaints.people.signers import handler_of
from complaints.people.staff import Staff
from complaints.steps.advance import advance
from complaints.steps.case import Case, count_from_now
from complaints.steps.casework.followers import require_within_followers
from complaints.steps.files.enclose import Chosen, choose_files, chosen_before
from complaints.steps.notify import assignment_of, letter_to_customer, superior_of, tell_people


def ask_extension(
    case: Case,
    *,
    until: datetime,
    reason: str,
    condition: str = "",
    enclose: Sequence[int] = (),
    enclose_internal: Sequence[int] = (),
) -> None:
    """Ask to move the outcome deadline to `until`; nothing moves before it is approved.

    Not after the due time, since nobody could approve it any more.

    `condition` is one that the rule names, in its words in either language. It is needed where a
    rule that names conditions governs one of the clocks that the new date would move. `enclose`
    are files that go with the email that tells the new date, once it is approved.
    """
    reason = require_reason(reason, N_("Enter why an extension is needed."))
    due = _outcome_due(case)
    if until <= due:
        raise Invalid(N_("The new date must be after the current deadline."), field="until")
    if _waiting(case) is not None:
        raise Refused(N_("An extension is already awaiting approval."))
    _require_not_missed(case, due)
    governed = _require_allowed(case, until, condition)
    is_beyond = beyond_limits(case, until)
    if is_beyond:
        _require_manager(case)
    if condition.strip() and not governed.condition:
        raise Invalid(
            N_("None of the limits this date changes has a condition. Leave this field empty."),
            field="condition",
        )
    told_by = "email" if case.complaint.contact_email else ""
    chosen = choose_files(case, enclose, enclose_internal, method=told_by, is_later=True)
    advance(
        case,
        Action.ASK_EXTENSION,
        detail={
            "until": until.isoformat(),
            "reason": reason,
            "condition": governed.condition,
            "number": governed.number,
            **({"beyond": True} if is_beyond else {}),
            **chosen.detail,
        },
    )
    case.session.add(
        Extension(
            complaint_id=case.complaint.id,
            until=until,
            reason=reason,
            condition=governed.condition.get("label_en", ""),
            is_beyond=is_beyond,
            asked_at=case.at,
            asked_by_id=case.by.id,
        )
    )
    facts = {"until": until.isoformat(), "reason": reason}
    needed = Permission.EXTEND_FURTHER if is_beyond else Permission.APPROVE
    tell_people(case, [superior_of(case, case.by.id, needed)], "extension_asked", facts=facts)


def decide_extension(case: Case, *, answer: str, reason: str = "") -> None:
    """Approve or refuse the extension that waits; ``approved`` or ``rejected``.

    Approved in time, it moves the deadline and what was told, and the customer is told why: by
    e-mail, or by the handler, who is asked to do it before the old due time.
    After the old due time it is too late: the breach stands. A decision is made when it is
    recorded, so that none can be dated back before a miss.
    """
    waiting = _waiting(case)
    if waiting is None:
        raise Refused(N_("No extension is awaiting approval."))
    count_from_now(case)
    if answer not in ("approved", "rejected"):
        raise Invalid(N_("Approve the extension or refuse it."), field="answer")
    if waiting.asked_by_id == case.by.id:
        raise Forbidden(N_("Someone other than the requester must decide."))
    is_approved = answer == "approved"
    governed, told_by = _Governed(), None
    was, first = case.complaint.promised_at, case.complaint.first_told_at
    if is_approved:
        told_by = _outcome_due(case)
        _require_not_missed(case, told_by)
        governed = _require_allowed(case, waiting.until, waiting.condition)
        _require_within_limits(case, waiting)
        # Where nobody has told a date yet, this is the first one.
        case.complaint.first_told_at = first or waiting.until
    waiting.answer = answer
    waiting.answered_at = case.at
    waiting.answered_by_id = case.by.id
    waiting.answer_reason = reason.strip()
    until, why = waiting.until, waiting.reason
    chosen = Chosen()
    if is_approved and case.complaint.contact_email:
        chosen = chosen_before(case, Action.ASK_EXTENSION)
    detail = {
        "answer": answer,
        "until": until.isoformat(),
        "reason": why,
        "note": reason.strip(),
        "condition": governed.condition,
        "number": governed.number,
        **({"beyond": True} if waiting.is_beyond else {}),
        **chosen.detail,
    }
    advance(
        case,
        Action.DECIDE_EXTENSION,
        detail=detail,
        keep=(lambda clocks: clocks.extend(until, case.at, why, governed.condition))
        if is_approved
        else None,
    )
    if is_approved:
        case.complaint.promised_at = until
        facts = {
            "first_told_at": first.isoformat() if first else None,
            "was": was.isoformat() if was else None,
            "until": until.isoformat(),
            "promised_at": until.isoformat(),
            "reason": why,
            "condition": governed.condition,
            **chosen.facts(),
        }
        letter_to_customer(case, "extended", facts=facts)
    _tell_whoever_asked(case, waiting, told_by)


def _require_within_limits(case: Case, request: Extension) -> None:
    """Note what goes beyond the limits, and raise Forbidden for who may not grant that."""
    # What was granted meanwhile, or a limit set lower, counts as well.
    request.is_beyond = request.is_beyond or beyond_limits(case, request.until)
    if request.is_beyond and not case.by.has(Permission.EXTEND_FURTHER):
        raise Forbidden(N_("Beyond the limits for extensions: a manager decides."))


def _tell_whoever_asked(case: Case, request: Extension, told_by: datetime | None) -> None:
    """Tell them the answer; where no letter tells the customer, the handler has to, `told_by`."""
    people, kind = [request.asked_by_id], f"extension_{request.answer}"
    facts = {"until": request.until.isoformat()}
    if told_by is not None and not case.complaint.contact_email:
        people.append(handler_of(case.complaint))
        kind, facts["due_at"] = "extension_to_tell", told_by.isoformat()
    tell_people(case, people, kind, facts=facts)


def drop_request(case: Case) -> None:
    """Let an extension that still waits fall, because the complaint has ended."""
    waiting = _waiting(case)
    if waiting is not None:
        waiting.answer = "dropped"
        waiting.answered_at = case.at


def beyond_limits(case: Case, until: datetime) -> bool:
    """Whether this date is more than supervisors may grant in this cycle: too often, or too far.

    How far counts from the due time as it would be without any extension.
    """
    limits = case.rules.authority.extension
    if granted_so_far(case) >= limits.max_count:
        return True
    clocks = Clocks.of(case.session, case.rules, case.complaint, case.by.id)
    clock = clocks.outcome()
    if clock is None:
        return False
    calendar = case.rules.calendar_versions[clock.calendar_version_id]
    return until > calendar.add_working_days(clocks.due_unextended(clock), limits.total_days)


def granted_so_far(case: Case) -> int:
    """How many extensions were approved in this cycle."""
    begun_at = cycle_begun_at(case.session, case.complaint)
    query = select(func.count()).where(
        Extension.complaint_id == case.complaint.id,
        Extension.answer == "approved",
        Extension.answered_at >= begun_at,
    )
    return case.session.scalar(query) or 0


def _require_not_missed(case: Case, due: datetime) -> None:
    """Refuse what comes after the due time: nobody may move a deadline that was missed."""
    if due < case.at:
        raise Refused(N_("The deadline was already missed; an extension can no longer move it."))


def _require_manager(case: Case) -> None:
    """Refuse what is beyond the limits where nobody is there who might grant it."""
    place = assignment_of(case)
    for each in Staff.read(case.session).by_id.values():
        may_decide = each.has(Permission.EXTEND_FURTHER)
        if may_decide and each.is_active and each.id != case.by.id and each.may_see(place):
            return
    limits = case.rules.authority.extension
    raise Refused(
        N_(
            "Beyond the limits for extensions (number: %(count)d, working days in all: %(days)d) "
            "another manager has to decide, and there is none with an active account."
        ),
        field="until",
        count=limits.max_count,
        days=limits.total_days,
    )


@dataclass(slots=True)
class _Governed:
    """What the rules say of an extension: the how-manieth it is, and the condition it rests on."""

    number: int | None = None
    condition: dict[str, str] = field(default_factory=dict)


def _require_allowed(case: Case, until: datetime, condition: str) -> _Governed:
    """Refuse an extension that a rule does not allow.

    Every clock that the new date would move has its own policy, and each has to allow it: the
    number, the length, and the condition where the policy names some. No date told on a duplicate
    that goes on as this complaint is passed.
    """
    require_within_followers(case, until)
    clocks = Clocks.of(case.session, case.rules, case.complaint, case.by.id)
    governed = _Governed(number=1)
    for deadline in clocks.live:
        if Kind(deadline.kind) not in OUTCOME_KINDS or deadline.due_at >= until:
            continue
        policy = case.rules.policy_versions[deadline.policy_version_id]
        clause = policy.clause(deadline.clause)
        allowed = clause.extension
        so_far = clocks.ledger(deadline).extensions
        governed.number = max(governed.number or 1, so_far + 1)
        if allowed is None:
            if deadline.kind == Kind.LEGAL:
                raise Refused(
                    N_("The limit set by rule allows no extension: %(policy)s."),
                    policy=policy.labels,
                )
            continue
        if so_far >= allowed.max_count:
            raise Refused(
                N_(
                    "No further extension is possible: the rules allow %(count)s of them for this "
                    "deadline, and no more is left."
                ),
                count=allowed.max_count,
            )
        calendar = case.rules.calendar_versions[deadline.calendar_version_id]
        # An extension counts days as the limit does that it moves.
        is_days = not Unit(allowed.unit).is_clock_time
        latest = due_at(
            calendar,
            deadline.due_at,
            allowed.duration,
            allowed.unit,
            counting=clause.counting if is_days else Counting.FROM_FIRST_OPEN_MOMENT,
        )
        if until > latest:
            raise Invalid(
                N_("This date is later than the rules allow: %(policy)s."),
                field="until",
                policy=policy.labels,
            )
        if allowed.conditions:
            governed.condition = _require_condition(allowed, condition, policy)
    return governed


def _require_condition(allowed: Allowance, condition: str, policy: Policy) -> dict[str, str]:
    found = allowed.called(condition)
    if found is None:
        raise Invalid(
            N_("Choose one of the conditions on which this rule allows an extension: %(policy)s."),
            field="condition",
            policy=policy.labels,
        )
    return found


def _waiting(case: Case) -> Extension | None:
    query = select(Extension).where(
        Extension.complaint_id == case.complaint.id, Extension.answer.is_(None)
    )
    return case.session.scalar(query.limit(1))


def _outcome_due(case: Case) -> datetime:
    """When the outcome is due; of a paused complaint, if its clocks ran again now."""
    clocks = Clocks.of(case.session, case.rules, case.complaint, case.by.id)
    clock = clocks.outcome()
    if clock is None:
        raise Refused(N_("No deadline runs here that could be extended."))
    return clocks.due_resumed(clock, case.at)

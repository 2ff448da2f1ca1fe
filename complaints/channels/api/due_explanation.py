"""Why this due time, as JSON: the terms, each line counted, each change since."""

from collections.abc import Mapping

from complaints.channels.api.due_schemas import DueChange, Explanation, ExtensionAnswer, Labels
from complaints.channels.api.responses import stamp
from complaints.domain.clauses import Extension
from complaints.queries.complaint.due_explanation import Change, DueExplanation


def explanation_answer(why: DueExplanation) -> Explanation:
    """One clock taken apart.

    `lines` run from the start to `base_due_at`, the due time by policy without pauses; they are
    empty for clocks that count calendar days or calendar hours. `changes` follow in order,
    each with the due time it left.
    """
    deadline, clause = why.deadline, why.clause
    return {
        "kind": deadline.kind,
        "state": deadline.state,
        "started_at": stamp(deadline.started_at),
        "due_at": None if deadline.is_paused else stamp(deadline.due_at),
        "told_at": stamp(deadline.told_at),
        "first_told_at": stamp(deadline.first_told_at),
        "base_due_at": stamp(why.base_due_at),
        "policy": {"code": why.policy.code, "name": why.policy.name, "version": why.policy_version},
        "clause": {
            "id": clause.id,
            "label_id": clause.label_id,
            "label_en": clause.label_en,
            "duration": clause.duration,
            "unit": clause.unit,
            "end_of_day": clause.end_of_day,
            "counting": clause.counting,
            "evidence": clause.evidence,
            "extension": _extension(clause.extension),
        },
        "calendar": {"code": why.calendar, "version": why.calendar_version, "tz": why.zone},
        "worktime_seconds": why.worktime_seconds,
        "lines": [
            {
                "date": line.on.isoformat(),
                "opened_at": stamp(line.opened_at),
                "closed_at": stamp(line.closed_at),
                "seconds": line.seconds,
                "reason": line.reason.value if line.reason else None,
                "name": line.name or None,
            }
            for line in why.lines
        ],
        "changes": [_change(each) for each in why.changes],
        "governed_by": why.governed_by,
        "adds_up": why.adds_up,
        "years_without_holidays": list(why.years_unknown),
    }


def _extension(allowed: Extension | None) -> ExtensionAnswer | None:
    """How far, how often and on which conditions the clause may be extended; null when it may not.

    A limit set by law without it cannot be extended; for any other clock the approval decides.
    """
    if allowed is None:
        return None
    return {
        "duration": allowed.duration,
        "unit": allowed.unit,
        "max_count": allowed.max_count,
        "conditions": [_labels(each) for each in allowed.named],
    }


def _change(change: Change) -> DueChange:
    entry = change.entry
    return {
        "what": entry.what.value,
        "at": stamp(entry.at),
        "by": change.by,
        "reason": entry.reason or None,
        "until": stamp(entry.until),
        "due_at": stamp(change.due_at),
        "paused_seconds": change.paused_seconds,
        "clause": entry.terms.clause.id if entry.terms else None,
        "condition": _labels(change.condition) if change.condition else None,
    }


def _labels(words: Mapping[str, str]) -> Labels:
    return {"label_id": words["label_id"], "label_en": words["label_en"]}

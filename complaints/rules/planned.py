"""Changes of the rules that are planned for a date: kept, withdrawn, put in force at their instant.

A plan is a version of a rule of its own kind, so it is sealed and every process learns of it at
once. What others changed until then stays: the plan is put on top of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.policies.three_way_merge import merge_edits
from complaints.domain.words.kept_refusals import keep_refusal
from complaints.models import RuleVersion
from complaints.rulebook import FILES, PLANNED
from complaints.rules.check import check_rules
from complaints.rules.in_force import bodies_in_force
from complaints.rules.load import NewVersion, Origin, keep_rows_of, newest_version, store_version
from complaints.rules.parts import check_file

#: Nobody plans further ahead.
FARTHEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule as it is to be from `at` on; `why` says what kept it from coming into force."""

    kind: str
    code: str
    at: datetime
    by: str
    body: Mapping[str, Any]
    before: Mapping[str, Any]
    base_id: int
    #: Why it could not be made, as `read_refusal` reads it; None where nothing is known.
    why: object = None


def plan_change(
    session: Session,
    kind: str,
    code: str,
    body: Mapping[str, Any],
    base_id: int,
    *,
    since: datetime,
    by: Actor,
    at: datetime,
) -> None:
    """Keep a change for its instant; Invalid for one that could not come into force now."""
    require(by, Permission.ADMINISTER)
    if not at < since <= at + FARTHEST:
        raise Invalid(
            N_("Choose a date and time ahead of now, within two years."), field="from_day"
        )
    take_turns(session, "plans")
    if (plan := _newest(session, kind, code)) is not None and not plan.why:
        raise Refused(
            N_("A change of this is planned already. Withdraw that one first, or wait for it.")
        )
    _check(session, kind, code, body)
    kept = {"from": since.isoformat(), "base_id": base_id, "body": dict(body), "by": by.name}
    _store(session, kind, code, kept, by.name, at)


def withdraw_plan(session: Session, kind: str, code: str, *, by: Actor, at: datetime) -> None:
    """Let a planned change not come; NotFound where none is planned."""
    require(by, Permission.ADMINISTER)
    take_turns(session, "plans")
    if _newest(session, kind, code) is None:
        raise NotFound(N_("No such change is planned."))
    _store(session, kind, code, {"withdrawn": at.isoformat(), "by": by.name}, by.name, at)


def plans(session: Session) -> list[Plan]:
    """The changes that are planned, the next one first, and those that could not be made."""
    codes = select(RuleVersion.code).where(RuleVersion.kind == PLANNED).distinct()
    found = []
    for name in session.scalars(codes):
        kind, _, code = name.partition("/")
        plan = _newest(session, kind, code)
        if plan is not None:
            found.append(plan)
    return sorted(found, key=lambda each: each.at)


def put_in_force(session: Session, at: datetime) -> int:
    """Make what is due the version in force, as of its instant; returns how many changes.

    One that does not fit any more is kept with the reason, and what was in force stays.
    """
    take_turns(session, "plans")
    due = [each for each in plans(session) if each.at <= at and not each.why]
    for plan in due:
        newest = newest_version(session, plan.kind, plan.code)
        body = merge_edits(plan.before, newest.body if newest else {}, plan.body)
        assert isinstance(body, Mapping)
        kept: dict[str, Any] = {"done": at.isoformat(), "by": plan.by}
        try:
            _check(session, plan.kind, plan.code, body)
        except Refused as error:
            kept = {
                "from": plan.at.isoformat(),
                "base_id": plan.base_id,
                "body": dict(plan.body),
                "by": plan.by,
                "why": keep_refusal(error),
            }
        else:
            new = NewVersion(plan.kind, plan.code, body, Origin.ADMIN)
            store_version(session, new, by=plan.by, at=plan.at)
            keep_rows_of(session, plan.kind, body)
        _store(session, plan.kind, plan.code, kept, plan.by, at)
    return len(due)


def _check(session: Session, kind: str, code: str, body: Mapping[str, Any]) -> None:
    if kind in FILES:
        check_file(session, kind, body)
        return
    bodies = bodies_in_force(session)
    check_rules({**bodies, kind: {**bodies[kind], code: body}})


def _newest(session: Session, kind: str, code: str) -> Plan | None:
    row = newest_version(session, PLANNED, f"{kind}/{code}")
    if row is None or "from" not in row.body:
        return None
    kept = row.body
    base = session.get(RuleVersion, kept["base_id"])
    return Plan(
        kind,
        code,
        datetime.fromisoformat(kept["from"]),
        str(kept["by"]),
        kept["body"],
        base.body if base is not None else {},
        kept["base_id"],
        kept.get("why") or None,
    )


def _store(
    session: Session, kind: str, code: str, kept: Mapping[str, Any], by: str, at: datetime
) -> None:
    new = NewVersion(PLANNED, f"{kind}/{code}", kept, Origin.ADMIN)
    store_version(session, new, by=by, at=at)

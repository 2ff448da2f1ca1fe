"""A rule that somebody else saved since a form was opened: what they changed, mine on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.policies.three_way_merge import changed_parts, merge_edits
from complaints.models import RuleVersion


@dataclass(frozen=True, slots=True)
class Saved:
    """A version that somebody else saved: who, when, which, and the parts that it changed."""

    by: str
    at: datetime
    number: int
    parts: Sequence[str]


@dataclass(frozen=True, slots=True)
class OnNewest:
    """A rule as typed, put on top of what was saved since its form was opened.

    `both` are the parts that others changed as well; there what was typed stays.
    """

    body: Mapping[str, Any]
    base_id: int
    since: Sequence[Saved] = ()
    both: Sequence[str] = ()


def version_edited(session: Session, newest: RuleVersion, base_id: int) -> RuleVersion:
    """The version that a form was opened with, else the newest one."""
    base = session.get(RuleVersion, base_id) if 0 < base_id < newest.id else None
    if base is None or (base.kind, base.code) != (newest.kind, newest.code):
        return newest
    return base


def put_on_newest(
    session: Session, newest: RuleVersion, body: Mapping[str, Any], base_id: int
) -> OnNewest:
    """What was typed over the version `base_id`, as a change of the newest one.

    Only what differs from the version that was edited is taken over, so that nothing a colleague
    saved meanwhile is set back.
    """
    base = version_edited(session, newest, base_id)
    if base is newest:
        return OnNewest(body, newest.id)
    query = select(RuleVersion).where(
        RuleVersion.kind == newest.kind, RuleVersion.code == newest.code, RuleVersion.id > base.id
    )
    since, before = [], base
    for row in session.scalars(query.order_by(RuleVersion.id)):
        parts = changed_parts(before.body, row.body)
        since.append(Saved(row.loaded_by, row.loaded_at, row.version, parts))
        before = row
    merged = merge_edits(base.body, newest.body, body)
    assert isinstance(merged, Mapping)
    if merged == newest.body:
        return OnNewest(merged, newest.id)
    own = set(changed_parts(base.body, body)) & set(changed_parts(body, newest.body))
    both = [each for each in changed_parts(base.body, newest.body) if each in own]
    return OnNewest(merged, newest.id, since, both)

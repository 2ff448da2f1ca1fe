"""Load the organisation's rules: parsed config files become versioned rows, branches and teams.

A file that has not changed since it was last read makes no new version, and one that has never
overrides what was edited on a page. Everything is read once as the rules read it before anything
is stored, so a mistake in a file changes nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid
from complaints.domain.policies.editing import with_limits_of
from complaints.domain.policies.three_way_merge import merge_edits
from complaints.domain.taxonomy import Taxonomy
from complaints.models import Branch, Category, RuleVersion, Team
from complaints.rules.check import Body, RuleData, check_rule, check_rules
from complaints.rules.codes_in_use import (
    codes_selected,
    require_codes_kept,
    require_policies_match,
)


class Origin(StrEnum):
    """Where a version of a rule came from: read from a file, or edited on a page."""

    CONFIG = "config"
    ADMIN = "admin"


def load_rules(session: Session, data: RuleData, *, by: str, at: datetime) -> int:
    """Store what is new in `data`; returns how many new versions that made.

    Raises Invalid with one clear sentence when a file is missing or cannot be used, or no longer
    knows a code that records use.
    """
    check_rules(data)
    before = _codes_known(session)
    made = sum(
        _store(session, kind, code, body, by, at)
        for kind, files in data.items()
        for code, body in files.items()
    )
    gone = before - _codes_known(session)
    if gone:
        require_policies_match(gone, _in_force(session, data))
    for kind in ("organisation", "taxonomy"):
        # As it is in force: what was edited on a page wins over the file.
        kept = newest_version(session, kind, kind)
        assert kept is not None
        keep_rows_of(session, kind, kept.body)
    session.flush()
    return made


def keep_rows_of(session: Session, kind: str, body: Body) -> None:
    """Let the rows of branches, units and categories say what their file says."""
    if kind == "organisation":
        _keep_branches_and_teams(session, body)
    elif kind == "taxonomy":
        _keep_categories(session, Taxonomy.from_dict(body))


def _codes_known(session: Session) -> set[tuple[str, str]]:
    """The codes that policies may ask for, as they are known; none before the first load."""
    kept = [newest_version(session, kind, kind) for kind in ("taxonomy", "organisation")]
    bodies = [each.body for each in kept if each is not None]
    return codes_selected(*bodies) if len(bodies) == len(kept) else set()


def _in_force(session: Session, data: RuleData) -> Mapping[str, Body]:
    """The policies that are switched on, as they were stored or edited last."""
    codes = data["organisation"]["organisation"]["policies"]
    kept = {code: newest_version(session, "policy", code) for code in codes}
    return {code: each.body for code, each in kept.items() if each is not None}


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version about to be stored: the data of a rule, and where they come from."""

    kind: str
    code: str
    body: Body
    origin: Origin

    @property
    def digest(self) -> str:
        """What tells two versions apart."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()


def store_version(session: Session, new: NewVersion, *, by: str, at: datetime) -> RuleVersion:
    """Add the next version of a rule; it is in force from now on."""
    last = newest_version(session, new.kind, new.code)
    row = RuleVersion(
        kind=new.kind,
        code=new.code,
        version=(last.version if last else 0) + 1,
        body=dict(new.body),
        content_hash=new.digest,
        loaded_at=at,
        loaded_by=by,
        origin=new.origin.value,
    )
    session.add(row)
    session.flush()
    return row


def newest_version(
    session: Session, kind: str, code: str, origin: Origin | None = None
) -> RuleVersion | None:
    """The newest version of a rule, or the newest that came from there; None when there is none."""
    query = select(RuleVersion).where(RuleVersion.kind == kind, RuleVersion.code == code)
    if origin is not None:
        query = query.where(RuleVersion.origin == origin.value)
    return session.scalar(query.order_by(RuleVersion.id.desc()).limit(1))


def _store(session: Session, kind: str, code: str, body: Body, by: str, at: datetime) -> int:
    """Store a file that has changed since it was last read; returns how many versions that made.

    Where a page was edited after that, the file is stored for the next comparison, and on top of
    it the page's edits with whatever the file changed beside them.
    """
    read = NewVersion(kind, code, body, Origin.CONFIG)
    last = newest_version(session, kind, code, Origin.CONFIG)
    if last is not None and last.content_hash == read.digest:
        return 0
    edited = newest_version(session, kind, code)
    if last is not None:
        require_codes_kept(session, kind, last.body, body)
    store_version(session, read, by=by, at=at)
    if last is None or edited is None or edited.origin == Origin.CONFIG:
        return 1
    merged = merge_edits(last.body, body, edited.body)
    assert isinstance(merged, dict)
    if kind == "policy":
        merged = with_limits_of(body, last.body, merged)
    try:
        check_rule(kind, merged)
    except ValueError as error:
        raise Invalid(
            N_("%(code)s was edited on a page, and the file does not fit to that: %(why)s"),
            code=code,
            why=str(error),
        ) from error
    kept = NewVersion(kind, code, merged, Origin.ADMIN)
    if kept.digest == read.digest:
        return 1
    store_version(session, kept, by=edited.loaded_by, at=at)
    return 2


def _keep_branches_and_teams(session: Session, organisation: Mapping[str, Any]) -> None:
    branches = {branch.code: branch for branch in session.scalars(select(Branch))}
    for given in organisation["branch"]:
        branch = branches.get(given["id"]) or Branch(code=given["id"])
        branch.name = given["label_id"]
        branch.calendar = given["calendar"]
        branch.address = given.get("address", "")
        branch.phone = given.get("phone", "")
        session.add(branch)
    teams = {team.code: team for team in session.scalars(select(Team))}
    for given in organisation["team"]:
        team = teams.get(given["id"]) or Team(code=given["id"])
        team.label_id, team.label_en = given["label_id"], given["label_en"]
        session.add(team)


def _keep_categories(session: Session, taxonomy: Taxonomy) -> None:
    known = {category.code: category for category in session.scalars(select(Category))}
    for position, given in enumerate(taxonomy.categories.values()):
        category = known.pop(given.id, None) or Category(code=given.id)
        category.label_id, category.label_en = given.label_id, given.label_en
        category.severity = given.severity
        category.position = position
        category.is_active = True
        session.add(category)
    for gone in known.values():
        gone.is_active = False

"""Load the organisation's rules: parsed config files become versioned rows, branches and teams.

Loading is idempotent: what has not changed makes no new version. Everything is read once as the
rules read it before anything is stored, so a mistake in a file changes nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.deadlines import Policy
from complaints.domain.errors import N_, Invalid
from complaints.domain.escalation import Ladder
from complaints.domain.priority import PriorityMatrix
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.worktime import WorkCalendar
from complaints.models import Branch, Category, RuleVersion, Team
from complaints.rulebook import FILES, FOLDERS

#: kind → code → parsed file
RuleData = Mapping[str, Mapping[str, Mapping[str, Any]]]


def load_rules(session: Session, data: RuleData, *, by: str, at: datetime) -> int:
    """Store what is new in `data`; returns how many new versions that made.

    Raises Invalid with one clear sentence when a file is missing or cannot be used.
    """
    check_rules(data)
    made = sum(
        _store(session, kind, code, body, by, at)
        for kind, files in data.items()
        for code, body in files.items()
    )
    _keep_branches_and_teams(session, data["organisation"]["organisation"])
    _keep_categories(session, Taxonomy.from_dict(data["taxonomy"]["taxonomy"]))
    session.flush()
    return made


def check_rules(data: RuleData) -> None:
    """Raise Invalid for the first rule that the engine could not work by."""
    for name in (*FILES, *FOLDERS):
        if not data.get(name):
            raise Invalid(N_("The configuration lacks %(name)s."), name=name)
    organisation = data["organisation"]["organisation"]
    try:
        for body in data["calendar"].values():
            WorkCalendar.from_dict(body)
        policies = [Policy.from_dict(body) for body in data["policy"].values()]
        for body in data["ladder"].values():
            Ladder.from_dict(body)
        PriorityMatrix.from_dict(data["priority"]["priority"])
        Taxonomy.from_dict(
            data["taxonomy"]["taxonomy"],
            teams=[team["id"] for team in organisation["team"]],
            policies=[policy.code for policy in policies],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(N_("The configuration cannot be used: %(why)s"), why=str(error)) from error
    _check_references(organisation, data)


def _check_references(organisation: Mapping[str, Any], data: RuleData) -> None:
    for branch in organisation["branch"]:
        if branch["calendar"] not in data["calendar"]:
            raise Invalid(
                N_("Branch %(branch)s names calendar %(calendar)s, which does not exist."),
                branch=branch["id"],
                calendar=branch["calendar"],
            )
    for code in organisation["policies"]:
        if code not in data["policy"]:
            raise Invalid(N_("There is no policy %(code)s to switch on."), code=code)
    ladder = organisation["ladder"]
    if ladder not in data["ladder"]:
        raise Invalid(N_("There is no ladder %(code)s."), code=ladder)


def _store(
    session: Session, kind: str, code: str, body: Mapping[str, Any], by: str, at: datetime
) -> bool:
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    last = session.execute(
        select(RuleVersion.version, RuleVersion.content_hash)
        .where(RuleVersion.kind == kind, RuleVersion.code == code)
        .order_by(RuleVersion.version.desc())
        .limit(1)
    ).first()
    if last is not None and last.content_hash == digest:
        return False
    session.add(
        RuleVersion(
            kind=kind,
            code=code,
            version=(last.version if last else 0) + 1,
            body=dict(body),
            content_hash=digest,
            loaded_at=at,
            loaded_by=by,
        )
    )
    return True


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
        category.group_code = given.group
        category.label_id, category.label_en = given.label_id, given.label_en
        category.severity = given.severity
        category.position = position
        category.is_active = True
        session.add(category)
    for gone in known.values():
        gone.is_active = False

"""Load the organisation's rules: parsed config files become versioned rows, branches and teams.

A file that has not changed since it was last read makes no new version, and one that has never
overrides what was edited on a page. Everything is read once as the rules read it before anything
is stored, so a mistake in a file changes nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.clauses import Policy
from complaints.domain.commitments.config import CommitmentRules
from complaints.domain.config.authority import Authority
from complaints.domain.config.exits import ExitBook
from complaints.domain.config.leaflet import Leaflet
from complaints.domain.config.letter_phrases import LetterPhrases
from complaints.domain.config.mailboxes import Mailboxes
from complaints.domain.config.organisation import Organisation
from complaints.domain.config.written_record import WrittenRecord
from complaints.domain.errors import N_, Invalid
from complaints.domain.escalation import Ladder
from complaints.domain.policies.editing import with_limits_of
from complaints.domain.policies.statutory_limits import require_statutory_limits
from complaints.domain.policies.three_way_merge import merge_edits
from complaints.domain.priority import PriorityMatrix
from complaints.domain.scripts import ScriptBook
from complaints.domain.suggestions import Synonyms
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.words.script_keys import require_scripts
from complaints.domain.worktime import WorkCalendar
from complaints.models import Branch, Category, RuleVersion, Team
from complaints.rulebook import FILES, FOLDERS
from complaints.rules.codes_in_use import (
    codes_selected,
    require_codes_kept,
    require_policies_match,
)

_SENT_TO_RETIRED = N_("Category %(category)s is sent to unit %(team)s, which is retired.")
_STEP_OF_RETIRED = N_(
    "A step proposed for category %(category)s is unit %(team)s's, which is retired."
)

#: kind → code → parsed file
RuleData = Mapping[str, Mapping[str, Mapping[str, Any]]]
Body = Mapping[str, Any]


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
    _keep_branches_and_teams(session, data["organisation"]["organisation"])
    _keep_categories(session, Taxonomy.from_dict(data["taxonomy"]["taxonomy"]))
    session.flush()
    return made


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


def check_rules(data: RuleData) -> None:
    """Raise Invalid for the first rule that the engine could not work by."""
    for name in (*FILES, *FOLDERS):
        if not data.get(name):
            raise Invalid(N_("The configuration lacks %(name)s."), name=name)
    organisation = data["organisation"]["organisation"]
    try:
        calendars = [check_rule("calendar", body) for body in data["calendar"].values()]
        policies = [check_policy(body, calendars) for body in data["policy"].values()]
        for body in data["ladder"].values():
            check_rule("ladder", body)
        PriorityMatrix.from_dict(data["priority"]["priority"])
        Authority.from_dict(data["authority"]["authority"])
        Organisation.from_dict(organisation)
        WrittenRecord.from_dict(data["record"]["record"])
        CommitmentRules.from_dict(data["commitments"]["commitments"])
        Leaflet.from_dict(data["standard_information"]["standard_information"])
        require_scripts(ScriptBook.from_dict(data["scripts"]["scripts"]).scripts)
        LetterPhrases.from_dict(data["letters"]["letters"])
        ExitBook.from_dict(data["exits"]["exits"])
        Mailboxes.from_dict(data["mailboxes"]["mailboxes"])
        taxonomy = Taxonomy.from_dict(
            data["taxonomy"]["taxonomy"],
            teams=[team["id"] for team in organisation["team"]],
            policies=[policy.code for policy in policies],
        )
        known = (*taxonomy.categories, *taxonomy.not_complaints)
        Synonyms.from_dict(data["synonyms"]["synonyms"], codes=known)
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(N_("The configuration cannot be used: %(why)s"), why=str(error)) from error
    _check_references(organisation, data)


def check_rule(kind: str, body: Body) -> Any:
    """A rule that is edited on a page as the rules read it; ValueError says what is wrong.

    Other kinds are returned as they are.
    """
    match kind:
        case "calendar":
            return WorkCalendar.from_dict(body)
        case "policy":
            return Policy.from_dict(body)
        case "ladder":
            return Ladder.from_dict(body)
        case "authority":
            return Authority.from_dict(body)
    return body


def check_policy(body: Body, calendars: Iterable[WorkCalendar]) -> Policy:
    """A policy whose legal limits no tier lengthens; ValueError says what is wrong."""
    policy = Policy.from_dict(body)
    require_statutory_limits(policy, calendars)
    return policy


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
            raise Invalid(N_("There is no policy pack %(code)s to switch on."), code=code)
    ladder = organisation["ladder"]
    if ladder not in data["ladder"]:
        raise Invalid(N_("There is no escalation ladder %(code)s."), code=ladder)
    _check_mailboxes(organisation, data)
    retired = Organisation.from_dict(organisation).retired_teams
    taxonomy = Taxonomy.from_dict(data["taxonomy"]["taxonomy"])
    _check_public_form(organisation, taxonomy)
    for category in (each for each in taxonomy.categories.values() if not each.retired):
        for units, sentence in (
            (category.parties, _SENT_TO_RETIRED),
            ([each.owner for each in taxonomy.steps_of(category.id)], _STEP_OF_RETIRED),
        ):
            named = sorted(retired.intersection(units))
            if named:
                raise Invalid(sentence, category=category.id, team=named[0])


def _check_mailboxes(organisation: Mapping[str, Any], data: RuleData) -> None:
    """Each mailbox belongs to a branch and a category that there are."""
    branches = {branch["id"] for branch in organisation["branch"]}
    categories = Taxonomy.from_dict(data["taxonomy"]["taxonomy"]).categories
    for each in Mailboxes.from_dict(data["mailboxes"]["mailboxes"]).rules.values():
        if each.branch and each.branch not in branches:
            raise Invalid(
                N_("Mailbox %(address)s names branch %(code)s, which does not exist."),
                address=each.address,
                code=each.branch,
            )
        if each.category and each.category not in categories:
            raise Invalid(
                N_("Mailbox %(address)s names category %(code)s, which does not exist."),
                address=each.address,
                code=each.category,
            )


def _check_public_form(organisation: Mapping[str, Any], taxonomy: Taxonomy) -> None:
    """Whether what comes by the public form can be received: a written channel and a branch."""
    form = Organisation.from_dict(organisation).public_form
    if form is None:
        return
    channel = taxonomy.channels.get(form.channel)
    if channel is None or channel.retired or channel.oral:
        raise Invalid(
            N_("The public form needs a channel that is in use and written, not %(code)s."),
            code=form.channel,
        )
    if form.branch not in {branch["id"] for branch in organisation["branch"]}:
        raise Invalid(
            N_("The public form names no branch that exists: %(code)s."), code=form.branch
        )


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

"""Open an incident, describe it, approve the words about it, and close it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Forbidden, Invalid, NotFound, Refused
from complaints.domain.incidents.rules import IncidentAct, may_decide, write_number
from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.words.length import require_at_most
from complaints.domain.words.substance import only_introduces, require_substance
from complaints.models import Complaint, Incident, IncidentEntry, IncidentLink, Spike
from complaints.queries.incidents.single import find_incident
from complaints.rulebook import RuleBook
from complaints.steps.wording import require_fit_for_many

#: The longest text of an incident; a letter carries the words.
LONGEST = 4_000
#: Further ahead nobody expects a fault to be mended.
LATEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class IncidentGiven:
    """What is known of an incident; None leaves a field as it is.

    `branch` "" means everywhere, `category` "" whatever customers complain of.
    """

    title: str | None = None
    category: str | None = None
    branch: str | None = None
    cause: str | None = None
    plan: str | None = None
    expected_at: datetime | None = None
    words: str | None = None
    words_en: str | None = None


def open_incident(
    session: Session,
    rules: RuleBook,
    given: IncidentGiven,
    *,
    by: Actor,
    at: datetime,
    spike_id: int | None = None,
) -> Incident:
    """Open an incident; words of somebody who may approve them are approved.

    `spike_id` is the alarm that it answers.
    """
    require(by, Permission.INCIDENT)
    zone = rules.home_zone
    incident = Incident(
        year=at.astimezone(zone).year,
        branch_id=by.branch_id,
        category="",
        title="",
        opened_at=at.replace(microsecond=0),
        opened_by_id=by.id,
        opened_by_name=by.name,
    )
    title = given.title or (given.cause or "").strip()[:200]
    _fill(session, rules, incident, replace(given, title=title), by, at)
    session.add(incident)
    session.flush()
    _note(session, incident, IncidentAct.OPEN, by, at, _said(given))
    if spike_id is not None:
        settle_spike(session, spike_id, by=by, at=at, incident_id=incident.id)
    return incident


def amend_incident(
    session: Session, rules: RuleBook, number: str, given: IncidentGiven, *, by: Actor, at: datetime
) -> Incident:
    """Say more of an open incident; new words wait until somebody approves them."""
    require(by, Permission.INCIDENT)
    incident = find_incident(session, number, lock=True)
    require_open(incident)
    _require_place(by, incident)
    _fill(session, rules, incident, given, by, at)
    _note(session, incident, IncidentAct.AMEND, by, at, _said(given))
    return incident


def approve_words(session: Session, number: str, *, by: Actor, at: datetime) -> Incident:
    """Approve the words as they stand, so that everybody may tell them."""
    incident = find_incident(session, number, lock=True)
    require_open(incident)
    require_decider(by, incident)
    if not incident.words:
        raise Invalid(N_("There are no words yet. Write what customers are to be told."))
    if incident.words_at is None:
        _approve(incident, by, at)
        said = {"words": incident.words, "words_en": incident.words_en}
        _note(session, incident, IncidentAct.APPROVE, by, at, said)
    return incident


def close_incident(
    session: Session, number: str, *, text: str, by: Actor, at: datetime
) -> tuple[Incident, bool]:
    """The cause is gone; its complaints go on, each by itself. Closing it twice changes nothing.

    Returns whether it was open before as well.
    """
    incident = find_incident(session, number, lock=True)
    require_decider(by, incident)
    is_open = incident.closed_at is None
    if is_open:
        require_at_most(text, LONGEST, field="text")
        incident.closed_at = at.replace(microsecond=0)
        incident.closed_by_name, incident.closing = by.name, text.strip()
        _note(session, incident, IncidentAct.CLOSE, by, at, {"text": text.strip()})
    return incident, is_open


def settle_spike(
    session: Session, spike_id: int, *, by: Actor, at: datetime, incident_id: int | None = None
) -> Spike:
    """Somebody has looked at an alarm: it is an incident, or it is none."""
    require(by, Permission.INCIDENT)
    spike = session.get(Spike, spike_id, with_for_update=True)
    if spike is None:
        raise NotFound(N_("There is no such alarm."))
    if by.branch_id is not None and spike.branch_id not in (None, by.branch_id):
        raise Forbidden(N_("This alarm belongs to another branch."))
    if spike.settled_at is None:
        spike.settled_at, spike.settled_by_name = at.replace(microsecond=0), by.name
        spike.incident_id = incident_id
    return spike


def number_of(incident: Incident) -> str:
    """Its public number."""
    return write_number(incident.year, incident.id)


def require_decider(by: Actor, incident: Incident) -> None:
    """Raise Forbidden for whoever may not decide on this incident."""
    if may_decide(by, incident.branch_id):
        return
    raise Forbidden(
        N_("A supervisor of the branch decides on this; one of all branches is for a manager.")
    )


def note_telling(
    session: Session, incident: Incident, by: Actor, at: datetime, detail: Mapping[str, Any]
) -> None:
    """Write into the incident's history that all are being told."""
    _note(session, incident, IncidentAct.TELL, by, at, detail)


def read_words(rules: RuleBook, text: str, field: str) -> str:
    """Words to many customers, without the blanks around them; raises Invalid for unfit ones."""
    text = _require(text, field, N_("Write what customers are to be told."))
    if only_introduces(text):
        raise Invalid(
            N_(
                "The letter ends on a colon, and what it announces is missing. Write what is to "
                "follow."
            ),
            field=field,
        )
    require_fit_for_many(rules, text, field=field)
    return text


def _fill(
    session: Session,
    rules: RuleBook,
    incident: Incident,
    given: IncidentGiven,
    by: Actor,
    at: datetime,
) -> None:
    if given.title is not None:
        sentence = N_("Enter in a few words what has happened.")
        incident.title = _require(given.title, "title", sentence, 200)
    if given.category:
        taxonomy = rules.taxonomy
        if given.category not in taxonomy.categories and given.category not in taxonomy.groups:
            raise Invalid(
                N_("There is no category %(code)s."), field="category", code=given.category[:40]
            )
    if given.category is not None:
        incident.category = given.category
    if given.branch is not None:
        _move(session, incident, _place(rules, given.branch, by), by)
    for name in ("cause", "plan"):
        text = getattr(given, name)
        if text is not None:
            require_at_most(text, LONGEST, field=name)
            setattr(incident, name, text.strip())
    if given.expected_at is not None:
        if not at < given.expected_at < at + LATEST:
            raise Invalid(
                N_("Choose a date and time that lies ahead, within a year."), field="expected_at"
            )
        incident.expected_at = given.expected_at
    _fill_words(rules, incident, given, by, at)


def _move(session: Session, incident: Incident, branch_id: int | None, by: Actor) -> None:
    """Let it be about another place: words approved for the one are not approved for the other.

    Whoever makes it smaller decides for all who are part of it, so that takes who decides on all;
    nobody of a branch that is left out stays part of it.
    """
    if incident.id is None or branch_id == incident.branch_id:
        incident.branch_id = branch_id
        return
    if branch_id is not None:
        require_decider(by, incident)
        elsewhere = (
            select(IncidentLink.id)
            .join(Complaint, Complaint.id == IncidentLink.complaint_id)
            .where(
                IncidentLink.incident_id == incident.id,
                IncidentLink.ended_at.is_(None),
                Complaint.branch_id != branch_id,
            )
        )
        if session.scalar(elsewhere.limit(1)) is not None:
            raise Refused(
                N_("Complaints of other branches are part of this incident. Take them out first.")
            )
    incident.branch_id = branch_id
    if not may_decide(by, branch_id):
        incident.words_at, incident.words_by_name = None, ""


def _fill_words(
    rules: RuleBook, incident: Incident, given: IncidentGiven, by: Actor, at: datetime
) -> None:
    new = {
        name: text
        for name in ("words", "words_en")
        if (text := getattr(given, name)) is not None and text.strip() != getattr(incident, name)
    }
    for name, text in new.items():
        kept = read_words(rules, text, name) if text.strip() else ""
        setattr(incident, name, kept)
    if not new:
        return
    incident.words_at, incident.words_by_name = None, ""
    if incident.words and may_decide(by, incident.branch_id):
        _approve(incident, by, at)


def _approve(incident: Incident, by: Actor, at: datetime) -> None:
    incident.words_at, incident.words_by_name = at.replace(microsecond=0), by.name


def _place(rules: RuleBook, code: str, by: Actor) -> int | None:
    if not code:
        return None
    branch = rules.branches_by_code.get(code)
    if branch is None:
        raise Invalid(N_("There is no branch %(code)s."), field="branch", code=code[:40])
    if by.branch_id is not None and branch.id != by.branch_id:
        raise Forbidden(N_("Open it for your own branch, or for all branches."), field="branch")
    return branch.id


def _require_place(by: Actor, incident: Incident) -> None:
    if by.branch_id is not None and incident.branch_id not in (None, by.branch_id):
        raise Forbidden(N_("This incident belongs to another branch."))


def require_open(incident: Incident) -> None:
    """Refuse what comes after the end of an incident."""
    if incident.closed_at is not None:
        raise Refused(N_("This incident is closed. Open a new one if the cause is back."))


def _require(text: str, field: str, sentence: str, longest: int = LONGEST) -> str:
    require_at_most(text, longest, field=field)
    return require_substance(text.strip(), sentence, field=field)


def _said(given: IncidentGiven) -> dict[str, Any]:
    said = {each.name: getattr(given, each.name) for each in fields(given)}
    if given.expected_at is not None:
        said["expected_at"] = given.expected_at.isoformat()
    return {name: value for name, value in said.items() if value is not None}


def _note(
    session: Session,
    incident: Incident,
    what: IncidentAct,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Any],
) -> None:
    session.add(
        IncidentEntry(
            incident_id=incident.id,
            what=what.value,
            at=at.replace(microsecond=0),
            by_id=by.id,
            by_name=by.name,
            detail=dict(detail),
        )
    )
    session.flush()

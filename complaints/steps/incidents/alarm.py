"""More complaints of a kind at a place than usual: noted, and told to its supervisors once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.incidents.spikes import QUIET, WINDOW, tail_of, usual_of
from complaints.domain.permissions import Permission, Role
from complaints.models import Spike
from complaints.outbox.queue import notify
from complaints.people.staff import Person, Staff
from complaints.queries.incidents.counts import Place, Unusual, unusual_counts
from complaints.queries.incidents.known import known_incidents
from complaints.rulebook import RuleBook


def look_for_spikes(session: Session, rules: RuleBook, *, at: datetime) -> int:
    """Note what is unusual now; returns how many alarms are new.

    What goes on is one alarm, until it has been quiet for a while. A place with an open incident of
    the kind needs none. A count over all branches is told only where no branch stands out.
    """
    at = at.replace(microsecond=0)
    found = unusual_counts(session, rules, until=at)
    at_branches = {each.place.category for each in found if each.place.branch_id is not None}
    new = []
    for each in found:
        if each.place.branch_id is None and each.place.category in at_branches:
            continue
        if _note(session, each, at):
            new.append(each)
    told = [each for each in new if not _is_known(session, rules, each.place)]
    if told:
        _tell(session, rules, told, at)
    return len(told)


def _note(session: Session, each: Unusual, at: datetime) -> bool:
    """Whether it is a new alarm; one that goes on keeps the highest count."""
    place, usual = each.place, usual_of(each.before)
    is_there = (
        Spike.branch_id.is_(None) if place.branch_id is None else Spike.branch_id == place.branch_id
    )
    query = select(Spike).where(
        Spike.category == place.category, is_there, Spike.last_at >= at - QUIET
    )
    going_on = session.scalars(query.order_by(Spike.id.desc()).limit(1).with_for_update()).first()
    if going_on is not None:
        going_on.last_at = max(going_on.last_at, at)
        if each.many > going_on.count:
            going_on.count, going_on.usual = each.many, usual.mean
            going_on.chance = tail_of(each.many, usual)
        return False
    session.add(
        Spike(
            category=place.category,
            branch_id=place.branch_id,
            first_at=at - WINDOW,
            last_at=at,
            count=each.many,
            usual=usual.mean,
            chance=tail_of(each.many, usual),
        )
    )
    session.flush()
    return True


def _is_known(session: Session, rules: RuleBook, place: Place) -> bool:
    return bool(known_incidents(session, rules, category=place.category, branch_id=place.branch_id))


def _tell(session: Session, rules: RuleBook, found: Sequence[Unusual], at: datetime) -> None:
    staff = Staff.read(session, at)
    for each in found:
        place, usual = each.place, usual_of(each.before)
        kind = (
            rules.taxonomy.categories.get(place.category) or rules.taxonomy.groups[place.category]
        )
        branch = rules.branches.get(place.branch_id or 0)
        facts = {
            "what": {"id": kind.label_id, "en": kind.label_en},
            "where": branch.name if branch else "",
            "count": each.many,
            "usual": f"{usual.mean:.1f}",
            "incidents": True,
        }
        key = f"spike:{place.category}:{place.branch_id or 0}:{int(at.timestamp())}"
        told = [
            (f"{key}:{person.id}", person, facts)
            for person in staff.by_id.values()
            if _hears(person, place)
        ]
        kind_of_notice = "spike" if branch else "spike_everywhere"
        notify(session, kind_of_notice, told, complaint_id=None, at=at)


def _hears(person: Person, place: Place) -> bool:
    """The supervisors of the branch; of what is everywhere, whoever sees every branch."""
    if not person.is_active or not person.has(Permission.APPROVE):
        return False
    if place.branch_id is None:
        return person.branch_id is None
    return person.branch_id == place.branch_id and person.role == Role.SUPERVISOR.value

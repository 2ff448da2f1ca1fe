"""Make a complaint part of an incident, or take it out again; each is an act on the complaint."""

from sqlalchemy import select

from complaints.domain.errors import N_, Invalid
from complaints.domain.incidents.rules import How
from complaints.domain.lifecycle import PERMISSION_FOR, Action
from complaints.domain.permissions import require
from complaints.models import Incident, IncidentLink
from complaints.steps.advance import advance, write_history
from complaints.steps.case import Case
from complaints.steps.incidents.open import number_of


def join_incident(case: Case, incident: Incident, *, how: How = How.BY_HAND) -> bool:
    """Link a complaint to an open incident; False where it is part of it already.

    Raises Invalid for one that is part of another open incident, or that lies at another place.
    """
    require(case.by, PERMISSION_FOR[Action.JOIN_INCIDENT])
    if incident.closed_at is not None:
        raise Invalid(
            N_("Incident %(incident)s is closed. Open a new one if the cause is back."),
            field="numbers",
            incident=number_of(incident),
        )
    complaint = case.complaint
    for _, other in _links(case):
        if other.id == incident.id:
            return False
        if other.closed_at is None:
            raise Invalid(
                N_("%(number)s is part of incident %(incident)s already. Take it out there first."),
                field="numbers",
                number=case.number,
                incident=number_of(other),
            )
    if incident.branch_id not in (None, complaint.branch_id):
        raise Invalid(
            N_("%(number)s belongs to another branch than this incident."),
            field="numbers",
            number=case.number,
        )
    advance(case, Action.JOIN_INCIDENT, detail={"incident": number_of(incident), "how": how.value})
    _add(case, incident.id, how)
    return True


def leave_incident(case: Case, incident: Incident) -> bool:
    """Take a complaint out of an incident it does not belong to; False where it is no part of it.

    What its customer was told stays told.
    """
    require(case.by, PERMISSION_FOR[Action.LEAVE_INCIDENT])
    for link, other in _links(case):
        if other.id == incident.id:
            advance(case, Action.LEAVE_INCIDENT, detail={"incident": number_of(incident)})
            _end(case, link)
            return True
    return False


def move_links(case: Case, other: Case) -> None:
    """What ends as a duplicate leaves its place in open incidents to the complaint that goes on.

    Both histories say so.
    """
    standing = {incident.id for _, incident in _links(other)}
    for link, incident in _links(case):
        if incident.closed_at is not None:
            continue
        said = {"incident": number_of(incident), "how": How.MERGED.value}
        write_history(case, Action.LEAVE_INCIDENT, {**said, "into": other.number})
        _end(case, link)
        if incident.id not in standing:
            write_history(other, Action.JOIN_INCIDENT, {**said, "from": case.number})
            _add(other, incident.id, How.MERGED)


def _links(case: Case) -> list[tuple[IncidentLink, Incident]]:
    query = (
        select(IncidentLink, Incident)
        .join(Incident, Incident.id == IncidentLink.incident_id)
        .where(IncidentLink.complaint_id == case.complaint.id, IncidentLink.ended_at.is_(None))
        .order_by(IncidentLink.id)
    )
    return [(row.IncidentLink, row.Incident) for row in case.session.execute(query)]


def _add(case: Case, incident_id: int, how: How) -> None:
    case.session.add(
        IncidentLink(
            incident_id=incident_id,
            complaint_id=case.complaint.id,
            how=how.value,
            at=case.at,
            by_id=case.by.id,
            by_name=case.by.name,
        )
    )


def _end(case: Case, link: IncidentLink) -> None:
    link.ended_at, link.ended_by_name = case.at, case.by.name

"""One disturbance of the demonstration: opened lately, its complaints linked and told at once."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.incidents.rules import How
from complaints.models import IncidentTelling
from complaints.queries.incidents.known import suggested_for
from complaints.rulebook import RuleBook
from complaints.seed.people import Cast
from complaints.steps.case import open_case
from complaints.steps.incidents.link import join_incident
from complaints.steps.incidents.open import IncidentGiven, number_of, open_incident
from complaints.steps.incidents.tell import tell_all
from complaints.steps.incidents.tell_one import tell_one

_GIVEN = IncidentGiven(
    title="Kabel utama terpotong galian di Jakarta Selatan",
    category="GANGGUAN",
    cause="Kabel serat optik utama terpotong alat gali proyek saluran air",
    plan="Tim jaringan menyambung kabel; sebagian lalu lintas dialihkan ke jalur cadangan",
    words="Layanan di sebagian Jakarta Selatan terganggu karena kabel utama terpotong pekerjaan "
    "galian. Tim kami sedang menyambungnya, dan kami kabari lagi begitu layanan pulih.",
    words_en="Services in parts of South Jakarta are disturbed because a main cable was cut by "
    "road works. Our team is mending it, and we will write again as soon as it works.",
)
#: A few, so that the page is read at a glance; a slow line or a broken box is not of this cause.
_MOST, _CATEGORIES = 6, ("GGN_MATI", "GGN_PUTUS", "GGN_MASSAL")


def open_disturbance(session: Session, rules: RuleBook, cast: Cast, now: datetime) -> None:
    """Let the supervisor of Jakarta open it, link what came in lately, and tell everybody."""
    boss = cast.by_login["supervisor"].actor
    calendar = rules.own_calendar(boss.branch_id)
    opened_at = calendar.add(now, -40 * 60)
    mended_at = calendar.add(now, 6 * 3600).replace(minute=0, second=0) + timedelta(hours=1)
    given = replace(_GIVEN, expected_at=mended_at)
    incident = open_incident(session, rules, given, by=boss, at=opened_at)
    found = [
        each
        for each in suggested_for(session, rules, boss, incident)
        if each.category in _CATEGORIES
    ]
    for each in found[:_MOST]:
        # Whatever else happened to it, this is the last; nothing is later than now.
        case = open_case(session, each.number, by=boss, at=now)
        join_incident(case, incident, how=How.SUGGESTED)
    if not found:
        return
    session.flush()
    message = tell_all(session, rules, number_of(incident), by=boss, at=now)
    waiting = select(IncidentTelling).where(IncidentTelling.message_id == message.id)
    for telling in session.scalars(waiting.order_by(IncidentTelling.id)).all():
        number = next(each.number for each in found if each.id == telling.complaint_id)
        tell_one(open_case(session, number, by=boss, at=now), telling)

"""What lies with somebody, in words, and who may take it over."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext

from complaints.domain.errors import N_
from complaints.extensions import db
from complaints.queries.people.accounts import handlers_to_choose
from complaints.queries.people.open_work import WorkKind
from complaints.web.frame.guards import actor

#: kind of work → what it is called in a list
KINDS: Mapping[WorkKind, str] = {
    WorkKind.COMPLAINT: N_("Complaints in hand"),
    WorkKind.COMMITMENT: N_("Commitments"),
    WorkKind.REQUEST: N_("Approvals to decide"),
    WorkKind.ESCALATION: N_("Escalations to acknowledge"),
    WorkKind.UNIT: N_("Units to answer for"),
}


def work_lines(kinds: Mapping[WorkKind, int]) -> list[tuple[str, int]]:
    """Each kind of work that is there, with how many there are of it."""
    return [(gettext(word), kinds[kind]) for kind, word in KINDS.items() if kinds.get(kind)]


def takers(without: str = "") -> Sequence[tuple[str, str]]:
    """E-mail and name of who may take work over, within the person's sight; not this address."""
    people = handlers_to_choose(db.session, actor())
    return [(email, name) for email, name in people if email != without]

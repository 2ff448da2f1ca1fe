"""What lies with somebody, in words, and who may take it over."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, ngettext

from complaints.domain.errors import N_
from complaints.extensions import db
from complaints.queries.people.accounts import handlers_to_choose
from complaints.queries.people.lines import Lines
from complaints.queries.people.open_work import WorkKind, open_actions, together, work_of
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.choices import told_apart
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor

#: kind of work → what it is called in a list
KINDS: Mapping[WorkKind, str] = {
    WorkKind.COMPLAINT: N_("Complaints in hand"),
    WorkKind.COMMITMENT: N_("Commitments"),
    WorkKind.REQUEST: N_("Approvals to decide"),
    WorkKind.ESCALATION: N_("Escalations to acknowledge"),
    WorkKind.UNIT: N_("Units to answer for"),
    WorkKind.ACTION: N_("Corrective actions to carry out"),
}


def work_shown(user_id: int, email: str) -> dict[str, Any]:
    """What a page shows of somebody's open work, and who may take it over."""
    work, actions = work_of(db.session, user_id), open_actions(db.session, user_id)
    return {
        "complaints": len(work),
        "actions": actions,
        "work": work_lines({**together(work.values()), WorkKind.ACTION: actions}),
        "takers": takers(without=email) if work or actions else [],
    }


def work_lines(kinds: Mapping[WorkKind, int]) -> list[tuple[str, int]]:
    """Each kind of work that is there, with how many there are of it."""
    return [(gettext(word), kinds[kind]) for kind, word in KINDS.items() if kinds.get(kind)]


def place_lines(lines: Lines, rules: RuleBook) -> list[tuple[str, str, str]]:
    """What hangs on somebody beside their work: the field, its label, and whom or what it is of."""
    units = [label(rules.teams[each.id]) for each in lines.units]
    places = (
        ("superior", gettext("New line manager"), [each.name for each in lines.subordinates]),
        ("lead", gettext("New lead of the unit"), units),
        ("deputy", gettext("New deputy"), [each.name for each in lines.absences]),
    )
    return [(name, word, ", ".join(dict.fromkeys(of))) for name, word, of in places if of]


def takers(without: str = "") -> list[tuple[str, str]]:
    """E-mail and name of who may take work over, within the person's sight; not this address."""
    people = told_apart(current_rules(db.session), handlers_to_choose(db.session, actor()))
    return [each for each in people if each[0] != without]


def what_was_handed_over(count: int, to: str) -> str:
    """On how many complaints, and to whom; "" where there was nothing."""
    if not count:
        return ""
    if to:
        return ngettext(
            "%(to)s has taken over the work on %(num)d complaint.",
            "%(to)s has taken over the work on %(num)d complaints.",
            count,
            to=to,
        )
    return ngettext(
        "The work on %(num)d complaint waits to be given out; who assigns it has been told.",
        "The work on %(num)d complaints waits to be given out; who assigns it has been told.",
        count,
    )

"""Drafts on the desk: one's own, and for supervisors how many lie untouched in the branch."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext

from complaints.actions.drafts import INTAKE, KEEP_DRAFTS
from complaints.domain.permissions import Actor, Permission, Role
from complaints.extensions import db
from complaints.queries.people.drafts import drafts_waiting, own_drafts
from complaints.rulebook import RuleBook
from complaints.web.complaint.conversations.drafts import CONVERSATIONS

#: A supervisor hears of drafts that nobody has touched for so long.
UNTOUCHED = timedelta(days=1)


def drafts_on_desk(me: Actor, rules: RuleBook, now: datetime) -> dict[str, Any]:
    """What the desk shows of drafts; nothing for whoever neither takes nor handles complaints."""
    writes = me.has(Permission.INTAKE) or me.has(Permission.HANDLE)
    is_supervisor = me.role is Role.SUPERVISOR
    own = own_drafts(db.session, me) if writes else []
    return {
        "drafts": own,
        # A draft of a conversation stops no deadline of its complaint.
        "has_intake_draft": any(each.act == INTAKE for each in own),
        "draft_forms": {kind: gettext(words) for kind, words in CONVERSATIONS.items()},
        "drafts_kept_days": KEEP_DRAFTS.days,
        "drafts_waiting": drafts_waiting(db.session, me, INTAKE, saved_before=now - UNTOUCHED)
        if is_supervisor
        else [],
        "draft_zone": rules.own_calendar(me.branch_id).tz,
    }

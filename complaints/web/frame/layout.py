"""The frame around every page: whose desk it is, where they may go, what waits for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, g, request
from flask_login import current_user

from complaints import clock
from complaints.domain.errors import Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.engine.status import has_stopped
from complaints.queries.lists.decisions import MOST_WAITING
from complaints.queries.lists.notifications import Counts
from complaints.rulebook import current_rules
from complaints.web.frame.guards import actor

NOTHING = Counts()
#: How long one look at the engine is good for; pages in between do not ask the database.
LOOK_AGAIN = timedelta(seconds=15)
_LOOK = "tanggap_engine_look"


@dataclass(frozen=True, slots=True)
class Layout:
    """What `base.html` needs besides the page itself."""

    organisation: str
    person: str
    role: str
    branch: str
    is_demonstration: bool
    permissions: frozenset[Permission]
    counts: Counts
    path: str
    #: Whether nobody fires the timers, which everybody at work should know.
    is_engine_down: bool = False

    @property
    def unread(self) -> str:
        """How many notices are unread, as the bell says it."""
        return up_to_99(self.counts.unread)

    @property
    def decisions(self) -> str:
        """How many decisions wait, as the tab says it; empty where none does."""
        return up_to_99(self.counts.decisions) if self.counts.decisions else ""

    def may(self, permission: Permission) -> bool:
        """Whether the person's role holds the permission."""
        return permission in self.permissions


def page_layout() -> Layout:
    """The frame of this request; made once, however often the templates ask."""
    kept: Layout | None = g.get("layout")
    if kept is None:
        kept = g.layout = _make()
    return kept


def _make() -> Layout:
    organisation, branch, is_demonstration = "Tanggap", "", False
    person = actor() if current_user and current_user.is_authenticated else None
    try:
        rules = current_rules(db.session)
    except Refused:
        # A page must still be able to say that nothing has been set up yet.
        pass
    else:
        organisation = rules.organisation.name
        is_demonstration = rules.organisation.is_demonstration
        if person is not None and person.branch_id is not None:
            branch = rules.branches[person.branch_id].name
    return Layout(
        organisation=organisation,
        person=person.name if person else "",
        role=person.role.value if person else "",
        branch=branch,
        is_demonstration=is_demonstration,
        permissions=frozenset(each for each in Permission if person.has(each))
        if person
        else frozenset(),
        counts=current_user.counts if person else NOTHING,
        path=request.path,
        is_engine_down=person is not None and _is_engine_down(),
    )


def up_to_99(count: int) -> str:
    """A count that was counted no further than MOST_WAITING."""
    return str(count) if count < MOST_WAITING else "99+"


def _is_engine_down() -> bool:
    """Whether the engine stands still, as this process last saw it."""
    now = clock.now()
    kept: tuple[datetime, bool] | None = current_app.extensions.get(_LOOK)
    if kept is None or not timedelta(0) <= now - kept[0] < LOOK_AGAIN:
        kept = current_app.extensions[_LOOK] = (now, has_stopped(db.session, now))
    return kept[1]

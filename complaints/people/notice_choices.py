"""Choose how one's own notifications arrive."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid
from complaints.domain.notices.choices import Group, Way
from complaints.domain.permissions import Actor
from complaints.models import NoticeChoice, User


def choose_notices(session: Session, ways: Mapping[str, str], *, by: Actor) -> None:
    """Keep the person's choices in the place of those before; the caller commits."""
    chosen = {}
    for group in Group:
        way = ways.get(group.value, Way.EMAIL.value)
        if way not in set(Way):
            raise Invalid(N_("Choose one of the ways."), field=group.value)
        chosen[group] = Way(way)
    # Two tabs at once take turns.
    session.get(User, by.id, with_for_update={"key_share": True})
    session.execute(delete(NoticeChoice).where(NoticeChoice.user_id == by.id))
    session.add_all(
        NoticeChoice(user_id=by.id, topic=group.value, way=way.value)
        for group, way in chosen.items()
        if way is not Way.EMAIL
    )
    session.flush()

"""Who comes in with a session, and what the frame of every page says of them: one query."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor, Role
from complaints.models import User
from complaints.queries.lists.decisions import TO_ACKNOWLEDGE, TO_DECIDE
from complaints.queries.lists.notifications import UNREAD, Counts
from complaints.rulebook import LATEST, note_latest


@dataclass(frozen=True, slots=True)
class SessionUser:
    """A member of staff whose account is open, and what waits for them."""

    actor: Actor
    email: str
    language: str
    session_number: int
    #: Somebody else has set the password: nothing goes on before they choose their own.
    must_change_password: bool
    counts: Counts


#: Every page asks this, so it is put together once, and asks for the newest rules along with it.
_ARRIVAL = select(
    User.id,
    User.name,
    User.role,
    User.branch_id,
    User.team_id,
    User.email,
    User.language,
    User.session_number,
    User.must_change_password,
    UNREAD.label("unread"),
    TO_ACKNOWLEDGE.label("escalations"),
    TO_DECIDE.label("to_decide"),
    LATEST.label("latest_rules"),
).where(User.id == bindparam("user_id"), User.is_active.is_(True))


def find_session_user(session: Session, user_id: int) -> SessionUser | None:
    """The person with this id, or None when there is no open account."""
    row = session.connection().execute(_ARRIVAL, {"user_id": user_id}).first()
    if row is None:
        return None
    note_latest(session, row.latest_rules)
    return SessionUser(
        actor=Actor(row.id, row.name, Role(row.role), row.branch_id, row.team_id),
        email=row.email,
        language=row.language,
        session_number=row.session_number,
        must_change_password=row.must_change_password,
        counts=Counts(row.unread, row.escalations, row.to_decide),
    )

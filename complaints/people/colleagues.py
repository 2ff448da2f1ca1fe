"""Finding a colleague by what people call them."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from complaints.contacts import staff_email
from complaints.models import User


def active_user(session: Session, email: str) -> User | None:
    """The user with this email address, however it was typed, whose account is active."""
    query = select(User).where(User.email == staff_email(email), User.is_active.is_(True))
    return session.scalar(query)


def colleague_named(session: Session, said: str) -> User | None:
    """The active user who is called so, by name or email address; None for nobody."""
    name = said.strip().casefold()
    query = (
        select(User)
        .where(
            User.is_active.is_(True),
            or_(func.lower(User.name) == name, func.lower(User.email) == name),
        )
        .order_by(User.id)
        .limit(1)
    )
    return session.scalar(query)

"""People who work here and the keys they hold: users, tokens, one-time keys, what is counted."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from complaints.db import Base, Json, UTCDateTime
from complaints.domain.permissions import Actor, Role
from complaints.models.chained import ChainedEntry
from complaints.models.organisation import Branch, Team


class User(Base):
    """A member of staff. `branch_id` None means head office."""

    __tablename__ = "users"
    sealed_by = "id"
    # Changes with every logout; the ends of the history are checked with the history.
    unsealed = frozenset({"session_number", "language", "history_seq", "history_hash"})
    __table_args__ = (Index("ix_users_listed", "is_active", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    language: Mapped[str] = mapped_column(String(2), default="id")
    is_active: Mapped[bool] = mapped_column(default=True)
    #: Grows when the password changes or the account is closed; ends older sessions.
    session_number: Mapped[int] = mapped_column(default=1)
    #: Somebody else has set the password: the first thing is to choose one of one's own.
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Where the history of the account ends.
    history_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    history_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")

    branch: Mapped[Branch | None] = relationship(lazy="raise")
    team: Mapped[Team | None] = relationship(lazy="raise", foreign_keys=[team_id])

    @property
    def actor(self) -> Actor:
        """This person as the rules need to know them."""
        return Actor(
            id=self.id,
            name=self.name,
            role=Role(self.role),
            branch_id=self.branch_id,
            team_id=self.team_id,
        )


class Absence(Base):
    """When a person is away, and who hears of things instead if they may see them.

    It need not be the person who notes it or ends it. One that was struck out before it began
    stays as a row that ends where it begins.
    """

    __tablename__ = "absences"
    sealed_by = "id"
    __table_args__ = (
        # The ladder asks who is away now.
        Index("ix_absences_until_at", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    from_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    noted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ApiToken(Base):
    """A program's key to the API; only its SHA-256 is kept."""

    __tablename__ = "api_tokens"
    sealed_by = "id"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(lazy="raise")


class AccountEntry(ChainedEntry, Base):
    """An act on an account: who did what to it; the entries of an account hang on one chain."""

    __tablename__ = "account_history"
    __table_args__ = (UniqueConstraint("user_id", "seq", name="uq_account_history_user_id_seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: The key it is signed with; None on an entry from before entries were signed.
    key_id: Mapped[str | None] = mapped_column(String(8))


class OneTimeKey(Base):
    """The key of one form or API call: what it made, so that a repeat makes nothing twice."""

    __tablename__ = "one_time_keys"
    __table_args__ = (
        # The nightly sweep deletes old keys by age.
        Index("ix_one_time_keys_created_at", "created_at"),
    )

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    #: Whose key it is; None for what comes without an account.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(60))
    body_hash: Mapped[str] = mapped_column(String(64), default="")
    complaint_id: Mapped[int | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class LoginAttempt(Base):
    """Failures by a key (see `domain.accounts.login_delay`), and when the last of them was.

    `account` is the fingerprint of the e-mail address that was typed, so that what nobody has an
    account for is not kept; `address` is the network address as it is counted.
    """

    __tablename__ = "login_attempts"
    __table_args__ = (
        # An administrator sees and clears the failures of an account.
        Index("ix_login_attempts_account", "account"),
    )

    throttle_key: Mapped[str] = mapped_column(String(120), primary_key=True)
    account: Mapped[str] = mapped_column(String(64), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)


class RateLimit(Base):
    """How often something was done within a window, under a pseudonym (see `rate_limits`)."""

    __tablename__ = "rate_limits"
    __table_args__ = (
        # The hourly sweep deletes windows that are over.
        Index("ix_rate_limits_resets_at", "resets_at"),
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    used: Mapped[int]
    resets_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Sighting(Base):
    """What a process saw last at that time, and the operator has to know, by name."""

    __tablename__ = "sightings"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)

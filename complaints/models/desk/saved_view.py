"""Lists that somebody comes back to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime

_IS_SHARED = "is_shared"


class SavedView(Base):
    """The filters of a list of complaints under a name; whoever opens it sees by their own rights.

    A shared one is for everybody of `branch_id`, of all branches where that is None.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("owner_id", "name", name="uq_saved_views_owner_id_name"),
        Index(
            "ix_saved_views_shared",
            "branch_id",
            postgresql_where=text(_IS_SHARED),
            sqlite_where=text(_IS_SHARED),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(60))
    #: Name of each filter and what it asks for, as they stand in the address.
    asked: Mapped[dict[str, str]] = mapped_column(Json)
    is_shared: Mapped[bool] = mapped_column(default=False)
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)

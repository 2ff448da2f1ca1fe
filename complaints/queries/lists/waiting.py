"""Whose turn it is with an open complaint: ours, a unit's, the customer's or whoever approves.

Each condition follows an index of what waits, or stands in the list's own index.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal_column, not_, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.models import Complaint, Extension, Offer, Party


class Waiting(StrEnum):
    """For whom a complaint waits; `ME` are those the reader handles that wait for nobody else."""

    ME = "me"
    UNIT = "unit"
    CUSTOMER = "customer"
    APPROVAL = "approval"


_IS_ASKED = Offer.state == literal_column("'waiting_approval'")
_IS_OFFERED: ColumnElement[bool] = literal_column("complaints.status = 'offered'")
#: Paused until the customer answers, or the customer has an offer to answer.
_OF_CUSTOMER = or_(Complaint.waiting_customer, _IS_OFFERED)


def waits_for(waiting: str, actor: Actor) -> ColumnElement[bool]:
    """Whether an open complaint waits for them; Invalid for a word that is none of `Waiting`."""
    match waiting:
        case Waiting.CUSTOMER:
            return _OF_CUSTOMER
        case Waiting.UNIT:
            return Complaint.id.in_(select(Party.complaint_id).where(Party.answer.is_(None)))
        case Waiting.APPROVAL:
            to_sign = Complaint.__table__.alias("to_sign")
            return Complaint.id.in_(
                union_all(
                    select(Offer.complaint_id).where(_IS_ASKED),
                    select(Extension.complaint_id).where(Extension.answer.is_(None)),
                    select(to_sign.c.id).where(to_sign.c.signature_asked_at.is_not(None)),
                )
            )
        case Waiting.ME:
            return and_(
                Complaint.handler_id == actor.id,
                not_(_OF_CUSTOMER),
                Complaint.signature_asked_at.is_(None),
                not_(_has(Party.complaint_id, Party.answer.is_(None))),
                not_(_has(Offer.complaint_id, _IS_ASKED)),
                not_(_has(Extension.complaint_id, Extension.answer.is_(None))),
            )
    raise Invalid(N_("This list cannot be narrowed like that."), field="waiting")


def _has(
    complaint_id: InstrumentedAttribute[int], condition: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether such a row hangs on the complaint."""
    found: Select[Any] = select(literal_column("1")).where(complaint_id == Complaint.id, condition)
    return found.correlate(Complaint).exists()

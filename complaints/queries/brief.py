"""Who and what complaints are about, for the first line of what is told of them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.brief import brief
from complaints.models import Complaint
from complaints.rows import among
from complaints.rulebook import RuleBook


def read_briefs(
    session: Session, rules: RuleBook, complaint_ids: Collection[int]
) -> dict[int, dict[str, Any]]:
    """Complaint id → the facts of `brief`, with one query."""
    if not complaint_ids:
        return {}
    query = select(
        Complaint.id, Complaint.category, Complaint.contact_name, Complaint.contact_salutation
    ).where(among(session, Complaint.id, complaint_ids))
    salutations, categories = rules.organisation.salutations, rules.taxonomy.categories
    return {
        row.id: brief(
            salutations,
            row.contact_name,
            row.contact_salutation,
            categories.get(row.category or ""),
        )
        for row in session.execute(query)
    }

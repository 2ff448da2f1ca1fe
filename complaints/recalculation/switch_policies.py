"""Bring open complaints over to packs that are switched on or off for all.

Only which packs they are handled under is kept here; `batch` starts and stops the clocks.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.policies.whatif import Change
from complaints.models import Complaint
from complaints.rows import update_rows
from complaints.rulebook import RuleBook


def switch_packs(
    session: Session, rules: RuleBook, change: Change, complaint_ids: Sequence[int]
) -> None:
    """Let the change hold for these complaints, which are locked.

    A pack that was switched on for what is new alone, before or after, is none of the change's.
    """
    on = [policy.code for policy in change.switched_on]
    rows = []
    query = select(Complaint.id, Complaint.packs).where(Complaint.id.in_(complaint_ids))
    for row in session.execute(query):
        before = rules.packs if row.packs is None else row.packs
        after = [code for code in before if code not in change.switched_off]
        after += [code for code in on if code not in after]
        if after != row.packs:
            rows.append({"id": row.id, "packs": after})
    update_rows(session, Complaint, rows)

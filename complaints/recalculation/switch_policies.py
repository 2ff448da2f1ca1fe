"""Bring open complaints over to policies that are switched on or off for all.

Only which policies they are handled under is kept here; `batch` starts and stops the clocks.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.policies.whatif import Change
from complaints.models import Complaint
from complaints.rows import update_rows
from complaints.rulebook import RuleBook


def switch_policies(
    session: Session, rules: RuleBook, change: Change, complaint_ids: Sequence[int]
) -> None:
    """Let the change hold for these complaints, which are locked.

    A policy that was switched on for what is new alone, before or after, is none of the change's.
    """
    on = [policy.code for policy in change.switched_on]
    rows = []
    query = select(Complaint.id, Complaint.policy_codes).where(Complaint.id.in_(complaint_ids))
    for row in session.execute(query):
        before = rules.policy_codes if row.policy_codes is None else row.policy_codes
        after = [code for code in before if code not in change.switched_off]
        after += [code for code in on if code not in after]
        if after != row.policy_codes:
            rows.append({"id": row.id, "policy_codes": after})
    update_rows(session, Complaint, rows)

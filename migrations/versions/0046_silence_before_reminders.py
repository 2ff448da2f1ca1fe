"""Silence that was recorded before the system wrote the reminders itself is marked as of then.

Any message or call passed for a reminder, and the period counted from the offer. Such a record
keeps the force that it had and says under which rules it was made. Since the reminders are ours
each of them has an entry of the history, so that records without one are those of before; the end
of a dispute, the other reason why there is no answer, rests on 020-3.5 and was never asked for one.
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_SILENT = """
    SELECT silent.record_id FROM exits AS silent
    WHERE silent.kind = 'unable' AND silent.criterion = '020-3.4' AND NOT silent.is_earlier
        AND silent.record_id IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM exits AS dispute
            WHERE dispute.complaint_id = silent.complaint_id AND dispute.cycle = silent.cycle
                AND dispute.kind = 'unable' AND dispute.criterion = '020-3.5'
                AND dispute.id < silent.id)
        AND NOT EXISTS (
            SELECT 1 FROM history
            WHERE history.complaint_id = silent.complaint_id AND history.what = 'remind'
                AND history.at <= silent.recorded_at)
"""


def upgrade() -> None:
    op.execute(f"UPDATE step_records SET proof_rules = 1 WHERE id IN ({_SILENT})")


def downgrade() -> None:
    op.execute(f"UPDATE step_records SET proof_rules = 2 WHERE id IN ({_SILENT})")

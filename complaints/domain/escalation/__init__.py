"""ESCALATION: the ladder, who hears of a deadline before and after it falls due, and when."""

from complaints.domain.escalation.ladder import Ladder
from complaints.domain.escalation.rungs import (
    HOLDING_UNITS,
    Firing,
    Rung,
    Step,
    Target,
    TopReminder,
)

__all__ = ["HOLDING_UNITS", "Firing", "Ladder", "Rung", "Step", "Target", "TopReminder"]

"""RECALCULATION: running clocks computed again after a rule changed, batch by batch."""

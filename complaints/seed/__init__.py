"""THE DEMONSTRATION: an invented organisation's people, customers and months of complaints.

Everything is told through the real steps with their own instants, so that history, ledger and
evidence are true. Only what is invented for show lives here; no rule of the trade may.
"""

from complaints.seed.people import PASSWORD, demonstration_logins
from complaints.seed.runner import DemoCounts, make_demonstration

__all__ = ["PASSWORD", "DemoCounts", "demonstration_logins", "make_demonstration"]

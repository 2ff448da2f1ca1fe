"""THE RULE BOOK: the organisation's rules in force, versioned rows turned into domain values.

Steps and queries both ask here which calendar, policy, ladder or wording applies. Nothing is
written here.
"""

from complaints.rulebook.book import BranchRule, RuleBook, TeamRule
from complaints.rulebook.entries import ENTRY, read_entry, terms_entry
from complaints.rulebook.read import (
    FILES,
    FOLDERS,
    LATEST,
    PLANNED,
    WEBHOOKS,
    current_rules,
    last_read_rules,
    next_plan_at,
    note_latest,
)

__all__ = [
    "ENTRY",
    "FILES",
    "FOLDERS",
    "LATEST",
    "PLANNED",
    "WEBHOOKS",
    "BranchRule",
    "RuleBook",
    "TeamRule",
    "current_rules",
    "last_read_rules",
    "next_plan_at",
    "note_latest",
    "read_entry",
    "terms_entry",
]

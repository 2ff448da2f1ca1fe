"""SEARCHING: what somebody typed to find a complaint, read as words and what stands for each."""

from complaints.domain.searching.read import LONGEST, Spellings, Typed, read_typed
from complaints.domain.searching.terms import Group, Term, group_of, is_rare

__all__ = ["LONGEST", "Group", "Spellings", "Term", "Typed", "group_of", "is_rare", "read_typed"]

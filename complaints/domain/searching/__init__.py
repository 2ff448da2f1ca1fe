"""SEARCHING: what somebody typed to find a complaint, read as words and what stands for each."""

from complaints.domain.searching.read import Spellings, Typed, read_typed
from complaints.domain.searching.terms import Group, Term, group_of, is_rare

__all__ = ["Group", "Spellings", "Term", "Typed", "group_of", "is_rare", "read_typed"]

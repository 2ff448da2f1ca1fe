"""SUGGESTIONS: which categories a story and its ticket speak for, and by what."""

from complaints.domain.suggestions.facts import FactRules, KnownFact
from complaints.domain.suggestions.match import Suggestion, match_words
from complaints.domain.suggestions.synonyms import Phrase, Synonyms

__all__ = ["FactRules", "KnownFact", "Phrase", "Suggestion", "Synonyms", "match_words"]

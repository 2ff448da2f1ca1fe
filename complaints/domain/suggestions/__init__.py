"""SUGGESTIONS: which categories a story speaks for, by words that the organisation keeps."""

from complaints.domain.suggestions.match import Suggestion, match_words
from complaints.domain.suggestions.synonyms import Phrase, Synonyms

__all__ = ["Phrase", "Suggestion", "Synonyms", "match_words"]

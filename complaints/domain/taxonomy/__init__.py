"""TAXONOMY: what complaints are about, as the organisation words it; its items and their checks."""

from complaints.domain.taxonomy.items import (
    HANDLER,
    Category,
    Channel,
    Ending,
    Fact,
    Labelled,
    Outcome,
)
from complaints.domain.taxonomy.taxonomy import Taxonomy

__all__ = ["HANDLER", "Category", "Channel", "Ending", "Fact", "Labelled", "Outcome", "Taxonomy"]

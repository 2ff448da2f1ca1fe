"""Which categories fit what somebody tells, proposed with the words that speak for each.

The one function that pages and calls ask; what it goes by may be replaced behind it.
"""

from sqlalchemy.orm import Session

from complaints.domain.suggestions import Suggestion, match_words
from complaints.rulebook import RuleBook


def suggest_categories(
    session: Session, rules: RuleBook, story: str, product: str | None = None, limit: int = 3
) -> list[Suggestion]:
    """The likeliest categories in use for a story, the likeliest first; none where no word fits.

    A proposal only: whoever takes the complaint chooses. The words that the organisation keeps are
    what it goes by, so that neither the database nor the product has a part in it yet.
    """
    in_use = {code for code, each in rules.taxonomy.categories.items() if not each.retired}
    return match_words(rules.synonyms, story, in_use, limit)

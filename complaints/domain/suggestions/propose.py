"""What is proposed for a text: ranked by a model, with phrases that stand there as reasons."""

from collections.abc import Collection

from complaints.domain.suggestions.learned import Model
from complaints.domain.suggestions.match import Suggestion, match_words
from complaints.domain.suggestions.synonyms import Synonyms

#: Where no phrase stands in the text, what comes first has to be as likely as this.
SURE = 0.1


def propose(
    model: Model, book: Synonyms, text: str, codes: Collection[str], limit: int = 3
) -> list[Suggestion]:
    """The likeliest of the codes; none where no phrase fits and the model is not sure either.

    What is no complaint competes for its place and is not proposed.
    """
    matched = {each.code: each for each in match_words(book, text, codes, len(codes))}
    found = model.suggest(text, book.spellings, model.codes, len(model.codes))
    likely = [each for each in found if each.code in codes][:limit]
    is_likely = bool(found) and found[0].code in codes and found[0].confidence >= SURE
    if not matched and not is_likely:
        return []
    return [
        Suggestion(each.code, each.confidence, matched[each.code].because)
        if each.code in matched
        else each
        for each in likely
    ]

"""A model of nothing but the organisation's own phrases: what proposes on the first day.

A term speaks for the categories whose phrases have it, the more so the fewer others have it too
(the weights of a complement naive Bayes). It takes no library and a fraction of a second.
"""

import math
from array import array
from collections import Counter, defaultdict

from complaints.domain.suggestions.features import read_text
from complaints.domain.suggestions.learned import Model, inverse_frequency, weigh
from complaints.domain.suggestions.synonyms import Synonyms

#: What is set against every weight, so that one phrase is never the whole truth.
DOUBT = 1.0
#: Brings the scores to a scale on which their shares tell how sure a proposal is.
SCALE = 5.0


def phrase_model(book: Synonyms) -> Model:
    """The model of the phrases in a file of synonyms."""
    codes = tuple(book.phrases)
    told = [
        (place, read_text(phrase.text, book.spellings).counts())
        for place, code in enumerate(codes)
        for phrase in book.phrases[code]
    ]
    found = Counter(term for _, counts in told for kind in counts for term in kind)
    rarity = {term: inverse_frequency(times, len(told)) for term, times in found.items()}
    masses: dict[str, dict[int, float]] = {term: defaultdict(float) for term in rarity}
    for place, counts in told:
        for term, value in weigh(counts, rarity).items():
            masses[term][place] += value
    starts, columns, weights = array("I", [0]), array("H"), array("f")
    for of_codes in masses.values():
        total = sum(of_codes.values()) + DOUBT
        for place, mass in of_codes.items():
            columns.append(place)
            weights.append(SCALE * math.log(total / (total - mass)))
        starts.append(len(columns))
    return Model(
        codes,
        (0.0,) * len(codes),
        {term: place for place, term in enumerate(masses)},
        array("f", rarity.values()),
        starts,
        columns,
        weights,
    )

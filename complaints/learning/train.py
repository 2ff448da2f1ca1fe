"""Train the model of category suggestions: weights of words, nothing that tells of a person."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from scipy.sparse import csr_matrix
from sklearn.linear_model import RidgeClassifier

from complaints.domain.suggestions.features import Counts, read_text
from complaints.domain.suggestions.learned import FORM, inverse_frequency, weigh

#: A term that fewer customers used is not kept; those of the organisation's own phrases are.
LEAST_CUSTOMERS = 3
#: So many terms of each kind at the most, those of most customers first.
MOST_TERMS = 30_000
#: Weights so small, as a share of the largest of a term, tell nothing and are left out.
LEAST_SHARE = 0.05
#: How stiff the ridge classifier is, and what brings its scores to a scale on which their shares
#: tell how sure a proposal is.
STIFFNESS, SCALE = 1.0, 6.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text and its code; `who` told it, and an empty one is a phrase of the organisation."""

    text: str
    code: str
    who: str = ""


def train(lessons: Sequence[Lesson], spellings: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """A model as plain data (`domain/suggestions/learned.py` reads it)."""
    read = [read_text(each.text, spellings).counts() for each in lessons]
    kept = [_kept([counts[kind] for counts in read], lessons) for kind in (0, 1)]
    terms = [term for kind in kept for term in kind]
    places = {term: place for place, term in enumerate(terms)}
    found = Counter(term for counts in read for kind in counts for term in kind if term in places)
    rarity = {term: inverse_frequency(found[term], len(read)) for term in terms}
    rows = [weigh(counts, rarity) for counts in read]
    matrix = csr_matrix(
        (
            [value for row in rows for value in row.values()],
            [places[term] for row in rows for term in row],
            [0, *accumulate(len(row) for row in rows)],
        ),
        shape=(len(rows), len(terms)),
    )
    codes = [each.code for each in lessons]
    fitted = RidgeClassifier(alpha=STIFFNESS, class_weight="balanced").fit(matrix, codes)
    weights, bias = (SCALE * fitted.coef_.T).tolist(), (SCALE * fitted.intercept_).tolist()
    return {
        "form": FORM,
        "codes": [str(code) for code in fitted.classes_],
        "bias": [round(each, 3) for each in bias],
        "terms": {
            term: [round(rarity[term], 3), *_sparse(weights[place])]
            for term, place in places.items()
        },
    }


def _kept(counts: Sequence[Counts], lessons: Sequence[Lesson]) -> list[str]:
    """Which terms of a kind may be kept: of phrases all, of customers those of enough of them."""
    own: set[str] = set()
    told_by: dict[str, set[str]] = defaultdict(set)
    for terms, lesson in zip(counts, lessons, strict=True):
        if not lesson.who:
            own.update(terms)
            continue
        for term in terms:
            told_by[term].add(lesson.who)
    shared = sorted(
        (term for term, who in told_by.items() if len(who) >= LEAST_CUSTOMERS and term not in own),
        key=lambda term: (-len(told_by[term]), term),
    )
    return [*sorted(own), *shared[: max(0, MOST_TERMS - len(own))]]


def _sparse(weights: Sequence[float]) -> Iterator[float]:
    """Place and weight in turns, of those that tell something."""
    least = max(LEAST_SHARE * max(map(abs, weights)), 1e-6)
    for place, weight in enumerate(weights):
        if abs(weight) >= least:
            yield place
            yield round(weight, 2)

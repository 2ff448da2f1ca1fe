"""Whether what was learned proposes better than the phrases alone, tried on what came last."""

from collections.abc import Sequence
from typing import Any

from complaints.domain.suggestions import Synonyms
from complaints.domain.suggestions.learned import Model
from complaints.domain.suggestions.phrases import phrase_model
from complaints.learning.train import Lesson, train

#: One in so many, the newest, is kept back for the trial.
ONE_IN = 5
SHOWN = 3


def learn(book: Synonyms, lessons: Sequence[Lesson]) -> dict[str, Any]:
    """A model of all lessons, the newest first, and how often one of the older ones was right.

    `share_right` and `share_before` are the shares, in thousandths, of the newest texts whose
    category was among three proposed, by what the older ones taught and by the phrases alone.
    """
    phrases = [Lesson(each.text, each.of) for of in book.phrases.values() for each in of]
    newest = len(lessons) // ONE_IN
    tried, known = lessons[:newest], lessons[newest:]
    trial = Model.from_dict(train([*phrases, *known], book.spellings))
    return {
        "model": train([*phrases, *lessons], book.spellings),
        "tried": len(tried),
        "share_right": _share_right(trial, book, tried),
        "share_before": _share_right(phrase_model(book), book, tried),
    }


def _share_right(model: Model, book: Synonyms, tried: Sequence[Lesson]) -> int:
    found = [
        each.code
        in {one.code for one in model.suggest(each.text, book.spellings, model.codes, SHOWN)}
        for each in tried
    ]
    return 1000 * sum(found) // max(1, len(found))

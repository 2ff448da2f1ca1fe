"""Which categories fit what somebody tells, proposed with the words and facts that speak for each.

The one function that pages and calls ask; what it goes by is what was learned from the
organisation's own complaints, and its phrases alone as long as nothing was.
"""

import json
import zlib
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Actor
from complaints.domain.searching.read import words_in
from complaints.domain.suggestions import Suggestion
from complaints.domain.suggestions.features import READ
from complaints.domain.suggestions.learned import Model
from complaints.domain.suggestions.phrases import phrase_model
from complaints.domain.suggestions.propose import (
    leave_out_facts,
    place_facts,
    propose,
    spoken_groups,
)
from complaints.models import Complaint, SuggestionModel
from complaints.queries.scope import in_scope, sees_all
from complaints.queries.ticket_facts import Ticket, read_facts
from complaints.rulebook import RuleBook

#: What is unpacked of a stored model at the most.
MOST_BYTES = 64 * 2**20

#: So many closed complaints of a category are looked at for what it rests on; so many are named.
LOOKED_AT, NAMED = 50, 3

#: Engine → row and model that were read last, and basis → model of its phrases.
_learned: WeakKeyDictionary[Engine, tuple[int, Model]] = WeakKeyDictionary()
_of_phrases: dict[str, Model] = {}


def suggest_categories(
    session: Session,
    rules: RuleBook,
    story: str,
    product: str | None = None,
    limit: int = 3,
    ticket: Ticket | None = None,
) -> list[Suggestion]:
    """The likeliest categories in use for a story, the likeliest first; none where no word fits.

    Those that take a fact come from what is known of the `ticket`, in a group that the story speaks
    of, and never from words alone. A proposal only: whoever takes the complaint chooses. An
    organisation that has switched proposals off gets none. One small query, and those of
    `read_facts`.
    """
    book = rules.synonyms
    if not book.is_proposing:
        return []
    in_use = codes_in_use(rules)
    told = f"{product} {story}" if product else story
    model = learned_model(session, rules) or _phrases_of(rules)
    if not book.facts.is_proposing:
        return propose(model, book, told, in_use, limit)
    said = propose(model, book, told, in_use, limit)
    categories = rules.taxonomy.categories
    bearing = {code: categories[code] for code in in_use if categories[code].fact}
    words = leave_out_facts(said, model, book, told, in_use, categories)
    groups = spoken_groups(said, categories.values(), ticket.category if ticket else None)
    asked = [each for each in bearing.values() if each.group in groups]
    known = read_facts(session, rules, ticket, asked) if ticket and asked else []
    return place_facts(said, words, known, limit)


def resting_on(
    session: Session, rules: RuleBook, found: Sequence[Suggestion], actor: Actor
) -> dict[str, list[str]]:
    """The newest closed complaints of each proposed category that have its words, by code.

    Within the person's scope; a query for each category, along its index.
    """
    return {each.code: _closed_with(session, rules, each, actor) for each in found}


def _closed_with(
    session: Session, rules: RuleBook, proposed: Suggestion, actor: Actor
) -> list[str]:
    words = words_in(" ".join(proposed.because))
    conditions = [] if sees_all(actor) else [in_scope(actor)]
    query = (
        select(Complaint.id, Complaint.year, func.substr(Complaint.story, 1, READ).label("story"))
        .where(
            Complaint.category == proposed.code,
            Complaint.status == Status.CLOSED.value,
            *conditions,
        )
        .order_by(Complaint.received_at.desc(), Complaint.id.desc())
        .limit(LOOKED_AT)
    )
    rows = [row for row in session.execute(query) if words & words_in(row.story)]
    return [rules.numbers.write(row.year, row.id) for row in rows[:NAMED]]


def learned_model(session: Session, rules: RuleBook) -> Model | None:
    """The newest model that was learned by these categories and phrases, if one is in use."""
    query = (
        select(SuggestionModel.id, SuggestionModel.is_used)
        .where(SuggestionModel.basis == basis_of(rules))
        .order_by(SuggestionModel.id.desc())
        .limit(1)
    )
    newest = session.execute(query).first()
    if newest is None or not newest.is_used:
        return None
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    known = _learned.get(engine)
    if known is None or known[0] != newest.id:
        known = (newest.id, _read_model(session, newest.id))
        _learned[engine] = known
    return known[1]


@lru_cache(maxsize=4)
def basis_of(rules: RuleBook) -> str:
    """A mark of the categories and phrases in force; what was learned by others is not used."""
    book = rules.synonyms
    told = [
        sorted(codes_in_use(rules)),
        {code: [each.text for each in of] for code, of in book.phrases.items()},
        dict(book.spellings),
    ]
    return sha256(json.dumps(told).encode()).hexdigest()


def codes_in_use(rules: RuleBook) -> set[str]:
    """The categories that may be chosen."""
    return {code for code, each in rules.taxonomy.categories.items() if not each.retired}


def _read_model(session: Session, row_id: int) -> Model:
    body = session.scalars(select(SuggestionModel.body).where(SuggestionModel.id == row_id)).one()
    return Model.from_dict(json.loads(zlib.decompressobj().decompress(body, MOST_BYTES)))


def _phrases_of(rules: RuleBook) -> Model:
    basis = basis_of(rules)
    model = _of_phrases.get(basis)
    if model is None:
        _of_phrases.clear()
        model = _of_phrases[basis] = phrase_model(rules.synonyms)
    return model

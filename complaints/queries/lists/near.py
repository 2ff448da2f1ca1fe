"""What was probably meant where nothing has the words that were typed: known words one slip away.

Known are the words of the organisation's phrases, those of the names of customers that begin alike,
and those that begin alike in the newest stories. Both databases give the same; nothing is stored.
"""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.searching import Group, Term, group_of
from complaints.domain.searching.read import words_in
from complaints.domain.suggestions import Synonyms
from complaints.models import Complaint, Customer
from complaints.queries.lists.search import (
    MOST_CUSTOMERS,
    Conditions,
    find_named,
    find_words,
    read_query,
)
from complaints.rulebook import current_rules

#: A shorter word is one slip away from many; a longer one may have two.
SHORTEST, LONG = 4, 8
#: So many words that may be meant are looked for in the place of one.
MOST_MEANT = 3
#: Names and stories with a word that begins with so many of the letters typed are looked through.
BEGINNING = 3
#: So many of the newest stories, each so far: more would cost more the more complaints there are.
MOST_STORIES, READ = 150, 2_000


def find_near(
    session: Session, typed: str, conditions: Conditions, *, limit: int, is_upward: bool = False
) -> list[int]:
    """Ids of complaints that have what was probably meant; asked where nothing was found."""
    groups = read_query(typed, session).groups
    book = current_rules(session).synonyms
    meant = [_meant(session, group, book) for group in groups]
    if meant == list(groups):
        return []
    return find_words(session, meant, conditions, limit=limit, is_upward=is_upward)


def nearest(word: str, known: Sequence[str]) -> list[str]:
    """The known words that a slip or two makes of this one, the nearest first."""
    slips = 2 if len(word) >= LONG else 1
    found = process.extract(
        word, known, scorer=OSA.distance, processor=None, score_cutoff=slips, limit=20
    )
    alike = sorted((slip, each) for each, slip, _ in found if slip)
    return [each for _, each in alike[:MOST_MEANT]]


def _meant(session: Session, group: Group, book: Synonyms) -> Group:
    word = group[0].words[0]
    known = _words_of_phrases(tuple(book.weights))
    is_word = len(group[0].words) == 1 and word.isalpha() and len(word) >= SHORTEST
    if not is_word or word in known:
        return group
    names = _names(session, word) | _told(session, word)
    # The shared spellings of a word are known as well; what stands for it was looked for already.
    found = [] if word in names else nearest(word, sorted({*known, *names}))
    # With its endings and other spellings, as if it had been typed.
    meant = [term for each in found for term in read_query(each, session).groups[0]]
    return group_of([*group, *meant]) if meant else group


@lru_cache(maxsize=4)
def _words_of_phrases(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(each for each in words if each.isalpha() and len(each) >= SHORTEST)


def _names(session: Session, word: str) -> set[str]:
    ids = find_named(session, Term((word[:BEGINNING],), is_beginning=True), MOST_CUSTOMERS)
    names = session.scalars(select(Customer.name).where(Customer.id.in_(ids))) if ids else ()
    found = {each for name in names for each in words_in(name)}
    return {each for each in found if each.isalpha() and len(each) >= SHORTEST}


def _told(session: Session, word: str) -> set[str]:
    """The words of the newest stories that begin alike, whoever may read them.

    What is found with them is looked for within what somebody sees, and the words are not shown.
    """
    alike = word[:BEGINNING]
    ids = find_words(session, ((Term((alike,), is_beginning=True),),), (), limit=MOST_STORIES)
    story = func.substr(Complaint.story, 1, READ)
    stories = session.scalars(select(story).where(Complaint.id.in_(ids))) if ids else ()
    found = {each for told in stories for each in words_in(told)}
    return {
        each
        for each in found
        if each.isalpha() and len(each) >= SHORTEST and each.startswith(alike)
    }

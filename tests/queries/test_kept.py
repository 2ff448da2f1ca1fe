"""A statement that is kept is the one that would have been put together, for each reader."""

from datetime import UTC, datetime
from itertools import product

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import SYSTEM, Actor, Role
from complaints.models import User
from complaints.queries.kept import Kept
from complaints.queries.lists import board, commitments, held, notifications, worklist
from complaints.queries.lists.filters import ME, NONE, ListFilters
from complaints.queries.people import accounts

READERS = [
    SYSTEM,
    *(
        Actor(place, "", role, branch, team)
        for place, (role, branch, team) in enumerate(product(Role, (None, 1, 2), (None, 1, 2)), 1)
    ),
]
#: Each with what is chosen.
BUILDERS = [
    (board._own,),
    (board._of_others,),
    (board._offers,),
    (board._extensions,),
    (board._to_sign,),
    (accounts._handlers,),
    (commitments._open_ones, 10),
    (held._held, True),
    (held._held, False),
    (notifications._notices, 26, True, False),
    *(
        (worklist._page_from, filters, None, 51, 0, (7,))
        for filters in (
            ListFilters(),
            ListFilters(status="open", priority="P1"),
            ListFilters(overdue=True),
            ListFilters(handler=ME),
            ListFilters(handler=NONE, cause="it's"),
        )
    ),
]


def flat(query: Select, **values: object) -> str:
    """The statement with its values written out."""
    query = query.params(**values) if values else query
    return str(query.compile(compile_kwargs={"literal_binds": True}))


@pytest.mark.parametrize("asked", BUILDERS, ids=lambda asked: asked[0].__name__)
def test_it_says_what_a_new_one_would(asked):
    build, *chosen = asked
    kept, now = Kept(build), {"now": datetime(2026, 11, 30, tzinfo=UTC)}
    for reader in READERS:
        values = {"reader_id": reader.id, "reader_branch_id": reader.branch_id}
        values["reader_team_id"] = reader.team_id
        made = kept.statement(reader, *chosen)
        assert flat(made, **values, **now) == flat(build(reader, *chosen), **now)


def test_readers_alike_share_one_and_find_their_own(session: Session):
    made = []

    def build(reader: Actor) -> Select:
        made.append(reader)
        return select(User.id).where(User.id == reader.id)

    kept = Kept(build)
    people = session.scalars(select(User.id).order_by(User.id).limit(2)).all()
    readers = [Actor(each, "", Role.CSR, 1) for each in people]
    assert [kept.rows(session, each)[0].id for each in readers] == list(people)
    assert len(people) == 2
    assert len(made) == 1
    kept.rows(session, Actor(people[0], "", Role.CSR))
    assert len(made) == 2

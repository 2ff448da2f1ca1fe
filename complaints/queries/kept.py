"""Statements that depend on who reads, put together once for all who see alike.

To put a statement of four joins together, and to find it among those compiled, takes longer than
to read its rows by an index.
"""

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Integer, Row, bindparam
from sqlalchemy.orm import Session

from complaints.db import UTCDateTime
from complaints.domain.permissions import Actor

_ID: BindParameter[int] = bindparam("reader_id", type_=Integer)
_BRANCH: BindParameter[int] = bindparam("reader_branch_id", type_=Integer)
_TEAM: BindParameter[int] = bindparam("reader_team_id", type_=Integer)
#: The present moment, where a kept statement asks for it.
NOW: BindParameter[datetime] = bindparam("now", type_=UTCDateTime())


class Kept:
    """Around a function that makes a statement of an actor's role and ids, and of what is `chosen`.

    It is called once for each role, with and without branch and team, and for each choice; the ids
    it is given are parameters, whose values it cannot read. Of many choices the first made are
    forgotten first.
    """

    def __init__(self, build: Callable[..., Any], most: int = 64) -> None:
        self._build = build
        self._most = most
        self._made: dict[tuple[Hashable, ...], Any] = {}

    def rows(
        self, session: Session, actor: Actor, *chosen: Hashable, **values: object
    ) -> list[Row[*tuple[Any, ...]]]:
        """What the statement finds for this reader, with the values of its own parameters."""
        query = self.statement(actor, *chosen)
        return list(session.connection().execute(query, {**_values(actor), **values}).all())

    def statement(self, actor: Actor, *chosen: Hashable) -> Any:
        """The statement for everybody who sees like this reader and chooses the same."""
        shape = (
            actor.role,
            actor.is_system,
            actor.id is None,
            actor.branch_id is None,
            actor.team_id is None,
            *chosen,
        )
        made = self._made.get(shape)
        if made is None:
            made = self._build(_stand_in(actor), *chosen)
            while len(self._made) >= self._most:
                self._made.pop(next(iter(self._made)), None)
            self._made[shape] = made
        return made


def _values(actor: Actor) -> Mapping[str, int | None]:
    return {
        "reader_id": actor.id,
        "reader_branch_id": actor.branch_id,
        "reader_team_id": actor.team_id,
    }


def _stand_in(actor: Actor) -> Actor:
    """The same reader with a parameter in the place of each id that is there."""
    person: Any = None if actor.id is None else _ID
    branch: Any = None if actor.branch_id is None else _BRANCH
    team: Any = None if actor.team_id is None else _TEAM
    return Actor(person, "", actor.role, branch, team, actor.is_system)

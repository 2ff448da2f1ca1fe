"""Statements that depend on who reads, put together once for all who see alike.

To put a statement of four joins together, and to find it among those compiled, takes longer than
to read its rows by an index.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BindParameter, Integer, Row, bindparam
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor

_ID: BindParameter[int] = bindparam("reader_id", type_=Integer)
_BRANCH: BindParameter[int] = bindparam("reader_branch_id", type_=Integer)
_TEAM: BindParameter[int] = bindparam("reader_team_id", type_=Integer)


class Kept:
    """Around a function that makes a statement of an actor's role and ids, and of nothing else.

    It is called once for each role, with and without branch and team; the ids it is given are
    parameters, whose values it cannot read.
    """

    def __init__(self, build: Callable[[Actor], Any]) -> None:
        self._build = build
        self._made: dict[tuple[object, ...], Any] = {}

    def rows(self, session: Session, actor: Actor) -> list[Row[Any]]:
        """What the statement finds for this reader."""
        found = session.connection().execute(self.statement(actor), _values(actor))
        return list(found.all())

    def statement(self, actor: Actor) -> Any:
        """The statement for everybody who sees like this reader."""
        shape = (
            actor.role,
            actor.is_system,
            actor.id is None,
            actor.branch_id is None,
            actor.team_id is None,
        )
        made = self._made.get(shape)
        if made is None:
            made = self._made[shape] = self._build(_stand_in(actor))
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

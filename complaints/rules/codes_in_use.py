"""Codes of the configuration that records still use: taking one away is refused at load.

Only what the file knew before and knows no more is looked for, so that an unchanged file asks the
database nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaints.domain.errors import N_, Invalid
from complaints.domain.taxonomy import Taxonomy
from complaints.models import (
    Branch,
    Cause,
    Commitment,
    Complaint,
    Customer,
    Offer,
    Party,
    Team,
    User,
)

Body = Mapping[str, Any]
Count = Callable[[Session, str], int]


def _by(*columns: InstrumentedAttribute[Any]) -> Count:
    """How many rows hold a code in these columns."""

    def count(session: Session, code: str) -> int:
        queries = (select(func.count()).where(column == code) for column in columns)
        return sum(session.scalar(query) or 0 for query in queries)

    return count


def _by_id(table: type[Branch] | type[Team], *columns: InstrumentedAttribute[Any]) -> Count:
    """The same where rows hold the id behind the code."""

    def count(session: Session, code: str) -> int:
        key = session.scalar(select(table.id).where(table.code == code))
        if key is None:
            return 0
        queries = (select(func.count()).where(column == key) for column in columns)
        return sum(session.scalar(query) or 0 for query in queries)

    return count


def _of_need(session: Session, code: str) -> int:
    has = cast(Customer.needs, Text).contains(f'"{code}"', autoescape=True)
    return session.scalar(select(func.count()).where(has)) or 0


#: What the code is called → in which file it stands, how its codes are read, who uses it.
_TAXONOMY: Mapping[str, tuple[Callable[[Taxonomy], Iterable[str]], Count]] = {
    "category": (lambda taxonomy: taxonomy.categories, _by(Complaint.category)),
    "channel": (lambda taxonomy: taxonomy.channels, _by(Complaint.channel)),
    "cause": (lambda taxonomy: taxonomy.causes, _by(Cause.code)),
    "remedy": (lambda taxonomy: taxonomy.remedies, _by(Offer.remedy)),
    "outcome": (lambda taxonomy: taxonomy.outcomes, _by(Complaint.outcome)),
    "tier": (lambda taxonomy: taxonomy.tiers, _by(Customer.tier)),
    "need": (lambda taxonomy: taxonomy.needs, _of_need),
}
_ORGANISATION: Mapping[str, Count] = {
    "branch": _by_id(Branch, Complaint.branch_id, User.branch_id),
    "team": _by_id(Team, Complaint.team_id, Party.team_id, Commitment.team_id, User.team_id),
}


def require_codes_kept(session: Session, kind: str, before: Body, now: Body) -> None:
    """Refuse a file that no longer knows a code which records use; Invalid names all of them.

    `before` is the file as it was read last, `now` as it is to be taken in.
    """
    used = [
        f"{name} {code} ({count})"
        for name, code, count in _gone_in_use(session, kind, before, now)
        if count
    ]
    if used:
        raise Invalid(
            N_(
                "The file %(kind)s.toml no longer knows codes that records still use (how many in "
                "brackets): %(codes)s. Put them back; a label may be changed, a code never. "
                "Nothing was loaded."
            ),
            kind=kind,
            codes=", ".join(used),
        )


def _gone_in_use(
    session: Session, kind: str, before: Body, now: Body
) -> Iterable[tuple[str, str, int]]:
    if kind == "taxonomy":
        old, new = Taxonomy.from_dict(before), Taxonomy.from_dict(now)
        for name, (codes, count) in _TAXONOMY.items():
            for code in sorted(set(codes(old)) - set(codes(new))):
                yield name, code, count(session, code)
    if kind == "organisation":
        for name, count in _ORGANISATION.items():
            gone = _ids(before, name) - _ids(now, name)
            for code in sorted(gone):
                yield name, code, count(session, code)


def _ids(body: Body, name: str) -> set[str]:
    return {str(each["id"]) for each in body.get(name, ())}

"""Codes of the configuration that records still use: taking one away is refused at load.

Then only what the file knew before and knows no more is looked for, so that an unchanged file asks
the database nothing.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaints.domain.clauses import Policy
from complaints.domain.errors import N_, Invalid
from complaints.domain.taxonomy import Labelled, Taxonomy
from complaints.domain.words.exits import ExitKind
from complaints.models import (
    Branch,
    Cause,
    Commitment,
    Complaint,
    Customer,
    Exit,
    Offer,
    Party,
    StepRecord,
    Team,
    User,
)
from complaints.rulebook.in_use import Retirable

Body = Mapping[str, Any]
Count = Callable[[Session, str], int]
#: Code → how many rows hold it.
CountAll = Callable[[Session], Mapping[str, int]]


def _by(column: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> CountAll:
    """How many rows, of those for which all of `where` holds, have which code in this column."""

    def count(session: Session) -> Mapping[str, int]:
        query = select(column.label("code"), func.count().label("number"))
        rows = session.execute(query.where(column.is_not(None), *where).group_by(column))
        return {row.code: row.number for row in rows}

    return count


def _of_exits(kind: ExitKind) -> CountAll:
    return _by(Exit.code, Exit.kind == kind.value, Exit.code != "")


def _by_id(table: type[Branch] | type[Team], *columns: InstrumentedAttribute[Any]) -> Count:
    """The same where rows hold the id behind the code."""

    def count(session: Session, code: str) -> int:
        key = session.scalar(select(table.id).where(table.code == code))
        if key is None:
            return 0
        queries = (select(func.count()).where(column == key) for column in columns)
        return sum(session.scalar(query) or 0 for query in queries)

    return count


def _in_lists(column: InstrumentedAttribute[list[str]]) -> CountAll:
    """How many rows have which code in a list of this column."""

    def count(session: Session) -> Mapping[str, int]:
        counted: Counter[str] = Counter()
        codes = cast(column, Text)
        query = select(codes, func.count()).where(codes != "[]").group_by(codes)
        for text, number in session.execute(query):
            for code in json.loads(text or "[]"):
                counted[code] += number
        return counted

    return count


def _of_products(session: Session) -> Mapping[str, int]:
    """Complaints about them, and customers who have them by contract."""
    counted = Counter(_by(Complaint.product)(session))
    counted.update(_in_lists(Customer.products)(session))
    return counted


def _of_leaflet(session: Session) -> Mapping[str, int]:
    """Records of the information that was given on the service standard, by item."""
    counted: Counter[str] = Counter()
    given = StepRecord.detail["items"].as_string()
    query = select(given, func.count()).where(StepRecord.criterion == "020-3.7").group_by(given)
    for text, number in session.execute(query):
        for code in json.loads(text or "[]"):
            counted[code] += number
    return counted


#: What the code is called → in which file it stands, how its codes are read, who uses it.
_TAXONOMY: Mapping[str, tuple[Callable[[Taxonomy], Mapping[str, Labelled]], CountAll]] = {
    "category": (lambda taxonomy: taxonomy.categories, _by(Complaint.category)),
    "channel": (lambda taxonomy: taxonomy.channels, _by(Complaint.channel)),
    "cause": (lambda taxonomy: taxonomy.causes, _by(Cause.code)),
    "remedy": (lambda taxonomy: taxonomy.remedies, _by(Offer.remedy)),
    "outcome": (lambda taxonomy: taxonomy.outcomes, _by(Complaint.outcome)),
    "tier": (lambda taxonomy: taxonomy.tiers, _by(Customer.tier)),
    "need": (lambda taxonomy: taxonomy.needs, _in_lists(Customer.needs)),
}
#: File → its lists of items, and who uses their codes.
_PLAIN: Mapping[str, Mapping[str, CountAll]] = {
    "exits": {"reason": _of_exits(ExitKind.UNABLE), "pause": _of_exits(ExitKind.PAUSE)},
    "organisation": {"product": _of_products},
    "standard_information": {"item": _of_leaflet},
}
#: What may be marked as retired.
_RETIRABLE = {
    "category", "channel", "cause", "remedy", "team", "branch", "reason", "pause", "product",
}  # fmt: skip
#: What may be written in free words as well, which are no code.
_IN_WORDS = {"product"}
_ORGANISATION: Mapping[str, Count] = {
    "branch": _by_id(Branch, Complaint.branch_id, User.branch_id),
    "team": _by_id(Team, Complaint.team_id, Party.team_id, Commitment.team_id, User.team_id),
}


def require_codes_kept(session: Session, kind: str, before: Body, now: Body) -> None:
    """Refuse a file that no longer knows a code which records use; Invalid names all of them.

    `before` is the file as it was read last, `now` as it is to be taken in.
    """
    used = [each for each in _gone_in_use(session, kind, before, now) if each[-1]]
    if used:
        sentence = N_(
            "The file %(kind)s.toml no longer knows codes that records still use (how many in "
            "brackets): %(codes)s. Put them back; a label may be changed, a code never. "
            "Nothing was loaded."
        )
        if all(name in _RETIRABLE for name, _, _ in used):
            sentence = N_(
                "The file %(kind)s.toml no longer knows codes that records still use (how many in "
                "brackets): %(codes)s. Put them back; a label may be changed, a code never, "
                "and retired = true ends its use for new complaints. Nothing was loaded."
            )
        codes = ", ".join(f"{name} {code} ({count})" for name, code, count in used)
        raise Invalid(sentence, kind=kind, codes=codes)


def _gone_in_use(
    session: Session, kind: str, before: Body, now: Body
) -> Iterable[tuple[str, str, int]]:
    for (name, old, count), (_, new, _) in zip(
        _lists(kind, before), _lists(kind, now), strict=True
    ):
        gone = sorted(set(old) - set(new))
        counted = count(session) if gone else {}
        yield from ((name, code, counted.get(code, 0)) for code in gone)
    if kind == "organisation":
        for name, count_one in _ORGANISATION.items():
            for code in sorted(_ids(before, name) - _ids(now, name)):
                yield name, code, count_one(session, code)


def _lists(kind: str, body: Body) -> Iterable[tuple[str, Mapping[str, Retirable], CountAll]]:
    """Each list of codes of a file: what it is called, its items, and who uses them."""
    if kind == "taxonomy":
        taxonomy = Taxonomy.from_dict(body)
        return [(name, known(taxonomy), count) for name, (known, count) in _TAXONOMY.items()]
    return [(name, _items(body, name), count) for name, count in _PLAIN.get(kind, {}).items()]


@dataclass(frozen=True, slots=True)
class _Item:
    retired: bool


def _items(body: Body, name: str) -> Mapping[str, _Item]:
    return {str(each["id"]): _Item(bool(each.get("retired"))) for each in body.get(name, ())}


#: What a clock of a policy may ask for → the codes there are of it.
_SELECTED: Mapping[str, Callable[[Taxonomy], Iterable[str]]] = {
    "category": lambda taxonomy: taxonomy.categories,
    "category_group": lambda taxonomy: taxonomy.groups,
    "tier": lambda taxonomy: taxonomy.tiers,
    "channel": lambda taxonomy: taxonomy.channels,
}
_SELECTED_ORGANISATION = ("branch", "product")


def codes_selected(taxonomy: Body, organisation: Body) -> set[tuple[str, str]]:
    """Every code that a policy may ask for, with what it is called there."""
    read = Taxonomy.from_dict(taxonomy)
    found = {(name, code) for name, codes in _SELECTED.items() for code in codes(read)}
    return found | {
        (name, code) for name in _SELECTED_ORGANISATION for code in _ids(organisation, name)
    }


def require_policies_match(gone: Collection[tuple[str, str]], policies: Mapping[str, Body]) -> None:
    """Refuse codes that are `gone` and that clocks of these policies still ask for.

    Such a clock would start for no complaint any more, and nobody would see it. Invalid names each
    code with the policy and how many clocks of it ask for it.
    """
    asking: Counter[tuple[str, str, str]] = Counter()
    for policy, body in policies.items():
        for clause in Policy.from_dict(body).clauses:
            for name, values in clause.selectors.items():
                asking.update(
                    (name, code, policy) for code in map(str, values) if (name, code) in gone
                )
    if asking:
        raise Invalid(
            N_(
                "Policies that are switched on still name codes that are to be taken out (how many "
                "deadlines in brackets): %(codes)s. Change the policy first, or put the codes "
                "back. Nothing was loaded."
            ),
            codes=", ".join(
                f"{name} {code} in {policy} ({count})"
                for (name, code, policy), count in sorted(asking.items())
            ),
        )


@dataclass(frozen=True, slots=True)
class CodesInUse:
    """Codes that records use and nobody may choose, each with how many records use it.

    `unknown` the configuration does not hold, `retired` it holds and marks so.
    """

    unknown: Sequence[tuple[str, str, int]]
    retired: Sequence[tuple[str, str, int]]


def codes_in_use(session: Session, bodies: Mapping[str, Body]) -> CodesInUse:
    """Look through all records for such codes; slow where there are very many.

    `bodies` are the files of `config/` as they are in force, by name.
    """
    unknown: list[tuple[str, str, int]] = []
    retired: list[tuple[str, str, int]] = []
    lists = [each for kind, body in bodies.items() for each in _lists(kind, body)]
    for name, items, count in lists:
        for code, number in sorted(count(session).items()):
            if code not in items and name in _IN_WORDS:
                continue
            if code not in items:
                unknown.append((name, code, number))
            elif items[code].retired:
                retired.append((name, code, number))
    organisation = bodies.get("organisation", {})
    tables: Mapping[str, type[Branch] | type[Team]] = {"branch": Branch, "team": Team}
    for name, table in tables.items():
        ids = _ids(organisation, name)
        given_up = {str(each["id"]) for each in organisation.get(name, ()) if each.get("retired")}
        for code in session.scalars(select(table.code).order_by(table.code)):
            if code in ids and code not in given_up:
                continue
            number = _ORGANISATION[name](session, code)
            if number:
                (retired if code in ids else unknown).append((name, code, number))
    return CodesInUse(unknown, retired)


def _ids(body: Body, name: str) -> set[str]:
    return {str(each["id"]) for each in body.get(name, ())}

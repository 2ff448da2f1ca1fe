"""Which rule book is in force: read from the versioned rows, and cached by version."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Text, cast, event, func, select
from sqlalchemy.orm import Session, object_session

from complaints.domain.config.organisation import Organisation
from complaints.domain.errors import N_, Invalid
from complaints.models import Branch, RuleVersion, Team
from complaints.rule_texts import read_rules
from complaints.rulebook.book import (
    BranchRule,
    RuleBook,
    TaxonomyVersion,
    TeamRule,
    Versioned,
)

#: The kinds of rule and the file of `config/` each comes from; those in folders have many codes.
FOLDERS = {"calendar": "calendars", "policy": "policies", "ladder": "ladders"}
FILES = (
    "taxonomy",
    "priority",
    "authority",
    "scripts",
    "standard_information",
    "record",
    "commitments",
    "organisation",
    "letters",
    "exits",
    "mailboxes",
    "synonyms",
)

#: The kind under which it is kept which webhooks are switched on, version by version.
WEBHOOKS = "webhooks"

#: The kind under which changes are kept that are planned for a date.
PLANNED = "planned"

_books: WeakKeyDictionary[Engine, RuleBook] = WeakKeyDictionary()

#: The newest version there is; whoever asks the database for something else may ask along.
LATEST = select(func.max(RuleVersion.id)).scalar_subquery()
_ONLY_LATEST = select(LATEST)
_SEEN = "tanggap_latest_rules"


def current_rules(session: Session) -> RuleBook:
    """The rule book in force, the same for a whole transaction unless it loads rules itself.

    One small query, unless the newest version has been seen in this transaction. Raises Invalid
    when nothing has been loaded yet.
    """
    engine = session.get_bind()
    transaction, latest = session.info.get(_SEEN, (None, None))
    if latest is None or transaction is not session.get_transaction():
        latest = session.connection().scalar(_ONLY_LATEST)
        note_latest(session, latest)
    if latest is None:
        raise Invalid(N_("The organisation's rules are not loaded. Run `complaints init` first."))
    assert isinstance(engine, Engine)
    book = _books.get(engine)
    if book is None or book.latest_id != latest:
        try:
            book = _read(session, latest)
        except ValueError as error:
            # They were loaded by a version that asked for less.
            raise Invalid(
                N_("The organisation's rules cannot be used. Run `complaints init` again. %(why)s"),
                why=str(error),
            ) from error
        _books[engine] = book
    return book


def last_read_rules(engine: Any) -> RuleBook | None:
    """The rule book as this process last read it, None before; asks nothing, and may be old."""
    return _books.get(engine)


def next_plan_at(engine: Engine) -> datetime | None:
    """When the next planned change comes into force, as this process last read; asks nothing."""
    book = _books.get(engine)
    return book.next_plan_at if book is not None else None


def note_latest(session: Session, latest: int | None) -> None:
    """Remember for this transaction what `LATEST` was."""
    session.info[_SEEN] = (session.get_transaction(), latest)


@event.listens_for(RuleVersion, "after_insert")
def _forget_latest(mapper: object, connection: object, version: RuleVersion) -> None:
    session = object_session(version)
    if session is not None:
        session.info.pop(_SEEN, None)


def _read(session: Session, latest: int) -> RuleBook:
    text = cast(RuleVersion.body, Text).label("text")
    query = select(RuleVersion.id, RuleVersion.kind, RuleVersion.code, RuleVersion.loaded_at, text)
    rows = session.execute(query.order_by(RuleVersion.id)).all()
    newest = {(row.kind, row.code): row for row in rows}
    files = {row.kind: row for row in newest.values() if row.kind in FILES}
    _require_all(files)

    def versions(kind: str) -> dict[int, Any]:
        return {row.id: read_rules(kind, row.id, row.text) for row in rows if row.kind == kind}

    def in_force(name: str) -> Any:
        return read_rules(name, files[name].id, files[name].text)

    calendars, ladders = versions("calendar"), versions("ladder")
    undertaken = versions("commitments")
    policies = versions("policy") | {key: each.policy for key, each in undertaken.items()}
    in_use = [policies[row.id] for (kind, _), row in newest.items() if kind == "policy"]
    organisation = in_force("organisation")
    listening = newest.get((WEBHOOKS, WEBHOOKS))
    ladder_row = newest[("ladder", organisation.ladder)]
    return RuleBook(
        latest_id=latest,
        organisation=organisation,
        taxonomy=in_force("taxonomy"),
        taxonomy_versions=[
            TaxonomyVersion(row.loaded_at, partial(read_rules, row.kind, row.id, row.text))
            for row in rows
            if row.kind == "taxonomy"
        ],
        matrix=in_force("priority"),
        authority=in_force("authority"),
        record=in_force("record"),
        commitments=in_force("commitments"),
        leaflet=in_force("standard_information"),
        scripts=in_force("scripts"),
        letters=in_force("letters"),
        exits=in_force("exits"),
        mailboxes=in_force("mailboxes"),
        synonyms=in_force("synonyms"),
        policies=tuple(each for each in in_use if each.code in organisation.policies),
        all_policies=tuple(in_use),
        ladder=ladders[ladder_row.id],
        calendars={
            code: Versioned(row.id, calendars[row.id])
            for (kind, code), row in newest.items()
            if kind == "calendar"
        },
        branches=_branches(session, organisation, _listed(files["organisation"].text, "branch")),
        teams=_teams(session, organisation, _listed(files["organisation"].text, "team")),
        calendar_versions=calendars,
        policy_versions=policies,
        ladder_versions=ladders,
        has_webhooks=listening is not None and bool(json.loads(listening.text)["endpoints"]),
        codes={row.id: row.code for row in rows if row.kind in ("calendar", "ladder")},
        next_plan_at=_next_plan(row.text for (kind, _), row in newest.items() if kind == PLANNED),
    )


def _next_plan(texts: Iterable[str]) -> datetime | None:
    """When the first of the plans is due that nothing keeps from coming into force."""
    bodies = [json.loads(each) for each in texts]
    due = [each["from"] for each in bodies if "from" in each and not each.get("why")]
    return min(map(datetime.fromisoformat, due), default=None)


def _require_all(files: Collection[str]) -> None:
    """Raise Invalid where a file of `config/` has never been loaded."""
    absent = [name for name in FILES if name not in files]
    if absent:
        raise Invalid(
            N_("The organisation's rules lack %(names)s. Run `complaints init` again."),
            names=", ".join(absent),
        )


class _Coded(Protocol):
    """A branch or a unit."""

    @property
    def code(self) -> str:
        """Its code in the file."""


P = TypeVar("P", bound=_Coded)


class ListedRows(dict[int, P]):
    """Branches or units by id; one that the file lists no more is offered to nobody.

    `[]` finds it all the same for records that name it; `in`, `get` and the values do not.
    """

    def __init__(self, listed: Mapping[int, P], gone: Mapping[int, P]) -> None:
        super().__init__(listed)
        self._gone = gone

    def __missing__(self, key: int) -> P:
        return self._gone[key]


def _listed(text: str, name: str) -> set[str]:
    """The codes that the organisation's file lists; rows of others were taken out, unused."""
    return {str(each["id"]) for each in json.loads(text)[name]}


def _branches(
    session: Session, organisation: Organisation, listed: Collection[str]
) -> dict[int, BranchRule]:
    retired = organisation.retired_branches
    rows = session.scalars(select(Branch).order_by(Branch.id))
    return _listed_first(
        {
            row.id: BranchRule(
                row.id,
                row.code,
                row.name,
                row.calendar,
                row.address,
                row.phone,
                row.code in retired,
            )
            for row in rows
        },
        listed,
    )


def _teams(
    session: Session, organisation: Organisation, listed: Collection[str]
) -> dict[int, TeamRule]:
    retired = organisation.retired_teams
    rows = session.scalars(select(Team).order_by(Team.id))
    return _listed_first(
        {
            row.id: TeamRule(
                row.id, row.code, row.label_id, row.label_en, row.lead_id, row.code in retired
            )
            for row in rows
        },
        listed,
    )


def _listed_first(rows: Mapping[int, P], listed: Collection[str]) -> "ListedRows[P]":
    """The rows that the file lists; behind them, to be read by id alone, those taken out of it."""
    mine = {key: each for key, each in rows.items() if each.code in listed}
    return ListedRows(mine, {key: each for key, each in rows.items() if key not in mine})

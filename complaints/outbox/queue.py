"""Queueing letters and notifications in the transaction of the fact they tell.

Rows are plain dictionaries so that one step and a sweep of thousands write them the same way.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy.orm import Session

from complaints.domain.notices.choices import Way
from complaints.domain.words.letter_state import LEAVING
from complaints.models import Notice, OutboxMessage
from complaints.queries.people.notice_choices import chosen_ways
from complaints.rows import Row, insert_rows


def is_in_hand(message: OutboxMessage, now: datetime) -> bool:
    """Whether a worker is sending it at this moment, so that its words are not changed any more."""
    is_leaving = message.state == "queued" and message.last_error.startswith(LEAVING)
    return is_leaving and message.next_try_at > now


def letter_row(
    kind: str,
    key: str,
    *,
    to: str,
    language: str,
    complaint_id: int | None,
    facts: Mapping[str, Any],
    at: datetime,
    via: str = "email",
) -> Row:
    """One letter of `kind`, a folder in `templates/letters`; a `key` is never sent twice.

    `via` says how it leaves: by ``email``, or as a ``letter`` that somebody has to print.
    """
    return {
        "key": key,
        "kind": kind,
        "complaint_id": complaint_id,
        "to_address": to,
        "language": language,
        "facts": dict(facts),
        "created_at": at,
        "via": via,
        "state": "queued" if via == "email" else "to_print",
        "attempts": 0,
        "next_try_at": at,
        "last_error": "",
    }


def notice_row(
    kind: str,
    key: str,
    *,
    user_id: int,
    complaint_id: int | None,
    facts: Mapping[str, Any],
    at: datetime,
    awaits_digest: bool = False,
    digest_at: datetime | None = None,
) -> Row:
    """One line among a person's notifications; its sentence is made when it is read.

    With `awaits_digest` its e-mail comes with the person's next digest, with `digest_at` with the
    summary that they chose.
    """
    return {
        "key": key,
        "kind": kind,
        "user_id": user_id,
        "complaint_id": complaint_id,
        "facts": dict(facts),
        "at": at,
        "awaits_digest": awaits_digest,
        "digest_at": digest_at,
    }


def notice_letter_row(
    kind: str,
    key: str,
    *,
    to: str,
    name: str,
    language: str,
    complaint_id: int | None,
    facts: Mapping[str, Any],
    at: datetime,
) -> Row:
    """The e-mail that says the same as a notification, to a person by name."""
    return letter_row(
        "notice",
        key,
        to=to,
        language=language,
        complaint_id=complaint_id,
        facts={"notice": kind, "name": name, **facts},
        at=at,
    )


class Hearer(Protocol):
    """Somebody who has notifications and an e-mail address."""

    @property
    def id(self) -> int:
        """Whose notifications they are."""

    @property
    def name(self) -> str:
        """As the e-mail calls them."""

    @property
    def email(self) -> str:
        """Where the e-mail goes."""

    @property
    def language(self) -> str:
        """In which it is written."""


def notify(
    session: Session,
    kind: str,
    told: Iterable[tuple[str, Hearer, Mapping[str, Any]]],
    *,
    complaint_id: int | None,
    at: datetime,
    about: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Store a notification for each, and the e-mail that says the same: key, person, facts.

    `about` are facts that stand in the e-mails alone; a page knows them anew. Who chose to hear of
    the kind on the page only, or once a day, gets no e-mail of its own.
    """
    told = list(told)
    ways = chosen_ways(session, kind, {person.id for _, person, _ in told}, at)
    notices, letters = [], []
    for key, person, facts in told:
        way, digest_at = ways.get(person.id, (Way.EMAIL, None))
        notices.append(
            notice_row(
                kind,
                key,
                user_id=person.id,
                complaint_id=complaint_id,
                facts=facts,
                at=at,
                digest_at=digest_at,
            )
        )
        if way is not Way.EMAIL:
            continue
        letters.append(
            notice_letter_row(
                kind,
                key,
                to=person.email,
                name=person.name,
                language=person.language,
                complaint_id=complaint_id,
                facts={**facts, **about},
                at=at,
            )
        )
    queue_notices(session, notices)
    queue_letters(session, letters)


def queue_letters(session: Session, rows: Sequence[Row]) -> None:
    """Store letters for delivery."""
    insert_rows(session, OutboxMessage, rows)


def queue_notices(session: Session, rows: Sequence[Row]) -> None:
    """Store lines of notifications."""
    insert_rows(session, Notice, rows)

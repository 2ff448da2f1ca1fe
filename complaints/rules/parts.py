"""Save what the organisation decided on a page: one file of `config/` with some of it changed.

The file is checked as a whole, together with all others in force, exactly as `complaints init`
checks them. A save is a new version; what was handled under an earlier one keeps it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid, NotFound, Stale
from complaints.domain.permissions import Actor, Permission, require
from complaints.models import RuleVersion
from complaints.rules.check import check_rule, check_rules
from complaints.rules.codes_in_use import (
    codes_selected,
    require_codes_kept,
    require_policies_match,
)
from complaints.rules.edit import SOMEBODY_ELSE
from complaints.rules.in_force import bodies_in_force
from complaints.rules.load import (
    NewVersion,
    Origin,
    keep_rows_of,
    newest_version,
    store_version,
)


def file_in_force(session: Session, file: str) -> RuleVersion:
    """The newest version of a file of `config/`; NotFound when none has been loaded."""
    row = newest_version(session, file, file)
    if row is None:
        raise NotFound(N_("There is no rule %(code)s."), code=file[:40])
    return row


def check_file(session: Session, file: str, body: Mapping[str, Any]) -> None:
    """Raise Invalid for a file that cannot take the place of the one in force.

    It has to fit to all others, and to know every code that records use or deadlines ask for.
    """
    bodies = bodies_in_force(session)
    before = bodies[file][file]
    now = {**bodies, file: {file: body}}
    try:
        check_rule(file, body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(N_("This cannot be saved: %(why)s"), why=str(error)) from error
    require_codes_kept(session, file, before, body)
    check_rules(now)
    if file in ("taxonomy", "organisation"):
        gone = _selected(bodies) - _selected(now)
        switched_on = bodies["organisation"]["organisation"].get("policies", ())
        require_policies_match(
            gone, {code: each for code, each in bodies["policy"].items() if code in switched_on}
        )


def save_file(
    session: Session,
    file: str,
    body: Mapping[str, Any],
    base_id: int,
    *,
    by: Actor,
    at: datetime,
) -> RuleVersion:
    """Make this the version in force from now on; `base_id` is the version that was edited.

    Sent twice it is saved once. Raises Stale when somebody else saved the file meanwhile, Invalid
    with a sentence when it cannot be used.
    """
    require(by, Permission.ADMINISTER)
    newest = file_in_force(session, file)
    new = NewVersion(file, file, body, Origin.ADMIN)
    if newest.content_hash == new.digest:
        return newest
    if newest.id != base_id:
        raise Stale(SOMEBODY_ELSE)
    check_file(session, file, body)
    try:
        row = store_version(session, new, by=by.name, at=at)
    except IntegrityError as error:
        raise Stale(SOMEBODY_ELSE) from error
    keep_rows_of(session, file, body)
    session.flush()
    return row


def _selected(bodies: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> set[tuple[str, str]]:
    return codes_selected(bodies["taxonomy"]["taxonomy"], bodies["organisation"]["organisation"])

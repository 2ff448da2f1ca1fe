"""Edit who may decide what alone: the limits and thresholds of `authority.toml`, on a page.

An edit is a new version and holds from now on: what was decided under an earlier one stays decided.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from complaints.domain.config.authority import Authority
from complaints.domain.errors import N_, Invalid, NotFound, Stale
from complaints.domain.permissions import Actor, Permission, require
from complaints.models import RuleVersion
from complaints.rules.edit import SOMEBODY_ELSE
from complaints.rules.load import NewVersion, Origin, newest_version, store_version

KIND = "authority"


def authority_in_force(session: Session) -> RuleVersion:
    """The newest version; NotFound when nothing has been loaded yet."""
    row = newest_version(session, KIND, KIND)
    if row is None:
        raise NotFound(N_("There is no rule %(code)s."), code=KIND)
    return row


def check_authority(body: Mapping[str, Any]) -> Authority:
    """The thresholds as the rules read them; Invalid with a sentence when they cannot be used."""
    try:
        authority = Authority.from_dict(body)
    except ValueError as error:
        raise Invalid(N_("This cannot be saved: %(why)s"), why=str(error)) from error
    if not any(authority.limits.values()):
        raise Invalid(N_("With these limits nobody could give anything."), field="limits")
    return authority


def save_authority(
    session: Session, body: Mapping[str, Any], base_id: int, *, by: Actor, at: datetime
) -> RuleVersion:
    """Make this the version in force; `base_id` is the version that was edited.

    Sent twice it is saved once. Raises Stale when somebody else saved it meanwhile.
    """
    require(by, Permission.ADMINISTER)
    newest = authority_in_force(session)
    new = NewVersion(KIND, KIND, body, Origin.ADMIN)
    if newest.content_hash == new.digest:
        return newest
    if newest.id != base_id:
        raise Stale(SOMEBODY_ELSE)
    check_authority(body)
    try:
        return store_version(session, new, by=by.name, at=at)
    except IntegrityError as error:
        raise Stale(SOMEBODY_ELSE) from error

"""The files of `config/` as they are in force, edits of pages included, as data."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.models import RuleVersion
from complaints.rulebook import FILES, FOLDERS


def bodies_in_force(session: Session) -> dict[str, dict[str, Mapping[str, Any]]]:
    """kind → code → the newest version of each file, as `rules.load` takes them."""
    newest = (
        select(func.max(RuleVersion.id))
        .where(RuleVersion.kind.in_((*FILES, *FOLDERS)))
        .group_by(RuleVersion.kind, RuleVersion.code)
    )
    rows = session.execute(
        select(RuleVersion.kind, RuleVersion.code, RuleVersion.body).where(
            RuleVersion.id.in_(newest)
        )
    )
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for kind, code, body in rows:
        found.setdefault(kind, {})[code] = body
    return found

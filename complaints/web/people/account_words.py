"""What was done to an account, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from complaints.domain.accounts.acts import AccountAct
from complaints.domain.errors import N_
from complaints.formatting import say_instant
from complaints.models import AccountEntry
from complaints.outbox.mail.account_wording import ACCOUNT_FIELDS
from complaints.queries.people.account_history import list_entries
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import label, role_word
from complaints.web.frame.translations import lang

#: act → (words, icon)
ACTS: Mapping[AccountAct, tuple[str, str]] = {
    AccountAct.ADDED: (N_("Account added"), "user-plus"),
    AccountAct.EDITED: (N_("Account changed"), "pencil"),
    AccountAct.CLOSED: (N_("Account deactivated"), "lock"),
    AccountAct.REOPENED: (N_("Account reactivated"), "lock-open"),
    AccountAct.PASSWORD_RESET: (N_("New password set by someone else"), "key"),
    AccountAct.PASSWORD_CHANGED: (N_("Own password changed"), "key"),
    AccountAct.UNLOCKED: (N_("Failed logins forgotten"), "lock-open"),
    AccountAct.LEADS: (N_("Leads the unit"), "user-check"),
    AccountAct.LEADS_NO_MORE: (N_("Leads the unit no more"), "user-x"),
    AccountAct.TOKEN_ADDED: (N_("API key made"), "key"),
    AccountAct.TOKEN_REVOKED: (N_("API key revoked"), "ban"),
}


#: place of somebody who left → who took it
PLACES: Mapping[str, str] = {
    "superior": N_("New line manager of %(of)s: %(to)s"),
    "lead": N_("New lead of %(of)s: %(to)s"),
    "deputy": N_("New deputy of %(of)s: %(to)s"),
}


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line of the history of an account; `more` says what changed."""

    at: datetime
    by: str
    icon: str
    words: str
    more: tuple[str, ...]


def account_lines(session: Session, user_id: int, rules: RuleBook) -> list[AccountLine]:
    """The history of an account, the newest first."""
    return [_line(entry, rules) for entry in list_entries(session, user_id)]


def edited_meanwhile(later: Sequence[AccountEntry], rules: RuleBook) -> list[str]:
    """Who changed what and when, while somebody else filled in the form."""
    lines = []
    for entry in later:
        when = say_instant(entry.at, rules.home_zone, lang())
        lines.append(f"{_by(entry)}, {when}: {'; '.join(_changes(entry, rules))}")
    return lines


def set_meanwhile(later: Sequence[AccountEntry], field: str, rules: RuleBook) -> str:
    """What somebody has set a field to meanwhile; "" where nobody has."""
    for entry in later:
        if field in entry.detail["changes"]:
            now = _said(field, entry.detail["changes"][field][1], rules)
            return gettext(
                "%(name)s has set this to “%(value)s”. Saving replaces it with your entry.",
                name=_by(entry),
                value=now,
            )
    return ""


def _line(entry: AccountEntry, rules: RuleBook) -> AccountLine:
    words, icon = ACTS[AccountAct(entry.what)]
    more = _changes(entry, rules)
    for place, words_of in PLACES.items():
        if handed := entry.detail.get(place):
            of, to = ", ".join(handed["of"]), handed["to"] or gettext("nobody")
            more.append(gettext(words_of, of=of, to=to))
    if unit := entry.detail.get("unit"):
        more.append(_said("team", unit, rules))
    if tokens := entry.detail.get("tokens"):
        more.append(gettext("API keys revoked with it: %(count)s", count=tokens))
    return AccountLine(entry.at, _by(entry), icon, gettext(words), tuple(more))


def _by(entry: AccountEntry) -> str:
    return entry.by_name if entry.by_id is not None else gettext("Command line")


def _changes(entry: AccountEntry, rules: RuleBook) -> list[str]:
    changes: Mapping[str, Any] = entry.detail.get("changes", {})
    return [
        f"{gettext(ACCOUNT_FIELDS[field])}: {_said(field, was, rules)} → {_said(field, now, rules)}"
        for field, (was, now) in changes.items()
    ]


def _said(field: str, value: str, rules: RuleBook) -> str:
    if field == "role":
        return role_word(value)
    if field == "branch":
        branch = rules.branches_by_code.get(value)
        return branch.name if branch else value or gettext("Head office")
    if field == "team":
        team = rules.teams_by_code.get(value)
        return label(team) if team else value or "–"
    return value or "–"

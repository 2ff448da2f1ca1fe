"""Whose mail a mailbox takes in, as `mailboxes.toml` says: branch, language and category.

How a mailbox is reached and its password stand in the settings, never here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from complaints.domain.config_fields import Table, refuse_fields, tables, typed
from complaints.domain.scripts import LANGUAGES

_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_FIELDS = {"address", "branch", "language", "category"}


@dataclass(frozen=True, slots=True)
class MailboxRule:
    """What is known of a complaint by the address that it was sent to.

    `branch` is a branch's code, empty for the first one; `category` a code, empty where the desk
    chooses.
    """

    address: str
    branch: str = ""
    language: str = "id"
    category: str = ""


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The mailboxes by address, in the order of the file."""

    rules: Mapping[str, MailboxRule]

    @classmethod
    def from_dict(cls, data: Table) -> "Mailboxes":
        """Read the form of `config/mailboxes.toml`; ValueError says what is wrong."""
        found: dict[str, MailboxRule] = {}
        for each in tables("mailboxes", data, "mailbox"):
            address = typed("mailbox", each, "address", str).strip().lower()
            where = f"mailbox {address}"
            language = str(each.get("language", LANGUAGES[0]))
            if not _ADDRESS.fullmatch(address):
                raise ValueError(f"{where}: address must be one email address")
            if language not in LANGUAGES:
                raise ValueError(f"{where}: language must be one of {', '.join(LANGUAGES)}")
            refuse_fields(where, each, _FIELDS)
            if address in found:
                raise ValueError(f"{where} comes twice")
            found[address] = MailboxRule(
                address, str(each.get("branch", "")), language, str(each.get("category", ""))
            )
        return cls(found)

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses that customers write to."""
        return frozenset(self.rules)

    def of(self, recipients: Iterable[str], fetched_from: str = "") -> MailboxRule:
        """The mailbox that a message came to: the one it was fetched from, else one it names.

        What stands behind a + in an address is nothing to go by. Without any, the first of the
        file; with no file, one of the first branch.
        """
        for each in (fetched_from, *recipients):
            rule = self.rules.get(plain_address(each))
            if rule is not None:
                return rule
        return next(iter(self.rules.values()), MailboxRule(""))

    def branches_of(self, recipients: Iterable[str]) -> list[str]:
        """The codes of the branches whose mailboxes a message names, each once."""
        rules = (self.rules.get(plain_address(each)) for each in recipients)
        return list(dict.fromkeys(rule.branch for rule in rules if rule is not None))


def plain_address(address: str) -> str:
    """An address in small letters without what stands behind a +."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"

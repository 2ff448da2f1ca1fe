"""The change of a rule for which clocks were recalculated or ended, in the words of a reader.

Ledger and history keep it by code, as it is in nobody's language: `policies -id-ojk`, `policy
id-ojk 3`. Whoever shows it brings the names.
"""

import re
from collections.abc import Callable

from complaints.domain.errors import N_
from complaints.formatting import ENGLISH
from complaints.rulebook import RuleBook

_SWITCHED = re.compile(r"policies((?: [+-]\S+)+)")
_SAVED = re.compile(r"(calendar|policy|ladder) (\S+) (\d+)")

_SAVED_WORDS = {
    "calendar": N_("calendar %(name)s, version %(number)s"),
    "policy": N_("policy pack %(name)s, version %(number)s"),
    "ladder": N_("escalation ladder, version %(number)s"),
}


def say_rule_change(
    rules: RuleBook, reason: str, lang: str, translate: Callable[[str], str]
) -> str:
    """`paket kebijakan dinonaktifkan: POJK 22/2023`; what a person wrote stays as it is."""
    if switched := _SWITCHED.fullmatch(reason):
        codes = switched.group(1).split()
        parts = []
        for mark, words in (
            ("+", N_("policy packs switched on: %(names)s")),
            ("-", N_("policy packs switched off: %(names)s")),
        ):
            names = [_name(rules, "policy", each[1:], lang) for each in codes if each[0] == mark]
            if names:
                parts.append(translate(words) % {"names": ", ".join(names)})
        return "; ".join(parts)
    if saved := _SAVED.fullmatch(reason):
        kind, code, number = saved.groups()
        values = {"name": _name(rules, kind, code, lang), "number": number}
        return translate(_SAVED_WORDS[kind]) % values
    return reason


def _name(rules: RuleBook, kind: str, code: str, lang: str) -> str:
    """What a pack or a calendar is called in its newest version; its code where nobody knows."""
    found = rules.versions_of(kind, code)
    table = rules.policy_versions if kind == "policy" else rules.calendar_versions
    named = table.get(found[-1]) if found else None
    name = "" if named is None else named.label_en if lang == ENGLISH else named.label_id
    return name or code

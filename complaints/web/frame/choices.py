"""Lists to choose from: what is retired stands in them only where it is chosen already."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask_babel import gettext

from complaints.queries.people.accounts import Named
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import label

#: A code with its words, or the words of a group with its choices.
Choice = tuple[str, Any]


def person_given(form: Mapping[str, str], name: str) -> str:
    """Whom a form names: by an address beside a list too long to show, else by the choice in it."""
    return (form.get(f"{name}.email", "").strip() or form.get(name, "").strip())[:254]


def choice(item: object) -> str:
    """The words of something in a list, marked where it is no longer used."""
    words = label(item)
    return no_longer_used(words) if getattr(item, "retired", False) else words


def told_apart(rules: RuleBook, people: Iterable[Named]) -> list[tuple[str, str]]:
    """Address and name of each; two of one name with their unit or branch, else their address."""
    found = list(people)
    same = Counter(each.name.casefold() for each in found)
    words = [
        each.name if same[each.name.casefold()] == 1 else _placed(rules, each) for each in found
    ]
    again = Counter(words)
    return [
        (each.email, said if again[said] == 1 else f"{each.name} ({each.email})")
        for each, said in zip(found, words, strict=True)
    ]


def _placed(rules: RuleBook, person: Named) -> str:
    team = rules.teams.get(person.team_id or 0)
    branch = rules.branches.get(person.branch_id or 0)
    places = [label(team) if team else "", branch.name if branch else ""]
    place = ", ".join(filter(None, places)) or gettext("Head office")
    return f"{person.name} ({place})"


def branch_choices(
    rules: RuleBook, chosen: str = "", *, only_used: bool = False
) -> list[tuple[str, str]]:
    """Branches by code and name; of `only_used` ones also the one chosen before."""
    return [
        (each.code, no_longer_used(each.name) if each.retired else each.name)
        for each in rules.branches.values()
        if not (only_used and each.retired) or each.code == chosen
    ]


def team_choices(rules: RuleBook, chosen: str = "") -> list[Choice]:
    """Units that something can be given to, and the one chosen before."""
    return [
        (team.code, choice(team))
        for team in rules.teams.values()
        if not team.retired or team.code == chosen
    ]


def category_choices(rules: RuleBook, chosen: str = "") -> list[Choice]:
    """Categories under their groups, without those no longer used but for the one chosen.

    One that the configuration does not know any more stands first, as its code.
    """
    groups = [
        (
            label(group),
            [
                (each.id, choice(each))
                for each in group.categories
                if not each.retired or each.id == chosen
            ],
        )
        for group in rules.taxonomy.groups.values()
    ]
    known: list[Choice] = [(words, items) for words, items in groups if items]
    if chosen and chosen not in rules.taxonomy.categories:
        known.insert(0, (chosen, no_longer_used(chosen)))
    return known


def product_choices(rules: RuleBook, chosen: Collection[str] = ()) -> list[Choice]:
    """The organisation's products, without those no longer used but for what is `chosen`."""
    return [
        (code, choice(each))
        for code, each in rules.organisation.products.items()
        if not each.retired or code in chosen
    ]


def cause_choices(rules: RuleBook, given: Collection[str]) -> list[Choice]:
    """Causes under their groups; those no longer used where they were `given` before."""
    causes = rules.taxonomy.causes
    offered = [each for each in causes.values() if not each.retired or each.id in given]
    groups = [(each.id, label(each)) for each in causes.values() if each.id == each.group]
    return [
        (words, [(each.id, choice(each)) for each in offered if each.group == group])
        for group, words in groups
        if any(each.group == group for each in offered)
    ]


def no_longer_used(words: str) -> str:
    return gettext("%(words)s (no longer used)", words=words)

"""Whether the organisation's rules can be worked by: each file as it is read, and how they fit.

The same for what is loaded from `config/` and what is edited on a page.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from complaints.domain.clauses import Policy
from complaints.domain.commitments.config import CommitmentRules
from complaints.domain.config.authority import Authority
from complaints.domain.config.exits import ExitBook
from complaints.domain.config.leaflet import Leaflet
from complaints.domain.config.letter_phrases import LetterPhrases
from complaints.domain.config.mailboxes import Mailboxes
from complaints.domain.config.organisation import Organisation
from complaints.domain.config.written_record import WrittenRecord
from complaints.domain.errors import N_, Invalid
from complaints.domain.escalation import Ladder
from complaints.domain.policies.statutory_limits import require_statutory_limits
from complaints.domain.priority import PriorityMatrix
from complaints.domain.scripts import ScriptBook
from complaints.domain.suggestions import Synonyms
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.words.script_keys import require_scripts
from complaints.domain.worktime import WorkCalendar
from complaints.rulebook import FILES, FOLDERS
from complaints.rules.placeholders import check_placeholders

_SENT_TO_RETIRED = N_("Category %(category)s is sent to unit %(team)s, which is retired.")
_STEP_OF_RETIRED = N_(
    "A step proposed for category %(category)s is unit %(team)s's, which is retired."
)

#: The fields that hold a name, and what none may have.
_NAMES = frozenset({"name", "label_id", "label_en"})
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

#: kind → code → parsed file
RuleData = Mapping[str, Mapping[str, Mapping[str, Any]]]
Body = Mapping[str, Any]


def _scripts(body: Body) -> ScriptBook:
    book = ScriptBook.from_dict(body)
    require_scripts(book.scripts)
    return book


#: How each kind of file is read; a mistake is a ValueError.
_READ: Mapping[str, Callable[[Body], Any]] = {
    "calendar": WorkCalendar.from_dict,
    "policy": Policy.from_dict,
    "ladder": Ladder.from_dict,
    "priority": PriorityMatrix.from_dict,
    "authority": Authority.from_dict,
    "organisation": Organisation.from_dict,
    "record": WrittenRecord.from_dict,
    "commitments": CommitmentRules.from_dict,
    "standard_information": Leaflet.from_dict,
    "scripts": _scripts,
    "letters": LetterPhrases.from_dict,
    "exits": ExitBook.from_dict,
    "mailboxes": Mailboxes.from_dict,
    "synonyms": Synonyms.from_dict,
    "taxonomy": Taxonomy.from_dict,
}


def check_rules(data: RuleData) -> None:
    """Raise Invalid for the first rule that the engine could not work by."""
    for name in (*FILES, *FOLDERS):
        if not data.get(name):
            raise Invalid(N_("The configuration lacks %(name)s."), name=name)
    organisation = data["organisation"]["organisation"]
    try:
        calendars = [check_rule("calendar", body) for body in data["calendar"].values()]
        policies = [check_policy(body, calendars) for body in data["policy"].values()]
        for body in data["ladder"].values():
            check_rule("ladder", body)
        alone = [name for name in FILES if name not in ("taxonomy", "synonyms")]
        read = {name: check_rule(name, data[name][name]) for name in alone}
        taxonomy = Taxonomy.from_dict(
            data["taxonomy"]["taxonomy"],
            teams=[team["id"] for team in organisation["team"]],
            policies=[policy.code for policy in policies],
        )
        known = (*taxonomy.categories, *taxonomy.not_complaints)
        Synonyms.from_dict(data["synonyms"]["synonyms"], codes=known)
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(N_("The configuration cannot be used: %(why)s"), why=str(error)) from error
    _check_references(organisation, data, taxonomy, read)
    check_placeholders(data)
    _check_courtesy(data["scripts"]["scripts"])
    for body in (each for bodies in data.values() for each in bodies.values()):
        _check_names(body)


def check_rule(kind: str, body: Body) -> Any:
    """A rule that is edited on a page as the rules read it; ValueError says what is wrong.

    Kinds that no file holds are returned as they are.
    """
    return _READ[kind](body) if kind in _READ else body


def check_policy(body: Body, calendars: Iterable[WorkCalendar]) -> Policy:
    """A policy whose legal limits no tier lengthens; ValueError says what is wrong."""
    policy = Policy.from_dict(body)
    require_statutory_limits(policy, calendars)
    return policy


def _check_references(
    organisation: Mapping[str, Any], data: RuleData, taxonomy: Taxonomy, read: Mapping[str, Any]
) -> None:
    """Whether what one file names stands in another; `read` are the files as they are read."""
    for branch in organisation["branch"]:
        if branch["calendar"] not in data["calendar"]:
            raise Invalid(
                N_("Branch %(branch)s names calendar %(calendar)s, which does not exist."),
                branch=branch["id"],
                calendar=branch["calendar"],
            )
    for code in organisation["policies"]:
        if code not in data["policy"]:
            raise Invalid(N_("There is no policy pack %(code)s to switch on."), code=code)
    ladder = organisation["ladder"]
    if ladder not in data["ladder"]:
        raise Invalid(N_("There is no escalation ladder %(code)s."), code=ladder)
    closed = read["organisation"].retired_branches
    branches = {branch["id"]: branch["id"] in closed for branch in organisation["branch"]}
    if all(branches.values()):
        raise Invalid(N_("At least one branch has to be in use."))
    _check_mailboxes(branches, read["mailboxes"], taxonomy)
    retired = read["organisation"].retired_teams
    _check_public_form(branches, read["organisation"], taxonomy)
    for code in sorted(read["commitments"].said - set(taxonomy.remedies)):
        raise Invalid(N_("There is no remedy %(code)s."), code=code)
    _check_grid(taxonomy, read["priority"], data["priority"]["priority"])
    for category in (each for each in taxonomy.categories.values() if not each.retired):
        for units, sentence in (
            (category.parties, _SENT_TO_RETIRED),
            ([each.owner for each in taxonomy.steps_of(category.id)], _STEP_OF_RETIRED),
        ):
            named = sorted(retired.intersection(units))
            if named:
                raise Invalid(sentence, category=category.id, team=named[0])


def _check_courtesy(scripts: Body) -> None:
    """Without a letter a word of apology or blame would be found in every text, or in none."""
    for lists in scripts.get("courtesy", {}).values():
        for name in ("apology", "thanks", "blame"):
            for word in lists.get(name, ()):
                if not any(each.isalpha() for each in word.replace("{you}", "")):
                    raise Invalid(
                        N_("A courtesy word needs letters; “%(word)s” has none."), word=word
                    )


def _check_names(value: Any) -> None:
    """A name is one line of a heading, a letter's subject or a list, wherever it is written."""
    if isinstance(value, Mapping):
        for field, each in value.items():
            if isinstance(each, str) and field in _NAMES and _UNFIT.search(each):
                raise Invalid(
                    N_("The name “%(name)s” has a line break or a control character. Remove it."),
                    name=" ".join(_UNFIT.sub(" ", each).split()),
                )
            _check_names(each)
    elif isinstance(value, list):
        for each in value:
            _check_names(each)


def _check_grid(taxonomy: Taxonomy, matrix: PriorityMatrix, priority: Body) -> None:
    """Every severity has a row in the priority grid and a name, every type of customer a column."""
    rows = matrix.rows
    named = {each.get("level") for each in priority.get("severity", ())}
    for level in rows:
        if level not in named:
            raise Invalid(N_("Severity %(level)s of the priority grid has no name."), level=level)
    for category in taxonomy.categories.values():
        if category.severity not in rows:
            raise Invalid(
                N_("Category %(category)s has severity %(level)s; the priority grid has none."),
                category=category.id,
                level=category.severity,
            )
    for tier in taxonomy.tiers.values():
        if tier.weight >= len(rows[1]):
            raise Invalid(
                N_("Customer type %(tier)s has column %(column)s; the priority grid has none."),
                tier=tier.id,
                column=tier.weight + 1,
            )


def _check_mailboxes(
    branches: Mapping[str, bool], mailboxes: Mailboxes, taxonomy: Taxonomy
) -> None:
    """Each mailbox belongs to a branch and a category that there are."""
    for each in mailboxes.rules.values():
        if each.branch and each.branch not in branches:
            raise Invalid(
                N_("Mailbox %(address)s names branch %(code)s, which does not exist."),
                address=each.address,
                code=each.branch,
            )
        if branches.get(each.branch):
            raise Invalid(
                N_("Mailbox %(address)s belongs to branch %(code)s, which is retired."),
                address=each.address,
                code=each.branch,
            )
        if each.category and each.category not in taxonomy.categories:
            raise Invalid(
                N_("Mailbox %(address)s names category %(code)s, which does not exist."),
                address=each.address,
                code=each.category,
            )


def _check_public_form(
    branches: Mapping[str, bool], organisation: Organisation, taxonomy: Taxonomy
) -> None:
    """Whether what comes by the public form can be received: a written channel and a branch."""
    form = organisation.public_form
    if form is None:
        return
    channel = taxonomy.channels.get(form.channel)
    if channel is None or channel.retired or channel.oral:
        raise Invalid(
            N_("The public form needs a channel that is in use and written, not %(code)s."),
            code=form.channel,
        )
    if form.branch not in branches:
        raise Invalid(
            N_("The public form names no branch that exists: %(code)s."), code=form.branch
        )
    if branches[form.branch]:
        raise Invalid(
            N_("The public form gives complaints to branch %(code)s, which is retired."),
            code=form.branch,
        )

"""What is missing at the units (020-2.1): who is untold, silent, or gave the complaint back."""

from flask_babel import gettext

from complaints.domain.evidence import units_left
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.complaint.proofs import routed_units
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import label


def only_waits(dossier: Dossier, rules: RuleBook) -> bool:
    """Whether every unit has been told and only their answers are missing."""
    return bool(dossier.waiting_parties) and not _left(dossier, rules)


def say_units_lacking(dossier: Dossier, rules: RuleBook) -> str:
    """What is missing at the units, in sentences; empty before anybody has been told."""
    parties = dossier.activity.parties
    if not parties:
        return ""

    def names(ids: set[int]) -> str:
        return ", ".join(label(rules.teams[each]) for each in sorted(ids))

    left = _left(dossier, rules)
    silent = {each.team_id for each in parties if each.answer is None}
    accepted = {each.team_id for each in parties if each.answer == "accepted"}
    said = []
    if left:
        said.append(
            gettext("Not told yet, though the category names it: %(units)s.", units=names({*left}))
        )
    if silent:
        said.append(gettext("No answer yet from: %(units)s.", units=names(silent)))
    if not accepted and not silent:
        last = [each for each in parties if each.answer == "returned"][-1]
        said.append(
            gettext(
                "%(unit)s returned it: “%(reason)s”. Send it to another unit, or again with what "
                "was missing.",
                unit=label(rules.teams[last.team_id]),
                reason=last.answer_reason.rstrip("."),
            )
        )
    return " ".join(said)


def _left(dossier: Dossier, rules: RuleBook) -> tuple[int, ...]:
    """The units of the category that nobody has told."""
    told = {each.team_id for each in dossier.activity.parties}
    return units_left(routed_units(dossier.complaint, rules), told, dossier.units_not_needed)

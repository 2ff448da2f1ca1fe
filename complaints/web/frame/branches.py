"""For which branch a form of the desk records something."""

from werkzeug.datastructures import MultiDict

from complaints.domain.errors import N_, Forbidden
from complaints.rulebook import BranchRule, RuleBook
from complaints.web.frame.guards import actor


def branch_of(rules: RuleBook, values: MultiDict[str, str]) -> BranchRule:
    """The person's own branch; head office chooses one, the first in use until then."""
    own = actor().branch_id
    if own is not None:
        return rules.branches[own]
    chosen = rules.branches_by_code.get(values.get("branch", ""))
    if chosen is None and not rules.branches_in_use:
        raise Forbidden(N_("There is no branch to record anything for."))
    return chosen or rules.branches_in_use[0]

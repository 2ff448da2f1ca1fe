"""What subjects, states, acts and judgements of corrective actions are called."""

from flask_babel import gettext

from complaints.domain.errors import N_
from complaints.domain.improvement.acts import ActionAct, ActionState, Subject
from complaints.domain.improvement.effect import FEWEST_CASES, Effect, Judgement
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import label, number

#: state → words and icon
STATES = {
    ActionState.OPEN.value: (N_("To be carried out"), "clock"),
    ActionState.DONE.value: (N_("Carried out, waits to be verified"), "clipboard-check"),
    ActionState.EFFECTIVE.value: (N_("Verified: effective"), "circle-check"),
    ActionState.NOT_EFFECTIVE.value: (N_("Verified: not effective"), "circle-x"),
    ActionState.DROPPED.value: (N_("Dropped"), "circle-x"),
}
SUBJECTS = {
    Subject.CAUSE.value: N_("Cause"),
    Subject.CATEGORY.value: N_("Category"),
    Subject.CHANNEL.value: N_("Channel"),
    Subject.BRANCH.value: N_("Branch"),
    Subject.TEAM.value: N_("Unit"),
}
#: what an entry of the history tells → words
ACTS = {
    ActionAct.RAISE.value: N_("Was raised"),
    ActionAct.CHANGE.value: N_("Changed"),
    ActionAct.WHYS.value: N_("Answers to “why?”"),
    ActionAct.LATE.value: N_("Deadline missed"),
    ActionAct.DONE.value: N_("Carried out"),
    ActionAct.VERIFY.value: N_("Verified"),
    ActionAct.DROP.value: N_("Dropped"),
}


def subject_words(rules: RuleBook, subject: str, code: str) -> str:
    """What it is raised against, in words; the code where nobody knows it any more."""
    if subject == Subject.BRANCH:
        branch = rules.branches_by_code.get(code)
        return branch.name if branch else code
    known = {
        Subject.CAUSE.value: rules.taxonomy.causes,
        Subject.CATEGORY.value: rules.taxonomy.categories,
        Subject.CHANNEL.value: rules.taxonomy.channels,
        Subject.TEAM.value: rules.teams_by_code,
    }
    item = known[subject].get(code)
    return label(item) if item else code


def judgement_words(effect: Effect, until: str) -> str:
    """What may be said of the difference; `until` is the last day that is looked at."""
    match effect.judgement:
        case Judgement.NOT_OVER:
            return gettext(
                "Nothing is said before %(day)s is over: whoever looks earlier and again finds "
                "differences that are chance.",
                day=until,
            )
        case Judgement.FEW:
            return gettext(
                "Such complaints before and after together: fewer than %(count)s, too few to say "
                "anything.",
                count=number(FEWEST_CASES),
            )
        case Judgement.UNKNOWN_APART:
            return gettext(
                "Nothing is said yet: of the complaints before and after, different shares have "
                "been put in their place so far."
            )
        case Judgement.CHANCE:
            return gettext("The difference may be chance.")
        case Judgement.FEWER:
            return gettext(
                "Fewer than before, and not by chance alone. Something else may have changed in "
                "these days as well."
            )
        case Judgement.MORE:
            return gettext(
                "More than before, and not by chance alone. Something else may have changed in "
                "these days as well."
            )

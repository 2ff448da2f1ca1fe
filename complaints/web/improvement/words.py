"""What subjects, states, acts and judgements of corrective actions are called."""

from flask_babel import gettext

from complaints.documents.management_review import ACTION_STATES
from complaints.domain.errors import N_
from complaints.domain.improvement.acts import ActionAct, ActionState, Subject
from complaints.domain.improvement.effect import FEWEST_CASES, Effect, Judgement
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import label, number, ratio

#: state → words and icon
STATES = {
    state: (ACTION_STATES[state], icon)
    for state, icon in (
        (ActionState.OPEN.value, "clock"),
        (ActionState.DONE.value, "clipboard-check"),
        (ActionState.EFFECTIVE.value, "circle-check"),
        (ActionState.NOT_EFFECTIVE.value, "circle-x"),
        (ActionState.DROPPED.value, "circle-x"),
    )
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
    ActionAct.REMIND.value: N_("Reminder"),
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


def judgement_words(effect: Effect, until: str, *, by_day: bool) -> str:
    """What may be said of the difference; `until` is the last day that is looked at.

    A branch is counted `by_day`, everything else as a share of the complaints received.
    """
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
            return (
                gettext("Fewer a day than before; chance alone would seldom bring this.")
                if by_day
                else gettext(
                    "A smaller share of all complaints than before; chance alone would seldom "
                    "bring this."
                )
            ) + _something_else()
        case Judgement.MORE:
            return (
                gettext("More a day than before; chance alone would seldom bring this.")
                if by_day
                else gettext(
                    "A larger share of all complaints than before; chance alone would seldom "
                    "bring this."
                )
            ) + _something_else()
        case Judgement.OPPOSED:
            return gettext(
                "Nothing is said: their number (before %(before)s, after %(after)s) and their "
                "share of all complaints move in opposite directions.",
                before=number(effect.before.cases),
                after=number(effect.after.cases),
            )


def times_words(effect: Effect | None, *, by_day: bool) -> str:
    """How many times the share is that of before, with its interval; empty where nothing is."""
    if effect is None or effect.low is None:
        return ""
    low = ratio(effect.low)
    if effect.ratio is None or effect.high is None:
        if by_day:
            return gettext(
                "At least %(low)s times as many a day as before (95%% interval).", low=low
            )
        return gettext(
            "The share is at least %(low)s times that of before (95%% interval).", low=low
        )
    said = {"ratio": ratio(effect.ratio), "low": low, "high": ratio(effect.high)}
    if by_day:
        return gettext(
            "%(ratio)s times as many a day as before (95%% interval: %(low)s to %(high)s).", **said
        )
    return gettext(
        "The share is %(ratio)s times that of before (95%% interval: %(low)s to %(high)s).", **said
    )


def _something_else() -> str:
    return " " + gettext("Something else may have changed in these days as well.")

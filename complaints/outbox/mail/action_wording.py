"""The sentences of notices about corrective actions and reviews: kind → title, sentence, to do."""

from collections.abc import Mapping

from complaints.domain.errors import N_

ACTION_NOTICES: Mapping[str, tuple[str, ...]] = {
    "action_given": (
        N_("A corrective action is yours to carry out"),
        N_(
            "%(by)s has given you the corrective action %(number)s: “%(aim)s”. Have it done by "
            "%(due)s and record what shows it."
        ),
        N_("Have it done"),
    ),
    "action_late": (
        N_("A corrective action is late"),
        N_(
            "%(number)s: “%(aim)s”. %(owner)s was to have it done by %(due)s, and it is not "
            "recorded as done. See to it that it is done."
        ),
        N_("See to it that it is done"),
    ),
    "action_moved": (
        N_("A corrective action has another day"),
        N_(
            "%(by)s has moved the corrective action %(number)s of %(owner)s: “%(aim)s”. It is due "
            "by %(due)s now. Reason: %(reason)s"
        ),
        N_("Know the new day"),
    ),
    "action_taken": (
        N_("A corrective action was given to someone else"),
        N_(
            "%(by)s has given the corrective action %(number)s to %(owner)s: “%(aim)s”. Reason: "
            "%(reason)s"
        ),
        N_("Nothing: someone else has it now"),
    ),
    "action_dropped": (
        N_("A corrective action was dropped"),
        N_(
            "%(by)s has dropped the corrective action %(number)s of %(owner)s: “%(aim)s”. Reason: "
            "%(reason)s"
        ),
        N_("Nothing: it need not be done any more"),
    ),
    "action_ripe": (
        N_("A corrective action can be verified now"),
        N_(
            "The days after the corrective action %(number)s are over: “%(aim)s”. Judge whether it "
            "worked."
        ),
        N_("Judge whether it worked"),
    ),
    "action_done": (
        N_("A corrective action waits to be verified"),
        N_(
            "%(owner)s has carried out the corrective action %(number)s: “%(aim)s”. When the days "
            "after it are over, judge whether it worked."
        ),
        N_("Judge whether it worked"),
    ),
    "review_due": (
        N_("The next management review is due"),
        N_(
            "By %(due)s the management review that follows %(number)s has to be held, and none is "
            "concluded yet. Invite those who take part, and draft its record if there is no draft."
        ),
        N_("Conduct the review and conclude its record"),
    ),
}

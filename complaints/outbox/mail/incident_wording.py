"""What people are told of incidents: a title, a sentence, what to do."""

from collections.abc import Mapping

from complaints.domain.errors import N_

#: notice kind → title, sentence, what to do.
INCIDENT_NOTICES: Mapping[str, tuple[str, str, str]] = {
    "incident_task": (
        N_("Tell the customer about the incident"),
        N_(
            "%(number)s is part of incident %(incident)s, and its customer has no email address. "
            "Tell them what all are told; it is among your tasks."
        ),
        N_("Call the customer"),
    ),
    "incident_untold": (
        N_("A customer could not be told about the incident"),
        N_(
            "%(number)s is part of incident %(incident)s, but the letter could not be written. "
            "Tell the customer another way."
        ),
        N_("Tell the customer"),
    ),
    "incident_closed": (
        N_("The incident is over"),
        N_(
            "%(by)s has closed incident %(incident)s. Complaints of yours that were part of it: "
            "%(count)s, the first is %(number)s. Go on with them."
        ),
        N_("Go on with them"),
    ),
    "spike": (
        N_("More complaints than usual"),
        N_(
            "%(where)s, complaints of this kind within three hours: %(count)s, usually %(usual)s. "
            "See whether they have one cause."
        ),
        N_("See whether they have one cause"),
    ),
    "spike_everywhere": (
        N_("More complaints than usual"),
        N_(
            "All branches, complaints of this kind within three hours: %(count)s, usually "
            "%(usual)s. See whether they have one cause."
        ),
        N_("See whether they have one cause"),
    ),
}

"""The sentences of notices about contacts that are no complaint: kind → title, sentence, to do."""

from collections.abc import Mapping

from complaints.domain.errors import N_

CONTACT_NOTICES: Mapping[str, tuple[str, ...]] = {
    "escalated_renamed": (
        N_("Not a complaint; the escalation to you has ended"),
        N_(
            "%(number)s, which was escalated to you, has ended: %(by)s recorded it as %(contact)s, "
            "because it is no complaint."
        ),
    ),
    "complaint_renamed": (
        N_("Recorded as no complaint"),
        N_(
            "%(by)s has ended %(number)s because it is no complaint; it goes on as %(contact)s. "
            "Reason: %(reason)s Check whether that is right."
        ),
        N_("Check whether that is right"),
    ),
    "contact_handed": (
        N_("A contact was sent to your unit"),
        N_("%(by)s has sent %(number)s to your unit. See to it and record what was done."),
        N_("See to it"),
    ),
    "contact_noted": (
        N_("For your unit"),
        N_("%(number)s concerns you. %(by)s has recorded it; please take note of it."),
    ),
    "contact_praise": (
        N_("A customer praises you"),
        N_("%(number)s: a customer praises you or your unit. Read what they said."),
    ),
    "contact_from_customer": (
        N_("A customer has written"),
        N_(
            "%(number)s: a customer has written, and it is no complaint. None of us has read it "
            "yet."
        ),
        N_("Read it and answer"),
    ),
}

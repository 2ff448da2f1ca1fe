"""The sentences of notices about public posts: kind → title, sentence, to do."""

from collections.abc import Mapping

from complaints.domain.errors import N_

POST_NOTICES: Mapping[str, tuple[str, ...]] = {
    "post_warn": (
        N_("A public post waits for a reply"),
        N_(
            "%(number)s: %(author)s has posted about us and has no reply yet. Reply there no later "
            "than %(due)s and record the reply."
        ),
        N_("Reply and record it"),
    ),
    "post_late": (
        N_("The reply to a public post is late"),
        N_(
            "%(number)s: %(author)s has posted about us and has no reply yet; it was due %(due)s. "
            "Reply there and record the reply."
        ),
        N_("Reply and record it"),
    ),
    "post_escalated": (
        N_("A late public post is escalated to you"),
        N_(
            "%(number)s: %(author)s has posted about us and has no reply yet; it was due %(due)s. "
            "Escalated to you (level %(level)s): see to it that it is answered."
        ),
        N_("See to it that it is answered"),
    ),
    "post_reminder": (
        N_("A public post is still late"),
        N_(
            "%(number)s: %(author)s still has no reply to what they posted about us; it was due "
            "%(due)s (level %(level)s). See to it that it is answered."
        ),
        N_("See to it that it is answered"),
    ),
    "post_set_aside": (
        N_("A public post gets no reply"),
        N_(
            "%(by)s has set aside %(number)s without a reply. Reason: %(reason)s If it needs one, "
            "take it up again."
        ),
        N_("Check whether that is right"),
    ),
}

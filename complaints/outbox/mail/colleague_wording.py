"""The sentences of notices about what colleagues write: kind → title, sentence, what to do.

Those in `ONLY_TO_READERS` say nothing of a complaint to whoever may not read it any more.
"""

from collections.abc import Mapping

from complaints.domain.errors import N_

COLLEAGUE_NOTICES: Mapping[str, tuple[str, ...]] = {
    "mentioned": (
        N_("Named in a note"),
        N_("%(by)s names you in an internal note on %(number)s. Read it there."),
        N_("Read the note"),
    ),
    "followed_moved": (
        N_("A complaint that you follow goes on"),
        N_("%(number)s, which you follow: its status has changed with what %(by)s recorded."),
    ),
    "followed_offered": (
        N_("A solution was offered"),
        N_("%(number)s, which you follow: a solution has been offered to the customer."),
    ),
    "followed_accepted": (
        N_("The customer accepts the solution"),
        N_("%(number)s, which you follow: the customer has accepted the solution."),
    ),
    "followed_undecided": (
        N_("The customer is thinking about it"),
        N_("%(number)s, which you follow: the customer needs time to think about the solution."),
    ),
    "followed_ended": (
        N_("A complaint that you follow has ended"),
        N_("%(number)s, which you follow, has ended. Recorded by %(by)s."),
    ),
    "followed_message": (
        N_("A message on a complaint that you follow"),
        N_("%(number)s, which you follow: a message to or from the customer has been recorded."),
    ),
    "duplicate_joined": (
        N_("A duplicate has joined"),
        N_("%(by)s has closed %(duplicate)s as a duplicate of %(number)s. Read what it adds."),
    ),
    "duplicate_joined_earlier": (
        N_("A duplicate has joined: an earlier deadline"),
        N_(
            "%(by)s has closed %(duplicate)s as a duplicate of %(number)s. Its customer was "
            "promised an earlier date: the deadline of %(number)s is now %(until)s. Read what it "
            "adds."
        ),
    ),
    "observed": (
        N_("Your service was observed"),
        N_(
            "%(by)s has recorded how you keep a standard of service. You read it, and what you "
            "agreed on, on the page of observations."
        ),
    ),
}

#: Said in the place of a notice whose complaint its reader may not read any more.
UNREADABLE = (
    N_("A complaint that you cannot open any more"),
    N_("This is about a complaint that no longer lies within what you may read."),
)

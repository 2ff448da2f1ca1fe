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
    "duplicate_joined": (
        N_("A duplicate has joined"),
        N_("%(by)s has closed %(duplicate)s as a duplicate of %(number)s. Read what it adds."),
    ),
}

#: Said in the place of a notice whose complaint its reader may not read any more.
UNREADABLE = (
    N_("A complaint that you cannot open any more"),
    N_("This is about a complaint that no longer lies within what you may read."),
)

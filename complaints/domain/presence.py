"""Who is at a complaint at this moment: for how long one sign of it holds, and what it says."""

from datetime import timedelta
from enum import StrEnum

#: A page that is looked at says so every fifty seconds (`static/js/live.js`); whoever said nothing
#: for so long has gone. Nothing waits for a browser to say goodbye: it may never get to it.
HERE_FOR = timedelta(seconds=75)


class Doing(StrEnum):
    """What somebody does on the page of a complaint."""

    READING = "reading"
    #: Words stand in a form that were not sent.
    WRITING = "writing"
    #: The page is open behind another one.
    AWAY = "away"

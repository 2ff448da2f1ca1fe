"""What the readers of an import's file and map say is wrong, as texts that can be translated.

They say it in one English line, which the command prints; the page of an import says what can come
from there in its own language, by the pattern that fits.
"""

from collections.abc import Mapping

from complaints.domain.config.sentences import match_sentence
from complaints.domain.errors import N_

IMPORT_SENTENCES = (
    N_("map: columns.%(a)s is needed"),
    N_("the header cannot be read: %(a)s"),
    N_("the file is empty: it has no header"),
    N_("the file has no column %(a)s; it has %(b)s"),
    N_("line %(a)s cannot be read: %(b)s"),
    N_("columns: at least one field is needed"),
    N_("timezone: %(a)s"),
    N_("datetime: at least one format is needed"),
    N_("datetime: %(a)s has no %(b)s"),
    N_("datetime: %(a)s has no %(b)s; name the timezone of the times"),
    N_("datetime: %(a)s: %(b)s is not a directive this file may use"),
    N_("datetime: %(a)s names the same part twice"),
    N_("encoding: %(a)s is not the name of an encoding"),
    N_("delimiter: %(a)s is not one character"),
    N_('columns.channel is needed, such as { const = "call" }'),
    N_("source: the name is longer than %(a)s characters; write a shorter one"),
)

#: What the map of an uploaded file is called while it is read; nobody knows it by that name.
_MAP = "map.toml: "


def read_import_sentence(text: str) -> tuple[str, Mapping[str, str]] | None:
    """Sentence and what fills it; None for what is said of no uploaded file."""
    return match_sentence(text.removeprefix(_MAP), IMPORT_SENTENCES)

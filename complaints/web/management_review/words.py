"""What acts on a management review are called, and what its history tells of each in words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext

from complaints.domain.errors import N_
from complaints.domain.management_review.acts import MINUTES, ReviewAct
from complaints.web.frame.filters import say_date

#: what an entry of the history tells → words
ACTS: Mapping[str, str] = {
    ReviewAct.DRAFT.value: N_("Was drafted"),
    ReviewAct.CHANGE.value: N_("Changed"),
    ReviewAct.FIGURES.value: N_("Figures read again"),
    ReviewAct.LINK.value: N_("Corrective action added"),
    ReviewAct.UNLINK.value: N_("Corrective action taken out"),
    ReviewAct.CONCLUDE.value: N_("Concluded"),
    ReviewAct.CORRECT.value: N_("Correction"),
    ReviewAct.DROP.value: N_("Dropped"),
    ReviewAct.REMIND.value: N_("Reminder"),
}
_FIELDS: Mapping[str, str] = {
    "held_on": N_("Held on"),
    "next_on": N_("Next review by"),
    "chaired_by": N_("Chaired by"),
    "participants": N_("Took part"),
    **MINUTES,
}


def told_of(detail: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an entry says beside its name: the field, and its words; "" where that is clear."""
    if "from" in detail:
        days = {"from_on": _day(detail["from"]), "to_on": _day(detail["to"])}
        yield "", gettext(N_("%(from_on)s to %(to_on)s"), **days)
    for name, words in _FIELDS.items():
        value = detail.get(name)
        if value:
            text = _day(value) if name.endswith("_on") else value
            yield gettext(words), ", ".join(text) if isinstance(text, list) else text
    for name in detail.get("emptied", ()):
        yield gettext(_FIELDS[name]), gettext(N_("emptied"))
    if detail.get("action"):
        yield "", detail["action"]
    for name in ("actions", "to"):
        if isinstance(detail.get(name), list):
            yield "", ", ".join(detail[name])
    for name in ("text", "reason"):
        if detail.get(name):
            yield "", detail[name]


def _day(text: str) -> str:
    return say_date(date.fromisoformat(text))

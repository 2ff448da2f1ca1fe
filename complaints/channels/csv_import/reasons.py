"""Why a row was rejected, for whoever corrects it: the column, what is wrong and what to do.

What is wrong is said by the rules; here it gets a language, the name of the column, and what can be
done about it in a file and its map.
"""

from collections.abc import Callable, Mapping, Sequence

from complaints.channels.csv_import.row_to_complaint import CODES, TIMES
from complaints.domain.errors import N_, GateRefused, Invalid, Refused
from complaints.formats.mapfile import Source
from complaints.outbox.mail.letters import translations

#: Puts a refusal into words.
Say = Callable[[Refused], str]

_TIME = N_("Correct the time, or add the form it is written in to datetime in the map.")
_CODE = N_("Write one of our codes, or say under [values.%(name)s] in the map what it means.")
_CONTACT = N_("Correct the cell or empty it.")
_ADVICE = {
    **dict.fromkeys(TIMES, _TIME),
    **dict.fromkeys(CODES, _CODE),
    "customer_phone": _CONTACT,
    "customer_email": _CONTACT,
}
_GATES = N_('Write an earlier status, or set gates = "take_over" in the map.')


def spoken_in(lang: str) -> Say:
    """Says refusals in one of our languages."""
    translate = translations(lang).gettext

    def say(refusal: Refused) -> str:
        return refusal.filled(translate(refusal.sentence), lang)

    return say


def reason(
    refusals: Sequence[Refused], sources: Mapping[str, Source], say: Say, *, has_map: bool = True
) -> str:
    """All that keeps a row out; each field is named with the columns of the file it comes from.

    Without `has_map` nobody has a map of theirs to write into.
    """
    return " ".join(_sentences(each, sources, say, has_map) for each in refusals)


def _sentences(refusal: Refused, sources: Mapping[str, Source], say: Say, has_map: bool) -> str:
    words = say(refusal)
    if isinstance(refusal, GateRefused):
        return f"{words} ({', '.join(refusal.missing)}) {say(Invalid(_GATES))}"
    field = _field_of(refusal)
    if not field:
        return words
    if field in _ADVICE and (has_map or _ADVICE[field] is _CONTACT):
        words = f"{words} {say(Invalid(_ADVICE[field], field=field, **_params(field)))}"
    columns = " + ".join(sources[field].columns) if field in sources else ""
    return f"{field} ({columns}): {words}" if columns not in ("", field) else f"{field}: {words}"


def _field_of(refusal: Refused) -> str:
    """The field as a map calls it; the rules say ``customer.phone`` and ``customer.tier``."""
    owner, _, name = (refusal.field or "").rpartition(".")
    return f"{owner}_{name}" if owner and name not in (*CODES, "salutation") else name


def _params(field: str) -> dict[str, str]:
    return {"name": field} if field in CODES else {}

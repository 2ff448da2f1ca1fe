"""What the short end of a contact takes, by its kind."""

from dataclasses import dataclass

from complaints.domain.errors import N_, Invalid
from complaints.domain.taxonomy.items import ShortEnd
from complaints.domain.words.substance import require_substance

#: What has to be said at the end, and what asks for it.
_WORDS = {
    ShortEnd.ANSWERED: N_("Enter what the customer was answered."),
    ShortEnd.DONE: N_("Enter what was done, in a few words."),
}
#: Without these nobody can be told what became of it.
_ANSWERS_SOMEBODY = (ShortEnd.ANSWERED, ShortEnd.DONE)


@dataclass(frozen=True, slots=True)
class End:
    """What somebody says of the end; `unit` and `person` say whether one has it."""

    words: str = ""
    method: str = ""
    has_unit: bool = False
    has_person: bool = False


def require_end(ending: ShortEnd, end: End) -> None:
    """Raise Invalid for what the end of this kind still lacks."""
    if ending in _WORDS:
        require_substance(end.words, _WORDS[ending], field="words")
    if ending is ShortEnd.ANSWERED and not end.method:
        raise Invalid(N_("Choose how the customer was answered."), field="method")
    if ending is ShortEnd.NOTED and not end.has_unit:
        raise Invalid(N_("Choose the unit that the suggestion concerns."), field="team")
    if ending is ShortEnd.PASSED_ON and not (end.has_unit or end.has_person):
        raise Invalid(N_("Choose the officer or the unit that is praised."), field="person")


def require_way_back(ending: ShortEnd, *, name: str, phone: str, email: str) -> None:
    """Raise Invalid where somebody waits for an answer and nobody could give it."""
    if ending not in _ANSWERS_SOMEBODY:
        return
    if not name.strip():
        raise Invalid(
            N_("Enter the customer's name, or write down the answer that was given at once."),
            field="customer.name",
        )
    if not phone.strip() and not email.strip():
        raise Invalid(
            N_("Enter a phone number or email, or write down the answer that was given at once."),
            field="customer.contact",
        )

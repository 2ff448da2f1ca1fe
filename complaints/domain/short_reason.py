"""The reason that whoever leaves the usual road has to give: short, but in words."""

from complaints.domain.errors import N_
from complaints.domain.words.substance import require_substance, says_something


def is_reason(text: str) -> bool:
    """Whether a text says enough to count as a reason."""
    return says_something(text)


def require_reason(
    text: str,
    sentence: str = N_("Enter the reason in a few words."),
    *,
    field: str = "reason",
    **names: str,
) -> str:
    """The reason without the spaces around it; Invalid with this sentence when it says nothing.

    `names` fill the sentence.
    """
    return require_substance(text, sentence, field=field, **names)

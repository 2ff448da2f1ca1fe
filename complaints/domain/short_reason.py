"""The reason that whoever leaves the usual road has to give: short, but more than a keystroke."""

from complaints.domain.errors import N_, Invalid

#: Characters without the spaces around them.
SHORTEST_REASON = 3


def is_reason(text: str) -> bool:
    """Whether a text says enough to count as a reason."""
    return len(text.strip()) >= SHORTEST_REASON


def require_reason(
    text: str,
    sentence: str = N_("Enter the reason in a few words."),
    *,
    field: str = "reason",
    **names: str,
) -> str:
    """The reason without the spaces around it; Invalid with this sentence when it is too short.

    `names` fill the sentence.
    """
    if not is_reason(text):
        raise Invalid(sentence, field=field, **names)
    return text.strip()

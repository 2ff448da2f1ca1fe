"""The parts of `commitments.toml`: what is undertaken beside the deadline, and by when."""

from complaints.domain.errors import N_
from complaints.domain.parts.fields import NAME, Field, FieldKind, Part

_FILE = "commitments"
_FARTHEST = 365


def _time(code: str, path: str, title: str, about: str) -> Part:
    return Part(
        code=code,
        file=_FILE,
        path=path,
        is_list=False,
        title=title,
        about=about,
        fields=(
            Field(
                name="duration",
                label=N_("How many"),
                kind=FieldKind.NUMBER,
                least=1,
                most=_FARTHEST,
                required=True,
            ),
            Field(
                name="unit",
                label=N_("Counted in"),
                kind=FieldKind.CHOICE,
                options="unit",
                required=True,
            ),
        ),
    )


PARTS = (
    Part(
        code="commitments",
        file=_FILE,
        path="",
        is_list=False,
        title=N_("Commitments"),
        about=N_("What is undertaken for a complaint beside its deadline."),
        fields=(
            *NAME,
            Field(
                name="given_by_saying",
                label=N_("Remedies that are given by saying them"),
                kind=FieldKind.CHOICES,
                options="remedy",
                hint=N_(
                    "Nothing has to be delivered after the customer’s yes, unless the offer has an "
                    "amount."
                ),
            ),
        ),
    ),
    _time(
        "step-time",
        "step",
        N_("Time for a step"),
        N_("Proposed for a step without a date once the promise to the customer has passed."),
    ),
    _time(
        "document-time",
        "document",
        N_("Time for a document"),
        N_("Proposed where nobody names the date by which the customer brings it."),
    ),
    _time(
        "delivery-time",
        "delivery",
        N_("Time for a delivery"),
        N_("Proposed where nobody names the date by which an accepted remedy is delivered."),
    ),
)

"""Give the customer complete information on the service standard (020-3.7)."""

from collections.abc import Iterable, Sequence

from complaints.domain.config.leaflet import LeafletItem
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.scripts import LANGUAGES, fill
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.wording import listed


def inform_standard(
    case: Case,
    *,
    items: Sequence[str] = (),
    all_items: bool = False,
    method: str = "print",
) -> None:
    """Record which items of the leaflet were given; every mandatory one must be among them."""
    leaflet = case.rules.leaflet
    mandatory = [item.id for item in leaflet.mandatory]
    given = mandatory if all_items else list(dict.fromkeys(items))
    unknown = [key for key in given if key not in leaflet.items]
    if unknown:
        raise Invalid(N_("There is no leaflet item %(code)s."), field="items", code=unknown[0][:40])
    lacking = [item for item in leaflet.mandatory if item.id not in given]
    if lacking:
        raise Invalid(
            N_("The information is incomplete. Still to be given: %(items)s."),
            field="items",
            items={
                language: listed([item.spoken(language) for item in lacking], language)
                for language in LANGUAGES
            },
        )
    detail = {"items": given, "leaflet": leaflet.version}
    proven = Proven(
        "020-3.7",
        words=", ".join(given),
        method=method,
        detail=detail,
        part={"items": leaflet_as_told(case, [leaflet.items[key] for key in given])},
    )
    advance(case, Action.INFORM_STANDARD, proven=[proven], detail=detail)


def leaflet_as_told(case: Case, items: Iterable[LeafletItem]) -> list[dict[str, str]]:
    """The items as the customer reads them, each with its name and text."""
    language = case.complaint.customer.language
    language = language if language in LANGUAGES else LANGUAGES[0]
    values = case.rules.organisation.values
    return [
        {"label": item.label(language), "text": fill(item.texts[language], values, language)}
        for item in items
    ]

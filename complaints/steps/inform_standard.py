"""Give the customer complete information on the service standard (020-3.7)."""

from collections.abc import Sequence

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.scripts import LANGUAGES
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.wording import leaflet_words, listed


def inform_standard(
    case: Case,
    *,
    items: Sequence[str] = (),
    all_items: bool = False,
    method: str = "print",
    unable: str | None = None,
) -> None:
    """Record which items of the leaflet were given; every mandatory one must be among them."""
    if unable is not None:
        advance(case, Action.INFORM_STANDARD, proven=[Proven("020-3.7", unable=unable)])
        return
    leaflet = case.rules.bodies["standard_information"]
    known = {item["id"]: item for item in leaflet["item"]}
    mandatory = [key for key, item in known.items() if item["mandatory"]]
    given = mandatory if all_items else list(dict.fromkeys(items))
    unknown = [key for key in given if key not in known]
    if unknown:
        raise Invalid(N_("There is no leaflet item %(code)s."), field="items", code=unknown[0][:40])
    lacking = [key for key in mandatory if key not in given]
    if lacking:
        raise Invalid(
            N_("The information is incomplete. Still to be given: %(items)s."),
            field="items",
            items={
                language: listed([leaflet_words(known[key], language) for key in lacking], language)
                for language in LANGUAGES
            },
        )
    detail = {"items": given, "leaflet": leaflet.get("version", 1)}
    proven = Proven("020-3.7", words=", ".join(given), method=method, detail=detail)
    advance(case, Action.INFORM_STANDARD, proven=[proven], detail=detail)

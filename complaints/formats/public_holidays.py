"""Public holidays of a country or region and year, as a proposal that a person looks over.

They come from the `holidays` package; nothing here decides that a date is closed.
"""

from collections.abc import Sequence
from datetime import date

from complaints.domain.errors import N_, Invalid

#: National days and, where a country has them, the days on which its offices are closed too
#: (in Indonesia cuti bersama, the collective leave of the yearly decree).
WANTED = ("public", "government")
FIRST_YEAR, LAST_YEAR = 1970, 2100


def country_codes() -> Sequence[str]:
    """The two-letter codes of the countries whose holidays are known."""
    # Loading the package costs a tenth of a second; only the calendar page needs it.
    from holidays.registry import COUNTRIES

    return sorted(codes[1] for codes in COUNTRIES.values())


def regions_of(country: str) -> Sequence[tuple[str, str]]:
    """Code and name of the regions that have holidays of their own; [] where none are known."""
    from holidays import country_holidays

    if country not in country_codes():
        return []
    known = country_holidays(country)
    names = known.get_subdivision_aliases()
    pairs = [(code, (names.get(code) or [code])[-1]) for code in known.subdivisions]
    return sorted(pairs, key=lambda pair: pair[1])


def holidays_of(country: str, region: str, year: int, language: str = "id") -> dict[date, str]:
    """Date → name, in `language` where the names are known in it; Invalid for an unknown place."""
    from holidays import country_holidays

    if country not in country_codes():
        raise Invalid(N_("Choose a country from the list."), field="country")
    if region and region not in dict(regions_of(country)):
        raise Invalid(N_("This region does not belong to the country."), field="region")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            N_("Choose a year from %(first)s to %(last)s."),
            field="year",
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    known = country_holidays(country)
    spoken = known.supported_languages or ()
    found = country_holidays(
        country,
        subdiv=region or None,
        years=year,
        observed=True,
        categories=tuple(each for each in WANTED if each in known.supported_categories),
        language=next((each for each in (language, "en_US") if each in spoken), None),
    )
    return {day: name for day, name in sorted(found.items()) if day.year == year}

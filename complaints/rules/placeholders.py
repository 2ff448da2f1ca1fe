"""What stands in braces in texts of the organisation: only what there is to fill in.

Otherwise a letter, the leaflet or a script could not be said at the very moment it is needed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from complaints.domain.config.organisation import Organisation
from complaints.domain.errors import N_, Invalid
from complaints.domain.scripts import placeholders

Body = Mapping[str, Any]

#: Contact points that an organisation may not have.
_CONTACTS = frozenset({"contact_center", "social_handle", "email"})
_FACTS = frozenset({"organisation", "service_hours", *_CONTACTS})


def check_placeholders(data: Mapping[str, Mapping[str, Body]]) -> None:
    """Raise Invalid for the first line that names something unknown, or a contact there is not."""
    has = Organisation.from_dict(data["organisation"]["organisation"]).values
    letters = {name: each for name, each in data["letters"]["letters"].items() if name != "draft"}
    _check("letters.toml", letters, _FACTS | {"address"}, has)
    leaflet = data["standard_information"]["standard_information"]
    _check("standard_information.toml", leaflet, _FACTS, has)
    scripts = data["scripts"]["scripts"]
    known = frozenset(map(str, scripts.get("placeholders", {})))
    _check("scripts.toml", {"script": scripts.get("script", [])}, known, has)


def _check(file: str, body: Body, known: frozenset[str], has: Mapping[str, Any]) -> None:
    for text in _texts(body):
        for line in text.split("\n"):
            for name in placeholders(line):
                if name not in known:
                    raise Invalid(
                        N_("%(file)s: there is nothing called {%(name)s} to fill in: %(line)s"),
                        file=file,
                        name=name,
                        line=line.strip()[:200],
                    )
                if name in _CONTACTS and name not in has:
                    raise Invalid(
                        N_(
                            "%(file)s names {%(name)s}, which the organisation does not have: "
                            "%(line)s"
                        ),
                        file=file,
                        name=name,
                        line=line.strip()[:200],
                    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name != "placeholders":
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def without_contact(value: Any, name: str) -> Any:
    """Texts without a contact point that an organisation does not have, and what joined it on."""
    if isinstance(value, str):
        for joint in (" · ", ", ", " atau ", " or "):
            value = value.replace(f"{joint}{{{name}}}", "").replace(f"{{{name}}}{joint}", "")
        return value
    if isinstance(value, Mapping):
        return {key: without_contact(each, name) for key, each in value.items()}
    if isinstance(value, list):
        return [without_contact(each, name) for each in value if each != name]
    return value

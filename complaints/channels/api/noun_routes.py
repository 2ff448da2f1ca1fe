"""What is told apart by the noun in the address, before and after the noun's own step."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.routing import BaseConverter

from complaints.actions.bodies import Skippable
from complaints.actions.reading import BodyErrors
from complaints.actions.recording import parse_body
from complaints.actions.registry import ACTS, find_act
from complaints.channels.api.idempotent import PREFIX
from complaints.domain.errors import N_, Invalid, NotFound

_UNDER_A_COMPLAINT = re.compile(rf"{PREFIX}/complaints/[^/]+/(?P<noun>.+)")


class NounConverter(BaseConverter):
    """A noun of the table and nothing else, so that 404, 405 and OPTIONS tell the truth."""

    part_isolating = False
    regex = "|".join(sorted(map(re.escape, ACTS), key=len, reverse=True))


def unknown_noun(path: str) -> NotFound | None:
    """The refusal that names what a complaint does not have; None for any other address."""
    found = _UNDER_A_COMPLAINT.fullmatch(path)
    if found is None:
        return None
    try:
        find_act(found["noun"])
    except NotFound as refusal:
        return refusal
    return None


def refuse_both(noun: str, given: Mapping[str, Any]) -> None:
    """Raise BodyErrors when a program sends the content and the reason why there is none.

    Pages may send both: the fields above the reason keep what was typed or proposed in them.
    """
    if "unable" not in given:
        return
    body = parse_body(noun, given)
    if isinstance(body, Skippable) and body.unable is not None and body.has_content():
        both = Invalid(N_("Send what was done or why it could not be done, not both."))
        raise BodyErrors([("unable", both)])

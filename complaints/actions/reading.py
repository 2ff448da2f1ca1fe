"""From what was sent to a body, or to sentences that say what is wrong with each field.

pydantic finds the mistakes; the sentences are ours, so that they can be translated.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from complaints.domain.errors import N_, Invalid

Ctx = Mapping[str, Any]
Params = dict[str, object]


class BodyErrors(Invalid):
    """Everything that is wrong with a body: `errors` pairs each field with its refusal."""

    def __init__(self, errors: Sequence[tuple[str, Invalid]]) -> None:
        first_field, first = errors[0]
        if len(errors) == 1:
            super().__init__(first.sentence, field=first_field, **first.params)
        else:
            super().__init__(
                N_("%(count)d fields need correcting."),
                field=first_field,
                count=len(errors),
            )
        self.errors = list(errors)


B = TypeVar("B", bound=BaseModel)


def read_body(model: type[B], given: object) -> B:
    """Read `given` (JSON values or texts of a form) as a body; raises BodyErrors."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        # Input and context are left out: they may hold what the customer said, and more of it
        # than anybody wants to read.
        found = error.errors(include_url=False, include_input=False)
        not_taken = getattr(model, "not_taken", {})
        raise BodyErrors([_refusal(each, not_taken) for each in found[:20]]) from None


def _refusal(error: Any, not_taken: Mapping[str, str]) -> tuple[str, Invalid]:
    """The field and what is wrong with it; `not_taken` says why a body has no such field."""
    field = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden" and field in not_taken:
        return field, Invalid(not_taken[field], field=field)
    sentence, params_of = _SENTENCES.get(error["type"], _OTHER)
    name = str(error["loc"][-1])[:60] if error["loc"] else ""
    params = params_of({**error.get("ctx", {}), "name": name})
    return field, Invalid(sentence, field=field, **params)


def _none(ctx: Ctx) -> Params:
    return {}


def _most(ctx: Ctx) -> Params:
    return {"most": ctx["max_length"]}


def _choices(ctx: Ctx) -> Params:
    # Texts stand in quotes, whole numbers without; a digit may also be part of a name.
    found = re.findall(r"'([^']*)'|(?<![\w.])(\d+)", str(ctx["expected"]))
    return {"choices": ", ".join(text or number for text, number in found)}


def _name(ctx: Ctx) -> Params:
    return {"name": ctx["name"]}


#: What is said of a field that is not there; the desk asks for it in its own words.
MISSING = N_("This field is required.")

_OTHER: tuple[str, Callable[[Ctx], Params]] = (
    N_("This entry is not valid. Please check it."),
    _none,
)
_TEXT = (N_("Text is expected here."), _none)
_WHOLE = (N_("A whole number is expected here."), _none)
TOO_LARGE = N_("This number is too large (at most %(most)d).")
_YES_NO = (N_("True or false is expected here."), _none)
_OBJECT = (N_("A JSON object is expected here."), _none)

#: What pydantic found → our sentence and what fills it.
_SENTENCES: dict[str, tuple[str, Callable[[Ctx], Params]]] = {
    "missing": (MISSING, _none),
    "string_too_short": (MISSING, _none),
    "extra_forbidden": (N_("There is no field %(name)s here."), _name),
    "string_type": _TEXT,
    "string_unicode": (N_("The text contains a character that cannot be stored."), _none),
    "unstorable": (N_("The text contains a character that cannot be stored."), _none),
    "string_too_long": (N_("This is too long (at most %(most)d characters)."), _most),
    "too_long": (N_("These are too many (at most %(most)d)."), _most),
    "literal_error": (N_("Choose one of these: %(choices)s."), _choices),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "greater_than_equal": (
        N_("This number is too small (at least %(least)d)."),
        lambda ctx: {"least": ctx["ge"]},
    ),
    "less_than_equal": (
        TOO_LARGE,
        lambda ctx: {"most": ctx["le"]},
    ),
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "list_type": (N_("A list is expected here."), _none),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "not_a_time": (
        N_("This is not a date and time. Write it as 2026-11-19T09:15:00+07:00."),
        _none,
    ),
    "not_a_day": (N_("This is not a date. Write it as 2026-11-19."), _none),
    "naive_time": (
        N_("The time lacks its offset. Write it as 2026-11-19T09:15:00+07:00."),
        _none,
    ),
    "far_time": (N_("This date is too far away."), _none),
}

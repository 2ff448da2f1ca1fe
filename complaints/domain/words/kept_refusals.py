"""A refusal that is kept with a record, and said later in the language of whoever reads it.

What is kept is the sentence that stands in the catalogue and what fills it. Records that were kept
before as one English text are read as that text, behind the sentence it began with.
"""

import json
from collections.abc import Mapping
from typing import Any

from complaints.domain.errors import N_, Refused

#: The sentences that older records begin with.
_HEADS = (N_("The configuration cannot be used: %(why)s"), N_("This cannot be saved: %(why)s"))
#: As long as one value is kept; a map or file that is quoted may be longer than anybody reads.
_LONGEST = 300


def keep_refusal(error: Refused) -> dict[str, Any]:
    """The sentence and its values as data."""
    return {
        "sentence": error.sentence,
        "params": {name: _plain(value) for name, value in error.params.items()},
    }


def read_refusal(kept: object) -> Refused | None:
    """The refusal that was kept, also as text; None where there is none."""
    if isinstance(kept, Mapping):
        return Refused(str(kept["sentence"]), **{k: _read(v) for k, v in kept["params"].items()})
    text = str(kept or "")
    if not text:
        return None
    if text.startswith("{"):
        try:
            return read_refusal(json.loads(text))
        except (ValueError, KeyError, AttributeError):
            pass
    for head in _HEADS:
        begins = head.removesuffix("%(why)s")
        if text.startswith(begins):
            return Refused(head, why=text.removeprefix(begins))
    return Refused("%(why)s", why=text)


def _plain(value: object) -> Any:
    if isinstance(value, Refused):
        return keep_refusal(value)
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return str(value)[:_LONGEST]


def _read(value: Any) -> Any:
    if isinstance(value, Mapping) and set(value) == {"sentence", "params"}:
        return read_refusal(value)
    return value

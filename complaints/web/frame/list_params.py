"""What the address of a page asks for: filters and days, read with care."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from complaints.domain.errors import N_, Invalid
from complaints.queries.lists.filters import ListFilters


def read_filters(given: Mapping[str, str], *, is_search: bool) -> ListFilters:
    """The filters of an address; only open complaints unless it says more or searches."""
    names = {each.name for each in fields(ListFilters)} - {"overdue", "from_on", "to_on"}
    values: dict[str, Any] = {
        name: given.get(name, "").strip()[:200] or None for name in names if name in given
    }
    status = values.get("status")
    if status == "all":
        values["status"] = None
    elif status is None and not is_search:
        values["status"] = "open"
    return ListFilters(
        **values,
        overdue=given.get("overdue") in ("1", "true", "on"),
        from_on=read_day(given, "from"),
        to_on=read_day(given, "to"),
    )


def read_day(given: Mapping[str, str], name: str) -> date | None:
    """The day in an address, None when it is left out; Invalid when it cannot be read."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        sentence = N_("Write the date as year-month-day, such as 2026-10-31.")
        raise Invalid(sentence, field=name) from error

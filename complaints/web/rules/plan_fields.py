"""From when on a change is to be in force, as a form says it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request

from complaints.domain.errors import N_, Invalid


def instant_given(zone: ZoneInfo) -> datetime:
    """From when on a change is to be in force, by the wall clock of the organisation's home."""
    text = f"{request.form.get('from_day', '')} {request.form.get('from_time') or '00:00'}"
    try:
        local = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    except ValueError:
        raise Invalid(
            N_("Choose a date and time ahead of now, within two years."), field="from_day"
        ) from None
    return local

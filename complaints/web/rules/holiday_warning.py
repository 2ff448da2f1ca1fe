"""The banner that says a calendar in use lacks the holidays of a year that matters now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask, current_app

from complaints import clock
from complaints.extensions import db
from complaints.queries.rules.versions import HolidayGap, holiday_gaps
from complaints.rulebook import current_rules

#: How long one look is good for, unless a rule has been saved meanwhile.
LOOK_AGAIN = timedelta(minutes=1)
_LOOK = "tanggap_calendar_look"


def init_app(app: Flask) -> None:
    """Give the banner's facts to every page; only administrators' pages ask for them."""
    app.jinja_env.globals["unknown_holidays"] = unknown_holidays


def unknown_holidays() -> Sequence[HolidayGap]:
    """The gaps as this process last saw them."""
    now, rules = clock.now(), current_rules(db.session)
    kept: tuple[datetime, int, Sequence[HolidayGap]] | None = current_app.extensions.get(_LOOK)
    is_fresh = (
        kept is not None
        and kept[1] == rules.latest_id
        and timedelta(0) <= now - kept[0] < LOOK_AGAIN
    )
    if kept is None or not is_fresh:
        kept = (now, rules.latest_id, holiday_gaps(db.session, rules, now))
        current_app.extensions[_LOOK] = kept
    return kept[2]

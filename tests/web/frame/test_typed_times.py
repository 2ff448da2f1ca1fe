"""Times in forms are typed as people say them, and a day alone lasts until the office closes."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from complaints.actions.reading import BodyErrors
from complaints.domain.errors import Invalid
from complaints.rulebook import current_rules
from complaints.web.frame.form_parsing import read_time, read_typed

# 19 November 2026 is a Thursday, 09.15 in Jakarta.


@pytest.fixture
def calendar(office, wall):
    return current_rules(office.session).calendars["jakarta"].value


def said(name, text, calendar):
    at = read_time(name, text, calendar.tz, calendar)
    return at.astimezone(calendar.tz).strftime("%d.%m.%Y %H.%M")


@pytest.mark.parametrize(
    ("name", "text", "means"),
    [
        ("due_at", "besok 10.00", "20.11.2026 10.00"),
        ("promise.steps.0.due_at", "20/11 14.00", "20.11.2026 14.00"),
        ("due_at", "20 Nov 2026 14.00 WIB", "20.11.2026 14.00"),
        ("due_at", "2026-11-20T14:00", "20.11.2026 14.00"),
        ("incident_at", "kemarin 21.00", "18.11.2026 21.00"),
        ("received_at", "08.30", "19.11.2026 08.30"),
        ("incident_at", "18/11 21.00", "18.11.2026 21.00"),
    ],
)
def test_a_time_is_read_in_the_users_own_form(calendar, name, text, means):
    assert said(name, text, calendar) == means


def test_a_day_alone_lasts_until_closing(calendar):
    closing = said("due_at", "20/11", calendar)
    at = read_time("due_at", "20/11", calendar.tz, calendar)
    assert closing.startswith("20.11.2026 1")
    assert calendar.between(at, read_time("due_at", "20/11 23.00", calendar.tz, calendar)) == 0
    assert said("due_at", "besok", calendar) == closing


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("due_at", "Minggu", "The office is closed on that day"),
        ("due_at", "besok jam 2", "Morning or afternoon"),
        ("due_at", "entah", "This is no date and time"),
        ("incident_at", "kemarin", "Add the time of day"),
        ("due_at", "20/11 14.00 WIT", "This is no date and time"),
        ("posted_at", "1/1/0001 00.00", "This date is too far away"),
        ("expected_at", "1/1/0001 00.00", "This date is too far away"),
    ],
)
def test_what_is_unclear_is_said_and_not_guessed(calendar, name, text, sentence):
    with pytest.raises(Invalid, match=sentence):
        read_time(name, text, calendar.tz, calendar)


def test_every_unclear_time_of_a_form_is_named_at_once(calendar, office):
    form = MultiDict({"incident_at": "entah", "promise.due_at": "kapan", "story": "x"})
    currency = current_rules(office.session).organisation.currency
    with pytest.raises(BodyErrors) as refused:
        read_typed(form, calendar.tz, currency, calendar=calendar)
    assert [field for field, _ in refused.value.errors] == ["incident_at", "promise.due_at"]

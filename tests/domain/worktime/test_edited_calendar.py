"""A calendar as a page edits it: what is read is written back, and what no page edits stays."""

import pytest

from complaints.domain.worktime.edited_calendar import EditedCalendar
from complaints.rules.config_files import read_config
from tests.conftest import ROOT

CALENDARS = read_config(ROOT / "config")["calendar"]


@pytest.mark.parametrize("code", CALENDARS)
def test_a_calendar_of_the_files_is_written_back_as_it_was_read(code):
    body = CALENDARS[code]
    assert EditedCalendar.from_body(body).as_body() == body


def test_days_in_any_written_form_have_their_names():
    listed = {"tz": "UTC", "holidays": ["2026-01-01", {"date": "2026-12-25", "name": "Natal"}]}
    calendar = EditedCalendar.from_body(listed)
    assert calendar.holidays == {"2026-01-01": "", "2026-12-25": "Natal"}
    assert calendar.years == [2026]
    assert calendar.annual is None
    assert "holidays_annual_mmdd" not in calendar.as_body()


def test_what_no_page_edits_stays_and_what_is_no_calendar_counts_as_nothing():
    body = {"label_id": "Kami", "week": "siang", "holidays": 7, "holidays_source": "ID"}
    calendar = EditedCalendar.from_body(body)
    assert calendar.as_body()["label_id"] == "Kami"
    assert not calendar.is_open
    assert (calendar.holidays, calendar.source) == ({}, None)


def test_holidays_that_are_loaded_say_from_where():
    calendar = EditedCalendar.from_body({"holidays": {"2026-01-01": "Baru"}})
    loaded = calendar.with_holidays({"2027-01-06": "Tiga Raja"}).loaded_from("DE", "BY", ["public"])
    assert loaded.source is not None
    assert loaded.source.place == "DE-BY"
    assert loaded.as_body()["holidays_source"] == {
        "country": "DE",
        "region": "BY",
        "categories": ["public"],
        "years": [2026, 2027],
    }
    assert calendar.holidays == {"2026-01-01": "Baru"}

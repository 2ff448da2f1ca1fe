"""Holidays as .ics files: whole days come in, the rest is named, nothing is lost going out."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.formats import ical
from complaints.formats.inputs import UnusableFile

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def file(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n".encode()


def test_whole_days_become_holidays_with_their_names():
    found = ical.read_ics(
        file(
            "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261226\nSUMMARY:Natal\\, dua hari",
            "DTSTART;VALUE=DATE:20270101\nSUMMARY:Tahun Baru",
        )
    )
    assert found.days == {
        date(2026, 12, 24): "Natal, dua hari",
        date(2026, 12, 25): "Natal, dua hari",
        date(2027, 1, 1): "Tahun Baru",
    }
    assert (found.annual, found.left_out) == ({}, [])


def test_a_day_that_comes_back_every_year_is_a_yearly_holiday():
    found = ical.read_ics(
        file(
            "DTSTART;VALUE=DATE:20260817\nRRULE:FREQ=YEARLY\nSUMMARY:Kemerdekaan",
            "DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=12;BYMONTHDAY=25;"
            "WKST=SU\nSUMMARY:Natal",
        )
    )
    assert found.annual == {"08-17": "Kemerdekaan", "12-25": "Natal"}


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("DTSTART:20261231T080000Z\nDTEND:20261231T100000Z", ical.NOT_A_WHOLE_DAY),
        ("DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED", ical.CANCELLED),
        ("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=WEEKLY", ical.REPEATS),
        ("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;COUNT=3", ical.REPEATS),
        ("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=12", ical.REPEATS),
        ("DTSTART;VALUE=DATE:20261225\nRDATE;VALUE=DATE:20271225", ical.REPEATS),
        ("DTSTART;VALUE=DATE:20261399", ical.UNREADABLE),
        ("DTSTART;VALUE=DATE:00010101", ical.UNREADABLE),
        ("DESCRIPTION:no date", ical.UNREADABLE),
        ("DTSTART;VALUE=DATE:20260601\nDTEND;VALUE=DATE:20260901", ical.TOO_LONG),
    ],
)
def test_what_cannot_be_taken_over_is_named_with_its_reason(event, reason):
    found = ical.read_ics(file(f"{event}\nSUMMARY:Rapat"))
    assert found.left_out == [("Rapat", reason)]
    assert not found.days
    assert not found.annual


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\n", b"%PDF-1.7\n", file("X") * 2 + b"END"],
)
def test_a_file_that_is_no_calendar_is_refused_with_a_sentence(data):
    with pytest.raises(UnusableFile, match="not an iCalendar file"):
        ical.read_ics(data)


def test_a_file_too_large_for_a_list_of_holidays_is_refused_unread():
    with pytest.raises(UnusableFile, match="too large"):
        ical.read_ics(b"x" * (ical.LARGEST + 1))


#: The library takes a backslash before an N for a line break already when it writes.
names = (
    st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" ,;\\:"), max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda name: "\\N" not in name)
)
days = st.dates(date(1970, 1, 1), date(2200, 12, 31))
yearly = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d}")


@given(st.dictionaries(days, names, max_size=5), st.dictionaries(yearly, names, max_size=5))
def test_what_goes_out_comes_back_the_same(dated, annual):
    data = ical.write_ics("jakarta", "Kalender Jakarta", dated, annual, version=3, at=AT)
    found = ical.read_ics(data)
    assert (found.days, found.annual, found.left_out) == (dated, annual, [])

"""Years without holidays, found before promises suffer by them; what runs under which policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from complaints import clock
from complaints.commands.doctor import examine
from complaints.queries.rules.versions import (
    body_from_file,
    holiday_gaps,
    newest_versions,
    running_clocks,
    versions_of,
)
from complaints.rules.load import NewVersion, Origin, store_version
from tests.conftest import NOW
from tests.office import Office

FRONT_DESK = "id-default-front-desk"


def keep_holidays_before(office: Office, year: str, code: str = "jakarta") -> None:
    spec = office.rules.calendars[code].value.spec
    days = {day: name for day, name in spec["holidays"].items() if day < year}
    new = NewVersion("calendar", code, {**spec, "holidays": days}, Origin.ADMIN)
    store_version(office.session, new, by="tests", at=NOW)
    office.session.commit()


def gaps(office: Office, at: datetime = NOW) -> list[tuple[str, int, int, bool]]:
    found = holiday_gaps(office.session, office.rules, at)
    office.session.commit()
    return [(gap.calendar, gap.year, gap.clocks, gap.is_near) for gap in found]


def test_a_house_with_its_holidays_has_no_gap(office: Office):
    assert gaps(office) == []


def test_this_year_and_towards_its_end_the_next_one_matter(office: Office):
    keep_holidays_before(office, "2026")
    june = datetime(2026, 6, 1, tzinfo=UTC)
    assert gaps(office, june) == [("jakarta", 2026, 0, True)]
    assert gaps(office) == [("jakarta", 2026, 0, True), ("jakarta", 2027, 0, True)]


def test_a_year_that_due_times_reach_into_matters_however_far_it_is(office: Office):
    keep_holidays_before(office, "2027")
    june = datetime(2026, 6, 1, 2, tzinfo=UTC)
    assert gaps(office, june) == []
    number = office.receive(received_at=june, at=june)
    resolve = office.clocks(number)["resolve"]
    resolve.due_at = datetime(2027, 1, 4, tzinfo=UTC)
    office.session.commit()
    assert gaps(office, june) == [("jakarta", 2027, 1, False)]


def test_the_doctor_names_the_calendar_and_the_year(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    keep_holidays_before(office, "2027", "makassar")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings = {
        "DATABASE_URL": office.engine.url.render_as_string(hide_password=False),
        "SECRET_KEY": "a key for tests only, long enough",
        "SMTP_URL": f"file://{tmp_path / 'mail'}",
    }
    found = {each.name: each for each in examine(settings)}
    assert not found["rules"].is_well
    assert found["rules"].what == "calendar makassar holds no holidays of 2027"


def test_versions_say_who_made_them(office: Office):
    keep_holidays_before(office, "2027")
    newest, first = versions_of(office.session, "calendar", "jakarta")
    assert (newest.number, newest.origin, newest.by) == (2, "admin", "tests")
    assert (first.number, first.origin) == (1, "config")
    assert newest_versions(office.session)["calendar", "jakarta"] == newest
    assert "2027-01-01" in (body_from_file(office.session, "calendar", "jakarta") or {})["holidays"]
    assert body_from_file(office.session, "calendar", "nowhere") is None
    office.session.commit()


def test_clocks_that_run_are_counted_by_their_policy(office: Office):
    office.receive()
    done = office.receive(at=office.at + timedelta(minutes=1))
    office.walk(done)
    assert running_clocks(office.session) == {FRONT_DESK: 4}
    office.session.commit()


def test_clocks_are_counted_no_further_than_a_page_says(office: Office, monkeypatch):
    monkeypatch.setattr("complaints.queries.rules.versions.MOST_CLOCKS", 2)
    office.receive()
    assert running_clocks(office.session) == {FRONT_DESK: 3}
    office.session.commit()

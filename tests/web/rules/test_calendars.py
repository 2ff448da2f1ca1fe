"""Working calendars on their page: typed, loaded for a year, read from a file, never impossible."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from complaints.formats import ical
from complaints.formats.ical import read_ics
from complaints.models import RuleVersion
from complaints.rules.load import NewVersion, Origin, store_version
from complaints.steps.casework.escalate import escalate_by_hand
from tests.conftest import NOW
from tests.office import Office

PATH = "/admin/calendars/jakarta"


def edit(at_desk, status: int = 200, do: str = "save", **fields):
    """Fill the form and press one of its buttons."""
    admin = at_desk("admin")
    return admin, admin.submit(admin.get(PATH), PATH, status=status, do=do, **fields)


def save(admin, looked, apply: str = "new"):
    return admin.follow(admin.submit(looked, "/admin/whatif/save", status=303, apply=apply))


def spec(office: Office) -> dict:
    calendar = office.rules.calendars["jakarta"].value.spec
    office.session.commit()
    return calendar


def store(office: Office, **changes) -> None:
    """A version of the calendar as another day may have left it."""
    body = {**spec(office), **changes}
    new = NewVersion("calendar", "jakarta", body, Origin.ADMIN)
    store_version(office.session, new, by="tests", at=NOW)
    office.session.commit()


def test_opening_the_form_and_sending_it_back_changes_nothing(office: Office, at_desk):
    before = spec(office)
    _, looked = edit(at_desk)
    assert "tidak ada yang perlu disimpan" in looked.main
    assert spec(office) == before


def test_several_hours_a_day_a_shift_a_break_and_a_holiday(office: Office, at_desk):
    admin, looked = edit(
        at_desk,
        week_fri="08.00–11.30, 13.30-17.00",
        week_sat="8-12",
        week_sun="tutup",
        holiday_day_79="2026-06-22",
        holiday_words_79="HUT Jakarta",
        annual_day_0="02-14",
        annual_words_0="Hari kantor",
        shift_day_0="2026-12-31",
        shift_words_0="08.00–12.00",
        shift_day_1="2026-12-30",
        break_day_0="2026-12-29",
        break_words_0="12.00–13.00",
        at_closing="roll",
    )
    saved = save(admin, looked)
    assert "versi 2" in saved.text
    new = spec(office)
    assert new["week"]["fri"] == [["08:00", "11:30"], ["13:30", "17:00"]]
    assert new["week"]["sat"] == [["08:00", "12:00"]]
    assert "sun" not in new["week"]
    assert new["holidays"]["2026-06-22"] == "HUT Jakarta"
    assert new["holidays_annual_mmdd"] == {"02-14": "Hari kantor"}
    assert new["shifts"] == {"2026-12-31": [["08:00", "12:00"]], "2026-12-30": []}
    assert new["breaks"] == {"2026-12-29": [["12:00", "13:00"]]}
    assert new["at_closing"] == "roll"
    # And the page shows it again as it was typed.
    assert saved.one("#f-week_fri")["value"] == "08.00–11.30, 13.30–17.00"


def test_a_holiday_is_taken_away(office: Office, at_desk):
    day = "2026-12-24"
    index = sorted(spec(office)["holidays"]).index(day)
    admin, looked = edit(at_desk, **{f"holiday_gone_{index}": "1"})
    save(admin, looked)
    assert day not in spec(office)["holidays"]


def test_holidays_of_earlier_years_are_kept_unseen(office: Office, at_desk, wall):
    wall.at = NOW + timedelta(days=500)
    admin = at_desk("admin")
    page = admin.get(PATH)
    assert not page.all("[value='2025-12-25'], [value='2026-12-25']")
    looked = admin.submit(page, PATH, status=200, week_sat="8-12")
    save(admin, looked)
    assert spec(office)["holidays"]["2025-12-25"] == "Hari Raya Natal"


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"week_mon": "sepanjang hari"}, "week_mon"),
        ({"week_mon": "16.00–08.00"}, "week_mon"),
        ({"week_mon": "08.00–49.00"}, "week_mon"),
        ({"holiday_day_0": "2026-02-30"}, "holiday_day_0"),
        ({"annual_day_0": "2-14", "annual_words_0": "x"}, "annual_day_0"),
        ({"annual_day_0": "02-30"}, "annual_day_0"),
        ({"shift_day_0": "2026-12-31", "shift_words_0": "pagi"}, "shift_words_0"),
    ],
)
def test_a_slip_is_said_beside_its_field_and_nothing_typed_is_lost(at_desk, fields, wrong):
    _, refused = edit(at_desk, status=422, **fields, week_sat="8-12")
    assert refused.one(f"#f-{wrong}-error")
    name, typed = next(iter(fields.items()))
    assert refused.one(f"#f-{name}")["value"] == typed
    assert refused.one("#f-week_sat")["value"] == "8-12"


def test_a_calendar_without_any_open_hour_is_refused_with_a_sentence(office: Office, at_desk):
    closed = {f"week_{day}": "" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    _, refused = edit(at_desk, status=422, **closed)
    assert "Tidak ada satu jam pun yang buka" in refused.main


def test_a_zone_that_does_not_exist_is_refused(at_desk):
    _, refused = edit(at_desk, status=422, tz="Asia/Tanggap")
    assert "Asia/Tanggap" in refused.main


def test_a_years_holidays_are_put_into_the_form_and_saved_when_looked_over(office: Office, at_desk):
    admin, filled = edit(at_desk, do="load", country="ID", year="2028")
    assert "hari libur ditambahkan" in filled.main
    assert filled.all("[value='2028-08-17']")
    assert "2028-08-17" not in spec(office)["holidays"]
    looked = admin.submit(filled, PATH, status=200, do="save")
    save(admin, looked)
    new = spec(office)
    assert new["holidays"]["2028-08-17"] == "Hari Kemerdekaan Republik Indonesia"
    assert new["holidays_source"]["years"] == [2025, 2026, 2027, 2028]


def test_another_country_offers_its_regions(office: Office, at_desk):
    admin, shown = edit(at_desk, do="regions", country="DE")
    assert "Bayern" in shown.one("#f-region").get_text()
    filled = admin.submit(shown, PATH, status=200, do="load", region="BY", year="2027")
    assert filled.all("[value='2027-01-06']")


def test_holidays_are_read_from_an_ics_file_and_what_is_left_out_is_named(office: Office, at_desk):
    file = (
        b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n"
        b"BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260622\nSUMMARY:HUT Jakarta\nEND:VEVENT\n"
        b"BEGIN:VEVENT\nDTSTART:20261231T080000Z\nSUMMARY:Rapat\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    admin = at_desk("admin")
    page = admin.get(PATH)
    upload = (io.BytesIO(file), "libur.ics")
    filled = admin.submit(page, PATH, status=200, do="import", file=upload)
    assert "Tidak diambil: Rapat" in filled.main
    save(admin, admin.submit(filled, PATH, status=200, do="save", file=(io.BytesIO(b""), "")))
    assert spec(office)["holidays"]["2026-06-22"] == "HUT Jakarta"


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"", b"x" * 2000])
def test_a_file_that_is_no_calendar_is_refused(at_desk, data, monkeypatch):
    monkeypatch.setattr(ical, "LARGEST", 1000)
    upload = (io.BytesIO(data), "libur.ics")
    _, refused = edit(at_desk, status=422, do="import", file=upload)
    assert refused.one("#f-file-error")


def test_the_holidays_go_out_as_an_ics_file(office: Office, at_desk):
    response = at_desk("manager").get(f"{PATH}.ics").response
    assert response.mimetype == "text/calendar"
    assert 'filename="jakarta.ics"' in response.headers["Content-Disposition"]
    found = read_ics(response.get_data())
    assert {day.isoformat(): name for day, name in found.days.items()} == spec(office)["holidays"]


def test_a_year_without_holidays_warns_loudly_wherever_an_administrator_goes(
    office: Office, at_desk, wall
):
    admin = at_desk("admin")
    assert "belum memuat hari libur" not in admin.get("/admin/").main
    days = {day: name for day, name in spec(office)["holidays"].items() if day < "2027"}
    store(office, holidays=days)
    # In November the next year is near, though nothing falls due in it yet.
    page = admin.get("/admin/")
    assert "Kalender kerja Jakarta (WIB) belum memuat hari libur tahun 2027" in page.main
    assert "belum memuat hari libur" not in at_desk("csr").get("/").main
    wall.at = datetime(2026, 12, 29, 2, 15, tzinfo=UTC)
    office.receive(received_at=wall.at, at=wall.at, category="GGN_LAMBAT")
    page = admin.get("/admin/calendars/")
    assert "2 tenggat berjalan jatuh tempo pada tahun itu" in page.main
    form = admin.get(page.link("Muat hari libur 2027"))
    assert form.one("#f-year option[selected]")["value"] == "2027"
    looked = admin.submit(form, PATH, status=200, week_sat="8-12")
    assert "Belum ada hari libur tahun 2027" in looked.main


def test_every_surface_that_shows_such_a_due_time_warns(office: Office, at_desk, wall, app):
    days = {day: name for day, name in spec(office)["holidays"].items() if day < "2027"}
    store(office, holidays=days)
    wall.at = datetime(2026, 12, 31, 2, 15, tzinfo=UTC)
    csr, said = at_desk("csr"), "hari libur tahun 2027 belum dimuat"
    warning = "Kalender belum memuat hari libur tahun 2027"
    # Before it is promised at the counter.
    asked = csr.client.get("/complaints/new/promise?category=GGN_LAMBAT&channel=walk_in")
    assert warning in asked.text
    number = office.receive(received_at=wall.at, at=wall.at, category="GGN_LAMBAT")
    office.at = wall.at
    office.walk(number, to="020-1.6")
    wall.at = office.at + timedelta(minutes=5)
    assert said in csr.get("/complaints").main
    assert said in csr.get("/").main
    assert warning in csr.get(f"/complaints/{number}/extension").main
    office.take(number, escalate_by_hand, reason="Pelanggan marah")
    wall.at = office.at + timedelta(minutes=5)
    assert said in at_desk("supervisor").get("/board").main
    answer = app.test_client().get(
        f"/api/v1/complaints/{number}", headers={"Authorization": "Bearer token of csr"}
    )
    unknown = {each["kind"]: each["years_without_holidays"] for each in answer.json["deadlines"]}
    assert (unknown["ack"], unknown["resolve"]) == ([], [2027])
    listed = app.test_client().get(
        "/api/v1/complaints", headers={"Authorization": "Bearer token of csr"}
    )
    (line,) = listed.json["items"]
    assert line["standing"]["years_without_holidays"] == [2027]
    # Once they are known, nobody is warned any more.
    store(office, holidays={**days, "2027-01-01": "Tahun Baru"})
    known = office.receive(received_at=wall.at, at=wall.at, category="GGN_LAMBAT")
    office.session.commit()
    lines = [line.get_text() for line in csr.get("/complaints").all("tbody tr")]
    assert [said in line for line in lines if known in line] == [False]


def test_a_due_time_that_reaches_a_year_without_holidays_says_so_on_the_complaint(
    office: Office, at_desk, wall
):
    days = {day: name for day, name in spec(office)["holidays"].items() if day < "2027"}
    store(office, holidays=days)
    wall.at = datetime(2026, 12, 29, 2, 15, tzinfo=UTC)
    number = office.receive(received_at=wall.at, at=wall.at, category="GGN_LAMBAT")
    page = at_desk("csr").get(f"/complaints/{number}")
    assert "Kalender belum memuat hari libur tahun 2027" in page.one("#promise").get_text()
    why = at_desk("csr", "en").get(f"/complaints/{number}/deadlines")
    assert "The calendar has no holidays for 2027 yet" in why.main
    # What is due before New Year is sure of its days, and so is every clock once they are known.
    sure = next(box for box in why.all("section.box") if "Receipt at the front" in box.get_text())
    assert "no holidays" not in sure.get_text()
    store(office, holidays={**days, "2027-01-01": "Tahun Baru"})
    known = office.receive(received_at=wall.at, at=wall.at, category="GGN_LAMBAT")
    assert "belum memuat" not in at_desk("csr").get(f"/complaints/{known}/deadlines").main


def test_every_save_is_a_version_that_can_be_read_again(office: Office, at_desk):
    admin, looked = edit(at_desk, week_sat="8-12")
    saved = save(admin, looked)
    assert saved.words("#versions ~ ol li")[0].startswith("Versi 2")
    old = admin.get(f"{PATH}?version=1")
    assert "ditutup" in old.main or "tutup" in old.main
    assert not old.all(f"form[action='{PATH}']")
    rows = office.session.query(RuleVersion).filter_by(kind="calendar", code="jakarta").all()
    assert [(row.version, row.origin) for row in rows] == [(1, "config"), (2, "admin")]
    office.session.commit()


def test_running_clocks_follow_a_new_calendar_when_asked(office: Office, at_desk):
    number = office.receive()
    before = office.clocks(number)["resolve"].due_at
    index = len(spec(office)["holidays"])
    day = {f"holiday_day_{index}": "2026-11-20", f"holiday_words_{index}": "Libur setempat"}
    admin, looked = edit(at_desk, **day)
    assert number in looked.main
    save(admin, looked, apply="all")
    assert office.clocks(number)["resolve"].due_at == before + timedelta(days=1)
    why = at_desk("csr").get(f"/complaints/{number}/deadlines")
    assert "hari libur: Libur setempat" in why.main

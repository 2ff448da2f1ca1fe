"""Two policies beside each other on past complaints: the right figures, and nothing stored."""

from __future__ import annotations

import io
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from complaints.models import Complaint, Deadline, LedgerEntry, RuleVersion
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from tests.office import Office

PATH = "/admin/whatif/replay"
DAY = timedelta(days=1)
TWO_HOURS = b"""
[calendar]
tz = "Asia/Jakarta"
[calendar.week]
thu = [["08:00", "16:00"]]
fri = [["08:00", "16:00"]]
[[rule]]
duration = 2
unit = "working_hour"
"""
POLICY = b"""
id = "mine"
[[clock]]
id = "all"
kind = "resolve"
duration = 9
unit = "calendar_day"
"""


def no_file() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b""), ""


def compare(desk, status: int = 200, **fields):
    given = {"file_a": no_file(), "file_b": no_file(), **fields}
    return desk.submit(desk.get(PATH), PATH, status=status, **given)


def totals(page) -> list[dict[str, str]]:
    """The tiles of side A and of side B."""
    return [
        dict(
            zip(
                (each.get_text() for each in tiles.select("dt")),
                (each.get_text() for each in tiles.select("dd")),
                strict=True,
            )
        )
        for tiles in page.all(".tiles")
    ]


@pytest.fixture
def past(office: Office, wall) -> Office:
    """Two complaints settled within three hours, one of them paused, and one still open."""
    quick = office.receive()
    office.walk(quick)
    paused = office.receive()
    office.take(paused, pause_clocks, by="supervisor", reason="Tunggu foto", until=office.at + DAY)
    office.take(paused, resume_clocks, at=office.at + timedelta(hours=2))
    office.walk(paused)
    office.receive(category="TAG_GANDA")
    wall.at = office.at + 3 * DAY
    return office


def test_both_are_judged_on_the_same_complaints(past: Office, at_desk):
    page = compare(at_desk("manager"), side_b="file", file_b=(io.BytesIO(TWO_HOURS), "two.toml"))
    ours, theirs = totals(page)
    assert (ours["terpenuhi"], ours["lewat tenggat"], ours["belum selesai"]) == ("2", "0", "1")
    # Under two hours the paused one is kept only because its pause counts as it was.
    assert (theirs["terpenuhi"], theirs["lewat tenggat"]) == ("2", "1")
    assert "B: two.toml" in page.main
    months = page.one("#months ~ .scrolls")
    assert "November 2026" in months.get_text()
    categories = page.one("#categories ~ .scrolls").get_text(" ")
    assert "Tagihan ganda" in categories
    assert "Internet mati total" in categories


def test_a_policy_a_version_and_a_file_can_stand_on_a_side(past: Office, at_desk):
    desk = at_desk("admin")
    law = next(
        each
        for each in past.rules.all_policies
        if each.code == "id-telco-jartaplok-perdirjen7-2024"
    )
    past.session.commit()
    page = compare(
        desk,
        side_a=f"policy:{law.version_id}",
        side_b="file",
        file_b=(io.BytesIO(POLICY), "p.toml"),
    )
    law_totals, file_totals = totals(page)
    assert law_totals["terpenuhi"] == file_totals["terpenuhi"] == "2"
    page = compare(desk, side_b="now")
    assert totals(page)[0] == totals(page)[1]


def test_nothing_is_stored(past: Office, at_desk):
    tables = (Complaint, Deadline, LedgerEntry, RuleVersion)
    before = [past.count(table) for table in tables]
    latest = past.session.scalar(select(func.max(LedgerEntry.id)))
    past.session.commit()
    compare(at_desk("manager"), side_b="file", file_b=(io.BytesIO(POLICY), "p.toml"))
    assert [past.count(table) for table in tables] == before
    assert past.session.scalar(select(func.max(LedgerEntry.id))) == latest
    past.session.commit()


def test_each_sees_the_complaints_of_their_own_scope(past: Office, at_desk):
    past.receive(by="csr2", branch="MKS", at=past.at)
    everything = totals(compare(at_desk("manager"), side_b="now"))[0]
    branch = totals(compare(at_desk("supervisor"), side_b="now"))[0]
    assert (everything["belum selesai"], branch["belum selesai"]) == ("2", "1")


def test_a_period_without_complaints_says_so(past: Office, at_desk):
    page = compare(at_desk("manager"), side_b="now", **{"from": "2020-01-01", "to": "2020-12-31"})
    assert "Tidak ada keluhan pada masa ini" in page.main


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"side_b": ""}, "side_b"),
        ({"side_b": "policy:0"}, "side_b"),
        ({"side_b": "file"}, "file_b"),
        ({"side_b": "file", "file_b": (b"not toml", "p.toml")}, "file_b"),
        (
            {"side_b": "file", "file_b": (b'[[rule]]\nduration = 1\nunit = "hour"', "p.toml")},
            "file_b",
        ),
        ({"side_b": "file", "file_b": (b'id = "x"\n[[clock]]\nid = "y"', "p.toml")}, "file_b"),
        ({"side_b": "now", "from": "yesterday"}, "from"),
        ({"side_b": "now", "from": "2026-12-01", "to": "2026-11-01"}, "to"),
    ],
)
def test_a_slip_is_said_beside_its_field(at_desk, fields, wrong):
    given = {
        name: (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
        for name, value in fields.items()
    }
    page = compare(at_desk("manager"), status=422, **given)
    assert page.one(f"#f-{wrong}-error")


@pytest.mark.parametrize(
    ("lang", "begins"),
    [("id", "Berkas ini tidak dapat digunakan. Keterangan teknis"), ("en", "p.toml: ")],
)
def test_a_file_that_cannot_be_read_is_refused_in_the_readers_language(at_desk, lang, begins):
    wrong = {"side_b": "file", "file_b": (io.BytesIO(b"not toml"), "p.toml")}
    said = compare(at_desk("manager", lang), status=422, **wrong).one("#f-file_b-error").get_text()
    assert said.startswith(begins)
    assert "p.toml: " in said


ONE_DAY_EVER = b"""
[calendar]
tz = "Asia/Jakarta"
shifts = { "2020-01-02" = [["08:00", "09:00"]] }
[[rule]]
duration = 2
unit = "working_hour"
"""


def clause(duration: str, unit: str = "working_hour") -> bytes:
    return TWO_HOURS.replace(b"duration = 2", f"duration = {duration}".encode()).replace(
        b'"working_hour"', f'"{unit}"'.encode()
    )


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("file", "said"),
    [
        (clause("1000000"), "ten years"),
        (clause("1000000", "working_day"), "ten years"),
        (clause("1000000", "month"), "ten years"),
        (clause("1e300"), "ten years"),
        (clause("0x" + "f" * 9000), "ten years"),
        (clause("1" * 9000), "digits"),
        (clause("nan"), "not a number"),
        (POLICY.replace(b"= 9", b"= 1000000"), "ten years"),
        (POLICY.replace(b"= 9", b"= 0x" + b"f" * 9000), "ten years"),
        (ONE_DAY_EVER, "Tidak ada tenggat"),
        (POLICY + b".".join([b"a"] * 30_000) + b" = 1", "12 parts"),
        (POLICY + b"a = " + b"[" * 20_000, "within each other"),
        (POLICY + b"a = " + b"{a=" * 10_000, "within each other"),
        (b"x" * 70_000, "terlalu besar"),
        (b"\xff\xfe", "byte 1 is no text in UTF-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_odd_file_costs_a_sentence_and_no_time(past: Office, at_desk, file, said):
    desk = at_desk("manager")
    began = time.process_time()
    page = compare(desk, status=422, side_b="file", file_b=(io.BytesIO(file), "p.toml"))
    assert time.process_time() - began < 2
    assert said in page.one("#f-file_b-error").get_text()


def test_it_is_for_those_who_read_reports(at_desk):
    at_desk("csr").get(PATH, status=403)
    at_desk("manager", "en").get(PATH)

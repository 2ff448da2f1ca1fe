"""A file that we write comes back as it was, by whoever reads it, and no spreadsheet runs it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from complaints.domain.csv_cells import CsvForm, guard, unguard, write_csv

CELLS = [
    "=1+1",
    "{=1}",
    "+62 812 3456 7890",
    "081234567890",
    "12345678901234567",
    "-5",
    "@nusatel_care",
    "a;b,c",
    'kata "mereka"\r\nbaris dua',
    "'=apostrof",
    "x" * 40_000,
    "22.5",
    "",
]


@pytest.mark.parametrize("form", CsvForm)
def test_every_cell_comes_back_equal(form: CsvForm):
    text = write_csv(["key", "words"], [{"key": "1", "words": each} for each in CELLS], form)
    mark = ";" if form is CsvForm.EXCEL else ","
    read = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=mark))
    assert [unguard(line["words"]) for line in read] == CELLS
    assert all(line["words"][:1] not in ("=", "+", "-", "@") for line in read)


@pytest.mark.parametrize("first", list("=+-@\t\r\n＝＋－＠"))
def test_no_first_character_makes_a_formula(first: str):
    for cell in (f"{first}1+1", f"'{first}1+1"):
        assert guard(cell) == f"'{cell}"
        assert unguard(guard(cell)) == cell
    assert guard(f"1{first}1") == f"1{first}1"


def test_numbers_have_the_mark_of_the_reader_and_only_they():
    rows = [{"share": 0.6667, "count": 12, "none": None, "version": "22.5"}]
    columns = ["share", "count", "none", "version"]
    assert write_csv(columns, rows) == "share,count,none,version\r\n0.6667,12,,22.5\r\n"
    told = write_csv(columns, rows, CsvForm.EXCEL)
    assert told == "share;count;none;version\r\n0,6667;12;;22.5\r\n"


def test_what_has_no_column_stays_out():
    assert write_csv(["a"], [{"a": 1, "secret": 2}]) == "a\r\n1\r\n"


def test_instants_are_utc_in_the_plain_form_and_in_the_named_zone_for_excel():
    rows = [{"at": datetime(2026, 11, 18, 23, 15, tzinfo=UTC), "by": "Rina"}, {"at": None}]
    assert write_csv(["at", "by"], rows).splitlines()[:2] == [
        "at,by",
        "2026-11-18T23:15:00+00:00,Rina",
    ]
    told = write_csv(["at", "by"], rows, CsvForm.EXCEL, ZoneInfo("Asia/Jakarta"))
    assert told.splitlines() == ["at (WIB);by", "2026-11-19 06:15:00;Rina", ";"]
    # Two names in one column: the zone's own.
    rows.append({"at": datetime(2026, 7, 1, tzinfo=UTC)})
    told = write_csv(["at"], rows, CsvForm.EXCEL, ZoneInfo("Europe/London"))
    assert told.splitlines()[0] == "at (Europe/London)"

"""A workbook gives back what was written into it: every cell, and nothing that computes."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from complaints.documents import workbooks
from complaints.documents.workbooks import Column, Sheet, write_workbook

WIB = ZoneInfo("Asia/Jakarta")


def read(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def one_column(*values: object, **more: object) -> list[object]:
    """What a reader finds under the head of a sheet with these values."""
    sheet = Sheet("A", [Column("a", "A")], [{"a": each} for each in values], **more)  # type: ignore[arg-type]
    (found,) = read(write_workbook([sheet], WIB)).values()
    return [row[0] for row in found[1:]]


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1",
        "{=1}",
        "+62 812-3456-7890",
        "-1",
        "@SUM(A1)",
        "0812",
        "12345678901234567",
        "https://elsewhere.example/x",
        "22.5",
        " padded ",
        "two\nlines",
        "<b>&amp;",
        "😀",
    ],
)
def test_text_stays_the_text_it_was(typed):
    assert one_column(typed) == [typed]


def test_nothing_computes_and_nothing_leads_anywhere():
    sheet = Sheet("A", [Column("a", "A")], [{"a": "=1+1"}, {"a": "https://elsewhere.example"}])
    with ZipFile(io.BytesIO(write_workbook([sheet], WIB))) as packed:
        page = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "hyperlink" not in page


def test_a_number_too_long_for_a_spreadsheet_is_written_as_text():
    assert one_column(10**16 + 1, 999) == [str(10**16 + 1), 999.0]


def test_half_a_character_does_not_spoil_the_file():
    assert one_column("a\ud800b\x00") == ["a\ufffdb\ufffd"]


def test_a_text_beyond_the_limit_says_that_it_is_cut():
    (found,) = one_column("x" * 40_000)
    assert len(found) == 32_767
    assert found.endswith("[…]")


def test_no_number_is_an_empty_cell():
    assert one_column(None, float("nan"), 1) == ["", "", 1.0]


def test_instants_are_the_wall_time_of_the_zone_and_days_stay_days():
    late = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
    assert one_column(late, date(2026, 3, 31)) == [
        datetime.fromisoformat("2026-03-31T23:30:00"),
        date(2026, 3, 31),
    ]


def test_the_lines_above_and_below_stand_where_they_belong():
    sheet = Sheet("A", [Column("a", "Nama")], [{"a": "satu"}], ["Judul", "WIB"], "1 baris")
    (found,) = read(write_workbook([sheet], WIB)).values()
    assert [row[0] for row in found] == ["Judul", "WIB", "", "Nama", "satu", "1 baris"]


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 4)
    rows = [{"a": number} for number in range(5)]
    found = read(write_workbook([Sheet("Baris", [Column("a", "A")], rows, below="5")], WIB))
    assert list(found) == ["Baris", "Baris (2)", "Baris (3)"]
    assert [row[0] for page in found.values() for row in page] == [
        *("A", 0.0, 1.0),
        *("A", 2.0, 3.0),
        *("A", 4.0, "5"),
    ]


def test_names_that_no_sheet_may_have_are_made_ones_it_may():
    sheets = [Sheet(name, [Column("a", "A")], []) for name in ("a/b", "A:B", "x" * 40, "x" * 40)]
    assert list(read(write_workbook(sheets, WIB))) == [
        "a b",
        "A B (2)",
        "x" * 31,
        "x" * 27 + " (2)",
    ]


def test_a_value_that_no_cell_has_is_refused():
    with pytest.raises(ValueError, match="no cell takes list"):
        one_column([1])

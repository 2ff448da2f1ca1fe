"""MAP.toml and the rows it reads: what fits is ours, what does not says why, nothing is guessed."""

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaints.formats.inputs import UnusableFile
from complaints.formats.mapfile import MapFile
from complaints.formats.rows import MappedRow, map_rows
from complaints.formats.time_formats import compile_formats

MAP: dict[str, Any] = {
    "timezone": "Asia/Jakarta",
    "datetime": ["%d-%m-%Y %H:%M:%S"],
    "blank": ["", "?"],
    "columns": {
        "external_id": "Ticket #",
        "received_at": {"join": ["Date", "Time"], "with": " "},
        "closed_at": "Closed",
        "category": "Type",
        "channel": {"const": "call"},
    },
    "values": {"category": {"No signal": "GGN_SINYAL"}},
}
HEADER = "Ticket #,Date,Time,Closed,Type\n"


def read(text: str, **changes: Any) -> list[MappedRow]:
    return list(map_rows(MapFile.from_dict({**MAP, **changes}), io.StringIO(text)))


def test_columns_are_joined_translated_and_read_in_the_zone_of_the_map() -> None:
    (row,) = read(HEADER + "7,19-11-2026,09:15:00,20-11-2026 10:00:00,No signal\n")
    assert row.problems == []
    assert row.line == 2
    assert row.cells == ["7", "19-11-2026", "09:15:00", "20-11-2026 10:00:00", "No signal"]
    assert row.fields == {
        "external_id": "7",
        "received_at": datetime(2026, 11, 19, 2, 15, tzinfo=UTC),
        "closed_at": datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
        "category": "GGN_SINYAL",
        "channel": "call",
    }


def test_blank_texts_are_missing_and_values_without_translation_stay() -> None:
    (row,) = read(HEADER + " 7 ,19-11-2026,09:15:00, ? ,Slow\n")
    assert row.problems == []
    assert row.fields["external_id"] == "7"
    assert row.fields["closed_at"] is None
    assert row.fields["category"] == "Slow"


def test_a_time_that_fits_no_format_is_named_and_not_guessed() -> None:
    rows = read(
        HEADER + "7,31-02-2026,09:15:00,,A\n8,2026-11-19,09:15:00,,A\n9,,09:15:00,,A\n"
        "10,11/19/2026,09:15:00,soon,A\n"
    )
    assert ["received_at" in row.fields for row in rows] == [False] * 4
    (problem,) = rows[0].problems
    assert problem.field == "received_at"
    assert str(problem) == "'31-02-2026 09:15:00' fits none of the formats %d-%m-%Y %H:%M:%S."
    assert [len(row.problems) for row in rows] == [1, 1, 1, 2]


def test_formats_are_tried_in_order() -> None:
    both = {"datetime": ["%d-%m-%Y %H:%M:%S", "%m-%d-%Y %H:%M:%S"]}
    rows = read(HEADER + "1,05-06-2026,00:00:00,,A\n2,05-26-2026,00:00:00,,A\n", **both)
    assert rows[0].fields["received_at"] == datetime(2026, 6, 4, 17, tzinfo=UTC)
    assert rows[1].fields["received_at"] == datetime(2026, 5, 25, 17, tzinfo=UTC)


def test_rows_with_moved_cells_are_refused_and_empty_lines_passed_over() -> None:
    rows = read(
        HEADER + "\n"
        "1,19-11-2026,09:15:00,,A\n"
        "2,19-11-2026,09:15:00\n"
        "3,19-11-2026,09:15:00,,No, thanks\n"
        "4,19-11-2026,09:15:00,,A,,\n"
    )
    assert [bool(row.problems) for row in rows] == [False, True, True, False]
    assert str(rows[1].problems[0]).startswith("The row has 3 cells and the header 5. Move")


def test_a_quoted_story_may_hold_line_breaks_and_delimiters() -> None:
    text = 'id;story\n1;"first; line\nsecond ""line"""\n2;plain\n'
    map_file = MapFile.from_dict(
        {"delimiter": ";", "columns": {"external_id": "id", "story": "story"}}
    )
    rows = list(map_rows(map_file, io.StringIO(text, newline="")))
    assert rows[0].fields["story"] == 'first; line\nsecond "line"'
    assert [row.line for row in rows] == [3, 4]


def test_a_quote_that_never_closes_costs_its_row_and_no_more_memory_than_a_cell() -> None:
    def lines() -> Any:
        yield HEADER
        yield '1,"19-11-2026,09:15:00,,A\n'
        for n in range(60_000):
            yield f"{n},19-11-2026,09:15:00,,A\n"

    rows = list(map_rows(MapFile.from_dict(MAP), lines()))
    assert "A quote is not closed" in str(rows[0].problems[0])
    assert len(rows) == 60_001
    assert rows[-1].problems == []


def test_repeated_and_nameless_columns_can_be_named_by_their_turn() -> None:
    text = ",Variant,n,Variant\n5,first,1,second\n"
    columns = {
        "external_id": {"column": "", "nth": 1},
        "category": "Variant",
        "product": {"column": "Variant", "nth": 2},
    }
    (row,) = map_rows(MapFile.from_dict({"columns": columns}), io.StringIO(text))
    assert row.fields == {"external_id": "5", "category": "first", "product": "second"}
    columns["product"] = {"column": "Variant", "nth": 3}
    with pytest.raises(UnusableFile, match="number 3"):
        map_rows(MapFile.from_dict({"columns": columns}), io.StringIO(text))


def test_only_the_fields_asked_for_are_read() -> None:
    map_file = MapFile.from_dict(MAP)
    file = io.StringIO(HEADER + "7,31-02-2026,09:15:00,,A\n")
    (row,) = map_rows(map_file, file, only=["external_id", "story"])
    assert row.fields == {"external_id": "7"}
    assert row.problems == []


def test_a_byte_order_mark_and_gzip_are_no_obstacle(tmp_path: Path) -> None:
    text = HEADER + "7,19-11-2026,09:15:00,,A\n"
    for encoding, in_map in (("utf-8-sig", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16",) * 2):
        plain, packed = tmp_path / "plain.csv", tmp_path / "packed.bin"
        plain.write_bytes(text.encode(encoding))
        packed.write_bytes(gzip.compress(text.encode(encoding)))
        map_file = MapFile.from_dict({**MAP, "encoding": in_map})
        for path in (plain, packed):
            with map_file.open(path) as file:
                assert [row.fields["external_id"] for row in map_rows(map_file, file)] == ["7"]


def test_bytes_that_are_no_text_are_a_problem_of_their_row_only(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(
        (HEADER + "é,19-11-2026,09:15:00,,A\n7,19-11-2026,09:15:00,,A\n").encode("latin-1")
    )
    map_file = MapFile.from_dict(MAP)
    with map_file.open(path) as file:
        rows = list(map_rows(map_file, file))
    (problem,) = rows[0].problems
    assert (problem.field, str(problem)) == (
        "external_id",
        "The text is not in utf-8-sig. Please re-enter it.",
    )
    assert rows[1].problems == []
    latin = MapFile.from_dict({**MAP, "encoding": "latin-1"})
    with latin.open(path) as file:
        assert [row.fields["external_id"] for row in map_rows(latin, file)] == ["é", "7"]


def test_a_broken_archive_is_an_unusable_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv.gz"
    text = HEADER + "".join(f"{n},19-11-2026,09:15:00,,A\n" for n in range(5000))
    path.write_bytes(gzip.compress(text.encode())[:-200])
    map_file = MapFile.from_dict(MAP)
    with map_file.open(path) as file, pytest.raises(UnusableFile, match="cannot be read"):
        list(map_rows(map_file, file))


@pytest.mark.parametrize("text", ["", "\n\n", " , \n"])
def test_a_file_without_header_is_unusable(text: str) -> None:
    with pytest.raises(UnusableFile, match="empty"):
        read(text)


def test_a_column_that_the_file_lacks_is_named() -> None:
    with pytest.raises(UnusableFile, match="no column 'Closed'; it has 'Ticket #', 'Date'"):
        read("Ticket #,Date,Time,Type\n")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"columns": {}}, "columns"),
    ({"columns": ["a"]}, "columns"),
    ({"columns": {"category": 7}}, "columns.category"),
    ({"columns": {"category": {"join": []}}}, "columns.category"),
    ({"columns": {"category": {"join": ["a"], "by": "-"}}}, "columns.category"),
    ({"columns": {"category": {"join": ["a", 1]}}}, "columns.category"),
    ({"columns": {"category": {"const": []}}}, "columns.category"),
    ({"columns": {"category": {"column": "a", "nth": 0}}}, "columns.category"),
    ({"timezone": "Mars/Olympus"}, "timezone"),
    ({"timezone": None}, "datetime: .* name the timezone"),
    ({"datetime": []}, "datetime"),
    ({"datetime": [7]}, "datetime"),
    ({"datetime": ["%d-%m"]}, "datetime: .* no year"),
    ({"datetime": ["%H:%M"]}, "no year and no month and no day"),
    ({"datetime": ["%Y-%m-%d %Q"]}, "%Q"),
    ({"datetime": ["%Y-%m-%d %"]}, "%"),
    ({"datetime": ["%Y-%m-%d %d"]}, "twice"),
    ({"encoding": "klingon"}, "encoding"),
    ({"encoding": 8}, "encoding"),
    ({"delimiter": ""}, "delimiter"),
    ({"delimiter": ";;"}, "delimiter"),
    ({"blank": [0]}, "blank"),
    ({"values": {"category": "x"}}, "values.category"),
    ({"column": {}}, "did you mean columns"),
]


@pytest.mark.parametrize(("change", "named"), WRONG)
def test_a_wrong_map_is_one_clear_line(change: dict[str, Any], named: str) -> None:
    with pytest.raises(UnusableFile, match=named) as refused:
        MapFile.from_dict({**MAP, **change}, "map.toml")
    assert str(refused.value).startswith("map.toml: ")
    assert "\n" not in str(refused.value)


def test_a_map_is_loaded_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text('[columns]\nexternal_id = "id"\n', encoding="utf-8")
    MapFile.load(path).require("external_id")
    with pytest.raises(UnusableFile, match=r"columns\.received_at is needed"):
        MapFile.load(path).require("external_id", "received_at")
    path.write_text("[columns\n", encoding="utf-8")
    with pytest.raises(UnusableFile, match="line 1"):
        MapFile.load(path)
    with pytest.raises(UnusableFile, match="No such file"):
        MapFile.load(tmp_path / "none.toml")
    with pytest.raises(UnusableFile, match="No such file"):
        MapFile.from_dict(MAP).open(tmp_path / "none.csv")


# Formats

UTC_19TH = datetime(2026, 11, 19, 9, 5, 7, tzinfo=UTC)
FORMATS = [
    ("%Y-%m-%d %H:%M:%S", "2026-11-19 09:05:07", UTC_19TH),
    ("%d/%m/%Y %H:%M:%S", "19/11/2026 9:05:07", UTC_19TH),
    ("%d.%m.%y, %H.%M.%S", "19.11.26, 09.05.07", UTC_19TH),
    ("%m/%d/%Y %I:%M:%S %p", "11/19/2026 09:05:07 AM", UTC_19TH),
    ("%m/%d/%Y %I:%M:%S %p", "11/19/2026 09:05:07 pm", UTC_19TH.replace(hour=21)),
    ("%m/%d/%Y %I:%M:%S %p", "11/19/2026 12:05:07 AM", UTC_19TH.replace(hour=0)),
    ("%m/%d/%Y %I:%M:%S %p", "11/19/2026 12:05:07 p.m.", UTC_19TH.replace(hour=12)),
    ("%d-%b-%y %H:%M:%S", "19-Nov-26 09:05:07", UTC_19TH),
    ("%d %B %Y pukul %H.%M.%S", "19 November 2026 pukul 09.05.07", UTC_19TH),
    ("%d %B %Y", "5 Agustus 2026", datetime(2026, 8, 5, tzinfo=UTC)),
    ("%d %b %Y", "5 Mei 2026", datetime(2026, 5, 5, tzinfo=UTC)),
    ("%a, %d %b %Y %H:%M:%S", "Kam, 19 Nov 2026   09:05:07", UTC_19TH),
    ("%Y/%m/%d %H:%M:%S.%f", "2026/11/19 09:05:07.999", UTC_19TH),
    ("%Y-%m-%dT%H:%M:%S%z", "2026-11-19T16:05:07+07:00", UTC_19TH),
    ("%Y-%m-%dT%H:%M:%S%z", "2026-11-19T09:05:07Z", UTC_19TH),
    ("%Y-%m-%dT%H:%M:%S%z", "2026-11-19T04:35:07-0430", UTC_19TH),
    ("iso", "2026-11-19T16:05:07.250+07:00", UTC_19TH),
    ("iso", "2026-11-19 09:05:07", UTC_19TH),
    ("%y%m%d 100%%", "681119 100%", datetime(2068, 11, 19, tzinfo=UTC)),
    ("%y%m%d", "691119", datetime(1969, 11, 19, tzinfo=UTC)),
    ("%Y-%m-%d", "2026-02-29", None),
    ("%Y-%m-%d", "2026-11-19 09:05", None),
    ("%Y-%m-%d", " 2026-11-19", None),
    ("%d/%m/%Y", "11/19/2026", None),
    ("%d %b %Y", "5 Mee 2026", None),
    ("%Y-%m-%d %H:%M", "2026-11-19 24:00", None),
    ("%Y-%m-%d", "٢٠٢٦-11-19", None),
    ("%Y-%m-%d", "0001-01-01", datetime(1, 1, 1, tzinfo=UTC)),
    ("iso", "tomorrow", None),
    ("%Y-%m-%dT%H:%M:%S%z", "2026-11-19T09:05:07+99:00", None),
]


@pytest.mark.parametrize(("form", "text", "at"), FORMATS)
def test_a_format_reads_what_fits_it_exactly(form: str, text: str, at: datetime | None) -> None:
    assert compile_formats([form], UTC)(text) == at


def test_wall_times_around_clock_changes_become_real_instants() -> None:
    read_time = compile_formats(["%Y-%m-%d %H:%M"], ZoneInfo("America/New_York"))
    assert read_time("2026-03-08 02:30") == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert read_time("2026-11-01 01:30") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_times_beyond_the_calendar_do_not_fit() -> None:
    read_time = compile_formats(["%Y-%m-%d", "iso"], ZoneInfo("Asia/Jakarta"))
    assert read_time("0001-01-01") is None
    assert compile_formats(["iso"], None)("2026-11-19") is None

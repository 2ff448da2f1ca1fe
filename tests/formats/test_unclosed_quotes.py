"""A quote that is not closed takes no other row along, whatever stands in the rows around it.

Each file has one row whose quote is not closed and, at some distance, one that seems to close it.
Every other row of the file has to come out for itself, and every line to be accounted for.
"""

from __future__ import annotations

import csv
import io
from itertools import permutations

import pytest

from complaints.formats import rows as rows_module
from complaints.formats.lines import Lines
from complaints.formats.mapfile import MapFile
from complaints.formats.rows import MappedRow, map_rows

NAMES = {"external_id": "No", "received_at": "Masuk", "story": "Cerita", "channel": "Lewat"}
TIME = "2026-11-18 09:00"
#: What a row without a readable time has in its place.
NO_TIMES = ("", "-", "kemarin", "31/02/2026")


ORDERS = list(permutations(NAMES))


def read(text: str, names: dict[str, str] = NAMES, delimiter: str = ",") -> list[MappedRow]:
    map_file = MapFile.from_dict(
        {
            "delimiter": delimiter,
            "timezone": "Asia/Jakarta",
            "datetime": ["%Y-%m-%d %H:%M"],
            "blank": ["", "-"],
            "columns": names,
        }
    )
    return list(map_rows(map_file, io.StringIO(text, newline="")))


def line(order: tuple[str, ...], delimiter: str = ",", **cells: str) -> str:
    given = {"external_id": "", "received_at": TIME, "story": "ok", "channel": "Telepon", **cells}
    return delimiter.join(given[name] for name in order)


def cells_of(text: str, delimiter: str = ",") -> list[str]:
    return next(csv.reader([text], delimiter=delimiter))


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
@pytest.mark.parametrize("time", NO_TIMES)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_row_without_a_time_is_not_taken_along(order: tuple[str, ...], time: str, end: str):
    for number in ("KLH-{}", "{}", "2026/{}/A"):
        for distance in (2, 3, 5):
            lines = [line(order, external_id=number.format(6))]
            lines.append(line(order, external_id=number.format(7), story='"tak ditutup'))
            between = [
                line(order, external_id=number.format(8 + n), received_at=time)
                for n in range(distance - 1)
            ]
            closing = line(order, external_id=number.format(20), story='modem 12"')
            behind = line(order, external_id=number.format(21))
            header = ",".join(NAMES[name] for name in order)
            text = end.join([header, *lines, *between, closing, behind, ""])
            found = [row.cells for row in read(text)]
            for each in [lines[0], *between, behind]:
                assert cells_of(each) in found, (each, text)


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
@pytest.mark.parametrize("time", ["", TIME])
@pytest.mark.parametrize("next_time", ["", TIME])
def test_the_row_that_seems_to_close_the_quote_stays_a_row(
    order: tuple[str, ...], time: str, next_time: str
):
    lines = [
        line(order, external_id="KLH-6"),
        line(order, external_id="KLH-7", received_at=time, story='"tak ditutup'),
        line(order, external_id="KLH-8", received_at=next_time, story='modem 12"'),
        line(order, external_id="KLH-9"),
    ]
    text = "\n".join([",".join(NAMES[name] for name in order), *lines, ""])
    found = read(text)
    assert [row.cells[order.index("external_id")] for row in found] == [
        "KLH-6",
        "KLH-7",
        "KLH-8",
        "KLH-9",
    ]
    assert "A quote is not closed" in str(found[1].problems[0])


def test_without_numbers_a_row_is_known_by_its_codes():
    names = {key: name for key, name in NAMES.items() if key != "external_id"}
    order = ("received_at", "story", "channel")
    between = line(order, story="Lambat", received_at="")
    lines = [
        line(order, story="Mati"),
        line(order, story='"tak ditutup'),
        between,
        line(order, story='modem 12"'),
        line(order),
    ]
    found = read("\n".join(["Masuk,Cerita,Lewat", *lines, ""]), names)
    assert cells_of(between) in [row.cells for row in found]


def test_a_row_of_too_few_cells_is_not_taken_along_either():
    text = (
        "No,Masuk,Cerita,Lewat\n"
        f'KLH-7,{TIME},"tak ditutup,Telepon\n'
        "KLH-8,,pendek\n"
        f'KLH-9,{TIME},modem 12",Telepon\n'
        f"KLH-10,{TIME},ok,Telepon\n"
    )
    found = [row.cells for row in read(text)]
    assert ["KLH-8", "", "pendek"] in found
    assert ["KLH-10", TIME, "ok", "Telepon"] in found


@pytest.mark.parametrize("last", ['"tak ditutup', '"', 'ok "', '"ok" x'])
def test_a_quote_in_the_last_row_costs_that_row_alone(last: str):
    text = f"No,Masuk,Lewat,Cerita\n1,{TIME},Telepon,ok\n2,{TIME},Telepon,{last}"
    first, second = read(text)
    assert (first.problems, first.cells[0]) == ([], "1")
    assert (bool(second.problems), second.cells[0]) == (last != 'ok "', "2")


@pytest.mark.parametrize(
    "story",
    [
        "Halo, saya marah\nsekali, lagi, dan lagi",
        "satu\r\ndua\r\n\r\ntiga",
        'kata "keras" dari petugas\n""',
        "1, satu\n2, dua\n3, tiga",
        "KLH-3, yang lama, belum selesai\nsampai kini",
        "No,Masuk,Cerita,Lewat",
        "rugi 1,5 juta\n2,5 juta",
        '"\n"',
        ",,\n,,,",
    ],
)
@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_a_story_of_several_lines_comes_in_whole(story: str, order: tuple[str, ...]):
    quoted = '"' + story.replace('"', '""') + '"'
    lines = [
        line(order, external_id="KLH-7"),
        line(order, external_id="KLH-8", story=quoted),
        line(order, external_id="KLH-9"),
    ]
    text = "\r\n".join([",".join(NAMES[name] for name in order), *lines, ""])
    found = read(text)
    assert [row.problems for row in found] == [[], [], []]
    assert [row.fields["external_id"] for row in found] == ["KLH-7", "KLH-8", "KLH-9"]
    assert found[1].fields["story"] == story.strip()


def test_every_line_goes_into_a_row_or_the_mistake_is_ours(monkeypatch: pytest.MonkeyPatch):
    text = f'No,Masuk,Cerita,Lewat\n\n1,{TIME},"a\nb",Telepon\n\n2,{TIME},"c,Telepon\n3,,ok,x\n'
    assert [row.cells[0] for row in read(text)] == ["1", "2", "3"]
    lost = Lines.settle

    def lose(lines: Lines) -> None:
        del lines.record[1:]
        lost(lines)

    monkeypatch.setattr(rows_module.Lines, "settle", lose)
    with pytest.raises(RuntimeError, match="7 lines were read and 6 went into rows"):
        read(text)

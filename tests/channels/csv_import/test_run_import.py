"""The import of CSV files: every row counted once, none guessed, none created twice."""

from __future__ import annotations

import csv
import gc
import gzip
import json
import shutil
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from complaints import cli
from complaints.channels.csv_import import file_complaints, run_import
from complaints.channels.csv_import.reasons import spoken_in
from complaints.channels.csv_import.row_to_complaint import ImportMap, row_key, source_of
from complaints.channels.csv_import.run_import import ImportCounts, import_file
from complaints.domain.csv_cells import guard, unguard
from complaints.domain.permissions import SYSTEM
from complaints.domain.scripts import LANGUAGES
from complaints.formats.inputs import UnusableFile
from complaints.formats.mapfile import MapFile
from complaints.formats.rejects import still_uneven
from complaints.models import Complaint, Customer, Deadline, HistoryEntry, StepRecord, Timer
from complaints.rulebook import current_rules
from tests.conftest import NOW, ROOT

SHARED = ROOT.parent / "shared" / "data"
MAP = """
source = "lama"
timezone = "Asia/Jakarta"
datetime = ["%Y-%m-%d %H:%M"]
[columns]
external_id = "No"
received_at = "Masuk"
closed_at = "Selesai"
story = "Cerita"
category = "Jenis"
channel = "Lewat"
[values.category]
Mati = "GGN_MATI"
[values.channel]
Telepon = "call"
"""
NO_NUMBER = MAP.replace('external_id = "No"\n', "")
HEADER = "No,Masuk,Selesai,Cerita,Jenis,Lewat\n"
FIRST = "1,2026-08-11 09:15,2026-08-12 09:15,Internet mati,Mati,Telepon\n"
SECOND = "2,2026-11-18 10:00,,Belum ada kabar,Mati,Telepon\n"


class Desk:
    """A folder with a file and a map, and a database to import into."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.sessions = sessionmaker(engine, expire_on_commit=False)
        self.file = folder / "keluhan.csv"
        self.rejects = folder / "keluhan.csv.rejected.csv"

    def bring(
        self, content: str | bytes, map_text: str = MAP, *, again: bool = False, **more: Any
    ) -> ImportCounts:
        """Write the file and import it."""
        raw = content.encode() if isinstance(content, str) else content
        path = self.rejects if again else self.file
        path.write_bytes(raw)
        return self.run(path, map_text, **more)

    def run(self, path: Path, map_text: str = MAP, **more: Any) -> ImportCounts:
        map_path = self.folder / "map.toml"
        map_path.write_text(map_text, encoding="utf-8")
        sessions = more.pop("sessions", self.sessions)
        return import_file(sessions, path, map_path, by=SYSTEM, at=NOW, **more)

    def complaints(self) -> list[Complaint]:
        with self.sessions() as session:
            return list(session.scalars(select(Complaint).order_by(Complaint.id)))

    def count(self, table: Any) -> int:
        with self.sessions() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def count_due(self) -> int:
        """Timers that the worker will fire at once."""
        with self.sessions() as session:
            query = select(func.count()).select_from(Timer).where(Timer.fire_at <= NOW)
            return session.scalar(query) or 0

    def rejected(self) -> list[dict[str, str]]:
        with self.rejects.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def reason(self) -> str:
        (row,) = self.rejected()
        return row["reject_reason"]


@pytest.fixture
def desk(tmp_path: Path, engine: Engine) -> Desk:
    return Desk(tmp_path, engine)


def totals(counts: ImportCounts) -> tuple[int, int, int, int]:
    """Read, created, already there, rejected."""
    return counts.read, counts.created, counts.already_there, counts.rejected


# Counting


@pytest.mark.both_databases
def test_rows_become_complaints_and_a_second_run_makes_none(desk: Desk):
    counts = desk.bring(HEADER + FIRST + SECOND)
    assert counts.as_json() == {
        "read": 2,
        "created": 2,
        "grouped": 0,
        "already_there": 0,
        "rejected": 0,
        "rejects_file": None,
    }
    assert totals(desk.run(desk.file)) == (2, 0, 2, 0)
    first, second = desk.complaints()
    assert (first.source, first.external_id, first.status) == ("lama", "1", "closed")
    assert (first.story, first.category, first.channel) == ("Internet mati", "GGN_MATI", "call")
    assert (second.external_id, second.status, second.closed_at) == ("2", "received", None)
    assert not desk.rejects.exists()


def test_a_bad_row_stays_out_with_its_columns_and_a_reason(desk: Desk):
    counts = desk.bring(HEADER + FIRST + SECOND.replace("Mati", "Aneh"))
    assert totals(counts) == (2, 1, 0, 1)
    assert counts.rejects_file == str(desk.rejects)
    assert desk.rejected() == [
        {
            "No": "2",
            "Masuk": "2026-11-18 10:00",
            "Selesai": "",
            "Cerita": "Belum ada kabar",
            "Jenis": "Aneh",
            "Lewat": "Telepon",
            "reject_reason": (
                "category (Jenis): There is no category Aneh. Choose one from the list. Write one "
                "of our codes, or say under [values.category] in the map what it means."
            ),
        }
    ]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("3,11/08/2026,,x,Mati,Telepon", "received_at (Masuk): '11/08/2026' fits none"),
        ("3,2026-02-30 10:00,,x,Mati,Telepon", "fits none of the formats"),
        ("3,,,x,Mati,Telepon", "received_at (Masuk): The time of receipt is missing. Correct"),
        (
            "3,2026-11-19 09:16,,x,Mati,Telepon",
            "received_at (Masuk): The time of receipt cannot be in the fut",
        ),
        ("3,2026-11-18 09:00,2026-11-17 09:00,x,Mati,Telepon", "closed before it was received"),
        ("3,2026-11-18 09:00,2026-11-20 09:00,x,Mati,Telepon", "closing time is in the future"),
        ("3,2026-11-18 09:00,,,Mati,Telepon", "story (Cerita): Write down the customer's story"),
        (
            "3,2026-11-18 09:00,,x,Mati,Merpati",
            "channel (Lewat): There is no channel Merpati. Write one of",
        ),
        ("3,2026-11-18 09:00,,x,Mati,", "channel (Lewat): The channel is missing."),
        ("3,2026-11-18 09:00,,x,Mati", "The row has 5 cells and the header 6."),
        ("3,2026-11-18 09:00,,x,y,Mati,Telepon", "The row has 7 cells and the header 6."),
        (
            f"{'3' * 121},2026-11-18 09:00,,x,Mati,Telepon",
            "external_id (No): This text is too long",
        ),
        (
            f"3,2026-11-18 09:00,,{'x' * 100_001},Mati,Telepon",
            "story (Cerita): The story is too long",
        ),
        ("3,2026-11-18 09:00,,a\0b,Mati,Telepon", "The row contains a NUL character"),
    ],
)
def test_each_reason_is_a_sentence_and_the_rows_around_come_in(desk: Desk, row: str, reason: str):
    counts = desk.bring(HEADER + FIRST + row + "\n" + SECOND)
    assert totals(counts) == (3, 2, 0, 1)
    assert reason in desk.reason()


@pytest.mark.both_databases
def test_bytes_that_are_no_text_keep_their_row_out_and_stay_as_they_are(desk: Desk):
    bad = b"3,2026-11-18 09:00,,kata \xff\xfe,Mati,Telepon\r\n"
    assert totals(desk.bring(HEADER.encode() + bad + SECOND.encode())) == (2, 1, 0, 1)
    assert b"kata \xff\xfe" in desk.rejects.read_bytes()
    assert b"story (Cerita): The text is not in utf-8-sig." in desk.rejects.read_bytes()


@pytest.mark.both_databases
def test_the_longest_story_comes_in_whole(desk: Desk):
    # Words of two four-byte letters each make the largest search entry a story can have.
    story = " ".join(chr(0x20000 + number % 40000) * 2 for number in range(33_000))
    assert totals(desk.bring(HEADER + SECOND.replace("Belum ada kabar", story))) == (1, 1, 0, 0)
    (complaint,) = desk.complaints()
    assert complaint.story == story


@pytest.mark.both_databases
def test_exact_duplicates_of_rows_without_a_number_are_already_there(desk: Desk):
    other = FIRST.replace("1,", "9,", 1)
    counts = desk.bring(HEADER + FIRST + other + FIRST, NO_NUMBER)
    assert totals(counts) == (3, 2, 1, 0)
    assert totals(desk.run(desk.file, NO_NUMBER)) == (3, 0, 3, 0)


def test_a_row_with_a_blank_number_gets_one_from_its_cells(desk: Desk):
    blank = FIRST.replace("1,", ",", 1)
    assert totals(desk.bring(HEADER + blank + blank)) == (2, 1, 1, 0)
    (complaint,) = desk.complaints()
    assert (complaint.external_id or "").startswith("row-")


@pytest.mark.both_databases
def test_a_better_map_and_another_order_of_columns_do_not_make_rows_new(desk: Desk):
    desk.bring(HEADER + FIRST, NO_NUMBER)
    better = NO_NUMBER.replace("[values.category]", "product = 'Jenis'\n[values.category]")
    assert totals(desk.run(desk.file, better)) == (1, 0, 1, 0)
    turned = [",".join(reversed(line.rstrip("\n").split(","))) for line in (HEADER, FIRST)]
    assert totals(desk.bring("\n".join(turned) + "\n", NO_NUMBER)) == (1, 0, 1, 0)


def test_two_columns_of_one_name_both_count_for_a_row_without_number():
    header = ["a", "a", ""]
    assert row_key(header, ["1", "2", ""]) != row_key(header, ["1", "3", ""])
    assert row_key(header, ["1", "2", ""]) != row_key(header, ["1", "2", "3"])
    assert row_key(header, ["1", "2"]) == row_key(["a", "a"], ["1 ", "2"])


# The forms files come in


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "dress",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: gzip.compress(text.encode()),
        lambda text: ("\n\n" + text + "\n,,,,,\n\n").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace("\n", ",,\n").encode(),
    ],
    ids=["mark", "crlf", "cr", "gzip", "blank-lines", "no-last-newline", "trailing-delimiters"],
)
def test_the_dress_of_a_file_does_not_matter(desk: Desk, dress: Callable[[str], bytes]):
    assert totals(desk.bring(dress(HEADER + FIRST + SECOND))) == (2, 2, 0, 0)
    assert [each.external_id for each in desk.complaints()] == ["1", "2"]


def test_cells_may_run_over_lines_and_hold_delimiters_and_quotes(desk: Desk):
    story = 'Baris satu,\r\nbaris "dua";\nbaris tiga'
    quoted = story.replace('"', '""')
    row = f'3,2026-11-18 09:00,,"{quoted}",Mati,Telepon\n'
    assert totals(desk.bring(HEADER + row + SECOND)) == (2, 2, 0, 0)
    assert desk.complaints()[0].story == 'Baris satu,\nbaris "dua";\nbaris tiga'


def test_another_encoding_and_delimiter_are_read_and_written_back(desk: Desk):
    map_text = 'encoding = "cp1252"\ndelimiter = ";"\n' + MAP
    text = (HEADER + SECOND + FIRST.replace("Mati", "Café")).replace(",", ";")
    assert totals(desk.bring(text.encode("cp1252"), map_text)) == (2, 1, 0, 1)
    assert ";Café;".encode("cp1252") in desk.rejects.read_bytes()
    fixed = desk.rejects.read_bytes().replace("Café".encode("cp1252"), b"Mati")
    assert totals(desk.bring(fixed, map_text, again=True)) == (1, 1, 0, 0)


def test_columns_may_share_a_name_or_have_none(desk: Desk):
    text = "No,Catatan,,Catatan\n4,2026-11-18 09:00,call,Lampu mati\n"
    map_text = """
        source = "lama"
        timezone = "Asia/Jakarta"
        datetime = ["%Y-%m-%d %H:%M"]
        [columns]
        external_id = "No"
        received_at = { column = "Catatan", nth = 1 }
        story = { column = "Catatan", nth = 2 }
        channel = { column = "", nth = 1 }
    """
    assert totals(desk.bring(text, map_text)) == (1, 1, 0, 0)
    assert desk.complaints()[0].story == "Lampu mati"


def test_an_unclosed_quote_costs_its_row_and_no_more(desk: Desk):
    swallowed = "".join(f'"{number},2026-11-18 09:00,,x,Mati,Telepon\n' for number in (5,))
    flood = "x" * 99 + "\n"
    text = HEADER + FIRST + swallowed + flood * 11_000
    counts = desk.bring(text)
    assert counts.created == 1
    assert counts.rejected >= 1
    assert counts.read == 1 + 1 + 11_000 == counts.created + counts.rejected
    assert "A quote is not closed" in desk.rejected()[0]["reject_reason"]
    assert "(line 3)" in desk.rejected()[0]["reject_reason"]


@pytest.mark.both_databases
@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1f", "\x7f", "\x85", "\ufeff"])
def test_signs_nobody_typed_are_left_out_of_the_story(desk: Desk, sign: str):
    desk.bring(HEADER + SECOND.replace("ada", f"a{sign}da"))
    assert desk.complaints()[0].story == "Belum ada kabar"


def test_one_line_fields_stay_one_line_and_cannot_turn_the_text_around_them(desk: Desk):
    map_text = MAP.replace("[values.category]", 'product = "Produk"\n[values.category]')
    row = SECOND.rstrip("\n") + ',"Paket\n\u202eemas\u2066  dua"\n'
    desk.bring(HEADER.rstrip("\n") + ",Produk\n" + row, map_text)
    assert desk.complaints()[0].product == "Paket emas dua"


@pytest.mark.both_databases
def test_a_story_keeps_its_emoji_and_its_direction(desk: Desk):
    story = "Mati lagi 😭👩‍👧 شكوى \u200fمن العميل"
    desk.bring(HEADER + SECOND.replace("Belum ada kabar", story))
    assert desk.complaints()[0].story == story


# Rejected rows and back


def test_a_spreadsheet_computes_nothing_in_the_rejected_rows(desk: Desk):
    story = "=HYPERLINK(1)"
    counts = desk.bring(
        "@No" + HEADER[2:] + f"-3,2026-11-18 09:00,,{story},+Aneh,\tTelepon\n",
        MAP.replace('"No"', '"@No"'),
    )
    assert counts.rejected == 1
    cells = [cell for row in desk.rejected() for pair in row.items() for cell in pair]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert "'=HYPERLINK(1)" in cells


def test_rejected_rows_are_corrected_and_imported_with_the_same_map(desk: Desk):
    tweet = "3,2026-11-18 09:00,,@biznet =mati= lagi,Aneh,Telepon\n"
    quoted = "4,2026-11-18 09:00,,'@kutip,Aneh,Telepon\n"
    desk.bring(HEADER + FIRST + tweet + quoted)
    corrected = desk.rejects.read_text(encoding="utf-8").replace("Aneh", "Mati")
    counts = desk.bring(corrected, again=True)
    assert totals(counts) == (2, 2, 0, 0)
    assert [each.story for each in desk.complaints()[1:]] == ["@biznet =mati= lagi", "'@kutip"]
    # The original, should somebody run it once more, finds them there.
    assert desk.run(desk.file).already_there == 3


def test_without_a_source_of_the_map_the_rejects_belong_to_the_same_file(desk: Desk):
    nameless = MAP.replace('source = "lama"\n', "")
    desk.bring(HEADER + FIRST + SECOND.replace("Mati", "Aneh"), nameless)
    corrected = desk.rejects.read_text(encoding="utf-8").replace("Aneh", "Mati")
    desk.bring(corrected, nameless, again=True)
    assert {each.source for each in desk.complaints()} == {"keluhan"}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("keluhan.csv", "keluhan"),
        ("keluhan.csv.gz", "keluhan"),
        ("keluhan.csv.rejected.csv.rejected.csv", "keluhan"),
        ("keluhan v1.2.CSV", "keluhan v1.2"),
        ("keluhan", "keluhan"),
    ],
)
def test_a_source_is_named_after_its_file(name: str, source: str):
    assert source_of(Path("folder") / name) == source


def test_rejects_read_again_unchanged_stay_rejected_and_unchanged(desk: Desk):
    rows = [
        "3,2026-11-18 09:00,,x,Mati",
        "4,2026-11-18 09:00,,x,Mati,Telepon,lebih",
        "5,2026-11-18 09:00,,x",
        "6,2026-11-18 09:00,,=x,Aneh,Telepon",
    ]
    desk.bring(HEADER + "\n".join(rows) + "\n")
    before = desk.rejects.read_bytes()
    assert [row["reject_reason"].partition(".")[0] for row in desk.rejected()][:3] == [
        "The row has 5 cells and the header 6",
        "The row has 7 cells and the header 6",
        "The row has 4 cells and the header 6",
    ]
    counts = desk.run(desk.rejects)
    assert totals(counts) == (4, 0, 0, 4)
    assert Path(counts.rejects_file or "").read_bytes() == before


def test_a_short_row_comes_in_once_somebody_has_filled_it_up(desk: Desk):
    desk.bring(HEADER + "3,2026-11-18 09:00,,x,Mati\n")
    filled = desk.rejects.read_text(encoding="utf-8").replace("Mati,,", "Mati,Telepon,")
    assert totals(desk.bring(filled, again=True)) == (1, 1, 0, 0)


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("lang_again", LANGUAGES)
def test_a_short_row_stays_out_whatever_language_its_reason_is_in(
    desk: Desk, lang: str, lang_again: str
):
    desk.bring(HEADER + "3,2026-11-18 09:00,,x,Mati\n", say=spoken_in(lang))
    assert totals(desk.run(desk.rejects, say=spoken_in(lang_again))) == (1, 0, 0, 1)
    assert all(number in desk.reason() for number in "56")


@pytest.mark.parametrize(
    ("cells", "why", "is_short"),
    [
        (["3", "x", "", "", "", ""], "Baris ini punya 2 sel dan kepala tabel 6.", True),
        (["3", "x", "", "", "", ""], "The row has 2 cells and the header 6.", True),
        (["3", "x", "", "", "", "y"], "The row has 2 cells and the header 6.", False),
        (["3", "x", "", "", "", ""], "story: 2 words of 7 are wrong.", False),
        (["3", "x", "", "", "", ""], "received_at: 2026-11-06 fits none.", False),
    ],
)
def test_only_the_reason_of_a_short_row_says_that_it_was_short(
    cells: list[str], why: str, is_short: bool
):
    assert (still_uneven([*cells, why], 7) is not None) == is_short


def test_reasons_are_told_in_the_language_asked_for(desk: Desk):
    row = SECOND.replace("Mati", "Aneh")
    desk.bring(HEADER + row, say=spoken_in("id"))
    assert desk.reason().startswith("category (Jenis): Tidak ada kategori Aneh. Pilih dari daftar.")
    desk.bring(HEADER + row, say=spoken_in("en"))
    assert desk.reason().startswith("category (Jenis): There is no category Aneh. Choose one")


@pytest.mark.parametrize(
    ("options", "words"), [([], "Tidak ada kategori Aneh."), (["--lang", "en"], "There is no cat")]
)
def test_the_command_writes_reasons_in_indonesian_unless_told_otherwise(
    desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch, options: list[str], words: str
):
    desk.bring(HEADER + SECOND)
    desk.file.write_text(HEADER + FIRST.replace("Mati", "Aneh"), encoding="utf-8")
    monkeypatch.setattr(cli, "open_database", lambda: (None, engine, sessionmaker(engine)))
    given = ["import", str(desk.file), "--map", str(desk.folder / "map.toml"), "--json", *options]
    done = CliRunner().invoke(cli.main, given)
    assert (done.exit_code, json.loads(done.output)["rejected"]) == (1, 1)
    assert desk.reason().startswith(f"category (Jenis): {words}")


@pytest.mark.parametrize(
    ("content", "map_text", "status"),
    [
        (HEADER + SECOND, MAP, 0),
        (HEADER + SECOND + FIRST.replace("Mati", "Aneh"), MAP, 1),
        (HEADER.replace("No,", "Nomor,") + SECOND, MAP, 2),
        (HEADER + SECOND, "[columns", 2),
        ("", MAP, 2),
    ],
)
def test_the_exit_status_is_that_of_every_command(
    desk: Desk,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    content: str,
    map_text: str,
    status: int,
):
    desk.file.write_text(content, encoding="utf-8")
    (desk.folder / "map.toml").write_text(map_text, encoding="utf-8")
    monkeypatch.setattr(cli, "open_database", lambda: (None, engine, sessionmaker(engine)))
    given = ["import", str(desk.file), "--map", str(desk.folder / "map.toml")]
    done = CliRunner().invoke(cli.main, given)
    assert done.exit_code == status
    assert (done.stdout == "") is (status == 2)
    assert done.stderr.count("\n") == (status == 2)


def test_a_reason_names_all_columns_a_field_is_joined_from(desk: Desk):
    joined = MAP.replace('story = "Cerita"', 'story = { join = ["Cerita", "Jenis"], with = " " }')
    assert joined != MAP
    desk.bring(HEADER + f"3,2026-11-18 09:00,,{'x' * 100_001},Mati,Telepon\n", joined)
    assert desk.reason().startswith("story (Cerita + Jenis): The story is too long")


def test_a_reason_calls_the_customers_fields_as_the_map_does(desk: Desk):
    phoned = MAP.replace("[values.", 'customer_phone = "Jenis"\n[values.', 1)
    desk.bring(HEADER + SECOND, phoned)
    assert desk.reason() == (
        "customer_phone (Jenis): Enter a valid phone number, such as 0812 3456 7890. "
        "Correct the cell or empty it."
    )


TEXTS = st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝ab "), max_size=8) | st.text(max_size=20)


@given(TEXTS)
def test_a_guarded_cell_is_safe_and_comes_back_as_it_was(cell: str):
    safe = guard(cell)
    assert (
        safe[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠") or not safe
    )
    assert unguard(safe) == cell


# What the map may say


def test_a_default_stands_for_what_is_blank_or_not_translated(desk: Desk):
    map_text = MAP + '[defaults]\ncategory = "LAIN_UMUM"\nchannel = "web"\n'
    rows = SECOND.replace("Mati", "Aneh") + "3,2026-11-18 10:00,,x,,\n"
    assert totals(desk.bring(HEADER + rows, map_text)) == (2, 2, 0, 0)
    one, two = desk.complaints()
    assert (one.category, one.channel) == ("LAIN_UMUM", "call")
    assert (two.category, two.channel) == ("LAIN_UMUM", "web")


def test_a_blank_category_without_a_default_is_an_unknown_category(desk: Desk):
    desk.bring(HEADER + SECOND.replace("Mati", ""))
    assert desk.complaints()[0].category is None


def test_the_first_branch_is_meant_where_the_map_names_none(desk: Desk):
    desk.bring(HEADER + FIRST)
    desk.bring(
        HEADER + SECOND, MAP.replace("[values.c", 'branch = { const = "JYP" }\n[values.c', 1)
    )
    with desk.sessions() as session:
        branches = current_rules(session).branches
    assert [branches[each.branch_id].code for each in desk.complaints()] == ["JKT", "JYP"]


def test_every_field_of_the_map_arrives(desk: Desk):
    names = [
        "external_id,received_at,closed_at,category,story,channel,product,status,branch,priority",
        "customer_name,customer_phone,customer_email,customer_number,salutation,tier",
        "remedy_wanted,incident_at,outcome,summary",
    ]
    fields = ",".join(names).split(",")
    cells = (
        "7,2026-08-11 09:15,2026-08-12 09:15,TAG_NAIK,Tagihan naik,email,TV,closed,MKS,P1,"
        "Ani,0811222333,Ani@x.example,C-1,Ibu,VVIP,Koreksi,2026-08-10 08:00,SETUJU,Naik dua kali"
    )
    columns = "".join(f'{name} = "{name}"\n' for name in fields)
    map_text = MAP.partition("[columns]")[0] + "[columns]\n" + columns
    assert totals(desk.bring(",".join(fields) + "\n" + cells + "\n", map_text)) == (1, 1, 0, 0)
    (complaint,) = desk.complaints()
    assert (complaint.status, complaint.outcome, complaint.priority) == ("closed", "SETUJU", "P1")
    assert (complaint.product, complaint.summary) == ("TV", "Naik dua kali")
    assert complaint.remedy_wanted == "Koreksi"
    assert f"{complaint.incident_at:%Y-%m-%dT%H:%MZ}" == "2026-08-10T01:00Z"
    with desk.sessions() as session:
        customer = session.scalars(select(Customer)).one()
    assert (customer.name, customer.salutation, customer.tier) == ("Ani", "Ibu", "VVIP")
    assert (customer.phone, customer.email, customer.number) == (
        "62811222333",
        "ani@x.example",
        "C-1",
    )


def test_a_strict_map_names_the_criteria_that_lack(desk: Desk):
    counts = desk.bring(HEADER + FIRST + SECOND, 'gates = "refuse"\n' + MAP)
    assert totals(counts) == (2, 1, 0, 1)
    assert "(020-1.1, 020-1.2, " in desk.reason()
    assert desk.reason().endswith(
        '020-3.7) Write an earlier status, or set gates = "take_over" in the map.'
    )


def test_the_reason_of_the_map_stands_in_the_record(desk: Desk):
    desk.bring(HEADER + FIRST, MAP + '[history]\nreason = "Arsip sebelum 2026"\n')
    with desk.sessions() as session:
        record = session.scalars(select(StepRecord)).one()
    assert (record.criterion, record.reason) == ("020", "Arsip sebelum 2026")


def test_the_map_can_hush_or_announce_what_fell_due(desk: Desk):
    old = "1,2026-08-11 09:15,,x,Mati,Telepon\n"
    desk.bring(HEADER + old)
    # Only the reminders of the top lie ahead, which go on for as long as it is open and late.
    assert (desk.count_due(), desk.count(Timer)) == (0, 4)
    desk.bring(HEADER + old, "notify = true\n" + MAP.replace("lama", "baru"))
    assert (desk.count_due(), desk.count(Timer)) == (4, 8)


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace('"Masuk"', '"Tiba"'), "the file has no column 'Tiba'"),
        (lambda text: text.replace("received_at", "recieved_at"), "columns.recieved_at: unknown"),
        (lambda text: text.replace('story = "Cerita"\n', ""), "columns.story is needed"),
        (lambda text: text.replace('channel = "Lewat"\n', ""), "columns.channel is needed"),
        (lambda text: 'gates = "open"\n' + text, "gates: 'open' is neither"),
        (lambda text: 'notify = "no"\n' + text, "notify: 'no' is neither"),
        (lambda text: text + "[history]\n", ""),
        (lambda text: text + '[history]\nreason = "?"\n', "history.reason: say"),
        (lambda text: text + '[history]\nwhy = "x"\n', "history: a table"),
        (lambda text: text + '[defaults]\ncategory = "NO"\n', "there is no category NO"),
        (lambda text: text + '[defaults]\nexternal_id = "1"\n', "cannot have a default"),
        (lambda text: text + "[defaults]\nproduct = 1\n", "defaults.product: 1 is not a text"),
        (lambda text: "defaults = 1\n" + text, "defaults: a table"),
        (lambda text: text.replace('"lama"', '" "'), "source: ' ' is not a name"),
        (lambda text: text.replace('"lama"', f'"{"x" * 61}"'), "longer than 60 characters"),
        (lambda text: "columns = [", "map.toml"),
        (lambda text: text.replace('"Asia/Jakarta"', '"Asia/Atlantis"'), "timezone"),
    ],
)
def test_a_map_that_cannot_be_used_is_one_sentence(
    desk: Desk, change: Callable[[str], str], sentence: str
):
    if not sentence:
        assert totals(desk.bring(HEADER + FIRST, change(MAP))) == (1, 1, 0, 0)
        return
    with pytest.raises(UnusableFile) as refusal:
        desk.bring(HEADER + FIRST, change(MAP))
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert desk.count(Complaint) == 0


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("content", [b"", b"\n\n", HEADER.encode("utf-16"), b"\x1f\x8b\x08broken"])
def test_a_file_that_cannot_be_read_is_one_sentence(desk: Desk, content: bytes):
    with pytest.raises(UnusableFile) as refusal:
        desk.bring(content)
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_is_one_sentence(desk: Desk):
    with pytest.raises(UnusableFile):
        desk.run(desk.folder / "lain.csv")


def test_a_file_with_a_header_only_has_no_rows(desk: Desk):
    assert totals(desk.bring(HEADER)) == (0, 0, 0, 0)


def test_rejected_rows_that_cannot_be_written_stop_the_import_in_one_sentence(desk: Desk):
    desk.rejects.with_name(desk.rejects.name + ".part").mkdir()
    with pytest.raises(UnusableFile) as refusal:
        desk.bring(HEADER + SECOND.replace("Mati", "Aneh"))
    assert "cannot be written" in str(refusal.value)


# A rehearsal, a break, somebody else at the same time


MIXED = HEADER + "".join(
    f"{number % 9},2026-11-18 10:00,,x,{'Aneh' if number % 4 == 3 else 'Mati'},Telepon\n"
    for number in range(20)
)


def test_a_dry_run_counts_the_same_and_creates_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file_complaints, "BATCH", 3)
    rehearsed = desk.bring(MIXED, dry_run=True)
    assert [desk.count(table) for table in (Complaint, Customer, Deadline, HistoryEntry)] == [0] * 4
    reasons = desk.rejects.read_bytes()
    done = desk.run(desk.file)
    assert rehearsed.as_json() == done.as_json()
    assert totals(done) == (20, 9, 9, 2)
    assert desk.rejects.read_bytes() == reasons
    assert totals(desk.run(desk.file, dry_run=True)) == (20, 0, 20, 0)


@pytest.mark.both_databases
def test_a_break_leaves_whole_batches_and_the_next_run_completes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(file_complaints, "BATCH", 3)
    commits = iter(range(100))

    class Breaking(Session):
        def commit(self) -> None:
            if next(commits) == 2:
                raise KeyboardInterrupt
            super().commit()

    engine = desk.sessions.kw["bind"]
    rows = "".join(f"{number},2026-11-18 10:00,,x,Mati,Telepon\n" for number in range(10))
    with pytest.raises(KeyboardInterrupt):
        desk.bring(HEADER + rows, sessions=sessionmaker(engine, class_=Breaking))
    assert desk.count(Complaint) == desk.count(HistoryEntry) == 6
    assert desk.count(Deadline) == desk.count(Timer) == 24
    assert not list(desk.folder.glob("*.part"))
    assert totals(desk.run(desk.file)) == (10, 4, 6, 0)
    assert desk.count(HistoryEntry) == 10


@pytest.mark.both_databases
def test_two_imports_of_one_file_at_once_create_its_rows_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    take_over = run_import.take_over
    calls: list[int] = []

    def overtaken(session: Session, *args: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            # SQLite lets nobody in while this session has its transaction.
            session.rollback()
            with desk.sessions() as other:
                take_over(other, *args, **more)
                other.commit()
            raise IntegrityError("INSERT", {}, Exception("duplicate key"))
        return take_over(session, *args, **more)

    monkeypatch.setattr(run_import, "take_over", overtaken)
    assert totals(desk.bring(HEADER + FIRST + SECOND)) == (2, 0, 2, 0)
    assert len(calls) == 2
    assert desk.count(Complaint) == 2


@pytest.mark.both_databases
def test_imports_that_run_side_by_side_share_the_work(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file_complaints, "BATCH", 10)
    rows = "".join(f"{number},2026-11-18 10:00,,x,Mati,Telepon\n" for number in range(120))
    desk.file.write_text(HEADER + rows)
    (desk.folder / "map.toml").write_text(MAP)

    def run(_: int) -> ImportCounts:
        path, map_path = desk.file, desk.folder / "map.toml"
        return import_file(desk.sessions, path, map_path, by=SYSTEM, at=NOW)

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(run, range(3)))
    assert sum(each.created for each in counts) == desk.count(Complaint) == 120
    assert [each.created + each.already_there for each in counts] == [120] * 3
    assert desk.count(Customer) == 1


@pytest.mark.both_databases
def test_a_row_the_database_cannot_keep_does_not_keep_the_others_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    take_over = run_import.take_over

    def choosy(session: Session, rules: Any, rows: Any, *args: Any, **more: Any) -> Any:
        if any("racun" in row.given.story for row in rows):
            raise DataError("INSERT", {}, Exception("no"))
        return take_over(session, rules, rows, *args, **more)

    monkeypatch.setattr(run_import, "take_over", choosy)
    rows = [f"{number},2026-11-18 10:00,,x{number},Mati,Telepon\n" for number in range(7)]
    rows[4] = rows[4].replace("x4", "racun")
    assert totals(desk.bring(HEADER + "".join(rows))) == (7, 6, 0, 1)
    assert desk.reason() == "The database cannot store this row. Shorten its texts."


def test_memory_does_not_grow_with_the_file(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file_complaints, "BATCH", 50)
    usual = gc.get_threshold()

    def peak(rows: int) -> int:
        with desk.file.open("w") as file:
            file.write(HEADER)
            for number in range(rows):
                file.write(f"{number},2026-11-18 10:00,,{'cerita ' * 40},Mati,Telepon\n")
        tracemalloc.start()
        desk.run(desk.file, dry_run=True)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    # As often as outside: the suite lets garbage lie longer.
    gc.set_threshold(700, 10, 10)
    try:
        peak(100)
        assert peak(4000) < 2 * peak(400)
    finally:
        gc.set_threshold(*usual)


def test_a_bar_is_drawn_on_standard_error_only_where_wanted(
    desk: Desk, capfd: pytest.CaptureFixture[str]
):
    desk.bring(HEADER + FIRST)
    assert capfd.readouterr() == ("", "")
    desk.bring(gzip.compress((HEADER + FIRST).encode()), progress=True)
    told = capfd.readouterr()
    assert told.out == ""
    assert "keluhan.csv" in told.err


def test_a_refusal_is_put_into_the_words_of_whoever_asks(desk: Desk):
    desk.bring(HEADER + FIRST.replace("Mati", "Aneh"), say=lambda refusal: f"[{refusal.sentence}]")
    assert desk.reason().startswith("category (Jenis): [There is no category %(code)s.")


# Published files


@pytest.mark.parametrize("name", ["comcast", "cfpb", "biznet"])
def test_the_example_maps_fit_the_rules_of_the_house(session: Session, name: str):
    map_file = MapFile.load(ROOT / "docs" / "examples" / f"{name}_map.toml")
    plan = ImportMap.read(map_file, Path(f"{name}.csv"), current_rules(session))
    for field, codes in plan.known.items():
        assert set(map_file.values.get(field, {}).values()) <= set(codes), field


PUBLISHED = [
    ("telecom_comcast_complaints.csv", "comcast", (2224, 2224, 0, 0)),
    ("cfpb_complaints_3186.csv", "cfpb", (3186, 3175, 11, 0)),
    ("id_biznet_tweets_2025-06_08.csv", "biznet", (1298, 1298, 0, 0)),
]


@pytest.mark.both_databases
@pytest.mark.parametrize(("name", "map_name", "expected"), PUBLISHED)
def test_published_files_come_in_whole_and_once(
    desk: Desk, name: str, map_name: str, expected: tuple[int, int, int, int]
):
    published = SHARED / name
    if not published.exists():
        pytest.skip(f"the published file {name} is not on this machine")
    map_text = (ROOT / "docs" / "examples" / f"{map_name}_map.toml").read_text(encoding="utf-8")
    shutil.copyfile(published, desk.file)
    assert totals(desk.run(desk.file, map_text, dry_run=True)) == expected
    # Storing the first of them twice shows the rest; the whole takes its time in the bench.
    with published.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row, _ in zip(csv.reader(file), range(301), strict=False)]
    with desk.file.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    first, second = desk.run(desk.file, map_text), desk.run(desk.file, map_text)
    assert (first.read, first.rejected) == (second.already_there, second.rejected) == (300, 0)
    assert desk.count(Complaint) == desk.count(HistoryEntry) == first.created


# Quotes, separators and what spreadsheets leave behind

SEMICOLONS = MAP.replace("[columns]", 'delimiter = ";"\n[columns]', 1)


def semicolons(*rows: str) -> str:
    return HEADER.replace(",", ";") + "".join(rows)


def row(number: int, story: str) -> str:
    return f"{number};2026-11-18 09:00;;{story};Mati;Telepon\n"


def test_an_unclosed_quote_swallows_no_complaint_behind_it(desk: Desk):
    others = [row(number, "ok") for number in range(21, 41)]
    text = semicolons(row(20, '"kutip tak ditutup'), *others)
    assert totals(desk.bring(text, SEMICOLONS)) == (21, 20, 0, 1)
    assert [each.external_id for each in desk.complaints()] == [str(n) for n in range(21, 41)]
    kept = desk.rejects.read_text(encoding="utf-8-sig")
    assert "20;2026-11-18 09:00" in kept
    assert "A quote is not closed" in kept
    assert "(line 2)" in kept


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "closing", ['modem 12"', '"baik"', '""', '"baris satu\nbaris dua"', '"kutip lagi']
)
def test_a_quote_that_another_row_seems_to_close_swallows_nothing_either(desk: Desk, closing: str):
    text = semicolons(row(20, '"kutip tak ditutup'), row(21, "ok"), row(22, closing), row(23, "ok"))
    counts = desk.bring(text, SEMICOLONS)
    stories = {each.external_id: each.story for each in desk.complaints()}
    assert {"21", "23"} <= stories.keys()
    assert "20" not in stories
    assert counts.read == counts.created + counts.already_there + counts.rejected


@pytest.mark.parametrize("time", ["", "kemarin"])
def test_a_row_without_a_time_is_rejected_for_itself_behind_an_unclosed_quote(
    desk: Desk, time: str
):
    timeless = row(21, "ok").replace("2026-11-18 09:00", time)
    rows = [row(19, "ok"), row(20, '"tak ditutup'), timeless, row(22, 'modem 12"'), row(23, "ok")]
    assert totals(desk.bring(semicolons(*rows), SEMICOLONS)) == (5, 3, 0, 2)
    assert [each.external_id for each in desk.complaints()] == ["19", "22", "23"]
    with desk.rejects.open(encoding="utf-8-sig", newline="") as file:
        back = list(csv.DictReader(file, delimiter=";"))
    assert [each["No"] for each in back] == ["20", "21"]
    assert "A quote is not closed" in back[0]["reject_reason"]
    assert "received_at (Masuk)" in back[1]["reject_reason"]


STORY_FIRST = """
source = "lama"
delimiter = ";"
timezone = "Asia/Jakarta"
datetime = ["%Y-%m-%d %H:%M"]
[columns]
external_id = "No"
story = "Cerita"
received_at = "Masuk"
channel = { const = "call" }
"""


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("opening", ['"kutip tak ditutup', '"kutip; tak; ditutup', '"'])
@pytest.mark.parametrize("closing", ['modem 12"', 'a; b"', '"', "x\n21;ok;2026-11-18 09:00\ny"])
def test_a_quote_closed_by_the_row_behind_is_reported_where_a_time_follows_it(
    desk: Desk, opening: str, closing: str
):
    text = f"No;Cerita;Masuk\n20;{opening};2026-11-18 07:00\n22;{closing};2026-11-18 08:00\n"
    counts = desk.bring(text + "23;ok;2026-11-18 09:00\n", STORY_FIRST)
    kept = desk.rejects.read_text(encoding="utf-8-sig")
    assert "A quote is not closed" in kept
    assert "(line 2)" in kept
    brought = {each.external_id for each in desk.complaints()}
    assert "20" not in brought
    assert "23" in brought
    assert "22" in brought or "22" in kept
    assert counts.read == counts.created + counts.rejected


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "story", ["Halo; saya\nlanjut; ya", "satu\ndua; tiga; empat", "a; b; c\nd"]
)
def test_a_story_of_several_lines_before_its_time_comes_in_whole(desk: Desk, story: str):
    text = f'No;Cerita;Masuk\n20;"{story}";2026-11-18 08:00\n23;ok;2026-11-18 09:00\n'
    assert totals(desk.bring(text, STORY_FIRST)) == (2, 2, 0, 0)
    assert desk.complaints()[0].story == story


def test_quotes_inside_a_text_are_kept_or_rejected_and_never_lost(desk: Desk):
    text = semicolons(row(50, '"kata "keras" dari petugas"'), row(51, 'modem 12" rusak'))
    assert totals(desk.bring(text, SEMICOLONS)) == (2, 1, 0, 1)
    assert desk.complaints()[0].story == 'modem 12" rusak'
    with desk.rejects.open(encoding="utf-8-sig", newline="") as file:
        (back,) = list(csv.DictReader(file, delimiter=";"))
    assert back["Cerita"] == '"kata "keras" dari petugas"'


@pytest.mark.parametrize("first", ["sep=;\r\n", "\ufeffSEP=;\n", '"sep=;"\n'])
def test_the_separator_that_a_file_names_in_its_first_line_is_taken(desk: Desk, first: str):
    text = first + semicolons(row(1, "Mati sejak pagi, sudah lapor"), row(2, '"tanpa ujung'))
    assert totals(desk.bring(text)) == (2, 1, 0, 1)
    assert desk.complaints()[0].story == "Mati sejak pagi, sudah lapor"
    assert "(line 4)" in desk.rejects.read_text(encoding="utf-8-sig")
    again = desk.rejects.read_text(encoding="utf-8-sig").replace('"""tanpa ujung"', "tanpa ujung")
    assert totals(desk.bring("sep=;\n" + again, again=True)) == (1, 1, 0, 0)


@pytest.mark.parametrize("year", ["0026", "1926", "9999"])
def test_a_year_that_cannot_be_meant_keeps_its_row_out(desk: Desk, year: str):
    text = HEADER + f"7,{year}-11-18 09:00,,Lampau,Mati,Telepon\n"
    assert totals(desk.bring(text)) == (1, 0, 0, 1)
    assert "received_at (Masuk)" in desk.reason()


def test_a_number_that_a_spreadsheet_shortened_is_rejected_in_words(desk: Desk):
    phones = MAP.replace("[columns]", '[columns]\ncustomer_phone = "HP"', 1)
    header = HEADER.replace("\n", ",HP\n")
    rows = "".join(
        f'{n},2026-11-18 09:00,,Internet mati,Mati,Telepon,"{phone}"\n'
        for n, phone in enumerate(("6,28123E+12", "81234500004", "bukan nomor"), 1)
    )
    assert totals(desk.bring(header + rows, phones)) == (3, 1, 0, 2)
    first, second = desk.rejected()
    assert "last digits are lost" in first["reject_reason"]
    assert "valid phone number" in second["reject_reason"]
    with desk.sessions() as session:
        assert session.scalars(select(Customer.phone)).all() == ["6281234500004"]


@pytest.mark.both_databases
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_number_told_again_with_another_story_is_no_repetition(desk: Desk, dry_run: bool):
    other = FIRST.replace("Internet mati", "Tagihan dua kali")
    spaced = FIRST.replace("Internet mati", "Internet  mati ")
    assert totals(desk.bring(HEADER + FIRST + other + spaced, dry_run=dry_run)) == (3, 1, 1, 1)
    assert "already there with another story" in desk.reason()
    if not dry_run:
        assert totals(desk.bring(HEADER + other)) == (1, 0, 0, 1)
        assert totals(desk.bring(HEADER + FIRST)) == (1, 0, 1, 0)


def test_a_number_of_another_batch_with_another_story_is_named_on_a_dry_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("complaints.channels.csv_import.file_complaints.BATCH", 1)
    other = FIRST.replace("Internet mati", "Tagihan dua kali")
    assert totals(desk.bring(HEADER + FIRST + other + FIRST, dry_run=True)) == (3, 1, 1, 1)


# Event logs: several rows of one number

EVENTS = """
source = "log"
timezone = "Asia/Jakarta"
datetime = ["%Y-%m-%d %H:%M"]
group_by = "external_id"
[columns]
external_id = "No"
received_at = "Waktu"
closed_at = "Waktu"
status = "Kejadian"
story = "Cerita"
product = "Produk"
channel = { const = "call" }
[values.status]
Masuk = "received"
Ambil = "received"
Tutup = "closed"
"""
EVENT_HEADER = "No,Waktu,Kejadian,Cerita,Produk\n"
RECEIVED = "7,2026-11-10 08:00,Masuk,Internet mati,TV\n"
TAKEN = "7,2026-11-11 09:00,Ambil,Sudah ditelepon,\n"
ENDED_ROW = "7,2026-11-12 10:00,Tutup,,TV\n"
OTHER = "8,2026-11-11 07:00,Masuk,Tagihan dua kali,Paket\n"


def test_rows_of_a_number_become_one_complaint_wherever_they_stand(desk: Desk):
    # Newest first, with rows of another number between them.
    text = EVENT_HEADER + ENDED_ROW + OTHER + TAKEN + RECEIVED
    assert desk.bring(text, EVENTS).as_json() == {
        "read": 4,
        "created": 2,
        "grouped": 2,
        "already_there": 0,
        "rejected": 0,
        "rejects_file": None,
    }
    first, second = desk.complaints()
    assert (first.external_id, first.status, first.story) == ("7", "closed", "Internet mati")
    assert f"{first.received_at:%d %H:%M} {first.closed_at:%d %H:%M}" == "10 01:00 12 03:00"
    # The time of every event is no closing time while the last one is not the end.
    assert (second.external_id, second.status, second.closed_at) == ("8", "received", None)
    again = desk.run(desk.file, EVENTS)
    assert (again.read, again.created, again.grouped, again.already_there) == (4, 0, 2, 2)


def test_the_map_chooses_the_row_that_counts_and_blank_cells_say_nothing(desk: Desk):
    changed = TAKEN.replace("telepon,", "telepon,Paket emas") + ENDED_ROW.replace("TV", "")
    chosen = EVENTS.replace("[values", '[group]\nstory = "last"\nproduct = "last"\n[values', 1)
    assert totals(desk.bring(EVENT_HEADER + RECEIVED + changed, chosen)) == (3, 1, 0, 0)
    (complaint,) = desk.complaints()
    assert (complaint.story, complaint.product) == ("Sudah ditelepon", "Paket emas")


def test_rows_that_contradict_each_other_stay_out_together_until_the_map_settles_it(desk: Desk):
    rows = RECEIVED + TAKEN.replace("telepon,", "telepon,Paket") + OTHER
    assert totals(desk.bring(EVENT_HEADER + rows, EVENTS)) == (3, 1, 0, 2)
    reasons = {each["reject_reason"] for each in desk.rejected()}
    assert reasons == {
        "The rows of number 7 differ in product: TV, Paket. Correct them, or say under [group] in "
        'the map which row counts: product = "first" or "last".'
    }
    settled = EVENTS.replace("[values", '[group]\nproduct = "first"\n[values', 1)
    counts = desk.run(desk.rejects, settled)
    assert (counts.read, counts.created, counts.grouped, counts.rejected) == (2, 1, 1, 0)
    assert desk.complaints()[1].product == "TV"


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (ENDED_ROW.replace("2026-11-12", "12 Nov"), "fits none of the formats"),
        (ENDED_ROW.replace("2026", "0026"), "The year 26 cannot be meant."),
        (ENDED_ROW.replace(",TV", ""), "The row has 4 cells and the header 5."),
        (ENDED_ROW.replace(",,", ',"tak ditutup,'), "A quote is not closed"),
    ],
)
def test_a_complaint_does_not_come_in_without_one_of_its_rows(desk: Desk, bad: str, why: str):
    text = EVENT_HEADER + RECEIVED + bad + OTHER
    assert totals(desk.bring(text, EVENTS)) == (3, 1, 0, 2)
    reasons = [each["reject_reason"] for each in desk.rejected()]
    assert (
        "Another row of number 7 cannot be read (line 3). Correct that one; the rows of a number "
        "come in together."
    ) in reasons
    assert any(why in each for each in reasons)
    assert [each.external_id for each in desk.complaints()] == ["8"]


def test_what_the_rules_refuse_keeps_all_rows_of_the_number_out(desk: Desk):
    text = EVENT_HEADER + RECEIVED + ENDED_ROW.replace("Tutup", "Lenyap") + OTHER
    counts = desk.bring(text, EVENTS, dry_run=True)
    assert totals(counts) == (3, 1, 0, 2)
    assert len(desk.rejected()) == 2


def test_rows_without_a_number_are_not_grouped(desk: Desk):
    rows = RECEIVED.replace("7,", ",", 1) + OTHER.replace("8,", ",", 1)
    assert totals(desk.bring(EVENT_HEADER + rows, EVENTS)) == (2, 2, 0, 0)


def test_a_row_without_a_time_follows_those_that_have_one(desk: Desk):
    untimed = ENDED_ROW.replace("2026-11-12 10:00", "")
    timed = EVENTS.replace('closed_at = "Waktu"\n', "").replace("Tutup", "Ubah")
    counts = desk.bring(EVENT_HEADER + untimed.replace("Tutup", "Masuk") + RECEIVED, timed)
    assert totals(counts) == (2, 1, 0, 0)
    lone = untimed.replace("7,", "9,", 1).replace(",,TV", ",Gangguan,TV")
    assert totals(desk.bring(EVENT_HEADER + lone, EVENTS)) == (1, 0, 0, 1)
    assert "The time of receipt is missing." in desk.reason()


def test_a_number_of_too_many_rows_is_rejected_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file_complaints, "BATCH", 3)
    assert totals(desk.bring(EVENT_HEADER + TAKEN * 4 + OTHER, EVENTS)) == (5, 1, 0, 4)
    assert "Number 7 has more than 3 rows" in desk.rejected()[0]["reject_reason"]


def test_a_story_of_its_own_in_the_next_file_is_no_repetition_of_the_group(desk: Desk):
    desk.bring(EVENT_HEADER + RECEIVED + ENDED_ROW, EVENTS)
    other = RECEIVED.replace("Internet mati", "Tagihan") + ENDED_ROW
    assert totals(desk.bring(EVENT_HEADER + other, EVENTS)) == (2, 0, 0, 2)


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"external_id"', '"No"', "group_by: 'No' is not \"external_id\""),
        ("[values", '[group]\nproduct = "newest"\n[values', "'newest' is neither"),
        ("[values", '[group]\ncategory = "last"\n[values', "columns has no such field"),
        ("[values", '[group]\nexternal_id = "last"\n[values', "columns has no such field"),
        ("group_by =", 'group = "last"\ngroup_by =', "group: a table of our field"),
        ('external_id = "No"', "", "columns.external_id has to name a column"),
        ('status = "Kejadian"', "", "columns.status is needed"),
        ('group_by = "external_id"\n', "group = {story = 'last'}\n", "group: needs group_by"),
    ],
)
def test_a_map_that_cannot_group_is_one_sentence(desk: Desk, old: str, new: str, sentence: str):
    assert old in EVENTS
    with pytest.raises(UnusableFile) as refusal:
        desk.bring(EVENT_HEADER + RECEIVED, EVENTS.replace(old, new, 1))
    assert sentence in str(refusal.value)

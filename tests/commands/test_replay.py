"""`complaints replay`: a file's rows judged by a policy, in order, without guessing."""

import csv
import gzip
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.commands.replay import COLUMNS, replay, run_replay
from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import due_at
from complaints.formats.inputs import UnusableFile
from complaints.formats.mapfile import MapFile
from complaints.formats.replay_policy import ReplayPolicy
from tests.cases.gathered import calendar_of, read

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
BOSTON = Path(__file__).resolve().parents[3] / "shared" / "data" / "boston311"

MAP: dict[str, Any] = {
    "timezone": "Asia/Jakarta",
    "datetime": ["%Y-%m-%d %H:%M:%S"],
    "columns": {
        "external_id": "no",
        "category": "type",
        "received_at": "in",
        "closed_at": "out",
        "priority": "prio",
    },
}
POLICY: dict[str, Any] = {
    "calendar": {
        "tz": "Asia/Jakarta",
        "week": {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": ["2026-12-25"],
    },
    "rule": [
        {"category": ["GGN", "PSB"], "priority": "P1", "duration": 4, "unit": "working_hour"},
        {"category": "GGN", "duration": 2, "unit": "working_day"},
        {"category": "INFO", "duration": 1, "unit": "calendar_day", "end_of_day": True},
        {"priority": "P9", "duration": 1.5, "unit": "hour"},
    ],
}
HEADER = "no,type,in,out,prio\n"


def judged(
    text: str, map_changes: dict[str, Any] | None = None, **changes: Any
) -> tuple[dict[str, int], list[dict[str, str]]]:
    out = io.StringIO()
    counts = replay(
        MapFile.from_dict({**MAP, **(map_changes or {})}),
        ReplayPolicy.from_dict({**POLICY, **changes}),
        io.StringIO(text),
        out,
    )
    return counts, list(csv.DictReader(io.StringIO(out.getvalue())))


ROWS = [
    # Row; due time, state, late working seconds.
    ("1,GGN,2026-11-19 09:15:00,2026-11-23 09:15:00,", "2026-11-23T09:15:00+07:00", "met", "0"),
    (
        "2,GGN,2026-11-19 09:15:00,2026-11-23 09:15:01,",
        "2026-11-23T09:15:00+07:00",
        "breached",
        "1",
    ),
    (
        "3,GGN,2026-11-19 09:15:00,2026-11-24 08:15:00,",
        "2026-11-23T09:15:00+07:00",
        "breached",
        "25200",
    ),
    ("4,GGN,2026-11-19 09:15:00,,", "2026-11-23T09:15:00+07:00", "open", ""),
    ("5,GGN,2026-11-19 15:00:00,,P1", "2026-11-20T11:00:00+07:00", "open", ""),
    ("6,PSB,2026-11-19 15:00:00,,P2", "", "no_rule", ""),
    ("7,,2026-11-19 15:00:00,2026-11-19 16:00:00,P2", "", "no_rule", ""),
    ("8,INFO,2026-11-20 15:00:00,,", "2026-11-21T23:59:59+07:00", "open", ""),
    ("9,X,2026-11-20 15:00:00,,P9", "2026-11-20T16:30:00+07:00", "open", ""),
    (
        "10,GGN,2026-11-19 09:15:00,2026-11-19 09:14:59,",
        "2026-11-23T09:15:00+07:00",
        "invalid",
        "",
    ),
    ("11,X,2026-11-19 09:15:00,2026-11-19 09:14:59,", "", "invalid", ""),
    ("12,GGN,,2026-11-19 09:14:59,", "", "invalid", ""),
    ("13,GGN,19 Nov 2026,,", "", "invalid", ""),
    ("14,GGN,2026-11-19 09:15:00,soon,", "", "invalid", ""),
    ("15,GGN,2026-11-19 09:15:00", "", "invalid", ""),
    ("16,GGN,9998-12-31 09:15:00,,", "", "invalid", ""),
    # A rule of calendar days is late by the clock, on a Sunday too.
    (
        "18,INFO,2026-11-20 15:00:00,2026-11-22 06:00:00,",
        "2026-11-21T23:59:59+07:00",
        "breached",
        "21601",
    ),
    # Late only on a Saturday: breached, and by no working time at all.
    (
        "17,X,2026-11-20 15:30:00,2026-11-21 12:00:00,P9",
        "2026-11-20T17:00:00+07:00",
        "breached",
        "0",
    ),
]


@pytest.mark.parametrize(("row", "due", "state", "late"), ROWS)
def test_a_row_is_judged(row: str, due: str, state: str, late: str) -> None:
    counts, (judgement,) = judged(HEADER + row + "\n")
    assert (judgement["due_at"], judgement["state"], judgement["late_working_seconds"]) == (
        due,
        state,
        late,
    )
    assert counts["rows"] == counts[state] == 1


def test_the_output_keeps_the_order_and_writes_instants_with_offset() -> None:
    counts, judgements = judged(HEADER + "\n".join(row for row, *_ in ROWS) + "\n")
    assert [each["external_id"] for each in judgements[:14]] == [str(n) for n in range(1, 15)]
    assert counts == {
        "rows": 18,
        "met": 1,
        "breached": 4,
        "open": 4,
        "no_rule": 2,
        "invalid": 7,
    }
    assert tuple(judgements[0]) == COLUMNS
    assert judgements[0]["received_at"] == "2026-11-19T09:15:00+07:00"
    assert judgements[0]["closed_at"] == "2026-11-23T09:15:00+07:00"
    assert judgements[0]["category"] == "GGN"


def test_the_calendar_says_in_which_zone_times_are_written() -> None:
    makassar = {**POLICY["calendar"], "tz": "Asia/Makassar"}
    _, (row,) = judged(HEADER + "1,GGN,2026-11-19 09:15:00,,\n", calendar=makassar)
    assert row["received_at"] == "2026-11-19T10:15:00+08:00"


def test_a_rule_without_selector_takes_every_row() -> None:
    rule = {"duration": 30, "unit": "minute", "name": "all"}
    counts, _ = judged(HEADER + "\n".join(row for row, *_ in ROWS[:9]) + "\n", rule=[rule])
    assert counts["no_rule"] == 0


def test_office_hours_of_a_policy_are_understood() -> None:
    rule = {"duration": 4, "unit": "hour", "calendar": "office_hours"}
    _, (row,) = judged(HEADER + "1,GGN,2026-11-19 15:00:00,,\n", rule=[rule])
    assert row["due_at"] == "2026-11-20T11:00:00+07:00"


def test_memory_does_not_grow_with_the_file() -> None:
    def lines(count: int) -> Iterator[str]:
        yield HEADER
        for n in range(count):
            minute = f"{n % 24:02}:{n % 60:02}"
            yield f"{n},GGN,2026-11-{n % 30 + 1:02} {minute}:00,2026-12-24 08:15:00,P{n}\n"

    class Nowhere(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    def peak_of(count: int) -> int:
        tracemalloc.start()
        try:
            counts = replay(
                MapFile.from_dict(MAP), ReplayPolicy.from_dict(POLICY), lines(count), Nowhere()
            )
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            assert counts["rows"] == count

    peak_of(100)
    # What is remembered of the rows is full long before the shorter file ends.
    assert peak_of(16_000) < peak_of(4_000) + 50_000


ZONES = ("Asia/Jakarta", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo")
CASE = st.tuples(
    st.sampled_from(["A", "B", "C", "D", "E", "none"]),
    st.datetimes(datetime(2011, 1, 1), datetime(2013, 1, 1)),  # noqa: DTZ001
    st.none() | st.integers(-3 * 86400, 40 * 86400),
)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.sampled_from(["keep", "roll"]),
    st.lists(CASE, min_size=1, max_size=30),
)
def test_every_row_is_judged_as_the_calendar_judges_it_alone(
    zone: str,
    written_in: str,
    at_closing: str,
    cases: list[tuple[str, datetime, int | None]],
) -> None:
    week = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "fri")}
    calendar = {**POLICY["calendar"], "tz": zone, "at_closing": at_closing, "week": week}
    terms: dict[str, tuple[int, str, bool]] = {
        "A": (3, "working_day", False),
        "B": (5, "working_hour", False),
        "C": (1, "month", False),
        "D": (2, "working_day", True),
        "E": (30, "hour", False),
    }
    rules = [
        {"category": name, "duration": duration, "unit": unit, "end_of_day": end_of_day}
        for name, (duration, unit, end_of_day) in terms.items()
    ]
    lines, expected = [], []
    worktime = WorkCalendar.from_dict(calendar)
    for category, wall, seconds in cases:
        wall = wall.replace(microsecond=0)
        received = wall.replace(tzinfo=ZoneInfo(written_in)).astimezone(UTC)
        closed_wall = None if seconds is None else wall + timedelta(seconds=seconds)
        closed = closed_wall and closed_wall.replace(tzinfo=ZoneInfo(written_in)).astimezone(UTC)
        lines.append(f"1,{category},{wall},{closed_wall or ''},\n")
        due = None
        if category in terms:
            duration, unit, end_of_day = terms[category]
            due = due_at(worktime, received, duration, unit, end_of_day=end_of_day)
        state, late = "open" if due else "no_rule", ""
        if closed and closed < received:
            state = "invalid"
        elif closed and due:
            state = "met" if closed <= due else "breached"
            by_clock = terms[category][1] == "month"
            late = str(worktime.between(due, closed))
            if by_clock and closed > due:
                late = str(int((closed - due).total_seconds()))
        shown = [at.astimezone(ZoneInfo(zone)).isoformat() if at else "" for at in (received, due)]
        expected.append([*shown, state, late])
    _, rows = judged(
        HEADER + "".join(lines), {"timezone": written_in}, calendar=calendar, rule=rules
    )
    assert [
        [row[name] for name in ("received_at", "due_at", "state", "late_working_seconds")]
        for row in rows
    ] == expected


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"calendar": {}}, "calendar.tz"),
    ({"calendar": "jakarta"}, "calendar"),
    ({"calendar": {"tz": "UTC", "week": {"mon": [["8", "9"]]}}}, r"calendar\.week\.mon"),
    ({"rule": []}, r"\[\[rule\]\]"),
    ({"rule": ["x"]}, "rule 1"),
    ({"rule": [{"duration": 1, "unit": "moon"}]}, "rule 1, unit: 'moon'"),
    ({"rule": [{"duration": 1}]}, "rule 1, unit"),
    ({"rule": [{"unit": "hour"}]}, "rule 1, duration"),
    ({"rule": [{"duration": -1, "unit": "hour"}]}, "rule 1, duration"),
    ({"rule": [{"duration": True, "unit": "hour"}]}, "rule 1, duration"),
    ({"rule": [{"duration": float("inf"), "unit": "hour"}]}, "rule 1, duration"),
    ({"rule": [{"duration": float("nan"), "unit": "hour"}]}, "rule 1, duration"),
    ({"rule": [{"duration": 1.5, "unit": "working_day"}]}, "rule 1, duration"),
    ({"rule": [{"duration": 1, "unit": "hour", "end_of_day": "yes"}]}, "rule 1, end_of_day"),
    ({"rule": [{"duration": 1, "unit": "hour", "category": 7}]}, "rule 1, category"),
    ({"rule": [{"duration": 1, "unit": "hour", "category": []}]}, "rule 1, category"),
    ({"rule": [{"duration": 1, "unit": "hour", "catgory": "A"}]}, "did you mean category"),
    ({"rule": [{"duration": 1, "unit": "hour", "oral": "A"}]}, "rule 1, oral"),
]


@pytest.mark.parametrize(("change", "named"), WRONG)
def test_a_wrong_policy_is_one_clear_line(change: dict[str, Any], named: str) -> None:
    with pytest.raises(UnusableFile, match=named) as refused:
        ReplayPolicy.from_dict({**POLICY, **change}, "policy.toml")
    assert str(refused.value).startswith("policy.toml: ")
    assert "\n" not in str(refused.value)
    with pytest.raises(UnusableFile, match="calendar"):
        ReplayPolicy.from_dict({"rule": POLICY["rule"]})


MAP_TOML = """
timezone = "America/New_York"
datetime = ["%m/%d/%Y %I:%M:%S %p"]
[columns]
external_id = "id"
category = "type"
received_at = "opened"
closed_at = "closed"
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A map, the example policy and a small file written by hand."""
    paths = {
        "file": tmp_path / "requests.csv",
        "map_path": tmp_path / "map.toml",
        "policy_path": EXAMPLES / "boston311_policy.toml",
        "out_path": tmp_path / "out.csv",
    }
    paths["map_path"].write_text(MAP_TOML, encoding="utf-8")
    paths["file"].write_text(
        "id,type,opened,closed\n"
        "a,Building Inspection Request,06/29/2015 01:00:00 PM,07/02/2015 01:00:00 PM\n"
        "b,Building Inspection Request,06/30/2015 06:00:00 PM,\n"
        "c,Rodent Activity,02/20/2015 10:00:00 PM,03/23/2015 08:00:00 AM\n"
        "d,Graffiti,06/29/2015 01:00:00 PM,\n",
        encoding="utf-8",
    )
    return paths


def test_files_are_replayed_from_end_to_end(files: dict[str, Path]) -> None:
    counts = run_replay(**files)
    assert counts == {"rows": 4, "met": 1, "breached": 1, "open": 1, "no_rule": 1, "invalid": 0}
    with files["out_path"].open(encoding="utf-8", newline="") as file:
        due = [row["due_at"] for row in csv.DictReader(file)]
    # The Friday before Independence Day was worked; thirty days keep the hour over the clock
    # change and end on a Sunday; the last row has no rule.
    assert due == [
        "2015-07-02T13:00:00-04:00",
        "2015-07-06T08:30:00-04:00",
        "2015-03-22T22:00:00-04:00",
        "",
    ]
    assert [path.name for path in files["out_path"].parent.glob("*.part")] == []


def test_a_packed_file_gives_the_same_result(files: dict[str, Path]) -> None:
    run_replay(**files)
    plain = files["out_path"].read_bytes()
    packed = files["file"].with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(files["file"].read_bytes()))
    run_replay(**{**files, "file": packed})
    assert files["out_path"].read_bytes() == plain


def test_unusable_input_leaves_the_last_result_alone(files: dict[str, Path]) -> None:
    run_replay(**files)
    before = files["out_path"].read_bytes()
    files["file"].write_text("id,type\n", encoding="utf-8")
    with pytest.raises(UnusableFile, match="no column 'opened'"):
        run_replay(**files)
    assert files["out_path"].read_bytes() == before
    assert len(list(files["out_path"].parent.iterdir())) == 3


def test_what_cannot_be_used_is_said_in_one_line(files: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="No such file"):
        run_replay(**{**files, "file": tmp_path / "none.csv"})
    with pytest.raises(UnusableFile, match="No such file"):
        run_replay(**{**files, "out_path": tmp_path / "none" / "out.csv"})
    text = MAP_TOML.replace('category = "type"\n', "")
    files["map_path"].write_text(text, encoding="utf-8")
    with pytest.raises(UnusableFile, match=r"a rule selects by category, which map\.toml"):
        run_replay(**files)
    files["map_path"].write_text('[columns]\nexternal_id = "id"\n', encoding="utf-8")
    with pytest.raises(UnusableFile, match="received_at is needed"):
        run_replay(**files)


def test_an_event_log_is_not_replayed_row_by_row(files: dict[str, Path]) -> None:
    files["map_path"].write_text('group_by = "external_id"\n' + MAP_TOML, encoding="utf-8")
    with pytest.raises(UnusableFile, match="one row for one complaint"):
        run_replay(**files)


def test_boston_in_january_2022_is_judged_as_the_city_did() -> None:
    january = read("boston_2022")
    rules = [
        {"category": category, "duration": int(text.split()[0]), "unit": text.split()[1]}
        for category, text in january["duration"].items()
    ]
    rows = [
        f"{number},{each['category']},{each['opened']},{each.get('closed', '')},"
        for number, each in january["requests"].items()
    ]
    _, judgements = judged(
        HEADER + "\n".join(rows) + "\n",
        {"timezone": january["calendar"]["tz"]},
        calendar=calendar_of(january["calendar"]),
        rule=rules,
    )
    states = {True: "met", False: "breached", None: "open"}
    assert {row["external_id"]: row["state"] for row in judgements} == {
        number: states[each.get("on_time")] for number, each in january["requests"].items()
    }


@pytest.mark.skipif(not BOSTON.exists(), reason=f"Boston's 311 data is not at {BOSTON}")
@pytest.mark.parametrize(
    "name",
    [
        "Building Inspection Request",
        "Utility Call-In",
        "Rodent Activity",
        "Heat - Excessive  Insufficient",
    ],
)
def test_the_on_time_status_of_boston_is_reproduced(name: str, tmp_path: Path) -> None:
    source, out = BOSTON / f"{name}.csv", tmp_path / "out.csv"
    counts = run_replay(
        source, EXAMPLES / "boston311_map.toml", EXAMPLES / "boston311_policy.toml", out
    )
    zone = ZoneInfo("America/New_York")
    status = {"ONTIME": "met", "OVERDUE": "breached"}
    with (
        source.open(encoding="utf-8", newline="") as theirs,
        out.open(encoding="utf-8", newline="") as ours,
    ):
        pairs = list(zip(csv.DictReader(theirs), csv.DictReader(ours), strict=True))
    assert counts["rows"] == len(pairs)
    reproduced = [
        (row, judgement)
        for row, judgement in pairs
        if abs(
            datetime.strptime(row["TARGET_DT"], "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=zone)
            - datetime.fromisoformat(judgement["due_at"])
        ).total_seconds()
        <= 61
    ]
    assert len(reproduced) >= 0.99 * len(pairs)
    for row, judgement in reproduced:
        assert row["CASE_ENQUIRY_ID"] == judgement["external_id"]
        closed = row["CASE_STATUS"] == "Closed"
        assert judgement["state"] == (status[row["OnTime_Status"]] if closed else "open")

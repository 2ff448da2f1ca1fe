"""`complaints due`: one question a line, one answer a line, and never a traceback."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from complaints.commands.due import run_due
from complaints.formats.inputs import UnusableFile
from tests.cases.gathered import Case, cases, seconds_of

OFFICE = {
    "tz": "Asia/Jakarta",
    "week": {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": ["2026-12-25"],
}


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "calendar.json"
    path.write_text(json.dumps(OFFICE), encoding="utf-8")
    return path


def ask(calendar: Path, *questions: Any) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    lines = [each if isinstance(each, str) else json.dumps(each) for each in questions]
    status = run_due(lines, out, calendar, True)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


ANSWERED = [
    (
        {"op": "add", "start": "2026-11-19T15:30:00+07:00", "seconds": 3600},
        "2026-11-20T08:30:00+07:00",
    ),
    (
        {"op": "sub", "start": "2026-11-20T08:30:00+07:00", "seconds": 3600},
        "2026-11-19T15:30:00+07:00",
    ),
    (
        {
            "op": "between",
            "from": "2026-11-19T15:00:00+07:00",
            "to": "2026-11-20T09:00:00+07:00",
        },
        7200,
    ),
    (
        {"op": "add_days", "date": "2026-11-19", "days": 5, "rule": "working_days"},
        "2026-11-26",
    ),
    (
        {
            "op": "add_days",
            "date": "2026-11-25",
            "days": 30,
            "rule": "calendar_days_roll_forward",
        },
        "2026-12-28",
    ),
    ({"op": "is_open", "at": "2026-11-19T09:00:00+07:00"}, True),
    ({"op": "is_open", "at": "2026-12-25T09:00:00+07:00"}, False),
    ({"op": "next_opening", "at": "2026-12-25T09:00:00+07:00"}, "2026-12-28T08:00:00+07:00"),
    (
        {
            "op": "due",
            "start": "2026-11-19T09:00:00+07:00",
            "duration": 3,
            "unit": "working_day",
            "end_of_day": True,
        },
        "2026-11-24T16:00:00+07:00",
    ),
    (
        {
            "op": "due",
            "start": "2026-11-21T12:00:00+07:00",
            "duration": 3,
            "unit": "working_day",
            "counting": "from_first_open_moment",
        },
        "2026-11-26T08:00:00+07:00",
    ),
    (
        {
            "op": "due",
            "start": "2026-11-21T10:00:00+07:00",
            "duration": 5,
            "unit": "working_day",
            "counting": "day_after_receipt",
        },
        "2026-11-27T16:00:00+07:00",
    ),
]


@pytest.mark.parametrize(("question", "result"), ANSWERED)
def test_each_question_has_its_answer(
    calendar: Path, question: dict[str, Any], result: object
) -> None:
    assert ask(calendar, question) == (0, [{"result": result}])


@pytest.mark.parametrize(("question", "result"), ANSWERED[:1] + ANSWERED[2:6] + ANSWERED[8:])
def test_the_question_may_go_without_saying(
    calendar: Path, question: dict[str, Any], result: object
) -> None:
    unsaid = {name: value for name, value in question.items() if name != "op"}
    assert ask(calendar, unsaid) == (0, [{"result": result}])


def test_the_answer_keeps_the_offset_it_was_asked_in(calendar: Path) -> None:
    question = {"op": "add", "start": "2026-11-19T08:30:00Z", "seconds": 3600}
    assert ask(calendar, question)[1] == [{"result": "2026-11-20T01:30:00+00:00"}]


def test_answers_come_in_order_and_hand_back_the_id(calendar: Path) -> None:
    questions = [{**question, "id": n} for n, (question, _) in enumerate(ANSWERED)]
    status, answers = ask(calendar, *questions)
    assert status == 0
    assert answers == [{"id": n, "result": result} for n, (_, result) in enumerate(ANSWERED)]


DUE = {"op": "due", "start": "2026-11-19T15:30:00Z", "duration": 1, "unit": "hour"}
UNANSWERED = [
    ("nonsense", "not JSON"),
    ("[]", "not a JSON object"),
    ("[" * 100_000, "not JSON"),
    ({"op": "multiply"}, "op"),
    ({"op": "add", "start": "2026-11-19T15:30:00", "seconds": 1}, "offset"),
    ({"op": "add", "start": "yesterday", "seconds": 1}, "ISO 8601"),
    ({"op": "add", "start": 7, "seconds": 1}, "ISO 8601"),
    ({"op": "add", "start": "2026-11-19T15:30:00Z"}, "seconds"),
    ({"op": "add", "start": "2026-11-19T15:30:00Z", "seconds": "1"}, "seconds"),
    ({"op": "add", "start": "2026-11-19T15:30:00Z", "seconds": 0.5}, "seconds"),
    ({"op": "add", "start": "2026-11-19T15:30:00Z", "seconds": 1e30}, "1000 years"),
    ({"op": "add", "start": "9999-12-31T23:30:00-10:00", "seconds": 1}, "years"),
    ({"op": "between", "from": "2026-11-19T15:30:00Z"}, "to"),
    ({"op": "add_days", "date": "19-11-2026", "days": 1}, "date"),
    ({"op": "add_days", "date": "2026-11-19", "days": 1, "rule": "any"}, "working_days"),
    ({**DUE, "unit": "moon"}, "unit"),
    ({**DUE, "end_of_day": "yes"}, "end_of_day"),
    ({**DUE, "counting": "tomorrow"}, "counting"),
    ({**DUE, "counting": None}, "counting"),
]


@pytest.mark.parametrize(("question", "named"), UNANSWERED)
def test_a_line_without_an_answer_says_why_and_the_next_is_answered(
    calendar: Path, question: object, named: str
) -> None:
    status, answers = ask(calendar, question, "", {"op": "is_open", "at": "2026-11-19T09:00+07:00"})
    assert status == 1
    assert answers[0]["result"] is None
    assert named in answers[0]["error"]
    assert answers[1] == {"result": True}


def question_of(case: Case) -> dict[str, Any]:
    """What a script would ask the command for this case."""
    facts = {
        name: each.isoformat() if isinstance(each, date) else each
        for name, each in case.facts.items()
    }
    match case.kind:
        case "add":
            return {"start": facts["start"], "seconds": seconds_of(facts["worktime"])}
        case "between":
            return {"from": facts["since"], "to": facts["until"]}
        case "days":
            rule = facts.get("rule", "working_days")
            return {"date": facts["day"], "days": facts["days"], "rule": rule}
        case "open":
            return {"at": facts["at"]}
    return {name: facts[name] for name in ("start", "duration", "unit")}


def answer_of(case: Case, at_closing: str) -> Any:
    """The case's own answer, an instant as such."""
    if case.kind == "between":
        return seconds_of(case["worktime"])
    return case["open"] if case.kind == "open" else case.due(at_closing)


@pytest.mark.parametrize("at_closing", ["keep", "roll"])
@pytest.mark.parametrize("source", sorted({case.source for case in cases()}))
def test_the_command_answers_the_gathered_cases(
    tmp_path: Path, source: str, at_closing: str
) -> None:
    for case in (case for case in cases() if case.source == source):
        path = tmp_path / "calendar.json"
        path.write_text(json.dumps({**case.calendar, "at_closing": at_closing}), encoding="utf-8")
        status, (answered,) = ask(path, question_of(case))
        answer, expected = answered["result"], answer_of(case, at_closing)
        if isinstance(expected, date):
            answer = type(expected).fromisoformat(answer)
        assert (status, answer) == (0, expected), case["id"]


def test_the_calendar_may_be_toml(tmp_path: Path) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text('tz = "UTC"\n[week]\nmon = [["08:00", "16:00"]]\n', encoding="utf-8")
    assert ask(path, {"op": "is_open", "at": "2026-11-23T09:00:00Z"}) == (0, [{"result": True}])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "not JSON"),
        ("[]", "a table"),
        ('{"week": {"mon": [["08:00", "16:00"]]}}', "tz"),
        ('{"tz": "UTC", "week": {}}', "no open interval"),
    ],
)
def test_a_wrong_calendar_is_one_clear_line(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "calendar.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableFile, match=named) as refused:
        ask(path)
    assert "\n" not in str(refused.value)


def test_a_missing_calendar_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="No such file"):
        ask(tmp_path / "none.json")


def test_a_due_time_in_a_year_without_holidays_says_so(calendar: Path):
    working = {"op": "due", "start": "2026-12-30T09:00:00+07:00", "duration": 3}
    _, (late, sure, by_clock) = ask(
        calendar,
        {**working, "unit": "working_day"},
        {**working, "unit": "working_day", "duration": 1},
        {**working, "unit": "calendar_day"},
    )
    assert late == {"result": "2027-01-04T09:00:00+07:00", "years_without_holidays": [2027]}
    assert set(sure) == set(by_clock) == {"result"}

"""`complaints due`: working time asked line by line, for scripts and other programmes.

Each line is one JSON object with a question about one calendar, each answer one JSON line.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import Counting, due_at
from complaints.formats.inputs import UnusableFile, load_toml

#: Which question it is when `op` does not say: the first whose words are all there.
_ASKED_BY = {
    "add": ("start", "seconds"),
    "due": ("start", "duration", "unit"),
    "between": ("from", "to"),
    "add_days": ("date", "days"),
    "is_open": ("at",),
}


def run_due(
    lines_in: Iterable[str], out: IO[str], calendar_path: str | Path, as_json: bool = True
) -> int:
    """Answer each line of `lines_in` on `out`; return the exit status, 1 when one had no answer.

    Questions by `op`: add and sub (start, seconds), between (from, to), add_days (date, days,
    rule), is_open and next_opening (at), due (start, duration, unit, end_of_day, counting). An
    answer is ``{"result": …}``, with `years_without_holidays` beside it where a due time reaches
    years of which the calendar knows none, or ``{"result": null, "error": "sentence"}`` for a line
    that cannot be answered; `id` is handed back. Instants come back in the zone of the calendar
    where they were asked in its local time, else in the offset they were asked in. The answers are
    JSON lines with and without `as_json`. Raises UnusableFile, a ValueError of one line, for a
    wrong calendar.
    """
    calendar = load_calendar(calendar_path)
    has_rejected = False
    for line in lines_in:
        if not line.strip():
            continue
        answer = answer_line(calendar, line)
        has_rejected |= "error" in answer
        out.write(json.dumps(answer, ensure_ascii=not as_json) + "\n")
        # The one who asks may wait for this answer before asking on.
        out.flush()
    return int(has_rejected)


def load_calendar(path: str | Path) -> WorkCalendar:
    """Read a calendar from a JSON or TOML file; UnusableFile says in one line what is wrong."""
    if Path(path).suffix == ".toml":
        spec: Any = load_toml(path)
    else:
        try:
            spec = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise UnusableFile(f"{path}: {error.strerror or error}") from None
        except ValueError as error:
            raise UnusableFile(f"{path}: this is not JSON: {error}") from None
    try:
        return WorkCalendar.from_dict(spec)
    except ValueError as error:
        raise UnusableFile(f"{path}: {error}") from None


def answer_line(calendar: WorkCalendar, line: str) -> dict[str, Any]:
    """The answer to one line, `error` in it when there is none."""
    answer: dict[str, Any] = {}
    try:
        question = _question(line)
        if "id" in question:
            answer["id"] = question["id"]
        answer["result"] = _answer(calendar, question)
        unknown = _years_unknown(calendar, question, answer["result"])
        if unknown:
            answer["years_without_holidays"] = unknown
    except ValueError as error:
        answer.update(result=None, error=str(error))
    return answer


def _question(line: str) -> Mapping[str, Any]:
    try:
        question = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"The line is not JSON: {error}.") from None
    if not isinstance(question, dict):
        raise ValueError("The line is not a JSON object.")
    return question


def _answer(calendar: WorkCalendar, question: Mapping[str, Any]) -> object:
    op = question.get("op") or next(
        (op for op, words in _ASKED_BY.items() if all(word in question for word in words)), None
    )
    match op:
        case "add" | "sub":
            start, seconds = _instant(question, "start"), _number(question, "seconds")
            return _told(calendar, start, calendar.add(start, seconds if op == "add" else -seconds))
        case "between":
            return calendar.between(_instant(question, "from"), _instant(question, "to"))
        case "add_days":
            rule = question.get("rule", "working_days")
            days = _number(question, "days")
            return calendar.add_days(_date(question, "date"), days, rule).isoformat()
        case "is_open":
            return calendar.is_open(_instant(question, "at"))
        case "next_opening":
            at = _instant(question, "at")
            return _told(calendar, at, calendar.next_opening(at))
        case "due":
            start, duration = _instant(question, "start"), _number(question, "duration")
            unit, end_of_day = str(question.get("unit")), _flag(question, "end_of_day")
            counting = question.get("counting", Counting.FROM_FIRST_OPEN_MOMENT)
            due = due_at(calendar, start, duration, unit, end_of_day=end_of_day, counting=counting)
            return _told(calendar, start, due)
    raise ValueError(f"op: {op!r} is not one of sub, next_opening, {', '.join(_ASKED_BY)}.")


def _years_unknown(
    calendar: WorkCalendar, question: Mapping[str, Any], result: object
) -> Sequence[int]:
    """The years a due time in working days reaches of which the calendar knows no holiday."""
    is_due = "duration" in question and question.get("op", "due") == "due"
    if not is_due or not str(question.get("unit")).startswith("working"):
        return ()
    ends = (str(question["start"]), str(result))
    first, last = (datetime.fromisoformat(at).astimezone(calendar.tz).year for at in ends)
    return calendar.years_without_holidays(first, last)


def _told(calendar: WorkCalendar, asked: datetime, at: datetime) -> str:
    local = asked.astimezone(calendar.tz)
    zone = calendar.tz if local.utcoffset() == asked.utcoffset() else asked.tzinfo
    return at.astimezone(zone).isoformat()


def _given(question: Mapping[str, Any], name: str, kind: str, read: Callable[[str], Any]) -> Any:
    text = question.get(name)
    try:
        if not isinstance(text, str):
            raise ValueError
        return read(text)
    except ValueError:
        raise ValueError(f"{name}: {text!r} is not {kind}.") from None


def _instant(question: Mapping[str, Any], name: str) -> datetime:
    at: datetime = _given(question, name, "an ISO 8601 instant", datetime.fromisoformat)
    if at.tzinfo is None:
        raise ValueError(f"{name}: {question[name]!r} has no offset such as +07:00.")
    return at


def _date(question: Mapping[str, Any], name: str) -> date:
    on: date = _given(question, name, "a date like 2026-01-31", date.fromisoformat)
    return on


def _number(question: Mapping[str, Any], name: str) -> Any:
    number = question.get(name)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError(f"{name}: {number!r} is not a number.")
    return number


def _flag(question: Mapping[str, Any], name: str) -> bool:
    flag = question.get(name, False)
    if not isinstance(flag, bool):
        raise ValueError(f"{name}: {flag!r} is neither true nor false.")
    return flag

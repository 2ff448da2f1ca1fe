"""The columns that somebody may choose for a list of complaints, on the page and in its file.

The number always stands first and is none of them. Without a choice the list keeps its usual
table, which costs nothing of this.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from complaints.domain.errors import N_
from complaints.domain.permissions import Actor, Role
from complaints.formatting import say_instant_short
from complaints.rulebook import RuleBook
from complaints.web.desk.list_rows import DisplayRow, written
from complaints.web.frame.filters import label
from complaints.web.frame.translations import lang, translated
from complaints.web.frame.words import DUE_STATES

NUMBER = "number"
#: Separates the codes of columns in an address.
_COMMA = ","


class Told(NamedTuple):
    """What a cell is made of: the line in words, what was read beside it, and the rules."""

    line: DisplayRow
    beside: Mapping[str, Any]
    rules: RuleBook


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: its head, its width in a workbook and on the page, and the value of a line.

    A value is words, a number, an instant, or None where there is none.
    """

    words: str
    width: int
    value: Callable[[Told], Any]
    css: str = ""
    is_usual: bool = True


def _outcome(told: Told) -> str:
    code = told.line.row.outcome
    known = told.rules.taxonomy.outcomes.get(code or "")
    return label(known) if known else code or ""


def _channel(told: Told) -> str:
    known = told.rules.taxonomy.channels.get(told.line.row.channel)
    return label(known) if known else told.line.row.channel


def _product(told: Told) -> str:
    """A product's name for its code, else the words as written."""
    code = str(told.beside.get("product", ""))
    known = told.rules.organisation.products.get(code)
    return label(known) if known else code


def _due_state(told: Told) -> str:
    state = DUE_STATES.get(told.line.due_state)
    return translated(state[0]) if state else ""


def _due_at(told: Told) -> datetime | None:
    return datetime.fromisoformat(told.line.due) if told.line.due else None


#: Code → column, in the order in which a file has them by itself; those that are not usual it has
#: only if they were chosen.
COLUMNS: Mapping[str, ListColumn] = {
    "priority": ListColumn(N_("Priority"), 16, lambda told: told.line.priority, "c-short"),
    "customer": ListColumn(N_("Customer"), 26, lambda told: told.line.customer, "c-wide"),
    "category": ListColumn(N_("Category"), 30, lambda told: told.line.subject, "c-wide"),
    "summary": ListColumn(N_("Complaint"), 60, lambda told: told.line.summary, "c-story"),
    "due_at": ListColumn(N_("Due by"), 20, _due_at, "c-time"),
    "due_state": ListColumn(N_("Deadline"), 18, _due_state, "c-wide"),
    "status": ListColumn(N_("Status"), 18, lambda told: told.line.status, "c-middle"),
    "level": ListColumn(N_("Escalation level"), 10, lambda told: told.line.level or None, "r"),
    "handler": ListColumn(N_("Handler"), 22, lambda told: told.line.handler or "", "c-middle"),
    "unit": ListColumn(N_("Unit"), 24, lambda told: told.line.team, "c-wide"),
    "branch": ListColumn(N_("Branch"), 24, lambda told: told.line.branch, "c-middle"),
    "received_at": ListColumn(N_("Received"), 20, lambda told: told.line.row.received_at, "c-time"),
    "channel": ListColumn(N_("Channel"), 20, _channel, "c-middle", is_usual=False),
    "product": ListColumn(N_("Product"), 24, _product, "c-middle", is_usual=False),
    "told_date": ListColumn(
        N_("Date told to the customer"),
        20,
        lambda told: told.beside.get("told_date"),
        "c-time",
        is_usual=False,
    ),
    "closed_at": ListColumn(
        N_("Closed"), 20, lambda told: told.line.row.closed_at, "c-time", is_usual=False
    ),
    "outcome": ListColumn(N_("Outcome"), 26, _outcome, "c-middle", is_usual=False),
}


class Chosen(NamedTuple):
    """The columns of a list, in their order; none for the usual table.

    `unknown` are codes that the address asks for and that there are not any more.
    """

    codes: Sequence[str] = ()
    unknown: Sequence[str] = ()


class Cell(NamedTuple):
    """One cell on the page; `at` is the instant of `words` for programs."""

    code: str
    words: str
    at: str = ""


def shows_branches(me: Actor) -> bool:
    """Whether lists tell of which branch a complaint is: where they hold more than one."""
    return me.branch_id is None or me.role is Role.OFFICER


def columns_for(me: Actor) -> dict[str, ListColumn]:
    """The columns that the person may choose."""
    return {
        code: column for code, column in COLUMNS.items() if code != "branch" or shows_branches(me)
    }


def read_columns(given: str | None, me: Actor) -> Chosen:
    """The columns an address asks for; what the person may not see is left out, each comes once."""
    asked = dict.fromkeys(code.strip() for code in (given or "").split(_COMMA) if code.strip())
    offered = columns_for(me)
    return Chosen(
        tuple(code for code in asked if code in offered),
        tuple(code for code in asked if code not in COLUMNS and code != NUMBER),
    )


def write_columns(codes: Iterable[str]) -> str:
    """As the codes stand in an address."""
    return _COMMA.join(codes)


def cells(told: Told, codes: Sequence[str], zone: tzinfo) -> list[Cell]:
    """A line under the chosen columns, instants in the zone of its branch."""
    found = []
    for code in codes:
        value = COLUMNS[code].value(told)
        if isinstance(value, datetime):
            words = told.line.due_at if code == "due_at" else say_instant_short(value, zone, lang())
            found.append(Cell(code, words, written(value)))
        else:
            found.append(Cell(code, "" if value is None else str(value)))
    return found


def cells_of_each(
    lines: Sequence[DisplayRow],
    codes: Sequence[str],
    beside: Mapping[int, Mapping[str, Any]],
    rules: RuleBook,
) -> list[tuple[DisplayRow, list[Cell]]]:
    """Each line of a page with its cells under the chosen columns."""
    return [
        (
            line,
            cells(
                Told(line, beside.get(line.row.id, {}), rules),
                codes,
                rules.calendar_of(line.row.branch_id).value.tz,
            ),
        )
        for line in lines
    ]

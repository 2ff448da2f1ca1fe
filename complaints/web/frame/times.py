"""Times in forms: shown as somebody would type them, and said back in full."""

from dataclasses import dataclass
from datetime import datetime

from complaints.domain.errors import Invalid
from complaints.domain.worktime import WorkCalendar
from complaints.formatting import say_instant, say_typed
from complaints.rulebook import RuleBook
from complaints.web.frame.form_parsing import read_time, read_wall
from complaints.web.frame.translations import lang


@dataclass(frozen=True, slots=True)
class Times:
    """How fields show times by a calendar; `branch` is the code of the branch that it is of.

    None leaves the branch to the form, where it can be chosen; "" is the reader's own.
    """

    calendar: WorkCalendar
    branch: str | None = None

    @classmethod
    def of_branch(cls, rules: RuleBook, branch_id: int) -> "Times":
        """As a branch's own people read and write them."""
        return cls(rules.calendar_of(branch_id).value, rules.branches[branch_id].code)

    def shown(self, value: str) -> str:
        """What stands in the field: an exact time in the user's own form, else as it was typed."""
        try:
            return say_typed(read_wall(value or "", self.calendar.tz), self.calendar.tz, lang())
        except Invalid:
            return value or ""

    def said(self, name: str, value: str) -> str:
        """The time in full; nothing where the field is empty or says none."""
        at = self._read(name, value or "")
        return say_instant(at, self.calendar.tz, lang()) if at else ""

    def _read(self, name: str, value: str) -> datetime | None:
        try:
            return (
                read_time(name, value, self.calendar.tz, self.calendar) if value.strip() else None
            )
        except Invalid:
            return None

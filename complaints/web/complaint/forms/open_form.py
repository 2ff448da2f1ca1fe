"""One form of a complaint as it stands open: its words, what is typed, what is wrong with it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from complaints.actions.act import Face
from complaints.web.complaint.scripts import Manner, Said
from complaints.web.frame.form_parsing import Errors, is_count

#: Rows that stand empty under the steps already there, for people without JavaScript.
SPARE_ROWS = 1

STEP_PARTS = ("what", "owner", "due_at")


def new_key() -> str:
    """A one-time key for a form; sending the form twice records once."""
    return secrets.token_urlsafe(18)


@dataclass(slots=True, kw_only=True)
class Filled:
    """A form with its values: typed words win over what was proposed."""

    key: str = field(default_factory=new_key)
    proposed: Mapping[str, Any] = field(default_factory=dict)
    typed: MultiDict[str, str] | None = None
    errors: Errors = field(default_factory=list)

    def value(self, name: str, default: Any = "") -> Any:
        """What stands in a field."""
        if self.typed is not None:
            return self.typed.get(name, "")
        return self.proposed.get(name, default)

    def values(self, name: str) -> Sequence[str]:
        """Everything that stands in a field that may come several times."""
        if self.typed is not None:
            return self.typed.getlist(name)
        chosen: Sequence[str] = self.proposed.get(name, ())
        return chosen

    def has(self, name: str, value: str = "1") -> bool:
        """Whether a box is ticked or a choice is made."""
        return value in self.values(name) or str(self.value(name)) == value

    def error(self, *names: str) -> str:
        """The sentence beside a field; the first of the names that has one."""
        found = dict(reversed(self.errors))
        return next((found[name] for name in names if name in found), "")

    def rows(self, name: str = "steps") -> list[dict[str, str]]:
        """The steps in the form, with some empty rows below."""
        rows = self._typed_rows(name) or [dict(row) for row in self.proposed.get(name, ())]
        return rows + [dict.fromkeys(STEP_PARTS, "") for _ in range(SPARE_ROWS)]

    def _typed_rows(self, name: str) -> list[dict[str, str]]:
        typed, prefix = self.typed, f"{name}."
        if typed is None:
            return []
        numbers = {key[len(prefix) :].partition(".")[0] for key in typed if key.startswith(prefix)}
        rows = [
            {part: typed.get(f"{prefix}{number}.{part}", "") for part in STEP_PARTS}
            for number in sorted((n for n in numbers if is_count(n)), key=int)
        ]
        while rows and not any(rows[-1].values()):
            rows.pop()
        return rows


@dataclass(slots=True, kw_only=True)
class OpenForm(Filled):
    """The form of one noun on the complaint page; `refusal` says why it cannot be sent now.

    `say_later` says whether its words have to wait for an approval, `worth` what stands between
    what is offered and its amount.
    """

    noun: str
    stage: str
    face: Face
    action: str
    version: int | None
    seen: int
    refusal: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    scripts: Sequence[Said] = ()
    manners: Sequence[Manner] = ()
    say_later: bool | None = None
    worth: str = ""

    @property
    def template(self) -> str:
        """The template of the form's fields."""
        return f"complaint/forms/{self.noun.replace('/', '_').replace('-', '_')}.html"

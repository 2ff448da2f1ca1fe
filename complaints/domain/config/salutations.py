"""How people are addressed: the forms that an organisation uses, parted from names and said once.

The one rule for pages, letters and records; the forms stand in `organisation.toml`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from complaints.domain.config_fields import Table, texts, typed


@dataclass(frozen=True, slots=True)
class Salutation:
    """A form of address as it is kept, as it is said before a name, and as else it is typed."""

    form: str
    short: str
    typed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Salutations:
    """The organisation's forms of address.

    `unknown` is said where nobody knows one; `companies` are the words before which a company's
    name has not begun, such as PT.
    """

    forms: tuple[Salutation, ...]
    unknown: str
    companies: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: Table) -> "Salutations":
        """Read the part of `config/organisation.toml`; ValueError says what is wrong.

        A form may be a text alone. Without `salutation_unknown` the first two are said together.
        """
        where = "organisation"
        listed = data.get("salutations", [])
        if not isinstance(listed, list) or not all(isinstance(each, str | dict) for each in listed):
            raise ValueError(f"{where}: salutations must be a list of texts and tables")
        forms = tuple(_salutation(each) for each in listed)
        unknown = str(data.get("salutation_unknown") or "/".join(each.form for each in forms[:2]))
        if not unknown:
            raise ValueError(f"{where}: there is no form of address in salutations")
        return cls(forms, unknown, texts(where, data, "company_forms"))

    @cached_property
    def as_typed(self) -> Mapping[str, str]:
        """Each way of typing a form, folded and without full stop → the form that is kept."""
        return {
            _plain(word): each.form
            for each in self.forms
            for word in (each.form, each.short, *each.typed)
        }

    @cached_property
    def shorts(self) -> Mapping[str, str]:
        """Each way of typing a form → the form said before a name."""
        short = {each.form: each.short for each in self.forms}
        return {word: short[form] for word, form in self.as_typed.items()}

    def short(self, salutation: str) -> str:
        """The form said before a name: Bapak → Pak, Bapak/Ibu → Pak/Bu, others unchanged."""
        parts = (part.strip() for part in salutation.split("/"))
        return "/".join(self.shorts.get(_plain(part), part) for part in parts)

    def part(self, name: str) -> tuple[str, str]:
        """The form of address typed in front of a name, as it is kept, and the name alone.

        "Bu Rahma" gives ("Ibu", "Rahma"); a name without one, or a form without a name, gives
        ("", name). The same typed twice, as in "Ibu Bu Rahma", counts once; of two that differ, as
        in "Pak Bu Rahma", both are kept: ("Bapak/Ibu", "Rahma"). Titles such as H. or dr. belong
        to the name.
        """
        name = name.strip()
        spoken: list[str] = []
        while found := self._in_front.match(name):
            spoken += [self.as_typed[_plain(each)] for each in found[1].split("/")]
            name = name[found.end() :]
        return "/".join(dict.fromkeys(spoken)), name

    def address(self, name: str, salutation: str = "") -> tuple[str, str]:
        """How a customer is addressed, in the form that is kept, and the name after it, each once.

        The form that they chose goes before the one typed in front of the name; `unknown` stands
        where neither is known.
        """
        form, alone = self.known(name, salutation)
        return form or self.as_typed.get(_plain(alone)) or self.unknown, alone

    def known(self, name: str, salutation: str = "") -> tuple[str, str]:
        """As `address`, with no form of address where none is known: for lists and letters."""
        spoken, alone = self.part(name)
        return self._kept(salutation) or spoken, alone

    def say(self, name: str, salutation: str = "") -> str:
        """A customer as one speaks to them, such as "Bu Rahma" or "Pak H. Ahmad"."""
        form, alone = self.address(name, salutation)
        return alone if _plain(alone) in self.as_typed else f"{self.short(form)} {alone}".strip()

    def say_briefly(self, name: str, salutation: str = "") -> str:
        """The short form and one name: "Bu Siti"; of a company its kind and one word: "PT Maju"."""
        form, alone = self.known(name, salutation)
        words = alone.split()
        companies = {_plain(each) for each in self.companies}
        length = 2 if words and _plain(words[0]) in companies else 1
        return " ".join([self.short(form), *words[:length]]).strip()

    @property
    def offered(self) -> Sequence[str]:
        """The forms that are offered for a customer at intake."""
        return [each.form for each in self.forms]

    def _kept(self, salutation: str) -> str:
        """A chosen form as it is kept; one that is not among ours stays as it was typed."""
        form, rest = self.part(f"{salutation} x") if salutation.strip() else ("", "")
        return form if rest == "x" else salutation.strip()

    @cached_property
    def _in_front(self) -> re.Pattern[str]:
        """A form, or two with a stroke between them, in front of something else."""
        form = "|".join(re.escape(word) for word in sorted(self.as_typed, key=len, reverse=True))
        return re.compile(
            rf"((?:{form})(?:\.?\s*/\s*(?:{form}))?)(?:\.\s*|\s+)(?=\S)", re.IGNORECASE
        )


def _plain(word: str) -> str:
    return word.strip(". ").casefold()


def _salutation(data: str | Table) -> Salutation:
    if isinstance(data, str):
        return Salutation(data, data)
    form = typed("salutation", data, "form", str)
    where = f"salutation {form}"
    return Salutation(form, str(data.get("short", form)), texts(where, data, "typed"))

"""A complaint's public number, such as KLH-2026-000123: how it is written, read and found.

It is made of the organisation's prefix, the year of receipt and the row's id; nothing counts up.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from complaints.domain.config_fields import refuse_fields

#: What every number looks like, whoever's it is, as a regular expression of JSON Schema.
PATTERN = "^[A-Za-z]{2,6}-[0-9]{4}-[0-9]{1,9}$"

_PREFIX = re.compile(r"[A-Z]{2,6}")
#: The last part alone; with more digits it would be a phone number.
_BARE_ID = re.compile(r"#?\s*0*(\d{1,7})", re.ASCII)
_FLAGS = re.IGNORECASE | re.ASCII
#: What has numbers beside complaints → what they begin with where nothing else is said.
_OTHERS = {"contacts": "KTK", "posts": "PUB", "actions": "TPB", "reviews": "RTM"}


@dataclass(frozen=True, slots=True)
class NumberForm:
    """The organisation's form of numbers; those told under a `former` prefix are still read."""

    prefix: str
    former: tuple[str, ...] = ()
    #: What numbers of contacts begin with that are no complaints.
    contacts: str = "KTK"
    #: What numbers of public posts begin with.
    posts: str = "PUB"
    #: What numbers of corrective actions begin with.
    actions: str = "TPB"
    #: What numbers of management reviews begin with.
    reviews: str = "RTM"

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "NumberForm":
        """Read the `[number]` table of `organisation.toml`; ValueError says what is wrong."""
        refuse_fields("number", data, {"prefix", "former", *_OTHERS})
        former = data.get("former", [])
        if not isinstance(former, list):
            raise ValueError("number: former must be a list of prefixes")
        others = {name: data.get(name, usual) for name, usual in _OTHERS.items()}
        for each in (data.get("prefix"), *former, *others.values()):
            if not isinstance(each, str) or not _PREFIX.fullmatch(each):
                raise ValueError("number: a prefix must be 2 to 6 capital letters from A to Z")
        taken = [data["prefix"], *former]
        for name, each in others.items():
            if each in taken:
                raise ValueError(f"number: {name} need a prefix of their own")
            taken.append(each)
        of_others = {name: str(each) for name, each in others.items()}
        return cls(str(data["prefix"]), tuple(former), **of_others)

    @property
    def of_contacts(self) -> "NumberForm":
        """How the number of a contact is written and read that is no complaint."""
        return NumberForm(self.contacts)

    @property
    def of_posts(self) -> "NumberForm":
        """How the number of a public post is written and read."""
        return NumberForm(self.posts)

    @property
    def of_actions(self) -> "NumberForm":
        """How the number of a corrective action is written and read."""
        return NumberForm(self.actions)

    @property
    def of_reviews(self) -> "NumberForm":
        """How the number of a management review is written and read."""
        return NumberForm(self.reviews)

    def write(self, year: int, complaint_id: int) -> str:
        """The number of the complaint with this id, received in this year."""
        return f"{self.prefix}-{year}-{complaint_id:06d}"

    def write_all(self, year: int, complaint_id: int) -> list[str]:
        """Every number that was ever told for it, the one of today first."""
        prefixes = (self.prefix, *self.former)
        return [NumberForm(each).write(year, complaint_id) for each in prefixes]

    def read(self, number: str) -> tuple[int, int] | None:
        """Year and id in a whole number, in capitals or not; None when it is none of ours."""
        found = re.fullmatch(rf"(?:{self._prefixes})-(\d{{4}})-(\d{{1,9}})", number.strip(), _FLAGS)
        return (int(found[1]), int(found[2])) if found else None

    def recognise(self, typed: str) -> tuple[int | None, int] | None:
        """Year and id in what somebody types to find a complaint, with or without the prefix.

        Of the last part alone the year is None. What is no number at all is None.
        """
        plain = typed.strip()
        spaced = rf"(?:(?:{self._prefixes})[\s-]*)?(\d{{4}})[\s-]+0*(\d{{1,9}})"
        if found := re.fullmatch(spaced, plain, _FLAGS):
            return int(found[1]), int(found[2])
        found = _BARE_ID.fullmatch(plain)
        return (None, int(found[1])) if found else None

    def find(self, text: str) -> tuple[int, int] | None:
        """Year and id of the first whole number that stands in a text, among other words or not."""
        found = re.search(rf"\b(?:{self._prefixes})-(\d{{4}})-(\d{{1,9}})\b", text, _FLAGS)
        return (int(found[1]), int(found[2])) if found else None

    def is_in(self, text: str) -> bool:
        """Whether any number of ours stands in a text: of a complaint or of anything else."""
        every = "|".join((self._prefixes, self.contacts, self.posts, self.actions, self.reviews))
        written = rf"\b(?:{every})[\s\u2010-\u2015-]*\d{{4}}[\s\u2010-\u2015-]+\d{{1,9}}\b"
        return re.search(written, text, _FLAGS) is not None

    @property
    def example(self) -> str:
        """A number to show where one is to be typed."""
        return self.write(2026, 123)

    @property
    def _prefixes(self) -> str:
        return "|".join((self.prefix, *self.former))

"""The items of the taxonomy: categories, channels, causes and the like, and how each is read.

Every reader raises ValueError with one sentence that names the item.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from complaints.domain.config_fields import Named, Table, codes, flag, named, tables, typed

#: Who takes a proposed step that no team takes.
HANDLER = "handler"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled(Named):
    """A code with its words; `source` says how far to trust it, `retired` is chosen no more."""

    source: str
    retired: bool = False


class Fact(StrEnum):
    """What is known beside the words of a story and makes one category likely; its flag's name."""

    AREA = "area"  # many customers of a place complain of the same
    LATE = "late"  # what was promised to this customer is overdue
    REPEAT = "repeats"  # this customer had the same not long ago


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Labelled):
    """A type of complaint; `severity` 1 (minor) and up, `parties` are team codes.

    `spoken_id` and `spoken_en` are what the customer suffers as it is said to them. One that
    `repeats` is itself the report of something that happened before. `fact` is what has to be
    known of the ticket before it is proposed; None for one that is told by words.
    """

    group: str
    severity: int
    parties: tuple[str, ...]
    policy: str | None = None
    fact: Fact | None = None
    spoken_id: str = ""
    spoken_en: str = ""

    @property
    def repeats(self) -> bool:
        """Whether it reports by itself that something happened again, which raises priority."""
        return self.fact is Fact.REPEAT

    def spoken(self, lang: str) -> str:
        """What to call the matter within a sentence to the customer; empty when nothing is set."""
        return self.spoken_en if lang == "en" else self.spoken_id


@dataclass(frozen=True, slots=True)
class ProposedStep:
    """A step proposed at intake (020-1.4), due at `due_share` of the time to the deadline."""

    text_id: str
    text_en: str
    owner: str
    due_share: float

    def text(self, lang: str) -> str:
        """The step's words."""
        return self.text_en if lang == "en" else self.text_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryGroup(Labelled):
    """Categories that are handled alike."""

    parties: tuple[str, ...]
    remedies: tuple[str, ...]
    steps: tuple[ProposedStep, ...]
    categories: tuple[Category, ...]


#: No public post waits longer for its reply: six weeks of eight working hours a day.
MOST_REPLY_HOURS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Labelled):
    """A way in; `oral` decides which clocks apply and whether listening is attested.

    `method` of `METHODS` is how we answer, `fallback` how where no e-mail address is known. Within
    `reply_hours` of working time a public post is answered there; 0 where nobody posts.
    """

    oral: bool
    method: str
    fallback: str
    reply_hours: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Labelled):
    """A type of customer; `weight`, from 0, is the column of the priority matrix.

    The one that `is_default` is everybody's of whom nothing else is known.
    """

    weight: int
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Labelled):
    """Something to heed about a person; a vulnerable customer's priority is raised."""

    vulnerable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Labelled):
    """A cause, or a whole group of causes when `group` is its own id."""

    group: str
    needs_supervisor: bool
    needs_investigation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy(Labelled):
    """Something we may offer; `kind` is one of REMEDY_KINDS.

    The kind says what a form asks for. Limits of authority go by the amount, whatever the kind.
    """

    kind: str

    @property
    def costs_money(self) -> bool:
        """Whether an amount belongs to it as a rule."""
        return self.kind in ("money", "goodwill")


class Ending(StrEnum):
    """The ways in which a complaint ends by itself; an outcome stands for each."""

    ACCEPTED = "accepted"
    ACCEPTED_ALTERNATIVE = "accepted_alternative"
    NOT_GRANTED = "not_granted"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Labelled):
    """How a complaint ended; the matter goes on elsewhere, or in another complaint (`merges`)."""

    follows: Ending | None = None
    agreed: bool = False
    refers: bool = False
    merges: bool = False
    #: It was no complaint, and goes on as a contact of another kind.
    renames: bool = False

    @property
    def is_own_act(self) -> bool:
        """Whether an act of its own ends a complaint so, and closing does not."""
        return self.merges or self.renames


class ShortEnd(StrEnum):
    """How what is no complaint comes to its end; the comment says what that takes."""

    ANSWERED = "answered"  # somebody answers with words, and they are kept
    DONE = "done"  # it is done, by whoever took it or by the unit it was handed to
    NOTED = "noted"  # the unit it concerns has it and takes note
    PASSED_ON = "passed_on"  # whom it names hears of it, and who said it is thanked


@dataclass(frozen=True, slots=True, kw_only=True)
class NotComplaint(Labelled):
    """What people also come with: a question, a request, a suggestion, praise."""

    ending: ShortEnd = ShortEnd.ANSWERED


L = TypeVar("L", bound=Labelled)


def read_group(data: Table) -> CategoryGroup:
    """A group with its categories, from a [[category_group]]."""
    words = _words("category group", data)
    group_id = words["id"]
    where = f"category group {group_id}"
    parties = codes(where, data, "parties")
    return CategoryGroup(
        **words,
        parties=parties,
        remedies=codes(where, data, "remedies"),
        steps=tuple(_step(where, each) for each in tables("taxonomy", data, "steps")),
        categories=tuple(
            _category(group_id, parties, {"retired": words["retired"], **each})
            for each in tables("taxonomy", data, "items")
        ),
    )


def _category(group: str, parties: tuple[str, ...], data: Table) -> Category:
    words = _words("category", data)
    where = f"category {words['id']}"
    policy = data.get("policy")
    return Category(
        **words,
        group=group,
        severity=typed(where, data, "severity", int),
        parties=codes(where, data, "parties") if "parties" in data else parties,
        policy=str(policy) if policy else None,
        spoken_id=str(data.get("spoken_id", "")),
        spoken_en=str(data.get("spoken_en", "")),
        fact=_fact(where, data),
    )


def _fact(where: str, data: Table) -> Fact | None:
    found = [each for each in Fact if flag(where, data, each)]
    if len(found) > 1:
        raise ValueError(f"{where}: only one of {', '.join(found)} can be true")
    return found[0] if found else None


def _step(where: str, data: Table) -> ProposedStep:
    share = data.get("due_share")
    if not isinstance(share, int | float) or not 0 < share <= 1:
        raise ValueError(f"{where}: due_share of a step must lie above 0 and not above 1")
    text_id, text_en, owner = (
        typed(where, data, name, str) for name in ("text_id", "text_en", "owner")
    )
    return ProposedStep(text_id, text_en, owner, float(share))


def read_tiers(data: Table) -> list[Tier]:
    """The types of customer."""
    tiers = []
    for each in tables("taxonomy", data, "tier"):
        words = _words("tier", each)
        where = f"tier {words['id']}"
        weight, is_default = typed(where, each, "weight", int), flag(where, each, "default")
        tiers.append(Tier(**words, weight=weight, is_default=is_default))
    return tiers


def read_outcomes(data: Table) -> list[Outcome]:
    """The ways in which a complaint ends."""
    outcomes = []
    for each in tables("taxonomy", data, "outcome"):
        words, follows = _words("outcome", each), each.get("follows")
        where = f"outcome {words['id']}"
        if follows is not None and follows not in list(Ending):
            raise ValueError(f"{where}: follows must be one of {', '.join(Ending)}")
        outcomes.append(
            Outcome(
                **words,
                follows=Ending(str(follows)) if follows is not None else None,
                agreed=flag(where, each, "agreed"),
                refers=flag(where, each, "refers"),
                merges=flag(where, each, "merges"),
                renames=flag(where, each, "renames"),
            )
        )
    return outcomes


def read_not_complaints(data: Table) -> list[NotComplaint]:
    """What is no complaint, each with how it ends."""
    kinds = []
    for each in tables("taxonomy", data, "not_complaint"):
        words, ending = _words("not_complaint", each), each.get("ending", ShortEnd.ANSWERED)
        if ending not in list(ShortEnd):
            where = f"not_complaint {words['id']}"
            raise ValueError(f"{where}: ending must be one of {', '.join(ShortEnd)}")
        kinds.append(NotComplaint(**words, ending=ShortEnd(str(ending))))
    return kinds


def read_causes(data: Table) -> list[Cause]:
    """Groups of causes and their items alike."""
    causes: list[Cause] = []
    for group in tables("taxonomy", data, "cause_group"):
        # An item says only its words; source and flags are its group's.
        shared = {name: _words("cause group", group)[name] for name in ("source", "retired")}
        for each in (group, *tables("taxonomy", group, "items")):
            words = _words("cause", {**shared, **each})
            where = f"cause {words['id']}"
            causes.append(
                Cause(
                    **words,
                    group=str(group["id"]),
                    needs_supervisor=flag(where, group, "needs_supervisor"),
                    needs_investigation=flag(where, group, "needs_investigation"),
                )
            )
    return causes


def read_labelled(data: Table, section: str, view: type[L], **fields: type[object]) -> list[L]:
    """The items of a section that have words and these further fields."""
    read = []
    for each in tables("taxonomy", data, section):
        words = _words(section, each)
        where = f"{section} {words['id']}"
        extra = {name: typed(where, each, name, kind) for name, kind in fields.items()}
        read.append(view(**words, **extra))  # type: ignore[arg-type]
    return read


def read_channels(data: Table) -> list[Channel]:
    """The channels, each with how one answers on it."""
    read = []
    for each in tables("taxonomy", data, "channel"):
        oral = typed(f"channel {each.get('id', '?')}", each, "oral", bool)
        method = str(each.get("method", "spoken" if oral else "message"))
        answered: dict[str, Any] = {"method": method, "fallback": str(each.get("fallback", method))}
        answered["reply_hours"] = _reply_hours(each)
        read.append(Channel(**_words("channel", each), **answered, oral=oral))
    return read


def _reply_hours(channel: Table) -> int:
    hours = channel.get("reply_hours", 0)
    if isinstance(hours, bool) or not isinstance(hours, int) or not 0 <= hours <= MOST_REPLY_HOURS:
        where = f"channel {channel.get('id', '?')}"
        raise ValueError(f"{where}: reply_hours must be a whole number up to {MOST_REPLY_HOURS}")
    return hours


def _words(what: str, data: Table) -> dict[str, Any]:
    where = f"{what} {data.get('id', '?')}"
    more = {"source": typed(where, data, "source", str), "retired": flag(where, data, "retired")}
    return {**named(what, data), **more}

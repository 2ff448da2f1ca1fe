"""What complaints are about, as the organisation words it: typed, read-only views.

They are made from the parsed `taxonomy.toml`; a mistake in it is one sentence that names the item.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from complaints.domain.config_fields import (
    ByCode,
    Named,
    Table,
    by_id,
    codes,
    flag,
    named,
    refuse_unknown,
    require_one,
    tables,
    typed,
)

HANDLER = "handler"
REMEDY_KINDS = ("money", "goodwill", "non_money", "internal")
METHODS = ("spoken", "phone", "email", "message", "letter")
SEVERITIES = range(1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled(Named):
    """A code with its words; `source` says how far to trust it."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Labelled):
    """A type of complaint; `severity` 1 (minor) to 4 (critical), `parties` are team codes.

    `spoken_id` and `spoken_en` are what the customer suffers as it is said to them. One that
    `repeats` is itself the report of something that happened before.
    """

    group: str
    severity: int
    parties: tuple[str, ...]
    policy: str | None = None
    repeats: bool = False
    spoken_id: str = ""
    spoken_en: str = ""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Labelled):
    """A way in; `oral` decides which clocks apply and whether listening is attested.

    `method` of `METHODS` is how we answer, `fallback` how where no e-mail address is known.
    """

    oral: bool
    method: str
    fallback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Labelled):
    """A type of customer; `weight` 0 to 3 is the column of the priority matrix.

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


L = TypeVar("L", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Everything in `taxonomy.toml`, by code, in the order of the file.

    `causes` holds groups and items alike, since either is a code. `unknown_severity` is that of a
    complaint without a category.
    """

    version: str
    definition_id: str
    definition_en: str
    groups: Mapping[str, CategoryGroup]
    categories: Mapping[str, Category]
    not_complaints: Mapping[str, Labelled]
    channels: Mapping[str, Channel]
    tiers: Mapping[str, Tier]
    needs: Mapping[str, Need]
    causes: Mapping[str, Cause]
    remedies: Mapping[str, Remedy]
    outcomes: Mapping[str, Outcome]
    unknown_severity: int

    @classmethod
    def from_dict(
        cls,
        data: Table,
        *,
        teams: Collection[str] | None = None,
        policies: Collection[str] | None = None,
    ) -> "Taxonomy":
        """Read the form of `config/taxonomy.toml`.

        Codes of teams and policies are checked when the known ones are given. Raises ValueError
        with one sentence for the first missing, doubled or unknown thing.
        """
        groups = tuple(_group(each) for each in tables("taxonomy", data, "category_group"))
        definition = data.get("definition", {})
        words = definition if isinstance(definition, Mapping) else {}
        taxonomy = cls(
            version=str(data.get("version", "1")),
            definition_id=str(words.get("text_id", "")),
            definition_en=str(words.get("text_en", "")),
            groups=by_id("category group", groups),
            categories=by_id("category", (each for group in groups for each in group.categories)),
            not_complaints=by_id("not_complaint", _labelled(data, "not_complaint", Labelled)),
            channels=ByCode(by_id("channel", _channels(data)), oral=False),
            tiers=ByCode(by_id("tier", _tiers(data)), weight=0, is_default=False),
            needs=by_id("need", _labelled(data, "need", Need, vulnerable=bool)),
            causes=by_id("cause", _causes(data)),
            remedies=by_id("remedy", _labelled(data, "remedy", Remedy, kind=str)),
            outcomes=ByCode(by_id("outcome", _outcomes(data)), follows=None, agreed=False),
            unknown_severity=typed(
                "taxonomy", {"unknown_severity": 2, **data}, "unknown_severity", int
            ),
        )
        _check(taxonomy, teams, policies)
        return taxonomy

    @property
    def default_tier(self) -> Tier:
        """The type of a customer of whom nothing else is known."""
        return next(each for each in self.tiers.values() if each.is_default)

    def outcome_of(self, ending: Ending) -> Outcome:
        """The outcome that stands for an ending."""
        return next(each for each in self.outcomes.values() if each.follows is ending)

    def is_vulnerable(self, needs: Iterable[str]) -> bool:
        """Whether any of these needs makes a customer vulnerable in the sense of the matrix."""
        return any(self.needs[need].vulnerable for need in needs if need in self.needs)

    def parties_of(self, category: str | None) -> tuple[str, ...]:
        """The team codes that receive complaints of this category (020-2.1)."""
        known = self.categories.get(category or "")
        return known.parties if known else ()

    def steps_of(self, category: str | None) -> tuple[ProposedStep, ...]:
        """The steps to propose at intake; those of no category while it is unknown."""
        known = self.categories.get(category or "")
        return self.groups[known.group].steps if known else ()

    def remedies_of(self, category: str | None) -> tuple[Remedy, ...]:
        """The remedies that may be offered (020-3.3); all of them while the category is unknown."""
        known = self.categories.get(category or "")
        if known is None:
            return tuple(self.remedies.values())
        return tuple(self.remedies[code] for code in self.groups[known.group].remedies)


def _check(
    taxonomy: Taxonomy, teams: Collection[str] | None, policies: Collection[str] | None
) -> None:
    for name in ("categories", "channels", "tiers", "causes", "remedies", "outcomes"):
        if not getattr(taxonomy, name):
            raise ValueError(f"taxonomy: there are no {name}")
    for group in taxonomy.groups.values():
        refuse_unknown(f"category group {group.id}", "remedy", group.remedies, taxonomy.remedies)
        owners = [step.owner for step in group.steps if step.owner != HANDLER]
        refuse_unknown(f"category group {group.id}", "team", (*group.parties, *owners), teams)
    for category in taxonomy.categories.values():
        refuse_unknown(f"category {category.id}", "team", category.parties, teams)
        named = (category.policy,) if category.policy else ()
        refuse_unknown(f"category {category.id}", "policy", named, policies)
        if category.severity not in SEVERITIES:
            raise ValueError(f"category {category.id}: severity must be 1 to 4")
    if taxonomy.unknown_severity not in SEVERITIES:
        raise ValueError("taxonomy: unknown_severity must be 1 to 4")
    for channel in taxonomy.channels.values():
        if not {channel.method, channel.fallback} <= set(METHODS):
            raise ValueError(f"channel {channel.id}: method and fallback must be of {METHODS}")
    for tier in taxonomy.tiers.values():
        if tier.weight not in range(4):
            raise ValueError(f"tier {tier.id}: weight must be 0 to 3")
    defaults = [each.id for each in taxonomy.tiers.values() if each.is_default]
    require_one("tier", "default", defaults)
    for ending in Ending:
        standing = [each.id for each in taxonomy.outcomes.values() if each.follows is ending]
        require_one("outcome", f'follows = "{ending}"', standing)
    for remedy in taxonomy.remedies.values():
        if remedy.kind not in REMEDY_KINDS:
            raise ValueError(f"remedy {remedy.id}: kind must be one of {', '.join(REMEDY_KINDS)}")


def _group(data: Table) -> CategoryGroup:
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
            _category(group_id, parties, each) for each in tables("taxonomy", data, "items")
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
        repeats=flag(where, data, "repeats"),
    )


def _step(where: str, data: Table) -> ProposedStep:
    share = data.get("due_share")
    if not isinstance(share, int | float) or not 0 < share <= 1:
        raise ValueError(f"{where}: due_share of a step must lie above 0 and not above 1")
    text_id, text_en, owner = (
        typed(where, data, name, str) for name in ("text_id", "text_en", "owner")
    )
    return ProposedStep(text_id, text_en, owner, float(share))


def _tiers(data: Table) -> list[Tier]:
    tiers = []
    for each in tables("taxonomy", data, "tier"):
        words = _words("tier", each)
        where = f"tier {words['id']}"
        weight, is_default = typed(where, each, "weight", int), flag(where, each, "default")
        tiers.append(Tier(**words, weight=weight, is_default=is_default))
    return tiers


def _outcomes(data: Table) -> list[Outcome]:
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
            )
        )
    return outcomes


def _causes(data: Table) -> list[Cause]:
    causes: list[Cause] = []
    for group in tables("taxonomy", data, "cause_group"):
        # An item says only its words; source and flags are its group's.
        source = _words("cause group", group)["source"]
        for each in (group, *tables("taxonomy", group, "items")):
            words = _words("cause", {"source": source, **each})
            where = f"cause {words['id']}"
            causes.append(
                Cause(
                    id=words["id"],
                    label_id=words["label_id"],
                    label_en=words["label_en"],
                    source=words["source"],
                    group=str(group["id"]),
                    needs_supervisor=flag(where, group, "needs_supervisor"),
                    needs_investigation=flag(where, group, "needs_investigation"),
                )
            )
    return causes


def _labelled(data: Table, section: str, view: type[L], **fields: type[object]) -> list[L]:
    read = []
    for each in tables("taxonomy", data, section):
        words = _words(section, each)
        where = f"{section} {words['id']}"
        extra = {name: typed(where, each, name, kind) for name, kind in fields.items()}
        read.append(view(**words, **extra))  # type: ignore[arg-type]
    return read


def _channels(data: Table) -> list[Channel]:
    read = []
    for each in tables("taxonomy", data, "channel"):
        oral = typed(f"channel {each.get('id', '?')}", each, "oral", bool)
        method = str(each.get("method", "spoken" if oral else "message"))
        answered = {"method": method, "fallback": str(each.get("fallback", method))}
        read.append(Channel(**_words("channel", each), **answered, oral=oral))
    return read


def _words(what: str, data: Table) -> dict[str, str]:
    where = f"{what} {data.get('id', '?')}"
    return {**named(what, data), "source": typed(where, data, "source", str)}

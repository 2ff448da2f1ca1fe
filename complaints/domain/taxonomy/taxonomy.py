"""What complaints are about, as the organisation words it: typed, read-only views.

They are made from the parsed `taxonomy.toml`; a mistake in it is one sentence that names the item.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from complaints.domain.config_fields import (
    ByCode,
    Table,
    by_id,
    refuse_unknown,
    require_one,
    tables,
    typed,
)
from complaints.domain.taxonomy.items import (
    HANDLER,
    Category,
    CategoryGroup,
    Cause,
    Channel,
    Ending,
    Need,
    NotComplaint,
    Outcome,
    ProposedStep,
    Remedy,
    Tier,
    read_causes,
    read_channels,
    read_group,
    read_labelled,
    read_not_complaints,
    read_outcomes,
    read_tiers,
)

REMEDY_KINDS = ("money", "goodwill", "non_money", "internal")
METHODS = ("spoken", "phone", "email", "message", "letter")
SEVERITIES = range(1, 10)


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
    not_complaints: Mapping[str, NotComplaint]
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
        groups = tuple(read_group(each) for each in tables("taxonomy", data, "category_group"))
        definition = data.get("definition", {})
        words = definition if isinstance(definition, Mapping) else {}
        taxonomy = cls(
            version=str(data.get("version", "1")),
            definition_id=str(words.get("text_id", "")),
            definition_en=str(words.get("text_en", "")),
            groups=by_id("category group", groups),
            categories=by_id("category", (each for group in groups for each in group.categories)),
            not_complaints=by_id("not_complaint", read_not_complaints(data)),
            channels=ByCode(by_id("channel", read_channels(data)), oral=False),
            tiers=ByCode(by_id("tier", read_tiers(data)), weight=0, is_default=False),
            needs=by_id("need", read_labelled(data, "need", Need, vulnerable=bool)),
            causes=by_id("cause", read_causes(data)),
            remedies=by_id("remedy", read_labelled(data, "remedy", Remedy, kind=str)),
            outcomes=ByCode(by_id("outcome", read_outcomes(data)), follows=None, agreed=False),
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
        codes = self.groups[known.group].remedies if known else self.remedies
        return tuple(self.remedies[code] for code in codes if not self.remedies[code].retired)


def _check(
    taxonomy: Taxonomy, teams: Collection[str] | None, policies: Collection[str] | None
) -> None:
    for name in ("categories", "channels", "tiers", "causes", "remedies", "outcomes"):
        if all(each.retired for each in getattr(taxonomy, name).values()):
            raise ValueError(f"taxonomy: there are no {name}")
    for name in ("tiers", "needs", "outcomes", "not_complaints"):
        if any(each.retired for each in getattr(taxonomy, name).values()):
            raise ValueError(f"taxonomy: none of the {name} can be marked retired")
    for group in taxonomy.groups.values():
        refuse_unknown(f"category group {group.id}", "remedy", group.remedies, taxonomy.remedies)
        owners = [step.owner for step in group.steps if step.owner != HANDLER]
        refuse_unknown(f"category group {group.id}", "team", (*group.parties, *owners), teams)
    for category in taxonomy.categories.values():
        refuse_unknown(f"category {category.id}", "team", category.parties, teams)
        named = (category.policy,) if category.policy else ()
        refuse_unknown(f"category {category.id}", "policy", named, policies)
        if category.severity not in SEVERITIES:
            raise ValueError(f"category {category.id}: severity must be 1 to 9")
    if taxonomy.unknown_severity not in SEVERITIES:
        raise ValueError("taxonomy: unknown_severity must be 1 to 9")
    for channel in taxonomy.channels.values():
        if not {channel.method, channel.fallback} <= set(METHODS):
            raise ValueError(f"channel {channel.id}: method and fallback must be of {METHODS}")
    for tier in taxonomy.tiers.values():
        if tier.weight not in range(9):
            raise ValueError(f"tier {tier.id}: weight must be 0 to 8")
    defaults = [each.id for each in taxonomy.tiers.values() if each.is_default]
    require_one("tier", "default", defaults)
    for ending in Ending:
        standing = [each.id for each in taxonomy.outcomes.values() if each.follows is ending]
        require_one("outcome", f'follows = "{ending}"', standing)
    for remedy in taxonomy.remedies.values():
        if remedy.kind not in REMEDY_KINDS:
            raise ValueError(f"remedy {remedy.id}: kind must be one of {', '.join(REMEDY_KINDS)}")

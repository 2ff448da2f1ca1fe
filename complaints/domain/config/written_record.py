"""What the written record of a complaint has to hold (020-1.6): typed from `record.toml`."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from complaints.domain.config_fields import Named, Table, by_id, codes, named, tables

#: What a rule may select complaints by.
SELECTORS = ("channel", "category", "category_group", "need")


@dataclass(frozen=True, slots=True)
class RecordRule:
    """Fields that certain complaints need beside the others; selectors not named fit all."""

    wanted: Mapping[str, frozenset[str]]
    mandatory: tuple[str, ...]

    def fits(self, facts: Mapping[str, Set[str | None]]) -> bool:
        """Whether a complaint of which these facts are known is meant."""
        return all(facts[name] & codes_ for name, codes_ in self.wanted.items())


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """The fields by code with their words, and which of them hold the registration back."""

    fields: Mapping[str, Named]
    mandatory: tuple[str, ...]
    rules: tuple[RecordRule, ...]

    @classmethod
    def from_dict(cls, data: Table) -> "WrittenRecord":
        """Read the form of `config/record.toml`; ValueError says what is wrong."""
        fields = by_id(
            "field", (Named(**named("field", each)) for each in tables("record", data, "field"))
        )
        rules = tuple(
            RecordRule(
                {
                    name: frozenset(codes("record rule", each, name))
                    for name in SELECTORS
                    if name in each
                },
                codes("record rule", each, "mandatory"),
            )
            for each in tables("record", data, "rule")
        )
        record = cls(fields, codes("record", data, "mandatory"), rules)
        for name in (*record.mandatory, *(each for rule in rules for each in rule.mandatory)):
            if name not in fields:
                raise ValueError(f"record: there is no field {name}")
        return record

    def mandatory_for(self, facts: Mapping[str, Set[str | None]]) -> list[str]:
        """The fields a complaint has to have, those of every rule that fits it among them."""
        further = [name for rule in self.rules if rule.fits(facts) for name in rule.mandatory]
        return [*self.mandatory, *further]

    def label(self, name: str, lang: str) -> str:
        """A field in words; its code when the file does not name it."""
        known = self.fields.get(name)
        return known.label(lang) if known else name

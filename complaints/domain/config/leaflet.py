"""The leaflet on the service standard (020-3.7): typed from `standard_information.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.domain.config_fields import Named, Table, both, by_id, named, tables, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafletItem(Named):
    """One item; every mandatory one must have been given before a complaint closes.

    `spoken_id` and `spoken_en` name it within a sentence where its label does not fit into one.
    """

    texts: Mapping[str, str]
    mandatory: bool
    spoken_id: str = ""
    spoken_en: str = ""

    def spoken(self, lang: str) -> str:
        """What the item is called within a sentence."""
        words = self.spoken_en if lang == "en" else self.spoken_id
        label = self.label(lang)
        return words or label[:1].lower() + label[1:]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The items by code in the order of the file; `version` says which leaflet was given."""

    version: int
    items: Mapping[str, LeafletItem]

    @classmethod
    def from_dict(cls, data: Table) -> "Leaflet":
        """Read the form of `config/standard_information.toml`; ValueError says what is wrong."""
        items = []
        for each in tables("leaflet", data, "item"):
            words = named("leaflet item", each)
            where = f"leaflet item {words['id']}"
            items.append(
                LeafletItem(
                    **words,
                    texts=both(where, each, "text"),
                    mandatory=typed(where, each, "mandatory", bool),
                    spoken_id=str(each.get("spoken_id", "")),
                    spoken_en=str(each.get("spoken_en", "")),
                )
            )
        return cls(typed("leaflet", data, "version", int), by_id("leaflet item", items))

    @property
    def mandatory(self) -> list[LeafletItem]:
        """The items that have to be given."""
        return [each for each in self.items.values() if each.mandatory]

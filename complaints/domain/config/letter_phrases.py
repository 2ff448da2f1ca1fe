"""Phrases that every letter shares, and where a customer goes next: typed from `letters.toml`.

Each is a template per language, with placeholders for the organisation's facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.domain.config.letter_drafts import Draft, draft_from, draft_of
from complaints.domain.config_fields import Table, both, table, tables

Template = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LetterPhrases:
    """Language → template of each phrase; `routes` are the ways onward, in their order.

    `inside_routes` are those that lead to the organisation itself, `drafts` what stands in a letter
    before somebody writes it.
    """

    from_name: Template
    closing_line: Template
    signed: Template
    footer: Template
    routes: tuple[Template, ...]
    inside_routes: tuple[Template, ...] = ()
    drafts: tuple[Draft, ...] = ()

    def draft(self, kind: str, category: str | None) -> Template | None:
        """What stands in a letter of this kind at first: the category's own words, else all's."""
        return draft_of(self.drafts, kind, category)

    @classmethod
    def from_dict(cls, data: Table) -> "LetterPhrases":
        """Read the form of `config/letters.toml`; ValueError says what is wrong."""

        def phrase(part: str, name: str) -> Template:
            return both(f"letters: {part}", table("letters", data, part), name)

        routes = [
            (both(f"route onward {each.get('id', '?')}", each, "text"), bool(each.get("external")))
            for each in tables("letters", data, "route_onward")
        ]
        return cls(
            from_name=phrase("sender", "from_name"),
            closing_line=phrase("signature", "line"),
            signed=phrase("signature", "signed"),
            footer=phrase("footer", "text"),
            routes=tuple(text for text, _ in routes),
            inside_routes=tuple(text for text, is_outside in routes if not is_outside),
            drafts=tuple(draft_from(each) for each in tables("letters", data, "draft")),
        )

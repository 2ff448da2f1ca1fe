"""What a policy says of itself besides its clauses: whose rule it is, how sure, what else it asks.

Pages show it; nothing of it counts or stops a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from complaints.domain.config_fields import Table, day, table, tables, texts, typed


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence of a rule in both languages."""

    label_id: str
    label_en: str


@dataclass(frozen=True, slots=True)
class LetterRule:
    """What a letter must contain by the rule, and how sure that is."""

    must_contain: tuple[Words, ...]
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """An authority; the Indonesian name and note are empty where the file gives one for both."""

    name: str
    name_id: str = ""
    note: str = ""
    note_id: str = ""


@dataclass(frozen=True, slots=True)
class PolicyAbout:
    """Whose rule a policy is, for which days of receipt it holds, and what it asks besides times.

    `letters` are by kind of letter, `escalation` is where a customer goes next. A policy without a
    day holds from, or until, always.
    """

    jurisdiction: str = ""
    sector: str = ""
    authority: Body | None = None
    status: str = ""
    evidence: str = ""
    note: str = ""
    note_id: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    sources: tuple[str, ...] = ()
    letters: Mapping[str, LetterRule] = field(default_factory=dict)
    definitions: tuple[Words, ...] = ()
    principles: tuple[Words, ...] = ()
    escalation: tuple[Words, ...] = ()
    reporting: Body | None = None

    @classmethod
    def from_dict(cls, where: str, data: Table) -> "PolicyAbout":
        """Read the fields around the clocks; ValueError names the first that is wrong."""
        return cls(
            jurisdiction=_text(data, "jurisdiction"),
            sector=_text(data, "sector"),
            authority=_authority(data),
            status=_text(data, "status"),
            evidence=_text(data, "evidence"),
            note=_text(data, "note"),
            note_id=_text(data, "note_id"),
            valid_from=day(where, data, "valid_from"),
            valid_to=day(where, data, "valid_to"),
            sources=texts(where, data, "sources"),
            letters=_letters(where, data),
            definitions=_sentences(where, data, "definition"),
            principles=_sentences(where, data, "principle"),
            escalation=_sentences(where, data, "escalation"),
            reporting=_reporting(where, data),
        )


def _text(data: Table, name: str) -> str:
    return str(data.get(name) or "")


def _authority(data: Table) -> Body | None:
    name = _text(data, "authority")
    return Body(name, _text(data, "authority_id")) if name else None


def _reporting(where: str, data: Table) -> Body | None:
    if "reporting" not in data:
        return None
    given = table(where, data, "reporting")
    name = typed(f"{where}, reporting", given, "to", str)
    return Body(name, _text(given, "to_id"), _text(given, "note"), _text(given, "note_id"))


def _sentences(where: str, data: Table, name: str) -> tuple[Words, ...]:
    return tuple(
        Words(*(typed(f"{where}, {name}", each, f"label_{lang}", str) for lang in ("id", "en")))
        for each in tables(where, data, name)
    )


def _letters(where: str, data: Table) -> Mapping[str, LetterRule]:
    if "letters" not in data:
        return MappingProxyType({})
    letters = table(where, data, "letters")
    return MappingProxyType({kind: _letter(where, letters, kind) for kind in letters})


def _letter(where: str, letters: Table, kind: str) -> LetterRule:
    letter = table(f"{where}, letters", letters, kind)
    must_contain = _sentences(f"{where}, letters.{kind}", letter, "must_contain")
    return LetterRule(must_contain, _text(letter, "evidence"))

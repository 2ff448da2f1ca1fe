"""What a field may be chosen from: lists that the rules themselves make, and fixed ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from complaints.domain.errors import N_
from complaints.domain.parts.fields import Part
from complaints.domain.parts.items import items_of
from complaints.domain.parts.listed import PARTS
from complaints.domain.words.criteria import CRITERIA

#: kind → code → the data of a file, as `rules.load` takes them.
Bodies = Mapping[str, Mapping[str, Mapping[str, Any]]]

FIXED: Mapping[str, Sequence[tuple[str, str]]] = {
    "language": (("id", N_("in Indonesian")), ("en", N_("in English"))),
    "method": (
        ("spoken", N_("face to face")),
        ("phone", N_("by phone")),
        ("email", N_("by email")),
        ("message", N_("by message")),
        ("letter", N_("by letter")),
    ),
    "remedy_kind": (
        ("money", N_("Money")),
        ("goodwill", N_("Goodwill, with an amount")),
        ("non_money", N_("No money")),
        ("internal", N_("Internal measure, not offered")),
    ),
    "need_first": (
        ("attempts", N_("Attempts to reach the customer")),
        ("silence", N_("Offer letter and reminder without an answer")),
        ("dispute", N_("A supervisor’s signature that nothing else may be offered")),
    ),
    "letter": (
        ("acknowledgement", N_("Acknowledgement")),
        ("question", N_("Question")),
        ("news", N_("Progress")),
        ("cause-explanation", N_("Cause")),
        ("decision", N_("Decision")),
    ),
    "excusable": tuple(
        (key, f"{key} {each.label}") for key, each in CRITERIA.items() if each.may_be_unable
    ),
    "unit": (
        ("working_day", N_("working days")),
        ("working_hour", N_("working hours")),
        ("working_minute", N_("working minutes")),
        ("calendar_day", N_("calendar days")),
        ("hour", N_("calendar hours")),
        ("minute", N_("calendar minutes")),
        ("second", N_("seconds")),
        ("week", N_("weeks")),
        ("month", N_("months")),
    ),
    "priority": (("P1", "P1"), ("P2", "P2"), ("P3", "P3"), ("P4", "P4")),
}
_MAKERS: Mapping[str, Part] = {part.makes: part for part in PARTS if part.makes}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice with its words; `is_retired` is only shown where it is chosen already."""

    code: str
    label_id: str
    label_en: str
    is_retired: bool = False

    def label(self, lang: str) -> str:
        """The words in this language."""
        return self.label_en if lang == "en" else self.label_id


def options_made(name: str, bodies: Bodies) -> list[Option]:
    """The choices of a list that the rules make; empty for a fixed one."""
    if name == "calendar":
        return [_option(code, body) for code, body in bodies["calendar"].items()]
    if name == "owner":
        return options_made("team", bodies)
    if name == "spoken_of":
        return [*options_made("category", bodies), *options_made("not_complaint", bodies)]
    if name == "weight":
        return _columns(bodies)
    part = _MAKERS.get(name)
    if part is None:
        return []
    return [
        _option(each.key, each.data, name == "severity")
        for each in items_of(part, bodies[part.file][part.file])
    ]


def _option(code: str, data: Mapping[str, Any], with_code: bool = False) -> Option:
    label_id, label_en = (str(data.get(f"label_{lang}") or code) for lang in ("id", "en"))
    if with_code:
        label_id, label_en = f"{code} · {label_id}", f"{code} · {label_en}"
    return Option(code, label_id, label_en, bool(data.get("retired")))


def _columns(bodies: Bodies) -> list[Option]:
    """The columns of the priority grid, with the types of customer that are in each."""
    rows = bodies["priority"]["priority"].get("matrix", {}).values()
    tiers = items_of(_MAKERS["tier"], bodies["taxonomy"]["taxonomy"])
    found = []
    for weight in range(max((len(row) for row in rows), default=0)):
        names = [
            ", ".join(
                str(each.data[f"label_{lang}"])
                for each in tiers
                if each.data.get("weight") == weight
            )
            for lang in ("id", "en")
        ]
        words = [f"{weight + 1} · {each or '–'}" for each in names]
        found.append(Option(str(weight), words[0], words[1]))
    return found

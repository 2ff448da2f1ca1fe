"""Files that go with a letter, as its facts name them: which bytes, and what was held back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

#: The fact of a letter that names its files, and the one that names the message it carries.
ENCLOSED, MESSAGE = "enclosed", "message"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One file of a complaint as it goes with a letter; `size` is in bytes.

    `held_back` is one that was hidden from the customer before the letter left: it did not go.
    `part` is the criterion with whose words it goes, in a letter of several parts.
    """

    file: int
    sha256: str
    name: str = ""
    size: int = 0
    type: str = ""
    held_back: bool = False
    part: str = ""


def enclosed_facts(files: Sequence[Enclosed], message: int | None = None) -> dict[str, Any]:
    """The facts of a letter that say which files go with it, and which message it carries."""
    facts: dict[str, Any] = {ENCLOSED: [asdict(each) for each in files]}
    return facts if message is None else {**facts, MESSAGE: message}


def with_part(facts: Mapping[str, Any], part: str) -> list[dict[str, Any]]:
    """The files that facts name, as they go with the words of this criterion."""
    return [{**each, "part": part} for each in facts.get(ENCLOSED, ())]


def without_parts(facts: Mapping[str, Any], parts: Collection[str]) -> dict[str, Any]:
    """The facts of a letter whose words of these criteria go no more: neither do their files."""
    if ENCLOSED not in facts:
        return dict(facts)
    left = [each for each in facts[ENCLOSED] if each.get("part", "") not in parts]
    return {**facts, ENCLOSED: left}


def enclosed_in(facts: Mapping[str, Any]) -> list[Enclosed]:
    """The files that a letter names, those held back among them."""
    return [Enclosed(**each) for each in facts.get(ENCLOSED, ())]


def named_once(facts: Mapping[str, Any]) -> list[Enclosed]:
    """The same, each once, though it goes with the words of several criteria."""
    once = {each.file: each for each in reversed(enclosed_in(facts))}
    return list(reversed(once.values()))


def goes_along(facts: Mapping[str, Any]) -> list[Enclosed]:
    """The files that go, or went, with a letter, each once."""
    return [each for each in named_once(facts) if not each.held_back]


def holding_back(facts: Mapping[str, Any], files: Collection[int]) -> dict[str, Any]:
    """The facts of a letter that leaves without these files."""
    named = [
        {**each, "held_back": each["held_back"] or each["file"] in files}
        for each in facts.get(ENCLOSED, ())
    ]
    return {**facts, ENCLOSED: named}


def kept_of_enclosed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of the files when a letter is emptied: which bytes went, and nobody's words."""
    if ENCLOSED not in facts:
        return {}
    bare = [
        asdict(Enclosed(each.file, each.sha256, held_back=each.held_back, part=each.part))
        for each in enclosed_in(facts)
    ]
    return {ENCLOSED: bare, **{name: facts[name] for name in (MESSAGE,) if name in facts}}

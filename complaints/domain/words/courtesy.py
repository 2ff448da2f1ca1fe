"""Courtesy of a text to the customer (020-1.3, 020-3.1, 020-3.6): what it has to say, and how.

The words are data of the organisation (`[courtesy]` in `scripts.toml`), by language; a text is held
against all of them, for people mix. A lint can find a word of blame, it cannot hear a tone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from complaints.domain.config_fields import Table
from complaints.domain.words.comparing import words_of

#: A placeholder, or the mark that the script card shows where nothing is known.
_GAP = re.compile(r"\{\{\s*[\w.]+\s*\}\}|\{[a-z_]+\}|(?<![^\s“\"])…(?![^\s”\".,?!])")
#: Stands in a phrase for whoever is spoken to.
_YOU = "{you}"


class CourtesyProblem(StrEnum):
    """What a text to a customer may lack."""

    UNFILLED = "unfilled"
    BLAME = "blame"
    NO_APOLOGY = "no_apology"
    NO_THANKS = "no_thanks"
    NO_ADDRESS = "no_address"


class Purpose(StrEnum):
    """What a text is for; words of that kind have to be in it."""

    ANY = "any"
    APOLOGY = "apology"
    THANKS = "thanks"


_LACKING = {
    Purpose.APOLOGY: CourtesyProblem.NO_APOLOGY,
    Purpose.THANKS: CourtesyProblem.NO_THANKS,
}


@dataclass(frozen=True, slots=True)
class Found:
    """One problem of a text, with the words it lies in; empty where words are lacking."""

    problem: CourtesyProblem
    words: str = ""


@dataclass(frozen=True, slots=True)
class Courtesy:
    """The organisation's words: of blame, of address, and those that an apology or thanks has.

    A phrase of blame counts unless one of `not_after` stands right before it. Without words of a
    kind nothing is asked of that kind.
    """

    blame: Sequence[str] = ()
    you: Sequence[str] = ()
    not_after: Sequence[str] = ()
    addresses: Sequence[str] = ()
    purposes: Mapping[Purpose, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, data: Table) -> "Courtesy":
        """Read ``{"id": {"blame": […], …}, "en": {…}}``; ValueError names what is no list."""

        def all_of(name: str) -> tuple[str, ...]:
            return tuple(word for lang, each in data.items() for word in _listed(lang, each, name))

        return cls(
            blame=all_of("blame"),
            you=all_of("you"),
            not_after=all_of("not_after"),
            addresses=all_of("addresses"),
            purposes=MappingProxyType({each: all_of(each.value) for each in _LACKING}),
        )

    def problems(
        self, text: str, purpose: Purpose = Purpose.ANY, names: Iterable[str] = ()
    ) -> list[Found]:
        """What the text lacks, the worst first.

        With `names` one of them has to be in it, the customer's own form of address say; without
        any, each form of address will do.
        """
        said = f" {' '.join(words_of(text))} "
        found = [Found(CourtesyProblem.UNFILLED, gap) for gap in _GAP.findall(text)[:1]]
        found += [Found(CourtesyProblem.BLAME, words) for words in self._blaming(said)[:1]]
        wanted = self.purposes.get(purpose, ())
        if wanted and not any(" ".join(words_of(each)) in said for each in wanted):
            found.append(Found(_LACKING[purpose]))
        forms = [each for each in names if each.strip()] or self.addresses
        if forms and not any(f" {' '.join(words_of(each))} " in said for each in forms):
            found.append(Found(CourtesyProblem.NO_ADDRESS))
        return found

    def _blaming(self, said: str) -> list[str]:
        """The phrases of blame in it, as they stand there."""
        found = []
        for phrase in self.blame:
            for words in self._spelled_out(phrase):
                places = re.finditer(f"(?<= ){re.escape(words)} ", said)
                before = (said[: each.start()].rstrip().rpartition(" ")[2] for each in places)
                if any(each not in self.not_after for each in before):
                    found.append(words)
        return found

    def _spelled_out(self, phrase: str) -> list[str]:
        """The phrase with each word for the customer in its place."""
        phrases = [phrase.replace(_YOU, you) for you in self.you] if _YOU in phrase else [phrase]
        return [" ".join(words_of(each)) for each in phrases]


def _listed(lang: str, data: object, name: str) -> Sequence[str]:
    words = data.get(name, ()) if isinstance(data, Mapping) else None
    if not isinstance(words, list | tuple) or not all(isinstance(each, str) for each in words):
        raise ValueError(f"scripts: {name} of [courtesy.{lang}] has to be a list of words")
    return words

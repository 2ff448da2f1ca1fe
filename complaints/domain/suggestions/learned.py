"""A learned model: weights of words by category, read and multiplied without any library.

It ranks codes for a text and says which words of the text spoke for each.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from complaints.domain.suggestions.features import Counts, Read, read_text
from complaints.domain.suggestions.match import REASONS, Suggestion

#: Which form of model this program reads; another is taken for none.
FORM = 1
#: With a smaller share nothing is proposed.
LEAST_CONFIDENCE = 0.005
#: Nothing is ever certain.
SUREST = 0.99
#: A word counts as a reason from this share of the weightiest on.
LEAST_REASON = 0.3


@dataclass(frozen=True, slots=True)
class Model:
    """Terms by their place; the weights of the term at a place stand from one start to the next.

    Flat arrays: a web process holds the model as long as it lives.
    """

    codes: Sequence[str]
    bias: Sequence[float]
    places: Mapping[str, int]
    rarity: "array[float]"
    starts: "array[int]"
    columns: "array[int]"
    weights: "array[float]"

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Model":
        """Read what `learning/train.py` makes; ValueError for another form."""
        if data.get("form") != FORM:
            raise ValueError("this model has another form")
        rarity, starts, columns, weights = array("f"), array("I", [0]), array("H"), array("f")
        for told in data["terms"].values():
            rarity.append(told[0])
            columns.extend(told[1::2])
            weights.extend(told[2::2])
            starts.append(len(columns))
        places = {term: place for place, term in enumerate(data["terms"])}
        return cls(
            tuple(data["codes"]),
            tuple(data["bias"]),
            places,
            rarity,
            starts,
            columns,
            weights,
        )

    def suggest(
        self,
        text: str,
        spellings: Mapping[str, tuple[str, ...]],
        codes: Collection[str],
        limit: int = 3,
    ) -> list[Suggestion]:
        """The likeliest of the given codes, the likeliest first; none where no word is known."""
        read = read_text(text, spellings)
        values = weigh(read.counts(), {term: self.rarity[at] for term, at in self._known(read)})
        if not values:
            return []
        scores = self._scores(values)
        best = sorted(
            (place for place, code in enumerate(self.codes) if code in codes),
            key=lambda place: (-scores[place], place),
        )
        shares = _shares([scores[place] for place in best])
        found = [
            (place, share)
            for place, share in zip(best[:limit], shares, strict=False)
            if share >= LEAST_CONFIDENCE
        ]
        return [
            Suggestion(
                self.codes[place],
                min(round(share, 3), SUREST),
                self._reasons(text, read, values, place),
            )
            for place, share in found
        ]

    def _known(self, read: Read) -> list[tuple[str, int]]:
        return [
            (term, self.places[term])
            for block in read.blocks
            for term in block
            if term in self.places
        ]

    def _scores(self, values: Mapping[str, float]) -> list[float]:
        scores = list(self.bias)
        columns, weights, starts = self.columns, self.weights, self.starts
        for term, value in values.items():
            at = self.places[term]
            for n in range(starts[at], starts[at + 1]):
                scores[columns[n]] += value * weights[n]
        return scores

    def _weight(self, term: str, code: int) -> float:
        at = self.places[term]
        reach = range(self.starts[at], self.starts[at + 1])
        return next((self.weights[n] for n in reach if self.columns[n] == code), 0.0)

    def _reasons(
        self, text: str, read: Read, values: Mapping[str, float], code: int
    ) -> tuple[str, ...]:
        """The words of the text that spoke for a code, as written, the weightiest first."""
        spoke: dict[int, float] = defaultdict(float)
        for block in read.blocks:
            for term, places in block.items():
                if term not in values:
                    continue
                weight = values[term] * self._weight(term, code) / len(places)
                for place in places:
                    spoke[place] += weight
                    if " " in term:
                        spoke[place - 1] += weight
        best = sorted(spoke, key=lambda place: (-spoke[place], place))
        least = LEAST_REASON * max(spoke.values(), default=0.0)
        said = dict.fromkeys(
            text[read.words[place].start : read.words[place].end].casefold()
            for place in best
            if spoke[place] > 0 and spoke[place] >= least
        )
        return tuple(said)[:REASONS]


def inverse_frequency(found: int, texts: int) -> float:
    """How rare a term is among the texts; what stands in all of them counts 1."""
    return math.log((1 + texts) / (1 + found)) + 1


def weigh(counts: Sequence[Counts], rarity: Mapping[str, float]) -> dict[str, float]:
    """What each known term of a text counts; each kind of term has the length 1."""
    values: dict[str, float] = {}
    for kind in counts:
        known = {
            term: (1 + math.log(times)) * rarity[term]
            for term, times in kind.items()
            if term in rarity
        }
        length = math.sqrt(sum(value * value for value in known.values()))
        values.update({term: value / length for term, value in known.items()})
    return values


def _shares(scores: Sequence[float]) -> list[float]:
    highest = max(scores, default=0.0)
    parts = [math.exp(each - highest) for each in scores]
    whole = sum(parts)
    return [each / whole for each in parts]

"""How often the category that a reader chose is among those proposed, and what a proposal costs.

`python tests/bench/bench_suggestions.py`. The texts are real ones that were labelled by hand; they
may not be given on, so they are read where they lie beside the project: in the folder that
TANGGAP_LABELS names, else `../shared/data/labels`. Without them only time and memory are measured.

Each text is proposed for by a model that never saw it: five parts, each tried with a model learned
from the other four and the organisation's phrases, as after some months of use; and by the phrases
alone, as on the first day, both matched word by word and learned.

The product proposes repeat faults, late repairs and mass outages by what is on record and never by
words. Texts carry no record of their customer and place, so it is counted three times: by words
alone, as if words decided these too; as the product decides with nothing on record, where such a
text cannot be right; and with the fact on record of exactly the texts for which the reader chose
such a category, which is the most a record can do: how well facts are told, no text can show.
What is no complaint competes for its place in the product and is not proposed, so these three are
counted over the texts of complaints.

A category counts as right when
the reader named it first or as also fitting. "Macro" is the mean over the categories, however many
texts each has.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from complaints.domain.suggestions import Synonyms, match_words
from complaints.domain.suggestions.anonymous import without_persons
from complaints.domain.suggestions.facts import KnownFact
from complaints.domain.suggestions.learned import Model
from complaints.domain.suggestions.phrases import phrase_model
from complaints.domain.suggestions.propose import (
    leave_out_facts,
    place_facts,
    propose,
    spoken_groups,
)
from complaints.domain.taxonomy import Taxonomy
from complaints.learning.train import Lesson, train
from complaints.rules.config_files import read_config

ROOT = Path(__file__).resolve().parents[2]
PARTS, SEED, SHOWN = 5, 20261130, 3
#: What the labels keep under another code, because the category is younger than they are.
FOLDED = {
    "GGN_BLOKIR": "LAIN_UMUM",
    "GGN_UMUM": "GGN_MATI",
    "TAG_HARGA": "LAIN_UMUM",
    "TAG_KOMPENSASI": "TAG_DEPOSIT",
}
GOAL_TOP, GOAL_MACRO, GOAL_MILLISECONDS, GOAL_MIB = 90, 85, 30, 60
_STORY = (
    "Selamat pagi, internet di rumah saya mati sejak kemarin sore, lampu modem merah terus, sudah "
    "saya nyalakan ulang tapi tetap tidak bisa konek. Teknisinya janji datang tapi tidak datang. "
)

Propose = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, the category chosen for it, and those that fit as well."""

    id: str
    text: str
    code: str
    right: Collection[str]


def labelled() -> list[Labelled]:
    """The labelled texts; none where they are not at hand."""
    folder = Path(os.environ.get("TANGGAP_LABELS") or ROOT / ".." / "shared" / "data" / "labels")
    try:
        lines = (folder / "given.tsv").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return []
    rows = [(line.split("\t") + [""] * 5)[:5] for line in lines]
    return [
        Labelled(key, text, code, {code, *also.replace(",", " ").split()})
        for key, text, _, code, also in rows
    ]


def phrases(book: Synonyms) -> list[Lesson]:
    """What the organisation wrote down, as texts to learn from."""
    return [Lesson(each.text, code) for code, of in book.phrases.items() for each in of]


def proposals(book: Synonyms, model: Model) -> Propose:
    """What is proposed by a model, of all codes there are words for."""
    codes = list(book.phrases)
    return lambda text: [each.code for each in propose(model, book, text, codes, limit=8)]


def parted(texts: Sequence[Labelled]) -> Iterator[tuple[list[Labelled], list[Labelled]]]:
    """What is learned from and what is tried, part by part."""
    mixed = random.Random(SEED).sample(list(texts), len(texts))
    for part in range(PARTS):
        tried = mixed[part::PARTS]
        ids = {each.id for each in tried}
        yield [each for each in mixed if each.id not in ids], tried


def score(name: str, answers: Sequence[tuple[Labelled, Sequence[str]]]) -> tuple[float, float]:
    """Print how many were right first and among three; answer the two figures among three."""
    by_code: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for each, found in answers:
        folded = list(dict.fromkeys(FOLDED.get(code, code) for code in found))[:SHOWN]
        is_among = bool(set(folded) & set(each.right))
        by_code[each.code].append((folded[:1] != [] and folded[0] in each.right, is_among))
    every = [pair for pairs in by_code.values() for pair in pairs]

    def share(pairs: Sequence[tuple[bool, bool]], which: int) -> float:
        return 100 * sum(pair[which] for pair in pairs) / len(pairs)

    macro = [sum(share(p, n) for p in by_code.values()) / len(by_code) for n in (0, 1)]
    print(
        f"{name:<58} first {share(every, 0):5.1f} %   among three {share(every, 1):5.1f} %"
        f"   macro {macro[0]:5.1f} / {macro[1]:5.1f} %",
        flush=True,
    )
    return share(every, 1), macro[1]


def say_goal(name: str, value: float, wanted: float, *, is_least: bool) -> None:
    """Print whether a goal is met."""
    is_met = value >= wanted if is_least else value <= wanted
    sign = "at least" if is_least else "at most"
    print(f"  {name}: {value:.1f}, wanted {sign} {wanted}: {'met' if is_met else 'MISSED'}")


def main() -> None:
    """Measure and print."""
    book = Synonyms.from_dict(read_config(ROOT / "config")["synonyms"]["synonyms"])
    texts, codes = labelled(), list(book.phrases)
    if texts:
        measure_right(book, texts, codes)
    else:
        print("SKIPPED: no labelled texts beside the project (TANGGAP_LABELS names their folder)")
    measure_cost(book)


@dataclass(frozen=True, slots=True)
class AsDecided:
    """What the product proposes by a model, of all codes there are words for."""

    book: Synonyms
    taxonomy: Taxonomy
    model: Model

    def found(self, each: Labelled, *, is_on_record: bool) -> list[str]:
        """For a text whose fact, if the reader chose a category of one, is on record or not."""
        known = self.taxonomy.categories
        codes = [code for code in self.book.phrases if code in known]
        said = propose(self.model, self.book, each.text, codes, limit=SHOWN)
        words = leave_out_facts(said, self.model, self.book, each.text, codes, known)
        facts = []
        chosen = known.get(each.code)
        groups = spoken_groups(said, known.values(), None)
        if is_on_record and chosen is not None and chosen.fact and chosen.group in groups:
            facts = [(chosen, KnownFact(chosen.fact))]
        return [one.code for one in place_facts(said, words, facts, SHOWN)]


def score_decided(name: str, tried: Sequence[tuple[Labelled, AsDecided]]) -> tuple[float, float]:
    """Print how often the product is right; answer the two figures with facts on record.

    Of texts that are complaints: nothing else is proposed.
    """
    tried = [(e, by) for e, by in tried if e.code in by.taxonomy.categories]
    name = f"{name}, {len(tried)} complaints"
    score(f"{name}, nothing on record", [(e, by.found(e, is_on_record=False)) for e, by in tried])
    by_words = [(e, by) for e, by in tried if not is_of_fact(e, by.taxonomy)]
    score(
        f"{name}, the {len(by_words)} that words decide",
        [(e, by.found(e, is_on_record=False)) for e, by in by_words],
    )
    return score(
        f"{name}, facts on record", [(e, by.found(e, is_on_record=True)) for e, by in tried]
    )


def is_of_fact(each: Labelled, taxonomy: Taxonomy) -> bool:
    """Whether the reader chose a category that takes a fact."""
    return each.code in taxonomy.categories and bool(taxonomy.categories[each.code].fact)


def measure_right(book: Synonyms, texts: Sequence[Labelled], codes: Sequence[str]) -> None:
    """How often it is right: on the first day, and with texts to learn from."""
    print(f"{len(texts)} labelled texts, {len({each.code for each in texts})} categories")
    matched = [
        (each, [one.code for one in match_words(book, each.text, codes, 8)]) for each in texts
    ]
    score("first day, phrases matched", matched)
    of_phrases = proposals(book, phrase_model(book))
    score("first day, weights of the phrases", [(each, of_phrases(each.text)) for each in texts])
    taxonomy = Taxonomy.from_dict(read_config(ROOT / "config")["taxonomy"]["taxonomy"])
    first_day = AsDecided(book, taxonomy, phrase_model(book))
    score_decided("first day", [(each, first_day) for each in texts])
    answers: list[tuple[Labelled, Sequence[str]]] = []
    decided: list[tuple[Labelled, AsDecided]] = []
    for known, tried in parted(texts):
        lessons = [Lesson(without_persons(each.text, ""), each.code, each.id) for each in known]
        model = Model.from_dict(train(phrases(book) + lessons, book.spellings))
        of_texts = proposals(book, model)
        answers += [(each, of_texts(each.text)) for each in tried]
        decided += [(each, AsDecided(book, taxonomy, model)) for each in tried]
    score(f"learned ({PARTS} parts), by words alone", answers)
    among, macro = score_decided("learned", decided)
    print("  as the product decides, facts on record:")
    say_goal("among three", among, GOAL_TOP, is_least=True)
    say_goal("macro among three", macro, GOAL_MACRO, is_least=True)


def measure_cost(book: Synonyms) -> None:
    """Milliseconds of a proposal and MiB of a model, in a process that answers pages."""
    began = time.perf_counter()
    text = json.dumps(train(phrases(book), book.spellings))
    print(f"learned in {time.perf_counter() - began:.1f} s, {len(text) / 2**20:.2f} MiB as text")
    tracemalloc.start()
    model = Model.from_dict(json.loads(text))
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{len(model.places):,} terms, {len(model.weights):,} weights")
    say_goal("MiB held", held / 2**20, GOAL_MIB, is_least=False)
    say_goal("MiB while it is read", peak / 2**20, GOAL_MIB, is_least=False)
    for name, story in (("usual story", _STORY), ("longest story", _STORY * 20)):
        times = []
        for _ in range(30):
            began = time.process_time()
            propose(model, book, story, model.codes)
            times.append(1000 * (time.process_time() - began))
        say_goal(
            f"ms of processor for the {name}", median(times), GOAL_MILLISECONDS, is_least=False
        )


if __name__ == "__main__":
    main()

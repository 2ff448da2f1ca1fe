"""What is proposed for a text: ranked by a model, with phrases that stand there as reasons."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from complaints.domain.suggestions.facts import KnownFact
from complaints.domain.suggestions.learned import Model
from complaints.domain.suggestions.match import Suggestion, match_words
from complaints.domain.suggestions.synonyms import Synonyms
from complaints.domain.taxonomy import Category, Fact

#: Where no phrase stands in the text, what comes first has to be as likely as this.
SURE = 0.1
#: Within a group that is spoken of, a further category without a phrase is as likely as this.
LEAST_BESIDE = 0.2
#: What is known and not told has no share in the words; it ranks before them all the same.
LIKELY = 0.5


def propose(
    model: Model,
    book: Synonyms,
    text: str,
    codes: Collection[str],
    limit: int = 3,
) -> list[Suggestion]:
    """The likeliest of the codes; none where no phrase fits and the model is not sure either.

    What is no complaint competes for its place and is not proposed.
    """
    matched = {each.code: each for each in match_words(book, text, codes, len(codes))}
    found = model.suggest(text, book.spellings, model.codes, len(model.codes))
    likely = [each for each in found if each.code in codes][:limit]
    is_likely = bool(found) and found[0].code in codes and found[0].confidence >= SURE
    if not matched and not is_likely:
        return []
    return [
        Suggestion(each.code, each.confidence, matched[each.code].because)
        if each.code in matched
        else each
        for each in likely
    ]


def propose_beside(
    model: Model, book: Synonyms, text: str, codes: Collection[str], group: Collection[str]
) -> list[Suggestion]:
    """What the words speak for where the likeliest category is left out: others of its group first.

    That the text is about the `group` is known already, so the likeliest of it is proposed however
    little there is of its words; one without a word that speaks for it is not.
    """
    spoken = {each.code: each for each in match_words(book, text, codes, len(codes))}
    within = [each for each in codes if each in group]
    beyond = [each for each in model.codes if each in codes and each not in group]
    found = model.suggest(text, book.spellings, within, len(within))
    found += [
        each
        for each in model.suggest(text, book.spellings, beyond, len(beyond))
        if each.code in spoken
    ]
    told = [each for each in found if each.because]
    return [
        replace(each, because=spoken[each.code].because) if each.code in spoken else each
        for nth, each in enumerate(told)
        if nth == 0 or each.code in spoken or each.confidence >= LEAST_BESIDE
    ]


def leave_out_facts(
    said: Sequence[Suggestion],
    model: Model,
    book: Synonyms,
    text: str,
    in_use: Collection[str],
    categories: Mapping[str, Category],
) -> list[Suggestion]:
    """What the words speak for, without the categories that take a fact.

    Where one of them was the likeliest, the others are asked for anew, its group first.
    """
    bearing = {code for code in in_use if categories[code].fact}
    if not said or said[0].code not in bearing:
        return [each for each in said if each.code not in bearing]
    group = categories[said[0].code].group
    of_group = {each.id for each in categories.values() if each.group == group}
    plain = [code for code in in_use if code not in bearing]
    return propose_beside(model, book, text, plain, of_group)


def spoken_groups(
    by_words: Sequence[Suggestion], categories: Collection[Category], chosen: str | None
) -> set[str]:
    """The groups that a story speaks of: those of its proposals and of what was chosen already."""
    codes = {each.code for each in by_words} | ({chosen} if chosen else set())
    return {each.group for each in categories if each.id in codes}


def place_facts(
    said: Sequence[Suggestion],
    words: Sequence[Suggestion],
    known: Sequence[tuple[Category, KnownFact]],
    limit: int,
) -> list[Suggestion]:
    """What is proposed: what is known first, then the likeliest `words`; one place is theirs.

    The words that speak for a category with its fact, as they were `said`, are told as well.
    """
    by_words = {each.code: each for each in said}
    order = {each: nth for nth, each in enumerate(Fact)}
    found: dict[str, Suggestion] = {}
    for category, fact in sorted(known, key=lambda pair: order[pair[1].fact]):
        code = category.id
        before = found.get(code) or by_words.get(code) or Suggestion(code, LIKELY, ())
        found[code] = replace(before, facts=(*before.facts, fact))
    first = list(found.values())[: limit - 1 if words else limit]
    return [*first, *words][:limit]

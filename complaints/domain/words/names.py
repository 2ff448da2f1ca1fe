"""Whether two names may be one person's: written short, written whole, or with a slip in them."""

from difflib import SequenceMatcher

#: A shorter word that differs is another word: Andi is not Ani.
_LONG = 5
#: How much of two long words has to be the same: Santoso and Santosa are.
_ALIKE = 0.8


def is_same_name(one: str, other: str) -> bool:
    """Whether every word of the shorter of two folded names has its own in the longer one.

    An initial stands for its word. A name without a word is nobody's.
    """
    words, among = sorted((_words(one), _words(other)), key=len)
    for word in words:
        fit = next((each for each in among if _fits(word, each)), None)
        if fit is None:
            return False
        among.remove(fit)
    return bool(words)


def _words(name: str) -> list[str]:
    return name.replace(".", " ").replace(",", " ").replace("-", " ").split()


def _fits(one: str, other: str) -> bool:
    if one == other:
        return True
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    if min(len(one), len(other)) < _LONG:
        return False
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE

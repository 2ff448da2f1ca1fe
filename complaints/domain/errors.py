"""How the rules say no: every refusal is a sentence with what happened and what to do.

The sentence is an English msgid with ``%(name)s`` placeholders; the edge translates it.
"""

from collections.abc import Mapping, Sequence
from typing import Any


def N_(sentence: str) -> str:
    """Mark a sentence for translation; it is translated at the edge."""
    return sentence


def counted(count: int, one: str, many: str) -> str:
    """The sentence that fits a count, of two that both stand in the catalogue."""
    return one if count == 1 else many


class Refused(Exception):
    """A request the rules do not allow; `status` is the HTTP meaning of it.

    Of several acts recorded together, `index` and `noun` name the one that was refused.
    """

    status = 409
    kind = "refused"
    index: int | None = None
    noun: str | None = None

    def __init__(self, sentence: str, *, field: str | None = None, **params: object) -> None:
        self.sentence = sentence
        self.params = params
        self.field = field
        super().__init__(self.filled(sentence, "en"))

    def filled(self, translated: str, lang: str) -> str:
        """The translated sentence with its places filled.

        A word that the organisation writes in both languages comes as a mapping by language.
        """
        words = {
            name: value["en" if lang == "en" else "id"] if isinstance(value, Mapping) else value
            for name, value in self.params.items()
        }
        return translated % words if words else translated


class Invalid(Refused):
    """What was given cannot be used; `field` names where."""

    status = 422
    kind = "invalid"


class Forbidden(Refused):
    """The person's role or branch does not allow it."""

    status = 403
    kind = "forbidden"


class NotFound(Refused):
    """There is no such thing, or this person may not know of it."""

    status = 404
    kind = "not-found"


class Stale(Refused):
    """Somebody else changed the complaint since the page was opened."""

    kind = "stale"


class OtherHost(Refused):
    """Asked by a name under which nobody is answered."""

    status = 421
    kind = "other-host"


class TooSoon(Refused):
    """Tried again before `seconds` have passed; nothing was looked at."""

    status = 429
    kind = "too-soon"

    def __init__(self, sentence: str, *, seconds: int, **params: object) -> None:
        super().__init__(sentence, field=None, **params)
        self.seconds = seconds


class Busy(Refused):
    """There is no room for it at this moment; nothing was recorded."""

    status = 503
    kind = "busy"
    seconds = 5


class GateRefused(Refused):
    """Steps of the protocol are missing; `missing` holds their criteria, such as ``020-1.2``.

    `because` says of some of them what their record still waits for.
    """

    kind = "gate"

    def __init__(
        self,
        sentence: str,
        missing: Sequence[str],
        because: Mapping[str, Any] | None = None,
        **params: object,
    ) -> None:
        super().__init__(sentence, field=None, **params)
        self.missing = tuple(missing)
        self.because = dict(because or {})

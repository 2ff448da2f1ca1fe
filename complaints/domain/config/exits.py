"""The reasons of the signed ways round: typed from `exits.toml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from complaints.domain.config_fields import (
    Named,
    Table,
    by_id,
    codes,
    flag,
    named,
    tables,
    typed,
)
from complaints.domain.evidence import CRITERIA


class Need(StrEnum):
    """What has to be on record before a reason counts."""

    NOTHING = ""
    ATTEMPTS = "attempts"
    SILENCE = "silence"
    DISPUTE = "dispute"


#: Criteria that no reason excuses without one of these.
_AT_LEAST: Mapping[str, tuple[Need, ...]] = {
    "020-3.2": (Need.ATTEMPTS,),
    "020-3.4": (Need.SILENCE, Need.DISPUTE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Named):
    """An item that a sentence may name by the words it uses; a `retired` one is chosen no more."""

    words: tuple[str, ...] = ()
    retired: bool = False

    def is_called(self, said: str) -> bool:
        """Whether this is its code, or its words in either language."""
        return said.strip().casefold() in {
            self.id.casefold(),
            self.label_id.casefold(),
            self.label_en.casefold(),
        }

    def is_named_in(self, sentence: str) -> bool:
        """Whether the sentence uses one of its words."""
        return any(word in sentence.casefold() for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitReason(Listed):
    """Why a criterion could not be met, and what has to be on record first."""

    criteria: tuple[str, ...]
    needs: Need = Need.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited(Listed):
    """What a customer is waited for; `told` says it to them, by language."""

    told: Mapping[str, str]


L = TypeVar("L", bound=Listed)


@dataclass(frozen=True, slots=True)
class ExitBook:
    """Reasons, and what may be awaited, by code."""

    reasons: Mapping[str, ExitReason]
    awaited: Mapping[str, Awaited]

    @classmethod
    def from_dict(cls, data: Table) -> "ExitBook":
        """Read the form of `config/exits.toml`; ValueError says what is wrong."""
        reasons = by_id("reason", (_reason(each) for each in tables("exits", data, "reason")))
        awaited = by_id("pause", (_awaited(each) for each in tables("exits", data, "pause")))
        if all(each.retired for each in awaited.values()):
            raise ValueError("exits: a list of [[pause]] is needed")
        return cls(reasons, awaited)

    def reasons_for(self, criterion: str) -> tuple[ExitReason, ...]:
        """The reasons that may excuse a criterion, in the order of the file."""
        return tuple(each for each in _in_use(self.reasons) if criterion in each.criteria)

    def pauses(self) -> tuple[Awaited, ...]:
        """What may be awaited from now on, in the order of the file."""
        return _in_use(self.awaited)


def _in_use(items: Mapping[str, L]) -> tuple[L, ...]:
    return tuple(each for each in items.values() if not each.retired)


def chosen(items: Iterable[L], code: str, sentence: str) -> L | None:
    """The item meant: the one called so, else the only one, else the first the sentence names."""
    listed = tuple(items)
    if code.strip():
        return next((each for each in listed if each.is_called(code)), None)
    if len(listed) == 1:
        return listed[0]
    called = [each for each in listed if each.is_called(sentence)]
    return next(iter(called or (each for each in listed if each.is_named_in(sentence))), None)


def _reason(data: Table) -> ExitReason:
    fields = named("reason", data)
    where = f"reason {fields['id']}"
    criteria, needs = codes(where, data, "criteria"), str(data.get("needs", ""))
    if needs not in set(Need):
        raise ValueError(f"{where}: needs must be one of {', '.join(filter(None, Need))}")
    for key in criteria:
        if key not in CRITERIA or not CRITERIA[key].may_be_unable:
            raise ValueError(f"{where}: {key} cannot be excused")
        if needs not in _AT_LEAST.get(key, (needs,)):
            raise ValueError(f"{where}: {key} needs {' or '.join(_AT_LEAST[key])}")
    words = tuple(each.casefold() for each in codes(where, data, "words"))
    retired = flag(where, data, "retired")
    return ExitReason(**fields, words=words, retired=retired, criteria=criteria, needs=Need(needs))


def _awaited(data: Table) -> Awaited:
    fields = named("pause", data)
    where = f"pause {fields['id']}"
    told = {lang: typed(where, data, f"customer_{lang}", str) for lang in ("id", "en")}
    words = tuple(each.casefold() for each in codes(where, data, "words"))
    retired = flag(where, data, "retired")
    return Awaited(**fields, words=words, retired=retired, told=MappingProxyType(told))

"""The ladder as its form shows it: read from the stored form or from what was typed, written once.

Every field is kept as it stands on the page, so that what is no number is shown again as it was
typed; only a form without errors is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext

from complaints.domain.deadlines import Kind
from complaints.domain.errors import N_
from complaints.domain.escalation import HOLDING_UNITS
from complaints.domain.words.whole_number import whole_number
from complaints.web.rules.policy_form import Errors

#: More rungs than any ladder needs.
MOST_RUNGS = 24
WHEN = {"before": N_("before the deadline"), "after": N_("after the deadline")}
#: Counted like a unit, though it always lies before the deadline.
PERCENT = "percent"
RUNG_UNITS = (
    "working_minute",
    "working_hour",
    "working_day",
    "minute",
    "hour",
    "calendar_day",
)
_TIMES = ("before_percent", "before", "after")
_BEFORE_UNITS = ("working_minute", "working_hour", "minute", "hour")


@dataclass(frozen=True, slots=True)
class TimeTyped:
    """An amount of time as two fields show it."""

    amount: str
    unit: str


@dataclass(frozen=True, slots=True)
class RungForm:
    """One rung as its fields show it; `when` is before or after, `unit` may be percent."""

    index: int
    key: str
    when: str
    amount: str
    unit: str
    target: str
    level: str
    kinds: tuple[str, ...]
    repeat_every: str
    repeat_unit: str
    repeat_max: str
    is_new: bool = False

    @property
    def repeats(self) -> bool:
        """Whether it calls again; before the deadline nothing does."""
        return bool(self.repeat_every) and self.when == "after"

    def errors(self) -> Errors:
        """What is wrong with its fields."""
        found: Errors = []
        is_share = self.unit == PERCENT
        if not _is_count(self.amount) or (is_share and int(self.amount) > 100):
            words = (
                gettext("Write a whole number from 0 to 100.")
                if is_share
                else gettext("Write a whole number.")
            )
            found.append((f"amount_{self.index}", words))
        if self.when == "before" and not is_share and self.unit not in _BEFORE_UNITS:
            words = gettext("Before the deadline, count minutes or hours.")
            found.append((f"unit_{self.index}", words))
        is_bounded = _is_count(self.repeat_every, 1) and _is_count(self.repeat_max, 1, 50)
        if self.repeats and not is_bounded:
            words = gettext("Say after how long, and at most how often.")
            found.append((f"repeat_every_{self.index}", words))
        return found

    def as_rung(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The written form; what the form does not show of `before` (its labels) stays."""
        when = "before_percent" if self.unit == PERCENT else self.when
        repeat = {
            "repeat_every": self.repeat_every,
            "repeat_unit": self.repeat_unit,
            "repeat_max": self.repeat_max,
        }
        return {
            **{k: each for k, each in before.items() if k not in (*_TIMES, *repeat)},
            "key": self.key or f"{when}-{self.amount}-{self.target}".replace(":", "-")[:40],
            "kinds": list(self.kinds) or ["*"],
            when: int(self.amount),
            "unit": RUNG_UNITS[0] if self.unit == PERCENT else self.unit,
            "target": self.target,
            "level": int(self.level) if when == "after" and _is_count(self.level, 0, 9) else 0,
            **(
                {
                    **repeat,
                    "repeat_every": int(self.repeat_every),
                    "repeat_max": int(self.repeat_max),
                }
                if self.repeats
                else {}
            ),
        }


@dataclass(frozen=True, slots=True)
class LadderForm:
    """Everything the form shows."""

    rungs: Sequence[RungForm]
    acknowledgement: TimeTyped
    top_reminder: TimeTyped
    is_quiet: bool

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "LadderForm":
        """A stored ladder, or one that a form carried along, as its form shows it."""
        held, reminded = (_table(body, name) for name in ("acknowledgement", "top_reminder"))
        rungs = [each for each in body.get("rung", ()) if isinstance(each, Mapping)]
        return cls(
            [_rung_of(index, rung) for index, rung in enumerate(rungs)],
            TimeTyped(str(held.get("expires_after", 4)), str(held.get("unit", "working_hour"))),
            TimeTyped(str(reminded.get("every", 1)), str(reminded.get("unit", "working_day"))),
            bool(body.get("quiet_warnings", True)),
        )

    @classmethod
    def typed(cls, form: Mapping[str, str], shown: "LadderForm") -> "LadderForm":
        """What was typed; what was not sent stays as it was shown."""
        typed = (
            _rung_typed(form, index)
            for index in range(MOST_RUNGS)
            if f"target_{index}" in form and not form.get(f"gone_{index}")
        )
        # An empty row for a new rung is none.
        wanted = [rung for rung in typed if rung.amount or not rung.is_new]
        rungs = [replace(each, index=n, is_new=False) for n, each in enumerate(wanted)]
        return cls(
            rungs,
            _time_typed(form, "expires_after", "expires_unit", shown.acknowledgement),
            _time_typed(form, "remind_every", "remind_unit", shown.top_reminder),
            bool(form.get("quiet_warnings")) if "expires_after" in form else shown.is_quiet,
        )

    @property
    def fields(self) -> list[RungForm]:
        """The rungs, and an empty one behind them."""
        empty = {"after": "", "target": "manager", "level": 1, "unit": "working_hour"}
        more = [_rung_of(len(self.rungs), empty, is_new=True)]
        return [*self.rungs, *(more if len(self.rungs) < MOST_RUNGS else [])]

    def errors(self) -> Errors:
        """What is wrong with the fields, each with its name."""
        found = [error for rung in self.rungs for error in rung.errors()]
        times = (("expires_after", self.acknowledgement), ("remind_every", self.top_reminder))
        for name, time in times:
            if not _is_count(time.amount, 1):
                found.append((name, gettext("Write a whole number of 1 or more.")))
        return found

    def as_body(self, base: Mapping[str, Any]) -> dict[str, Any]:
        """The written form of a ladder without errors; what no field shows stays as in `base`."""
        before = {str(rung.get("key")): rung for rung in base.get("rung", ())}
        rungs: list[dict[str, Any]] = []
        for each in self.rungs:
            rung = each.as_rung(before.get(each.key, {}))
            while any(other["key"] == rung["key"] for other in rungs):
                # The key guards against calling twice, so no two rungs may share one.
                rung["key"] += "-b"
            rungs.append(rung)
        held, reminded = self.acknowledgement, self.top_reminder
        return {
            **base,
            "rung": rungs,
            "acknowledgement": {"expires_after": int(held.amount), "unit": held.unit},
            "quiet_warnings": self.is_quiet,
            "top_reminder": {"every": int(reminded.amount), "unit": reminded.unit},
        }


def _rung_of(index: int, rung: Mapping[str, Any], is_new: bool = False) -> RungForm:
    when = next((name for name in _TIMES if name in rung), "after")
    return RungForm(
        index=index,
        key=str(rung.get("key", "")),
        when="after" if when == "after" else "before",
        amount=str(rung.get(when, "")),
        unit=PERCENT if when == "before_percent" else str(rung.get("unit", "working_minute")),
        target=str(rung.get("target", "")),
        level=str(rung.get("level", 0)),
        kinds=tuple(str(kind) for kind in rung.get("kinds", ()) if kind != "*"),
        repeat_every=str(rung.get("repeat_every", "")),
        repeat_unit=str(rung.get("repeat_unit", "working_hour")),
        repeat_max=str(rung.get("repeat_max", "") or ""),
        is_new=is_new,
    )


def _rung_typed(form: Mapping[str, str], index: int) -> RungForm:
    def typed(name: str) -> str:
        return form.get(f"{name}_{index}", "").strip()

    unit = _one_of(typed("unit"), (*RUNG_UNITS, PERCENT))
    return RungForm(
        index=index,
        key=typed("key")[:40],
        when="before" if unit == PERCENT else _one_of(typed("when"), tuple(WHEN)),
        amount=typed("amount"),
        unit=unit,
        target=typed("target")[:40],
        level=typed("level"),
        kinds=tuple(kind.value for kind in Kind if form.get(f"kind_{index}_{kind.value}")),
        repeat_every=typed("repeat_every"),
        repeat_unit=_one_of(typed("repeat_unit"), RUNG_UNITS),
        repeat_max=typed("repeat_max"),
        is_new=bool(form.get(f"new_{index}")),
    )


def _time_typed(form: Mapping[str, str], amount: str, unit: str, shown: TimeTyped) -> TimeTyped:
    if amount not in form:
        return shown
    return TimeTyped(form[amount].strip(), _one_of(form.get(unit, ""), HOLDING_UNITS))


def _table(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = body.get(name, {})
    return table if isinstance(table, Mapping) else {}


def _is_count(text: str, least: int = 0, most: int = 9999) -> bool:
    number = whole_number(text, most)
    return number is not None and number >= least


def _one_of(value: str, known: Sequence[str]) -> str:
    return value if value in known else known[0]

"""The figures of a line, and the words of the lines in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.formatting import ENGLISH, INDONESIAN, say_month
from complaints.models import User
from complaints.queries.reports.counting import FIGURES
from complaints.rulebook import RuleBook

#: Kind of clock → its words; the page has the same ones in its catalogue.
_CLOCKS = {
    "ack": ("Tanda terima untuk pelanggan", "Receipt to the customer"),
    "internal_accept": ("Penerimaan oleh unit terkait", "Acceptance by the unit"),
    "plan": ("Rencana penanganan", "Handling plan"),
    "progress": ("Kabar kepada pelanggan", "Update to the customer"),
    "resolve": ("Penyelesaian", "Resolution"),
    "legal": ("Batas waktu menurut aturan", "Limit set by rule"),
    "customer": ("Jawaban dari pelanggan", "Answer from the customer"),
    "commitment": ("Tugas", "Commitment"),
}


#: Whoever handles a complaint begins and ends as many of these as they like: no share is said of
#: them, since anybody could raise it with messages and steps that nobody waits for.
BEGUN_AT_WILL = ("progress", "commitment")

#: Of fewer than these no share is said: one of one is no hundred per cent.
FEWEST_FOR_SHARE = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """`late_open` is the part of `breached` whose complaint still waits for its solution.

    `moved` are the promises due in the period that had been told an earlier date first. The two of
    the first promise count promises whose first date lies in the period. `again_kept` are those
    kept after a complaint had been decided before and opened again, which are no part of `met`;
    `again_missed` is a part of `breached`.
    """

    received: int = 0
    met: int = 0
    breached: int = 0
    late_open: int = 0
    first_kept: int = 0
    first_missed: int = 0
    moved: int = 0
    again_kept: int = 0
    again_missed: int = 0
    has_share: bool = True

    @property
    def on_time(self) -> float | None:
        """The share met of those decided; None when none was, or no share is said."""
        return share_of(self.met, self.breached) if self.has_share else None

    @property
    def decided(self) -> int:
        """How many the share is of."""
        return self.met + self.breached

    @property
    def first_on_time(self) -> float | None:
        """The share kept of those whose first date is decided; None when none is."""
        return share_of(self.first_kept, self.first_missed)

    @property
    def again_on_time(self) -> float | None:
        """The share kept of those decided after a reopening; None when none was."""
        return share_of(self.again_kept, self.again_missed)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in FIGURES))

    def as_json(self) -> dict[str, int | float | None]:
        """The figures as plain values; shares have four digits."""
        return {
            "received": self.received,
            "met": self.met,
            "breached": self.breached,
            "late_open": self.late_open,
            "on_time": rounded(self.on_time),
            "first_kept": self.first_kept,
            "first_missed": self.first_missed,
            "first_on_time": rounded(self.first_on_time),
            "moved": self.moved,
            "again_kept": self.again_kept,
            "again_missed": self.again_missed,
            "again_on_time": rounded(self.again_on_time),
        }


def share_of(kept: int, missed: int) -> float | None:
    return kept / (kept + missed) if kept + missed else None


def rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line: `key` is a code, an e-mail address or a month such as 2026-10; "" for none."""

    key: str
    label_id: str
    label_en: str
    figures: Figures


NONE = Figures()


#: A line of what is still to come, and one of what a complaint need not have; Indonesian, English.
_NOT_YET, _NONE = ("Belum ada", "None yet"), ("Tidak ada", "None")


def clock_row(kind: str, figures: Figures) -> ReportRow:
    if kind in BEGUN_AT_WILL and figures != NONE:
        figures = replace(figures, has_share=False)
    return ReportRow(kind, *_CLOCKS.get(kind, (kind, kind)), figures)


def month_row(month: date, figures: Figures) -> ReportRow:
    names = say_month(month, INDONESIAN), say_month(month, ENGLISH)
    return ReportRow(f"{month:%Y-%m}", *names, figures)


def branch_row(rules: RuleBook, key: int, figures: Figures) -> ReportRow:
    branch = rules.branches[key]
    return ReportRow(branch.code, branch.name, branch.name, figures)


def category_row(rules: RuleBook, key: str | None, figures: Figures) -> ReportRow:
    return _labelled(key, rules.taxonomy.categories, figures)


def by_key(
    session: Session, rules: RuleBook, by: str, keyed: Mapping[Any, Figures]
) -> list[ReportRow]:
    if by == "channel":
        return [_labelled(key, rules.taxonomy.channels, each) for key, each in keyed.items()]
    if by == "team":
        return [_team(rules, key, each) for key, each in keyed.items()]
    if by == "need":
        return _by_need(rules, keyed)
    labels: dict[str, Mapping[str, Any]] = {
        "tier": rules.taxonomy.tiers,
        "cause": rules.taxonomy.causes,
        "product": rules.organisation.products,
    }
    if by in labels:
        missing = _NOT_YET if by == "cause" else _NONE
        return [_labelled(key or None, labels[by], each, missing) for key, each in keyed.items()]
    if by == "handler":
        people = _people(session, [key for key in keyed if key is not None])
        return [_person(people.get(key), each) for key, each in keyed.items()]
    return [ReportRow(str(key), str(key), str(key), each) for key, each in keyed.items()]


def _by_need(rules: RuleBook, keyed: Mapping[Any, Figures]) -> list[ReportRow]:
    """By what a customer needs; one with two needs stands in both lines."""
    sums: dict[str | None, Figures] = {}
    for needs, figures in keyed.items():
        for need in needs or (None,):
            sums[need] = sums.get(need, NONE) + figures
    return [_labelled(need, rules.taxonomy.needs, each, _NONE) for need, each in sums.items()]


def _team(rules: RuleBook, key: int | None, figures: Figures) -> ReportRow:
    team = rules.teams.get(key) if key is not None else None
    return ReportRow(team.code, team.label_id, team.label_en, figures) if team else _nobody(figures)


def _person(person: Any, figures: Figures) -> ReportRow:
    if person is None:
        return _nobody(figures)
    return ReportRow(person.email, person.name, person.name, figures)


def _labelled(
    key: str | None,
    known: Mapping[str, Any],
    figures: Figures,
    missing: tuple[str, str] = _NOT_YET,
) -> ReportRow:
    if key is None:
        return _nobody(figures, missing)
    item = known.get(key)
    return ReportRow(key, item.label_id if item else key, item.label_en if item else key, figures)


def _nobody(figures: Figures, missing: tuple[str, str] = _NOT_YET) -> ReportRow:
    return ReportRow("", *missing, figures)


def _people(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    query = select(User.id, User.email, User.name).where(User.id.in_(ids))
    return {row.id: row for row in session.execute(query)}

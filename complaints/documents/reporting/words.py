"""What a report says around its figures, in one language: page, paper, file and mail alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from complaints.domain.errors import N_
from complaints.domain.permissions import Actor
from complaints.formatting import (
    ENGLISH,
    INDONESIAN,
    say_date,
    say_date_short,
    say_decimal,
    say_duration,
    say_instant,
    say_money,
    say_month,
    say_number,
    say_percent,
    say_span,
    zone_label,
)
from complaints.queries.reports.figures import Report
from complaints.queries.reports.outcomes.sections import OutcomeReport
from complaints.queries.reports.period import next_month
from complaints.queries.reports.rows import FEWEST_FOR_SHARE
from complaints.queries.scope import sees_all
from complaints.rulebook import RuleBook

#: What a text of the catalogue is in the reader's language.
Say = Callable[[str], str]

#: What the report can be divided by → words.
DIVISIONS: Mapping[str, str] = {
    "branch": N_("Branch"),
    "month": N_("Month"),
    "team": N_("Unit"),
    "category": N_("Category"),
    "priority": N_("Priority"),
    "channel": N_("Channel"),
    "handler": N_("Handler"),
    "cause": N_("Cause"),
    "tier": N_("Customer tier"),
    "need": N_("Special need"),
    "product": N_("Product"),
    "clock": N_("Deadline"),
}

#: Part of the deadline report → its heading, and what it counts.
PARTS: Mapping[str, tuple[str, str]] = {
    "trend": (N_("Month by month"), ""),
    "where": (N_("Promises by area"), ""),
    "balance": (
        N_("Balance of the complaints received"),
        N_(
            "Each complaint received in the period is counted in one place only, by what became "
            "of its latest promise. The places add up to the complaints received."
        ),
    ),
    "first": (
        N_("First date and last date"),
        N_(
            "The same promises judged twice: by the date told last, pauses and extensions counted, "
            "in the month in which it falls due; and by the date told first, which nothing moves, "
            "in the month of that date."
        ),
    ),
    "again": (
        N_("Complaints opened again"),
        N_(
            "Promises of complaints that had been decided before and were opened again. One that "
            "was kept adds nothing to the shares above, so that nobody improves them by closing "
            "and reopening; one that was missed is counted above as well."
        ),
    ),
    "clocks": (
        N_("All deadlines by kind"),
        N_(
            "Every deadline that falls due in the period, those between our own units as well. A "
            "complaint has several, so these are more than the promises. A resolution kept once "
            "more after a reopening is counted under “Complaints opened again” only. Updates and "
            "commitments have no share: whoever handles a complaint begins and ends as many as "
            "they like."
        ),
    ),
    "exceptions": (
        N_("Exceptions"),
        N_(
            "Everything by which a date was moved, a deadline paused, a step left out or an entry "
            "dated back in the period, under the name of who did it. No share above can be kept "
            "clean without showing here."
        ),
    ),
    "commitments": (
        N_("Commitments"),
        N_(
            "Steps, documents and deliveries due in the period, by who owes them. One that was "
            "missed stays missed, whoever drops it afterwards."
        ),
    ),
    "escalations": (
        N_("Escalations"),
        N_(
            "Escalations raised in the period, by level, with the working time until somebody "
            "acknowledged: half of them within the median, nine in ten within the next column; "
            "then the slowest, and how long the oldest one on an open complaint has waited for an "
            "answer."
        ),
    ),
    "handling": (
        N_("Handling time"),
        N_(
            "Working time from receipt to closing, of the complaints closed in the period and not "
            "opened again, whenever they came in: half of them within the median, nine in ten "
            "within the next figure. Beside it those that are open at this moment, by the days "
            "since they came in."
        ),
    ),
    "contact": (
        N_("First contact resolution"),
        N_(
            "Of the complaints taken in conversation in the period, those that the same officer "
            "took, handled and closed with the customer's agreement within two hours on the same "
            "day, and that were not reopened."
        ),
    ),
    "money": (
        N_("Amounts by staff member"),
        N_(
            "Given: amounts that went to customers in the period and were not taken back, under "
            "who offered them. Approved and rejected: decisions on offers of others."
        ),
    ),
}
#: What a promise and a share are, below everything.
PROMISE = N_(
    "A promise is the resolution deadline told to the customer, counted in the month it falls "
    "due. On time = promises kept ÷ (kept + missed); of a complaint that is opened again later "
    "promises count only when they are missed. Dates follow each branch's time zone: %(zones)s."
)
#: The same of a report without promises.
PROMISE_DAYS = N_("Dates follow each branch's time zone: %(zones)s.")


def share_said(some: int, others: int, say: Say, lang: str) -> str:
    """`97,3%`, or `1 dari 1` of so few that a share says nothing; a dash of none."""
    whole = some + others
    if whole and whole < FEWEST_FOR_SHARE:
        return say(N_("%(some)s of %(whole)s")) % {"some": some, "whole": whole}
    return say_percent(some / whole if whole else None, lang)


def zones_said(zones: Sequence[str], on: date) -> str:
    """`WIB, WITA, WIT`: what zones are called on a day, those furthest behind first."""
    day = datetime.combine(on, time(12))
    local = sorted((day.replace(tzinfo=ZoneInfo(zone)) for zone in zones), reverse=True)
    return ", ".join(dict.fromkeys(zone_label(each) for each in local))


def scope_said(actor: Actor, say: Say) -> str:
    """Of which part the figures are, for whoever sees a part only; empty for whoever sees all."""
    if sees_all(actor):
        return ""
    return say(N_("Counted: complaints of your branch, and those that you handle."))


@dataclass(frozen=True, slots=True)
class ReportWords:
    """Figures and names of a report in the language of its reader."""

    rules: RuleBook
    say: Say
    lang: str = INDONESIAN

    def part(self, name: str) -> tuple[str, str]:
        """The heading of a part of the report and what it counts; that may be nothing."""
        title, meaning = PARTS[name]
        return self.say(title), self.say(meaning) if meaning else ""

    def label(self, item: Any) -> str:
        """The words of anything that has them in both languages."""
        return str(item.label_en if self.lang == ENGLISH else item.label_id)

    def number(self, value: int) -> str:
        """`1.234`."""
        return say_number(value, self.lang)

    def share(self, some: int, others: int) -> str:
        """A share as it may be said of so many."""
        return share_said(some, others, self.say, self.lang)

    def duration(self, seconds: int | None) -> str:
        """Working time; a dash of none."""
        return "–" if seconds is None else say_duration(seconds, self.lang)

    def span(self, seconds: int | None) -> str:
        """Working time to one decimal, beside others that it adds up with; a dash of none."""
        return "–" if seconds is None else say_span(seconds, self.lang)

    def mean(self, value: float) -> str:
        """`4,25`."""
        return say_decimal(value, self.lang)

    def money(self, amount: int) -> str:
        """`Rp1.250.000`."""
        return say_money(amount, self.rules.organisation.currency, self.lang)

    def instant(self, at: datetime) -> str:
        """An instant in the organisation's zone."""
        return say_instant(at, self.rules.home_zone, self.lang)

    def days(self, from_on: date, to_on: date, *, is_short: bool = False) -> str:
        """A period; one day is said once."""
        said = say_date_short if is_short else say_date
        if from_on == to_on:
            return said(from_on, self.lang)
        words = {"from_on": said(from_on, self.lang), "to_on": said(to_on, self.lang)}
        return self.say(N_("%(from_on)s to %(to_on)s")) % words

    def zones(self, report: Report | OutcomeReport) -> str:
        """`WIB, WITA, WIT`: whose days were counted."""
        return zones_said(report.zones, report.to_on)

    def compared(self, report: Report) -> str:
        """The period beside the one before it, in one sentence; empty where it lies ahead."""
        if report.compared is None:
            return ""
        here, before = report.compared.here, report.compared.before
        then = before.figures.received
        parts = (
            self.say(N_("received %(now)s, before %(then)s"))
            % {
                "now": self.number(here.figures.received),
                "then": self.number(then) if then else self.say(N_("none")),
            },
            self.say(N_("on time %(now)s, before %(then)s"))
            % {
                "now": self.share(here.figures.met, here.figures.breached),
                "then": self.share(before.figures.met, before.figures.breached),
            },
            self.say(N_("working days %(now)s and %(then)s"))
            % {"now": here.working_days, "then": before.working_days},
        )
        days = f"{say_date_short(before.from_on, self.lang)} – " + say_date_short(
            before.to_on, self.lang
        )
        if here.to_on == report.to_on:
            said = self.say(N_("Compared with %(days)s:")) % {"days": days}
        else:
            # Less than the figures above count, so it is said before the figures that differ.
            until = say_date_short(here.to_on, self.lang)
            said = self.say(N_("Only until %(day)s, compared with the same days before, %(days)s:"))
            said %= {"day": until, "days": days}
        said += " " + "; ".join(parts) + "."
        return said

    def sentence(self, report: Report, today: date) -> str:
        """How it went, with the last month decided and where most was missed.

        Only a whole month is set against the one before it.
        """
        decided = [row for row in report.months if row.figures.on_time is not None]
        if not decided:
            return self.say(N_("No promise fell due in this period."))
        last = decided[-1]
        first = date.fromisoformat(f"{last.key}-01")
        is_over = next_month(first) <= min(report.to_on + timedelta(days=1), today)
        is_whole = is_over and report.from_on <= first
        words = N_("%(month)s: %(share)s on time")
        if not is_whole:
            words = N_("%(month)s so far: %(share)s on time")
        said = self.say(words) % {
            "month": say_month(first, self.lang),
            "share": self.share(last.figures.met, last.figures.breached),
        }
        if is_whole:
            said += self._change(report, first)
        worst = [self.label(row) for row in report.worst]
        if worst:
            where = self.say(N_("missed most in this period: %(where)s"))
            said += "; " + where % {"where": ", ".join(worst)}
        return said + "."

    def _change(self, report: Report, month: date) -> str:
        """`, naik 2,3 poin` against the month before, where that is a month of enough promises."""
        decided = [row for row in report.months if row.figures.on_time is not None]
        previous = (month - timedelta(days=1)).replace(day=1)
        has_before = len(decided) > 1 and decided[-2].key == f"{previous:%Y-%m}"
        # Of a few cases more or less no trend is made.
        has_before = has_before and all(
            row.figures.decided >= FEWEST_FOR_SHARE for row in decided[-2:]
        )
        if not has_before or report.from_on > previous:
            return ""
        share, before = (row.figures.on_time or 0.0 for row in (decided[-1], decided[-2]))
        points = round((share - before) * 100, 1)
        if not points:
            return ", " + self.say(N_("as in the month before"))
        words = N_("up %(points)s points") if points > 0 else N_("down %(points)s points")
        amount = say_percent(abs(points) / 100, self.lang).removesuffix("%")
        return ", " + self.say(words) % {"points": amount}

"""The pictures of the deadline report: which figures are drawn, and where each mark leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from complaints.documents.pictures.causes import Bar, in_order, pareto
from complaints.documents.pictures.shares import Share, side_by_side, trend
from complaints.documents.pictures.svg import Picture
from complaints.formatting import say_month_short
from complaints.queries.reports.handling import AgeLine
from complaints.queries.reports.rows import FEWEST_FOR_SHARE, Figures
from complaints.web.frame.filters import share_words
from complaints.web.frame.translations import lang


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with its heading, what it shows in a sentence, and the table that says the same."""

    heading: str
    meaning: str
    table: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line of the report with the addresses of the lists behind its figures."""

    key: str
    words: str
    figures: Figures
    links: Mapping[str, str]


def draw_pictures(
    months: Sequence[ReportLine],
    rows: Sequence[ReportLine],
    by: str,
    target: float | None,
    ages: Sequence[tuple[AgeLine, str]] = (),
) -> list[Drawn]:
    """The trend where there is more than one month; of the lines, where most was missed and, apart
    from months, how they stand side by side; and how old is what is open, each age with the
    address of its list."""
    drawn = []
    aim = gettext("Target %(share)s", share=f"{target * 100:g}%") if target else ""
    if sum(1 for line in months if line.figures.decided) > 1:
        heading = gettext("On time, month by month")
        meaning = gettext(
            "The line is the share by the date told last, the dashed one by the date told first. "
            "A hollow mark means fewer than ten promises."
        )
        picture = trend([_share(line, is_month=True) for line in months], heading, target, aim)
        drawn.append(Drawn(heading, meaning, "where" if by == "month" else "trend", picture))
    divided = [] if by == "month" else list(rows)
    if sum(line.figures.breached for line in divided) and len(divided) > 1:
        heading = gettext("Where most was missed")
        meaning = gettext(
            "Promises missed in the period, and how much of all the lines make up so far."
        )
        bars = [_bar(line) for line in divided]
        picture = pareto(bars, heading, gettext("Others"), gettext("so far %(share)s"))
        drawn.append(Drawn(heading, meaning, "where", picture))
    if (
        by not in ("month", "clock")
        and sum(1 for line in divided if line.figures.decided >= FEWEST_FOR_SHARE) > 1
    ):
        heading = gettext("On time, side by side")
        meaning = gettext(
            "The bar says between which shares the true one lies with a certainty of 95%. Where "
            "bars overlap, the difference may be chance."
        )
        shares = [_share(line) for line in divided]
        left_out = gettext("Other lines, in the table only: %(count)s")
        picture = side_by_side(shares, heading, target, left_out)
        drawn.append(Drawn(heading, meaning, "where", picture))
    if any(line.open for line, _ in ages):
        heading = gettext("How old is what is open")
        meaning = gettext("Complaints that are open now, by days since receipt.")
        picture = in_order([_age(*each) for each in ages], heading)
        drawn.append(Drawn(heading, meaning, "handling", picture))
    return drawn


def _age(line: AgeLine, href: str) -> Bar:
    words = (
        gettext("%(count)s days and more", count=line.from_days)
        if line.to_days is None
        else gettext("%(first)s to %(last)s days", first=line.from_days, last=line.to_days)
    )
    tip = gettext("%(line)s: %(count)s open", line=words, count=line.open)
    return Bar(words, line.open, tip, href if line.open else "")


def _share(line: ReportLine, is_month: bool = False) -> Share:
    figures = line.figures
    said = share_words(figures.met, figures.breached)
    words = (
        say_month_short(date.fromisoformat(f"{line.key}-01"), lang()) if is_month else line.words
    )
    tip = gettext(
        "%(line)s: %(share)s, %(kept)s kept, %(missed)s missed",
        line=line.words,
        share=said,
        kept=figures.met,
        missed=figures.breached,
    )
    return Share(
        words, figures.met, figures.decided, tip, line.links["breached"], figures.first_on_time
    )


def _bar(line: ReportLine) -> Bar:
    tip = gettext("%(line)s: %(missed)s missed", line=line.words, missed=line.figures.breached)
    return Bar(line.words, line.figures.breached, tip, line.links["breached"])

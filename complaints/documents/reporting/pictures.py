"""The pictures of the deadline report: which figures are drawn, and where each mark leads.

Page, paper and mail show the same ones; only a page has lists for their marks to lead to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from complaints.documents.pictures.causes import Bar, in_order, pareto
from complaints.documents.pictures.shares import Share, side_by_side, trend
from complaints.documents.pictures.svg import Picture
from complaints.documents.reporting.words import ReportWords
from complaints.domain.errors import N_
from complaints.formatting import say_month_short
from complaints.queries.reports.handling import AgeLine
from complaints.queries.reports.rows import FEWEST_FOR_SHARE, Figures


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with its heading, what it shows in a sentence, and the table that says the same."""

    heading: str
    meaning: str
    table: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line of the report with the addresses of the lists behind its figures, where it has any."""

    key: str
    words: str
    figures: Figures
    links: Mapping[str, str] = field(default_factory=dict)


def draw_pictures(
    months: Sequence[ReportLine],
    rows: Sequence[ReportLine],
    by: str,
    target: float | None,
    words: ReportWords,
    ages: Sequence[tuple[AgeLine, str]] = (),
) -> list[Drawn]:
    """The trend where there is more than one month; of the lines, where most was missed and, apart
    from months, how they stand side by side; and how old is what is open, each age with the
    address of its list."""
    drawn, say = [], words.say
    aim = say(N_("Target %(share)s")) % {"share": f"{target * 100:g}%"} if target else ""
    if sum(1 for line in months if line.figures.decided) > 1:
        heading = say(N_("On time, month by month"))
        meaning = say(
            N_(
                "The line is the share by the date told last, the dashed one by the date told "
                "first. A hollow mark means fewer than ten promises."
            )
        )
        picture = trend(
            [_share(line, words, is_month=True) for line in months], heading, target, aim
        )
        drawn.append(Drawn(heading, meaning, "where" if by == "month" else "trend", picture))
    divided = [] if by == "month" else list(rows)
    if sum(line.figures.breached for line in divided) and len(divided) > 1:
        heading = say(N_("Where most was missed"))
        meaning = say(
            N_("Promises missed in the period, and how much of all the lines make up so far.")
        )
        bars = [_bar(line, words) for line in divided]
        picture = pareto(bars, heading, say(N_("Others")), say(N_("so far %(share)s")))
        drawn.append(Drawn(heading, meaning, "where", picture))
    if (
        by not in ("month", "clock")
        and sum(1 for line in divided if line.figures.decided >= FEWEST_FOR_SHARE) > 1
    ):
        heading = say(N_("On time, side by side"))
        meaning = say(
            N_(
                "The bar says between which shares the true one lies with a certainty of 95%. "
                "Where bars overlap, the difference may be chance."
            )
        )
        shares = [_share(line, words) for line in divided]
        left_out = say(N_("Other lines, in the table only: %(count)s"))
        picture = side_by_side(shares, heading, target, left_out)
        drawn.append(Drawn(heading, meaning, "where", picture))
    if any(line.open for line, _ in ages):
        heading = say(N_("How old is what is open"))
        meaning = say(N_("Complaints that are open now, by days since receipt."))
        picture = in_order([_age(*each, words) for each in ages], heading)
        drawn.append(Drawn(heading, meaning, "handling", picture))
    return drawn


def _age(line: AgeLine, href: str, words: ReportWords) -> Bar:
    if line.to_days is None:
        name = words.say(N_("Day %(count)s and later")) % {"count": line.from_days}
    else:
        days = {"first": line.from_days, "last": line.to_days}
        name = words.say(N_("%(first)s to %(last)s days")) % days
    tip = words.say(N_("%(line)s: %(count)s open")) % {"line": name, "count": line.open}
    return Bar(name, line.open, tip, href if line.open else "")


def _share(line: ReportLine, words: ReportWords, is_month: bool = False) -> Share:
    figures, name = line.figures, line.words
    if is_month:
        name = say_month_short(date.fromisoformat(f"{line.key}-01"), words.lang)
    tip = words.say(N_("%(line)s: %(share)s, %(kept)s kept, %(missed)s missed")) % {
        "line": line.words,
        "share": words.share(figures.met, figures.breached),
        "kept": figures.met,
        "missed": figures.breached,
    }
    href = line.links.get("breached", "")
    return Share(name, figures.met, figures.decided, tip, href, figures.first_on_time)


def _bar(line: ReportLine, words: ReportWords) -> Bar:
    missed = line.figures.breached
    tip = words.say(N_("%(line)s: %(missed)s missed")) % {"line": line.words, "missed": missed}
    return Bar(line.words, missed, tip, line.links.get("breached", ""))

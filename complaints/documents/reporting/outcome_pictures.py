"""The pictures of the report on outcomes; each has its table on the same page."""

from collections.abc import Callable, Mapping

from complaints.documents.pictures.causes import Bar, pareto
from complaints.documents.pictures.flow import Part, Stage, flow
from complaints.documents.pictures.steps import Length, lengths
from complaints.documents.pictures.svg import Picture
from complaints.documents.pictures.week import Field, week
from complaints.documents.reporting.pictures import Drawn
from complaints.documents.reporting.words import ReportWords
from complaints.domain.errors import N_
from complaints.formatting import weekday_names
from complaints.queries.lists.filters import NONE
from complaints.queries.reports.outcomes.arrivals import WEEKDAYS
from complaints.queries.reports.outcomes.flow import ENDED, ENDS, OPEN
from complaints.queries.reports.outcomes.sections import Kind, Line, OutcomeReport, Section
from complaints.queries.reports.rows import FEWEST_FOR_SHARE

#: The address of the list behind a column of a line; empty where there is none, as on paper.
Link = Callable[[Line, str], str]


def _nowhere(line: Line, column: str) -> str:
    return ""


def draw_outcomes(report: OutcomeReport, words: ReportWords, link: Link = _nowhere) -> list[Drawn]:
    """The picture of each section that has one, and something to show."""
    drawn = []
    for section in report.sections:
        draw = {
            "causes": _causes,
            "flow": _flow,
            "steps": _steps,
            "arrivals": _arrivals,
        }.get(section.key)
        if draw is not None and any(_counted(line) for line in section.all_lines):
            picture, meaning = draw(section, words, link)
            drawn.append(Drawn(words.say(section.title), meaning, section.key, picture))
    return drawn


def _causes(section: Section, words: ReportWords, link: Link) -> tuple[Picture, str]:
    say = words.say
    bars = [
        Bar(words.label(line), line.values["count"], _tip(line, words), link(line, "count"))
        for line in section.lines
        if line.key != NONE
    ]
    title = say(section.title)
    meaning = say(N_("Complaints with each cause, and how much of all causes make up so far."))
    return pareto(bars, title, say(N_("Others")), say(N_("so far %(share)s"))), meaning


def _tip(line: Line, words: ReportWords) -> str:
    said = words.say(N_("%(line)s: complaints %(count)s"))
    return said % {"line": words.label(line), "count": words.number(line.values["count"])}


def _counted(line: Line) -> int:
    """How many a line counts."""
    return int(line.values.get("count") or 0)


def _flow(section: Section, words: ReportWords, link: Link) -> tuple[Picture, str]:
    say = words.say
    counts = (column for column in section.columns if column.kind is Kind.COUNT)
    heads = {column.key: say(column.head) for column in counts}
    heads[ENDED] = say(N_("Ended there"))
    stages = []
    for line in section.lines:
        values, median = line.values, line.values["median_seconds"]
        said = {
            key: f"{head} {words.number(values[key])}"
            for key, head in heads.items()
            if values.get(key)
        }
        ends = ", ".join(said[each] for each in ENDS if each in said)
        tips = {**said, ENDED: f"{said.get(ENDED)} ({ends})"}

        def part(column: str, line: Line = line, tips: Mapping[str, str] = tips) -> Part:
            count = line.values[column] or 0
            tip = f"{say(line.name)}: {tips[column]}" if count else say(line.name)
            return Part(count, tip, link(line, column) if count else "")

        stages.append(
            Stage(
                words=say(line.name),
                said=words.number(values["count"]),
                reached=part("count"),
                here=part(OPEN),
                ended=part(ENDED),
                before=say(N_("median %(time)s")) % {"time": words.span(median)}
                if median is not None
                else "",
                below=" · ".join(said[each] for each in (OPEN, ENDED) if each in said),
            )
        )
    meaning = say(
        N_(
            "Each bar is as long as many complaints reached the step. Filled: went on. Hollow: "
            "still at this step. Dashed: ended there without closing."
        )
    )
    return flow(stages, say(section.title)), meaning


def _steps(section: Section, words: ReportWords, link: Link) -> tuple[Picture, str]:
    say, lines = words.say, []
    for line in section.lines:
        values, name = line.values, say(line.name)
        median, p90 = values["median_seconds"], values["p90_seconds"]
        said = say(
            N_("%(line)s: median %(median)s, nine in ten within %(p90)s, complaints %(count)s")
        )
        tip = said % {
            "line": name,
            "median": words.span(median),
            "p90": words.span(p90),
            "count": words.number(values["count"]),
        }
        is_small = values["count"] < FEWEST_FOR_SHARE
        href = link(line, "count") if values["count"] else ""
        lines.append(Length(name, words.span(median), median, p90, tip, href, is_small))
    meaning = say(
        N_(
            "The bar reaches to the median, the line behind it to nine in ten. A hollow bar means "
            "fewer than ten complaints."
        )
    )
    return lengths(lines, say(section.title)), meaning


def _arrivals(section: Section, words: ReportWords, link: Link) -> tuple[Picture, str]:
    say, names = words.say, weekday_names(words.lang)
    fields = [
        [
            Field(
                line.values[column],
                say(N_("%(day)s, %(hour)s: complaints %(count)s"))
                % {
                    "day": names[day],
                    "hour": words.label(line),
                    "count": words.number(line.values[column]),
                },
                link(line, column),
            )
            for day, column in enumerate(WEEKDAYS)
        ]
        for line in section.lines
    ]
    hours = [words.label(line)[:5] for line in section.lines]
    meaning = say(
        N_("Hours as rows, days as columns; the bar in each field is as long as its count is high.")
    )
    return week([name[:3] for name in names], hours, fields, say(section.title)), meaning

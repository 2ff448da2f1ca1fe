"""What speaks for a criterion in sentences: "Bukti yang relevan", for page, file and form alike."""

from collections.abc import Callable, Mapping

from complaints.domain.errors import N_
from complaints.formatting import ENGLISH, say_number, say_percent
from complaints.queries.competence.report import CompetenceReport, Line, Score
from complaints.queries.reports.rows import FEWEST_FOR_SHARE
from complaints.queries.reports.table import Table

#: What a text of the catalogue is in the reader's language.
Say = Callable[[str], str]

#: The questions of the customers' page, as it asks them.
QUESTION_WORDS: Mapping[str, str] = {
    "listening": N_("We listened to you"),
    "courtesy": N_("We were courteous"),
    "cause": N_("We explained the cause"),
    "next_step": N_("You knew what came next"),
    "overall": N_("All in all"),
}
_NOTHING = N_("Tanggap keeps no record of this. Bring other evidence.")
_NONE_YET = N_("No record in this period.")
_MISSING = N_("Not shown yet in complaints this staff member handles: %(count)s")


def label(item: object, lang: str, name: str = "label") -> str:
    """The words of anything that has them in both languages."""
    return str(getattr(item, f"{name}_{'en' if lang == ENGLISH else 'id'}"))


def share_said(line: Line, say: Say, lang: str) -> str:
    """`12 dari 14 (85,7%)`, of fewer than ten without a share; empty of none."""
    counts = line.counts
    whole = counts.proven + counts.unable if counts else 0
    if counts is None or not whole:
        return ""
    said = say(N_("%(some)s of %(whole)s")) % {
        "some": say_number(counts.proven, lang),
        "whole": say_number(whole, lang),
    }
    return f"{said} ({say_percent(counts.share, lang)})" if whole >= FEWEST_FOR_SHARE else said


def score_said(score: Score, most: int, say: Say, lang: str) -> str:
    """`4,5 dari 5 (2 kali dinilai)`; empty of none."""
    if score.mean is None:
        return ""
    mean = f"{score.mean:.2f}".rstrip("0").rstrip(".")
    return say(N_("%(mean)s of %(most)s, from %(count)s")) % {
        "mean": mean if lang == ENGLISH else mean.replace(".", ","),
        "most": most,
        "count": say_number(score.count, lang),
    }


def evidence_said(line: Line, say: Say, lang: str) -> list[str]:
    """Everything that was recorded, a sentence each; or that nothing was, or can be."""
    said = _counted(line, say, lang) + scores_said(line, say, lang)
    if not said:
        can_be = line.counts is not None or line.observed is not None or line.rated is not None
        said.append(say(_NONE_YET if can_be else _NOTHING))
    if line.counts and line.counts.missing and not line.criterion.rests_on:
        said.append(say(_MISSING) % {"count": say_number(line.counts.missing, lang)})
    note = label(line.criterion, lang, "note")
    return [*said, note] if note else said


def scores_said(line: Line, say: Say, lang: str) -> list[str]:
    """How it was observed and rated, where it was."""
    said = []
    if line.observed and line.observed.count:
        score = score_said(line.observed, 4, say, lang)
        said.append(say(N_("Observations: %(score)s")) % {"score": score})
    if line.rated and line.rated.count:
        score = score_said(line.rated, 5, say, lang)
        said.append(say(N_("Customers' ratings: %(score)s")) % {"score": score})
    return said


def _counted(line: Line, say: Say, lang: str) -> list[str]:
    counts, said = line.counts, []
    if counts is None:
        return []
    share = share_said(line, say, lang)
    if share:
        said.append(say(N_("Proven: %(share)s")) % {"share": share})
    if counts.unable:
        unable = say_number(counts.unable, lang)
        said.append(say(N_("Could not be done, with a reason: %(count)s")) % {"count": unable})
    if counts.waiting:
        waiting = say_number(counts.waiting, lang)
        said.append(say(N_("Letter on its way, or answer awaited: %(count)s")) % {"count": waiting})
    if counts.numbers:
        said.append(say(N_("Examples: %(numbers)s")) % {"numbers": ", ".join(counts.numbers)})
    if said and line.criterion.rests_on:
        rests_on = ", ".join(line.criterion.rests_on)
        said.append(say(N_("Counted from criterion %(keys)s")) % {"keys": rests_on})
    return said


COLUMNS = (
    "unit",
    "element",
    "criterion",
    "label",
    "proven",
    "unable",
    "waiting",
    "missing",
    "share",
    "numbers",
    "rests_on",
    "observed",
    "observed_mean",
    "rated",
    "rated_mean",
    "evidence",
)


def competence_table(report: CompetenceReport, say: Say, lang: str) -> Table:
    """Every criterion of the scheme as a row, the figures of the JSON and what they say."""
    rows = []
    for line in report.lines:
        row = line.as_json()
        row |= {
            "label": label(line.criterion, lang),
            "numbers": ", ".join(row["numbers"]),
            "rests_on": ", ".join(row["rests_on"]),
            "evidence": "; ".join(evidence_said(line, say, lang)),
        }
        rows.append(row)
    return Table(COLUMNS, rows, report.rules.home_zone)

"""The proof of competence as a workbook, and on A4 in the layout of FR.APL.02.

K and BK stay empty: whether somebody is competent is ticked by people.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from complaints.documents.typesetting import set_pdf
from complaints.documents.workbooks import Column, Sheet, write_workbook
from complaints.domain.errors import N_
from complaints.formatting import say_date, say_date_short, say_instant
from complaints.queries.competence.report import CompetenceReport
from complaints.queries.competence.words import (
    COLUMNS,
    QUESTION_WORDS,
    Say,
    competence_table,
    evidence_said,
    label,
    score_said,
)

_HEADS: Mapping[str, str] = {
    "unit": N_("Unit"),
    "element": N_("Element"),
    "criterion": N_("Number of the criterion"),
    "label": N_("Performance criterion"),
    "proven": N_("Proven"),
    "unable": N_("Could not be done"),
    "waiting": N_("Letter on its way or answer awaited"),
    "missing": N_("Not shown yet"),
    "share": N_("Share proven"),
    "numbers": N_("Examples"),
    "rests_on": N_("Counted from criterion"),
    "observed": N_("Observations"),
    "observed_mean": N_("Mean of the observations (1 to 4)"),
    "rated": N_("Customers' ratings"),
    "rated_mean": N_("Mean of the ratings (1 to 5)"),
    "evidence": N_("Relevant evidence"),
}
_WIDE = {"label": 60, "evidence": 60, "numbers": 40}
_BOXES_EMPTY = N_(
    "K (competent) and BK (not yet competent) are for the candidate and the "
    "assessor to tick; Tanggap only lists what its records show."
)
DEFINITIONS = (
    N_(
        "Proven counts complaints where the record that proves the criterion was "
        "made by this staff member in the period; what another one recorded counts for them."
    ),
    N_(
        "Not shown yet counts complaints of this report that this staff member "
        "handles now, also those that are not finished; it is no part of a share."
    ),
    N_("Of fewer than ten no percentage is given."),
)


def competence_workbook(report: CompetenceReport, say: Say, lang: str) -> bytes:
    """Every criterion as a row."""
    table = competence_table(report, say, lang)
    columns = [Column(key, say(_HEADS[key]), _WIDE.get(key, 14), key == "share") for key in COLUMNS]
    title = say(N_("Proof of competence"))
    above = [title, report.person.name, days_said(report, say, lang, is_short=True)]
    above += [say(each) for each in DEFINITIONS]
    below = say(N_("Rows: %(count)s")) % {"count": len(table.rows)}
    return write_workbook([Sheet(title, columns, table.rows, above, below)], table.zone)


def competence_pdf(report: CompetenceReport, say: Say, lang: str, at: datetime) -> bytes:
    """The form, all of its units."""
    return set_pdf("competence", competence_data(report, say, lang, at))


def competence_data(report: CompetenceReport, say: Say, lang: str, at: datetime) -> dict[str, Any]:
    """What the form is filled with, in this language."""
    scheme = report.scheme
    head = [
        [say(N_("Scheme")), f"{label(scheme, lang)}\n{scheme.number}"],
        [say(N_("Name of the candidate")), report.person.name],
        [say(N_("Period")), days_said(report, say, lang)],
        [say(N_("Complaints with records")), str(report.complaints)],
        [say(N_("Printed")), say_instant(at, report.rules.home_zone, lang)],
    ]
    head += [
        [say(QUESTION_WORDS[name]), score_said(score, 5, say, lang)]
        for name, score in report.ratings.items()
        if score.count
    ]
    return {
        "lang": lang,
        "organisation": report.rules.organisation.name,
        "branch": "",
        "title": "FR.APL.02 " + say(N_("Self-assessment")),
        "subject": f"{say(N_('Proof of competence'))}: {report.person.name}",
        "page_of": say(N_("Page {page} of {pages}")),
        "footer": f"{report.person.name}, {days_said(report, say, lang, is_short=True)}",
        "head": head,
        "notes": [say(_BOXES_EMPTY), *(say(each) for each in DEFINITIONS), *_withheld(report, say)],
        "columns": [
            say(N_("Element")),
            say(N_("Performance criterion")),
            say(N_("Relevant evidence")),
            "K",
            "BK",
        ],
        "units": _units(report, say, lang),
        "signatures": [
            [say(N_("Name of the candidate")), report.person.name],
            [say(N_("Date and signature of the candidate")), ""],
            [say(N_("Name of the assessor")), ""],
            [say(N_("Recommendation")), say(N_("Assessment may / may not continue"))],
            [say(N_("Date and signature of the assessor")), ""],
        ],
    }


def _units(report: CompetenceReport, say: Say, lang: str) -> list[dict[str, Any]]:
    """Ours first, then the others in their order."""
    scheme, units = report.scheme, []
    ours = scheme.units[scheme.complaints]
    for unit in (ours, *(each for each in scheme.units.values() if each is not ours)):
        lines = {each.criterion.key: each for each in report.of_unit(unit)}
        elements = [
            {
                "title": f"{element.number}. {label(element, lang)}",
                "criteria": [
                    {
                        "text": f"{each.key.partition('-')[2]} {label(each, lang)}",
                        "evidence": "\n".join(evidence_said(lines[each.key], say, lang)),
                    }
                    for each in element.criteria
                ],
            }
            for element in unit.elements
        ]
        units.append({"title": label(unit, lang), "code": unit.code, "elements": elements})
    return units


def _withheld(report: CompetenceReport, say: Say) -> list[str]:
    return [] if report.observations is not None else [say(WITHHELD)]


WITHHELD = N_(
    "Observations are left out here: only the staff member, their supervisors and managers "
    "read them."
)


def days_said(report: CompetenceReport, say: Say, lang: str, *, is_short: bool = False) -> str:
    """The period in words."""
    said = say_date_short if is_short else say_date
    return say(N_("%(from_on)s to %(to_on)s")) % {
        "from_on": said(report.from_on, lang),
        "to_on": said(report.to_on, lang),
    }

"""The figures that a management review looks at, as they stand: those of the reports, and no other.

They are kept with their words in both languages, so that a record reads the same for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.db import begin_snapshot
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import reader_of
from complaints.formatting import ENGLISH, INDONESIAN
from complaints.outbox.mail.letters import translations
from complaints.queries.management_review.actions import actions_of_period
from complaints.queries.management_review.around import read_around
from complaints.queries.management_review.promises import promise_sections
from complaints.queries.reports.figures import deadline_report
from complaints.queries.reports.outcomes.report import outcome_report
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section
from complaints.rulebook import RuleBook

#: The parts of the report on outcomes that are looked at.
PARTS = ("results", "steps", "causes", "satisfaction")
LANGUAGES = (INDONESIAN, ENGLISH)


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """The figures of a branch, or of all of them, for a period, as they stood at `at`."""

    branch_id: int | None
    from_on: date
    to_on: date
    at: datetime
    body: Mapping[str, Any]


def keep_figures(
    session: Session,
    rules: RuleBook,
    branch_id: int | None,
    from_on: date,
    to_on: date,
    *,
    now: datetime,
) -> KeptFigures:
    """Read the reports of a period that is over, as at one moment, whoever asks.

    `session` is one of the reports, which has begun nothing. Raises Invalid for a period that is
    none or is not over yet.
    """
    today = now.astimezone(rules.own_calendar(branch_id).tz).date()
    if to_on >= today:
        raise Invalid(N_("Choose a period that is over."), field="to")
    if not session.in_transaction():
        begin_snapshot(session)
    reader = reader_of(branch_id)
    report = deadline_report(session, reader, from_on, to_on, "category", now=now, rules=rules)
    sections = [*promise_sections(report, of_all=branch_id is None)]
    for part in PARTS:
        sections += outcome_report(
            session, reader, from_on, to_on, part, now=now, rules=rules
        ).sections
    sections.append(read_around(session, rules, branch_id, from_on, to_on))
    actions, has_more = actions_of_period(session, rules, branch_id, from_on, to_on, now=now)
    body = {
        "zones": list(report.zones),
        "deadlines": report.as_json(),
        "sections": [_kept(each) for each in sections],
        "actions": actions,
        "has_more_actions": has_more,
    }
    return KeptFigures(branch_id, from_on, to_on, now.replace(microsecond=0), body)


def kept_sections(body: Mapping[str, Any], lang: str) -> Sequence[Section]:
    """The tables as they were kept, with their words in a language of ours."""
    return [
        Section(
            key=each["key"],
            title=each["title"][lang],
            meaning=each["meaning"][lang],
            first=each["first"][lang],
            columns=[
                Column(
                    column["key"],
                    column["head"][lang],
                    Kind(column["kind"]),
                    of=column.get("of", "count"),
                )
                for column in each["columns"]
            ],
            lines=[_line(line, lang) for line in each["lines"]],
            total=_line(each["total"], lang) if each["total"] else None,
        )
        for each in body["sections"]
    ]


def _line(kept: Mapping[str, Any], lang: str) -> Line:
    words = kept["label"][lang]
    return Line(
        kept["key"],
        kept["values"],
        label_id=words,
        label_en=words,
        sample=kept["sample"],
        samples=kept.get("samples", {}),
    )


def _kept(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": _said(section.title),
        "meaning": _said(section.meaning),
        "first": _said(section.first),
        "columns": [
            {"key": each.key, "head": _said(each.head), "kind": each.kind.value, "of": each.of}
            for each in section.columns
        ],
        "lines": [_kept_line(each, section) for each in section.lines],
        "total": _kept_line(section.total, section) if section.total else None,
    }


def _kept_line(line: Line, section: Section) -> dict[str, Any]:
    values = {column.key: line.values.get(column.key) for column in section.columns}
    if "count" in line.values:
        # A share is said from the count that it is of, which may be no column.
        values["count"] = line.values["count"]
    label = _said(line.name) if line.name else {INDONESIAN: line.label_id, ENGLISH: line.label_en}
    return {
        "key": line.key,
        "label": label,
        "sample": line.sample,
        "samples": dict(line.samples),
        "values": values,
    }


def _said(words: str) -> dict[str, str]:
    return {lang: translations(lang).gettext(words) if words else "" for lang in LANGUAGES}

"""The proof of competence of one person and period, for page, file, form and command alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.config.competence import QUESTIONS, Scheme, Unit, UnitCriterion
from complaints.domain.permissions import Actor
from complaints.models import Rating, User
from complaints.queries.competence.people import person_shown
from complaints.queries.competence.proven import Counts, read_proven
from complaints.queries.competence.scheme import unit_scheme
from complaints.queries.people.observations import ObservationRow, observations_between
from complaints.queries.reports.period import Period, instants_of
from complaints.rulebook import RuleBook, current_rules


@dataclass(frozen=True, slots=True)
class Score:
    """How often something was scored, and the mean of the scores; None of none."""

    count: int = 0
    mean: float | None = None

    @classmethod
    def of(cls, scores: Sequence[int]) -> "Score":
        """The scores as one."""
        return cls(len(scores), round(sum(scores) / len(scores), 2) if scores else None)


@dataclass(frozen=True, slots=True)
class Line:
    """What speaks for one criterion. `counts` is None where no records can.

    `observed` is None where the reader may not read observations, or no standard is about it.
    """

    unit: Unit
    element: int
    criterion: UnitCriterion
    counts: Counts | None
    observed: Score | None
    rated: Score | None

    @property
    def has_records(self) -> bool:
        """Whether anything at all was recorded of it, for this person and period."""
        counts = self.counts
        counted = counts.proven + counts.unable + counts.waiting if counts else 0
        return bool(counted or (self.observed or Score()).count or (self.rated or Score()).count)

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values; what cannot be recorded is None, not nought."""
        counts, observed, rated = self.counts, self.observed, self.rated
        share = counts.share if counts else None
        return {
            "unit": self.unit.id,
            "element": self.element,
            "criterion": self.criterion.key,
            "label": self.criterion.label_id,
            "label_en": self.criterion.label_en,
            "proven": counts.proven if counts else None,
            "unable": counts.unable if counts else None,
            "waiting": counts.waiting if counts else None,
            "missing": counts.missing if counts else None,
            "share": None if share is None else round(share, 4),
            "numbers": list(counts.numbers) if counts else [],
            "rests_on": list(self.criterion.rests_on),
            "observed": observed.count if observed else None,
            "observed_mean": observed.mean if observed else None,
            "rated": rated.count if rated else None,
            "rated_mean": rated.mean if rated else None,
        }


@dataclass(frozen=True, slots=True)
class CompetenceReport:
    """What the records of a period say of a person; `ratings` by question of the customers' page.

    `observations` is how many there are, None where the reader may not read them.
    """

    person: User
    from_on: date
    to_on: date
    complaints: int
    lines: Sequence[Line]
    ratings: Mapping[str, Score]
    observations: int | None
    rules: RuleBook
    scheme: Scheme

    def of_unit(self, unit: Unit) -> list[Line]:
        """The lines of one unit."""
        return [each for each in self.lines if each.unit is unit]

    def as_json(self) -> dict[str, Any]:
        """The report as the command prints it."""
        return {
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "handler": self.person.email,
            "name": self.person.name,
            "complaints": self.complaints,
            "observations": self.observations,
            "ratings": {
                name: {"count": each.count, "mean": each.mean}
                for name, each in self.ratings.items()
            },
            "units": [
                {
                    "unit": unit.id,
                    "code": unit.code,
                    "label": unit.label_id,
                    "label_en": unit.label_en,
                    "criteria": [each.as_json() for each in self.of_unit(unit)],
                }
                for unit in self.scheme.units.values()
            ],
        }


def competence_report(
    session: Session,
    actor: Actor,
    email: str,
    from_on: date,
    to_on: date,
    rules: RuleBook | None = None,
) -> CompetenceReport:
    """What speaks for a person's competence in a period of whole days.

    Raises NotFound, Forbidden, and Invalid for a period that is none or holds too much.
    """
    book = rules or current_rules(session)
    person, may_read_observed = person_shown(session, actor, email)
    period = Period.of(from_on, to_on, book)
    proven = read_proven(session, actor, person.id, period, book)
    since, until = _span(person, from_on, to_on, book)
    observed = (
        observations_between(session, book, person.id, since, until) if may_read_observed else None
    )
    ratings = _ratings(session, person.id, since, until)
    scheme = unit_scheme()
    lines = [
        Line(
            unit,
            element.number,
            each,
            _counts(each, proven.counts),
            _observed(each, observed, book),
            ratings[each.rating] if each.rating else None,
        )
        for unit in scheme.units.values()
        for element in unit.elements
        for each in element.criteria
    ]
    return CompetenceReport(
        person,
        from_on,
        to_on,
        proven.complaints,
        lines,
        ratings,
        None if observed is None else len(observed),
        book,
        scheme,
    )


def _counts(criterion: UnitCriterion, counts: Mapping[str, Counts]) -> Counts | None:
    """The person's own counts of the criterion, or of the one that it rests on."""
    for key in (criterion.key, *criterion.rests_on):
        if key in counts:
            return counts[key]
    return None


def _observed(
    criterion: UnitCriterion, rows: Iterable[ObservationRow] | None, rules: RuleBook
) -> Score | None:
    """The scores of the standards that give evidence for the criterion."""
    standards = {each.id for each in rules.scripts.standards if criterion.key in each.criteria}
    if rows is None or not standards:
        return None
    return Score.of([each.score for each in rows if each.standard in standards])


def _ratings(
    session: Session, person_id: int, since: datetime, until: datetime
) -> dict[str, Score]:
    """What customers answered of complaints that the person handled then; one query."""
    columns = [getattr(Rating, name) for name in QUESTIONS]
    query = select(
        *(func.count(each).label(f"{each.key}_count") for each in columns),
        *(func.sum(each).label(f"{each.key}_sum") for each in columns),
    ).where(Rating.handler_id == person_id, Rating.at >= since, Rating.at < until)
    row = session.execute(query).one()._mapping
    found = {}
    for name in QUESTIONS:
        count = row[f"{name}_count"]
        mean = round(float(row[f"{name}_sum"]) / count, 2) if count else None
        found[name] = Score(count, mean)
    return found


def _span(person: User, from_on: date, to_on: date, rules: RuleBook) -> tuple[datetime, datetime]:
    """The days of the period in the zone of the person's branch, or of the organisation."""
    branch = person.branch_id
    tz = rules.calendar_of(branch).value.tz if branch else rules.home_zone
    return instants_of(from_on, to_on, tz)

"""What the organisation's own closed complaints teach about categories, learned once a day.

The learning is done by a process of its own, which the worker starts and ends: scikit-learn is
large, and a worker that has loaded it would never be small again.
"""

import json
import zlib
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import Status
from complaints.domain.suggestions.anonymous import without_persons
from complaints.domain.suggestions.features import READ
from complaints.models import Complaint, SuggestionModel
from complaints.queries.suggestions import basis_of, codes_in_use
from complaints.rulebook import RuleBook, current_rules
from complaints.rules.load import newest_version
from complaints.worker.learning_apart import learn_apart
from complaints.worker.sweeps import JobResult, WorkerContext, reading

#: With fewer closed complaints there is more to lose than to learn.
LEAST_COMPLAINTS = 200
#: So many are learned from, the newest, and so many of one category.
MOST_COMPLAINTS, MOST_OF_ONE = 6_000, 300
#: So many are read at a time, and looked at altogether.
AT_A_TIME, MOST_READ = 1_000, 30_000
AGAIN_AFTER = timedelta(days=1)
#: So many models are kept, for whoever asks why something was proposed.
KEPT = 3


def learn_categories(context: WorkerContext, at: datetime) -> JobResult:
    """Learn anew where categories or phrases changed, and once a day."""
    with reading(context.sessions) as session:
        rules = current_rules(session)
        basis = basis_of(rules)
        if not rules.synonyms.is_proposing or not is_due(session, basis, at):
            return JobResult()
        lessons = read_lessons(session, rules)
        phrases = newest_version(session, "synonyms", "synonyms")
        assert phrases is not None
        synonyms = dict(phrases.body)
    if len(lessons) < LEAST_COMPLAINTS:
        return JobResult()
    told = json.dumps({"synonyms": synonyms, "lessons": lessons})
    learned = _learn(context, told)
    if learned is None:
        return JobResult()
    with context.sessions.begin() as session:
        store_model(session, basis, learned, lessons=len(lessons), at=at)
    return JobResult(handled=len(lessons))


def is_due(session: Session, basis: str, at: datetime) -> bool:
    """Whether nothing was learned by these categories and phrases within a day."""
    query = select(func.max(SuggestionModel.made_at)).where(SuggestionModel.basis == basis)
    made_at = session.scalar(query)
    return made_at is None or not made_at <= at < made_at + AGAIN_AFTER


def read_lessons(session: Session, rules: RuleBook) -> list[tuple[str, str, int]]:
    """Story, category and customer of closed complaints, the newest first, without persons."""
    found: list[tuple[str, str, int]] = []
    of_one: Counter[str] = Counter()
    in_use, below = codes_in_use(rules), 2**31 - 1
    for _ in range(MOST_READ // AT_A_TIME):
        rows = session.execute(
            select(
                Complaint.id,
                func.substr(Complaint.story, 1, READ).label("story"),
                Complaint.category,
                Complaint.customer_id,
                Complaint.contact_name,
                Complaint.status,
                Complaint.duplicate_of_id,
                Complaint.contact_id,
            )
            .where(Complaint.id < below)
            .order_by(Complaint.id.desc())
            .limit(AT_A_TIME)
        ).all()
        for row in rows:
            goes_on = row.duplicate_of_id is not None or row.contact_id is not None
            is_lesson = row.status == Status.CLOSED and not goes_on
            if not is_lesson or row.category not in in_use or of_one[row.category] >= MOST_OF_ONE:
                continue
            of_one[row.category] += 1
            told = without_persons(row.story, row.contact_name)
            found.append((told, row.category, row.customer_id))
            if len(found) >= MOST_COMPLAINTS:
                return found
        if len(rows) < AT_A_TIME:
            return found
        below = rows[-1].id
    return found


def store_model(
    session: Session, basis: str, learned: dict[str, Any], *, lessons: int, at: datetime
) -> SuggestionModel:
    """Keep what was learned; it is used unless the phrases alone did better in the trial."""
    model = SuggestionModel(
        basis=basis,
        made_at=at,
        lessons=lessons,
        tried=learned["tried"],
        share_right=learned["share_right"],
        share_before=learned["share_before"],
        is_used=learned["share_right"] >= learned["share_before"],
        body=zlib.compress(json.dumps(learned["model"]).encode()),
    )
    session.add(model)
    session.flush()
    newest = select(SuggestionModel.id).order_by(SuggestionModel.id.desc()).limit(KEPT)
    kept = session.scalars(newest).all()
    session.execute(delete(SuggestionModel).where(SuggestionModel.id.not_in(kept)))
    return model


def _learn(context: WorkerContext, told: str) -> dict[str, Any] | None:
    """Let a process of its own learn; None when it failed, took too long or is not wanted now."""
    return learn_apart(context, "complaints.learning", told)

"""The worker learns from closed complaints in a process of its own; pages only multiply."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import sessionmaker

from complaints.domain.suggestions import Synonyms
from complaints.domain.suggestions.learned import Model
from complaints.models import SuggestionModel
from complaints.queries.suggestions import basis_of, learned_model, suggest_categories
from complaints.rulebook import current_rules
from complaints.worker import learning
from complaints.worker.learning import is_due, learn_categories, read_lessons, store_model
from complaints.worker.sweeps import WorkerContext
from tests.conftest import NOW
from tests.steps.other_contacts import test_other_contacts as contacts

#: No phrase of the organisation has a word of this.
STORY = "Kotak pos digital kami sering menolak kiriman dari Rahmawati, telp 081234567890"


FEW_WORDS = {
    "words": [
        {"of": "GGN_MATI", "phrases_id": ["internet mati", "lampu merah"]},
        {"of": "TAG_NAIK", "phrases_id": ["tagihan naik"]},
    ]
}
REAL_PROCESS = learning._learn


def learn_here(context, told):
    """The same without a process of its own."""
    from complaints.learning import trial
    from complaints.learning.train import Lesson

    given = json.loads(told)
    lessons = [Lesson(text, code, str(who)) for text, code, who in given["lessons"]]
    return trial.learn(Synonyms.from_dict(given["synonyms"]), lessons)


def learn(office, context, at=NOW):
    """Learn while nobody holds a transaction."""
    office.session.commit()
    return learn_categories(context, at).handled


@pytest.fixture
def context(office):
    return WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=None,  # type: ignore[arg-type]
        transport=None,  # type: ignore[arg-type]
    )


@pytest.fixture
def closed(office, monkeypatch):
    """Three complaints of different customers, closed under a category that no phrase suggests."""
    monkeypatch.setattr(learning, "LEAST_COMPLAINTS", 3)
    monkeypatch.setattr(learning, "newest_version", lambda *asked: SimpleNamespace(body=FEW_WORDS))
    monkeypatch.setattr(learning, "_learn", learn_here)
    numbers = [
        office.receive(
            story=STORY,
            category="DIG_INFO",
            who={"name": f"Wahyudi {n}", "phone": f"0812 3456 78{n}0", "email": ""},
        )
        for n in range(3)
    ]
    for number in numbers:
        office.complaint(number).status = "closed"
    office.session.commit()
    return numbers


def test_what_was_closed_is_proposed_with_the_words_that_spoke_for_it(office, context, closed):
    rules = current_rules(office.session)
    before = suggest_categories(office.session, rules, STORY)
    assert "DIG_INFO" not in [each.code for each in before[:1]]
    assert learn(office, context) == 3
    found = suggest_categories(office.session, rules, STORY)
    assert found[0].code == "DIG_INFO"
    assert set(found[0].because) & {"kotak", "pos", "digital", "kiriman", "menolak"}
    # Once a day is enough.
    assert learn(office, context, NOW + timedelta(hours=1)) == 0
    assert learn(office, context, NOW + timedelta(days=2)) == 3


@pytest.mark.sqlite_is_enough
def test_the_process_that_learns_answers_the_same(context):
    told = json.dumps(
        {"synonyms": FEW_WORDS, "lessons": [(STORY, "DIG_INFO", n) for n in range(5)]}
    )
    learned = REAL_PROCESS(context, told)
    assert learned == learn_here(context, told)
    assert learned["tried"] == 1
    assert REAL_PROCESS(context, "no lesson at all") is None


def test_nothing_that_is_kept_tells_of_a_person(office, context, closed):
    learn(office, context)
    (row,) = office.session.query(SuggestionModel).all()
    terms = " ".join(json.loads(zlib.decompress(row.body))["terms"])
    assert "kiriman" in terms
    for person in ("wahyudi", "rahmawati", "0812", "8123", "hyud"):
        assert person not in terms


def test_what_too_few_customers_told_is_not_kept(office, context, closed):
    for number in closed:
        office.complaint(number).customer_id = office.complaint(closed[0]).customer_id
    office.session.commit()
    learn(office, context)
    (row,) = office.session.query(SuggestionModel).all()
    assert "kiriman" not in json.loads(zlib.decompress(row.body))["terms"]


def test_a_model_of_other_categories_is_not_used(office, context, closed):
    learn(office, context)
    rules = current_rules(office.session)
    assert learned_model(office.session, rules) is not None
    office.session.query(SuggestionModel).update({"basis": "of other phrases"})
    assert learned_model(office.session, rules) is None
    assert is_due(office.session, basis_of(rules), NOW)


def test_a_model_that_did_worse_in_its_trial_is_kept_and_not_used(office, session):
    rules = current_rules(session)
    learned = {"model": {"form": 1}, "tried": 40, "share_right": 700, "share_before": 800}
    store_model(session, basis_of(rules), learned, lessons=200, at=NOW)
    session.commit()
    assert learned_model(session, rules) is None


def test_an_organisation_that_wants_no_proposals_gets_none(office, context, closed, monkeypatch):
    rules = current_rules(office.session)
    off = rules.synonyms.__class__.from_dict({"propose": False, "words": []})
    monkeypatch.setattr(rules, "synonyms", off)
    assert suggest_categories(office.session, rules, "internet mati total") == []
    monkeypatch.setattr(learning, "current_rules", lambda session: rules)
    assert learn(office, context) == 0


def test_open_complaints_and_duplicates_teach_nothing(office, closed):
    office.complaint(closed[0]).status = "registered"
    office.complaint(closed[1]).duplicate_of_id = office.complaint(closed[2]).id
    office.session.commit()
    rules = current_rules(office.session)
    (lesson,) = read_lessons(office.session, rules)
    assert lesson[1] == "DIG_INFO"
    assert "Wahyudi" not in lesson[0]


def test_what_was_no_complaint_teaches_nothing(office, closed):
    question = contacts.take(office)
    office.complaint(closed[2]).contact_id = contacts.contact(office, question).id
    office.session.commit()
    lessons = read_lessons(office.session, current_rules(office.session))
    assert len(lessons) == len(closed) - 1


def test_a_process_that_answers_pages_never_loads_what_learns():
    code = (
        "import sys, complaints.app, complaints.worker.schedule, complaints.cli\n"
        "assert not {'sklearn', 'numpy', 'scipy'} & set(sys.modules), 'loaded'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_model_of_another_form_is_refused():
    with pytest.raises(ValueError, match="form"):
        Model.from_dict({"form": 2})

"""Observing the standards of service: who may, who reads it, and that nothing is ever changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from complaints.domain.errors import Forbidden, Invalid, Stale
from complaints.models import Notice, Observation
from complaints.people.observations import ObservationGiven, record_observation
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.people.observations import (
    list_observations,
    observations_between,
    people_observed,
    person_observed,
)
from tests.conftest import NOW
from tests.office import Office

TODAY = date(2026, 11, 19)
SAW = "Menyapa pelanggan, lalu memotong ceritanya dua kali. Sepakat berlatih menyimak."


def observe(office: Office, name: str = "csr", by: str = "supervisor", **more) -> Observation:
    given = {"standard": "std2-menyimak", "score": 2, "words": SAW, **more}
    row = record_observation(
        office.session,
        office.id_of(name),
        ObservationGiven(**given),
        by=office.actor(by),
        at=NOW,
        today=TODAY,
    )
    office.session.commit()
    return row


@pytest.mark.both_databases
def test_what_was_observed_stands_with_score_words_and_follow_up(office):
    number = office.receive()
    office.session.commit()
    observe(office, number=number, follow_up_on=TODAY + timedelta(days=7))
    (row,) = list_observations(office.session, office.rules, office.id_of("csr"))
    assert (row.standard, row.score, row.words) == ("std2-menyimak", 2, SAW)
    assert (row.number, row.by) == (number, "Supervisor")
    assert row.follow_up_on == date(2026, 11, 26)
    (told,) = [each for each in office.session.query(Notice) if each.kind == "observed"]
    assert told.user_id == office.id_of("csr")
    # What was seen is no matter for an e-mail.
    assert SAW not in str(told.facts)


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("csr", "csr"),
        ("csr", "officer"),
        ("csr", "admin"),
        ("csr", "auditor"),
        ("csr2", "supervisor"),
        ("supervisor", "supervisor"),
        ("manager", "supervisor"),
    ],
)
def test_only_supervisors_of_the_branch_and_managers_observe(office, name, by):
    with pytest.raises(Forbidden):
        observe(office, name, by)
    with pytest.raises(Forbidden):
        person_observed(office.session, office.actor(by), office.id_of(name))


def test_a_manager_observes_in_every_branch(office):
    observe(office, "csr2", "manager")
    people = people_observed(office.session, office.actor("manager"), today=TODAY)
    assert {each.name: each.count for each in people}["Csr2"] == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("standard", {"standard": "std9"}),
        ("score", {"score": 5}),
        ("score", {"score": None}),
        ("words", {"words": "ok"}),
        ("words", {"words": "a b " * 600}),
        ("follow_up_on", {"follow_up_on": TODAY - timedelta(days=1)}),
        ("follow_up_on", {"follow_up_on": TODAY + timedelta(days=800)}),
        ("number", {"number": "KLH-2026-999999"}),
        ("corrects", {"corrects": 77}),
    ],
)
def test_what_cannot_be_recorded_names_its_field(office, field, wrong):
    with pytest.raises(Invalid) as refused:
        observe(office, **wrong)
    assert refused.value.field == field


@pytest.mark.both_databases
def test_a_correction_is_added_and_the_first_one_stays(office):
    first = observe(office)
    second = observe(office, score=3, words="Ternyata hanya sekali memotong.", corrects=first.id)
    rows = list_observations(office.session, office.rules, office.id_of("csr"))
    assert [(each.id, each.corrected_by) for each in rows] == [
        (second.id, None),
        (first.id, second.id),
    ]
    # As evidence of competence only what stands counts.
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=1)
    stand = observations_between(office.session, office.rules, office.id_of("csr"), since, until)
    assert [each.id for each in stand] == [second.id]
    with pytest.raises(Stale, match="already corrected") as refused:
        observe(office, by="manager", corrects=first.id)
    assert refused.value.params["name"] == "Supervisor"
    other = observe(office, "officer")
    with pytest.raises(Invalid):
        observe(office, corrects=other.id)


@pytest.mark.both_databases
def test_it_is_sealed_and_a_change_in_the_database_is_found(office):
    row = observe(office)
    assert verify_history(office.session)["bad"] == []
    office.session.execute(text("UPDATE observations SET score = 4 WHERE id = :id"), {"id": row.id})
    office.session.commit()
    (fault,) = verify_history(office.session)["bad"]
    assert (fault["table"], list(fault["fields"])) == ("observations", ["score"])


def test_every_standard_says_which_criteria_it_is_evidence_for(office):
    standards = office.rules.scripts.standards
    assert len(standards) == 7
    assert all(each.criteria for each in standards)

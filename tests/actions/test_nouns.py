"""The table of nouns, and how bodies are read from JSON values and from texts of a form alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaints.actions.nouns import NOUNS, find_noun
from complaints.actions.reading import BodyErrors
from complaints.actions.recording import moment_of, parse_body
from complaints.domain.errors import NotFound
from complaints.domain.evidence import CRITERIA
from complaints.domain.lifecycle import NEXT, PERMISSION_FOR, Action
from complaints.domain.permissions import Actor, Role

NOW = datetime(2026, 11, 19, 2, 15, tzinfo=UTC)


def test_every_criterion_is_proven_by_a_noun():
    assert {criterion.noun for criterion in CRITERIA.values()} <= set(NOUNS)


def test_every_act_of_people_stands_behind_a_noun():
    not_on_one_complaint = {Action.RECEIVE, Action.WARN, Action.BREACH, Action.RECOUNT}
    behind = {action for noun in NOUNS.values() for action in noun.actions}
    assert behind == set(NEXT) - not_on_one_complaint


def test_an_unknown_noun_is_not_found():
    with pytest.raises(NotFound, match="sihir"):
        find_noun("sihir")


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_says_what_it_is(noun: str):
    assert NOUNS[noun].summary


@pytest.mark.parametrize("role", Role)
def test_a_noun_is_shown_to_whoever_may_take_part_of_it(role: Role):
    person = Actor(id=1, name="Sri", role=role)
    for noun in NOUNS.values():
        may = any(person.has(PERMISSION_FOR[action]) for action in noun.actions)
        assert noun.may_be_taken_by(person) is may


def test_texts_of_a_form_are_read_like_json():
    form = {"listened": "on", "method": "", "at": "2026-11-19T09:15:00+07:00", "version": "3"}
    body = parse_body("attestation", form)
    assert body == parse_body("attestation", {"listened": True, "at": NOW, "version": 3})
    assert body.at == NOW


def test_an_offer_from_a_form():
    body = parse_body("offer", {"remedy": " MAAF ", "description": "x", "amount": "150000"})
    assert (body.remedy, body.amount) == ("MAAF", 150_000)


def test_instants_are_kept_in_utc_and_whole_seconds():
    body = parse_body("note", {"text": "x", "at": "2026-11-19T09:15:00.987+07:00"})
    assert body.at == NOW
    assert body.at.tzinfo is UTC
    assert moment_of(body, NOW) == NOW
    assert moment_of(parse_body("note", {"text": "x"}), NOW) == NOW


def test_the_future_is_refused_to_the_second():
    body = parse_body("note", {"text": "x", "at": NOW + timedelta(seconds=1)})
    with pytest.raises(BodyErrors) as refusal:
        moment_of(body, NOW)
    assert refusal.value.field == "at"


def test_a_refusal_of_one_field_is_its_own_sentence():
    with pytest.raises(BodyErrors) as refusal:
        parse_body("note", {})
    assert str(refusal.value) == "This field is required."
    assert [field for field, _ in refusal.value.errors] == ["text"]


def test_a_refusal_never_repeats_what_was_sent():
    with pytest.raises(BodyErrors) as refusal:
        parse_body("message", {"text": 7, "direction": "rahasia", "method": "rahasia"})
    assert len(refusal.value.errors) == 3
    sentences = " ".join(str(error) for _, error in refusal.value.errors)
    assert "rahasia" not in sentences


def test_many_mistakes_are_cut_to_twenty():
    with pytest.raises(BodyErrors) as refusal:
        parse_body("note", {f"x{number}": 1 for number in range(100)})
    assert len(refusal.value.errors) == 20

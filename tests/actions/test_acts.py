"""The table of acts, and how bodies are read from JSON values and from texts of a form alike."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from complaints.actions.act import Act
from complaints.actions.reading import BodyErrors
from complaints.actions.recording import moment_of, parse_body
from complaints.actions.registry import ACTS, HISTORY, act_proving, find_act
from complaints.domain.errors import NotFound
from complaints.domain.evidence import CRITERIA
from complaints.domain.lifecycle import NEXT, PERMISSION_FOR, Action
from complaints.domain.permissions import Actor, Role
from complaints.domain.words.script_keys import ScriptKey
from complaints.web.intake.script_card import CARD

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 19, 2, 15, tzinfo=UTC)


def test_every_criterion_is_proven_by_the_act_that_its_record_is_named_after():
    proving = {criterion: act_proving(criterion)[0].noun for criterion in CRITERIA}
    assert proving == {key: criterion.noun for key, criterion in CRITERIA.items()}


def test_every_act_of_people_stands_behind_one_noun():
    by_itself = {
        Action.ASK_REMINDER,
        Action.WARN,
        Action.BREACH,
        Action.ACKNOWLEDGEMENT_EXPIRED,
        Action.MISS_DELIVERY,
        # What the merging of another complaint leaves on this one.
        Action.ADOPT,
        # Files come beside an act, not in its body.
        Action.ATTACH,
        # What customers do on their own page.
        Action.CONTINUE,
        Action.FOLLOW_UP,
        Action.RATE,
        Action.CONSENT,
        Action.OBJECT,
        Action.SEND_LINK,
        Action.DECLINE_SURVEYS,
        # The system asks by itself, and says where it does not.
        Action.NOT_ASKED,
    }
    of_incidents = {Action.JOIN_INCIDENT, Action.LEAVE_INCIDENT, Action.TELL_INCIDENT}
    not_on_one_complaint = {Action.RECEIVE, Action.RECALCULATE, *by_itself, *of_incidents}
    behind = [action for act in ACTS.values() for action in act.actions]
    assert set(behind) == set(NEXT) - not_on_one_complaint
    assert len(behind) == len(set(behind))


def test_the_history_has_words_for_everything_that_can_happen():
    # An entry of the history is sealed: one written under an earlier name is read by it for ever.
    assert set(HISTORY) == {action.value for action in Action} | {"recount"}
    assert HISTORY["recount"] == HISTORY[Action.RECALCULATE]


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_an_act_is_whole(act: Act[Any]):
    """It has a form, its stages are those of its body, its scripts are the organisation's."""
    form = act.noun.replace("/", "_").replace("-", "_")
    assert (ROOT / "templates" / "complaint" / "forms" / f"{form}.html").is_file()
    stage = act.body.model_fields.get("stage")
    assert act.stages == (get_args(stage.annotation) if stage else ())
    scripts = tomllib.loads((ROOT / "config" / "scripts.toml").read_text(encoding="utf-8"))
    known = {script["key"] for script in scripts["script"]}
    for face in act.faces.values():
        assert all((face.title, face.button, face.icon))
        assert set(face.scripts) <= known
    assert not act.proposes_script or "text" in act.body.model_fields
    for sentence in act.details.values():
        assert sentence % {"words": "x"} != sentence


def test_an_unknown_noun_is_not_found():
    with pytest.raises(NotFound, match="sihir"):
        find_act("sihir")


@pytest.mark.parametrize("role", Role)
def test_a_noun_is_shown_to_whoever_may_take_part_of_it(role: Role):
    person = Actor(id=1, name="Sri", role=role)
    for act in ACTS.values():
        may = any(person.has(PERMISSION_FOR[action]) for action in act.actions)
        assert act.may_be_taken_by(person) is may


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


def test_every_script_of_the_product_is_proposed_somewhere():
    by_acts = {key for act in ACTS.values() for face in act.faces.values() for key in face.scripts}
    on_the_card = {key for _, keys in CARD for key in keys}
    assert by_acts | on_the_card == set(ScriptKey)

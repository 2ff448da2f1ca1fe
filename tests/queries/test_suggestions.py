"""What is proposed for a story comes from the categories in use, by the words loaded last."""

from __future__ import annotations

import copy

import pytest

from complaints.domain.errors import Invalid
from complaints.queries.suggestions import suggest_categories
from complaints.rulebook import current_rules
from complaints.rules.config_files import read_config
from complaints.rules.load import load_rules
from tests.conftest import ROOT

STORY = "Internet di rumah saya mati sejak Senin, lampu modem merah."


@pytest.fixture
def files():
    return copy.deepcopy(read_config(ROOT / "config"))


@pytest.fixture
def rules(session):
    return current_rules(session)


def test_a_story_gets_at_most_three_categories_with_their_reasons(session, rules):
    found = suggest_categories(session, rules, STORY)
    assert found[0].code == "GGN_MATI"
    assert found[0].because == ("lampu … merah", "Internet … mati")
    assert len(found) <= 3
    assert len(suggest_categories(session, rules, STORY, limit=1)) == 1


def test_what_is_no_complaint_and_what_is_retired_is_not_proposed(session, files, now):
    changed = copy.deepcopy(files)
    for group in changed["taxonomy"]["taxonomy"]["category_group"]:
        for each in group["items"]:
            each["retired"] = each["id"] == "GGN_MATI"
    load_rules(session, changed, by="test", at=now)
    rules = current_rules(session)
    assert "GGN_MATI" not in [each.code for each in suggest_categories(session, rules, STORY)]
    assert suggest_categories(session, rules, "mantap, terima kasih, satset dan ramah") == []
    praised = suggest_categories(session, rules, "saya mau memuji petugas, terima kasih")
    assert "PUJIAN" not in [each.code for each in praised]


def test_new_words_hold_from_the_next_load_on(session, files, now):
    changed = copy.deepcopy(files)
    words = changed["synonyms"]["synonyms"]["words"]
    next(each for each in words if each["of"] == "GGN_MATI")["phrases_id"].append("byar pet")
    assert load_rules(session, changed, by="test", at=now) == 1
    found = suggest_categories(session, current_rules(session), "byar pet terus dari pagi")
    assert [(each.code, each.because) for each in found][:1] == [("GGN_MATI", ("byar pet",))]


def test_words_of_a_category_that_there_is_not_are_refused(session, files, now):
    changed = copy.deepcopy(files)
    changed["synonyms"]["synonyms"]["words"].append({"of": "GGN_HILANG", "phrases_id": ["raib"]})
    with pytest.raises(Invalid, match="there is no category GGN_HILANG"):
        load_rules(session, changed, by="test", at=now)

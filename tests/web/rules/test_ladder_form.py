"""The ladder's form: what is shown is written back, and what is wrong is said beside its field."""

from dataclasses import replace

import pytest

from complaints.domain.escalation import Ladder
from complaints.rules.config_files import read_config
from complaints.web.rules.ladder_form import LadderForm, RungForm
from tests.conftest import ROOT

LADDERS = read_config(ROOT / "config")["ladder"]
RUNG = {"amount": "2", "unit": "working_hour", "when": "after", "target": "manager", "level": "1"}


def rung(index: int, **changed: str) -> dict[str, str]:
    return {f"{name}_{index}": value for name, value in {**RUNG, **changed}.items()}


def typed(*rungs: dict[str, str], **more: str) -> LadderForm:
    times = {"expires_after": "4", "remind_every": "1"}
    fields = {name: value for each in rungs for name, value in each.items()}
    return LadderForm.typed({**times, **fields, **more}, LadderForm.of({}))


@pytest.mark.parametrize("code", LADDERS)
def test_a_ladder_of_the_files_means_the_same_when_it_is_written_back(code):
    body = LADDERS[code]
    form = LadderForm.of(body)
    assert form.errors() == []
    written = form.as_body(body)
    assert Ladder.from_dict(written) == Ladder.from_dict(body)
    assert written["label_id"] == body["label_id"]
    assert [each["label_id"] for each in written["rung"]] == [
        each["label_id"] for each in body["rung"]
    ]


def test_rungs_without_a_name_are_told_apart():
    form = typed(rung(0), rung(1))
    assert [each["key"] for each in form.as_body({})["rung"]] == [
        "after-2-manager",
        "after-2-manager-b",
    ]


def test_what_is_taken_away_is_gone_and_an_error_behind_it_is_said_where_it_is_shown():
    form = typed(rung(0, gone="1"), rung(1), rung(2, amount="dua"))
    assert [(each.index, each.amount) for each in form.rungs] == [(0, "2"), (1, "dua")]
    assert [name for name, _ in form.errors()] == ["amount_1"]


def test_an_empty_row_for_a_new_rung_is_none():
    assert typed(rung(0), rung(1, amount="", new="1")).errors() == []
    assert len(typed(rung(0), rung(1, amount="", new="1")).rungs) == 1


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"unit": "percent", "amount": "101"}, ["amount_0"]),
        ({"unit": "percent", "amount": "100"}, []),
        ({"when": "before", "unit": "working_day"}, ["unit_0"]),
        ({"when": "before", "unit": "hour", "repeat_every": "0"}, []),
        ({"repeat_every": "1"}, ["repeat_every_0"]),
        ({"repeat_every": "0", "repeat_max": "3"}, ["repeat_every_0"]),
        ({"repeat_every": "1", "repeat_max": "51"}, ["repeat_every_0"]),
        ({"repeat_every": "1", "repeat_max": "50"}, []),
    ],
)
def test_what_is_wrong_with_a_rung_is_said_beside_its_field(changed, wrong):
    assert [name for name, _ in typed(rung(0, **changed)).errors()] == wrong


def test_the_times_of_the_whole_ladder_are_numbers_of_one_or_more():
    form = typed(rung(0), expires_after="0", remind_every="x")
    assert [name for name, _ in form.errors()] == ["expires_after", "remind_every"]
    assert form.top_reminder.amount == "x"


def test_before_the_deadline_nothing_is_an_escalation_and_nothing_repeats():
    (form,) = typed(rung(0, when="before", unit="hour", repeat_every="1", repeat_max="2")).rungs
    assert isinstance(form, RungForm)
    assert form.as_rung({})["level"] == 0
    assert "repeat_every" not in form.as_rung({"repeat_every": 9})
    assert replace(form, when="after").as_rung({})["level"] == 1

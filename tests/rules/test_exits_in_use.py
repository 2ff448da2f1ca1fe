"""A reason of `exits.toml` that records use is not taken out; a retired one is chosen no more."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from complaints.actions.recording import record_given
from complaints.commands.doctor import _codes
from complaints.domain.config.exits import ExitBook
from complaints.domain.errors import Invalid
from complaints.models import RuleVersion
from complaints.rules.config_files import read_config
from tests.conftest import NOW, ROOT
from tests.office import Office
from tests.rules.test_codes_in_use import OLD, Files, load
from tests.web.conftest import Wall, at_desk, wall

pytestmark = pytest.mark.both_databases

__all__ = ["at_desk", "wall"]

#: List in the file → what is sent with an item of it.
CHOOSING: dict[str, tuple[str, dict[str, Any]]] = {
    "reason": (
        "apology",
        {
            "stage": "intake",
            "unable": {"code": OLD, "reason": "Pelanggan terburu-buru mengejar kereta terakhir"},
        },
    ),
    "pause": (
        "pause",
        {
            "awaits": OLD,
            "reason": "Menunggu salinan perjanjian",
            "until": (NOW + timedelta(days=1)).isoformat(),
        },
    ),
}
KINDS = list(CHOOSING)


@pytest.fixture
def files() -> Files:
    return deepcopy(read_config(ROOT / "config"))


def add(files: Files, kind: str) -> dict[str, Any]:
    """Another item of the list, whose words no sentence uses."""
    items = files["exits"]["exits"][kind]
    item = {**items[0], "id": OLD, "label_id": "Hal lama", "label_en": "Old matter", "words": []}
    if kind == "reason":
        item["criteria"] = ["020-1.3"]
    items.append(item)
    return item


def choose(office: Office, kind: str) -> str:
    """A complaint on which the item was chosen; its number."""
    number = office.receive()
    noun, body = CHOOSING[kind]
    now = NOW + timedelta(hours=1)
    record_given(office.session, number, noun, body, by=office.actor("csr"), now=now)
    office.session.commit()
    return number


@pytest.mark.parametrize("kind", KINDS)
def test_what_records_use_is_not_taken_out(office: Office, files: Files, kind: str):
    without = deepcopy(files)
    add(files, kind)
    load(office, files)
    # Nobody has chosen it yet.
    load(office, without)
    load(office, files)
    choose(office, kind)
    versions = office.count(RuleVersion)
    with pytest.raises(Invalid, match=rf"exits\.toml .*: {kind} {OLD} \(1\)\..*retired = true"):
        load(office, without)
    assert office.count(RuleVersion) == versions


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_retired_is_chosen_no_more_and_still_has_its_words(
    office: Office, files: Files, wall: Wall, at_desk, kind: str
):
    item = add(files, kind)
    load(office, files)
    number, other = choose(office, kind), office.receive()
    item["retired"] = True
    load(office, files)
    with pytest.raises(Invalid, match="Choose"):
        choose(office, kind)
    office.session.rollback()
    (found,) = _codes(office.session)
    assert f"no longer offered and still in use: {kind} {OLD} (1)" in found.what
    wall.at = NOW + timedelta(hours=2)
    desk = at_desk("csr")
    assert "Hal lama" in desk.get(f"/complaints/{number}?view=conversation").text
    assert "Hal lama" not in desk.get(f"/complaints/{other}/{CHOOSING[kind][0]}").text
    codes = desk.client.get("/api/v1/codes", headers={"Authorization": "Bearer token of csr"})
    name = {"reason": "unable_reasons", "pause": "pause_reasons"}[kind]
    assert [each["code"] for each in codes.json[name] if each["retired"]] == [OLD]


def test_something_has_to_be_left_to_wait_for(files: Files):
    for each in files["exits"]["exits"]["pause"]:
        each["retired"] = True
    with pytest.raises(ValueError, match=r"a list of \[\[pause\]\] is needed"):
        ExitBook.from_dict(files["exits"]["exits"])

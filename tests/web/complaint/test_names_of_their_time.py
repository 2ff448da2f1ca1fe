"""What was renamed since is read in a complaint's history under the name of its time."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from complaints.models import RuleVersion
from complaints.rules.load import load_rules
from tests.office import Office

OLD, NEW = "Internet mati total", "Layanan internet padam"


def taxonomy_of(office: Office) -> dict[str, Any]:
    newest = select(RuleVersion).where(RuleVersion.kind == "taxonomy").order_by(-RuleVersion.id)
    return deepcopy(office.session.scalars(newest).first().body)


def rename(office: Office) -> None:
    """GGN_MATI gets another name, a quarter of an hour after what was done last."""
    office.at += timedelta(minutes=15)
    newest: dict[str, dict[str, Any]] = {}
    for row in office.session.scalars(select(RuleVersion).order_by(RuleVersion.id)):
        newest.setdefault(row.kind, {})[row.code] = row.body
    body = taxonomy_of(office)
    for group in body["category_group"]:
        for item in group["items"]:
            if item["id"] == "GGN_MATI":
                item["label_id"] = NEW
    newest["taxonomy"] = dict.fromkeys(newest["taxonomy"], body)
    load_rules(office.session, newest, by="tests", at=office.at)
    office.session.commit()


def test_the_history_says_the_name_of_its_time(at_desk, office, wall):
    before = office.receive(category="GGN_MATI")
    rename(office)
    office.at += timedelta(minutes=15)
    after = office.receive(category="GGN_MATI")
    wall.at = office.at
    desk = at_desk("supervisor")
    history = {
        number: " ".join(desk.get(f"/complaints/{number}?view=history").words("#timeline li"))
        for number in (before, after)
    }
    assert OLD in history[before]
    assert NEW not in history[before]
    assert NEW in history[after]
    # What groups and filters by the code says the present name of both.
    assert desk.get("/complaints?category=GGN_MATI").main.count(NEW) >= 2
    assert OLD not in desk.get("/complaints?category=GGN_MATI").main


def test_the_taxonomy_of_an_instant_is_the_last_one_loaded_by_then(office):
    began = office.at
    rename(office)
    rules = office.rules
    renamed = [
        rules.taxonomy_at(at).categories["GGN_MATI"].label_id
        for at in (
            began,
            office.at - timedelta(seconds=1),
            office.at,
            office.at + timedelta(days=900),
        )
    ]
    assert renamed == [OLD, OLD, NEW, NEW]

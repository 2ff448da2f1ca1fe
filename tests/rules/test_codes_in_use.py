"""A code that records use is not taken out of the configuration; where one is gone, pages open."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import update

from complaints.domain.errors import Invalid
from complaints.models import Branch, Cause, Complaint, Customer, Offer, Party, RuleVersion, Team
from complaints.rules.config_files import read_config
from complaints.rules.load import NewVersion, Origin, load_rules, store_version
from tests.conftest import NOW, ROOT
from tests.office import Office
from tests.web.conftest import Wall, at_desk, wall

__all__ = ["at_desk", "wall"]

Files = dict[str, dict[str, Any]]
OLD = "LAMA"


@pytest.fixture
def files() -> Files:
    return deepcopy(read_config(ROOT / "config"))


@pytest.fixture
def closed(office: Office) -> str:
    """A complaint with everything on it that a code can stand for."""
    number = office.receive(who={"needs": ("lansia",)})
    office.walk(number)
    return number


def section(files: Files, kind: str) -> list[dict[str, Any]]:
    """The list of the file in which a kind of code stands."""
    taxonomy, organisation = files["taxonomy"]["taxonomy"], files["organisation"]["organisation"]
    match kind:
        case "category":
            return taxonomy["category_group"][0]["items"]
        case "cause":
            return next(
                group["items"]
                for group in taxonomy["cause_group"]
                if any(each["id"] == "JARINGAN" for each in [group, *group.get("items", [])])
            )
        case "branch" | "team":
            return organisation[kind]
    return taxonomy[kind]


#: kind → how records are made to use a code that is added to the file for the test
USE: dict[str, Callable[[Office], Any]] = {
    "category": lambda office: update(Complaint).values(category=OLD),
    "channel": lambda office: update(Complaint).values(channel=OLD),
    "cause": lambda office: update(Cause).values(code=OLD),
    "remedy": lambda office: update(Offer).values(remedy=OLD),
    "outcome": lambda office: update(Complaint).values(outcome=OLD),
    "tier": lambda office: update(Customer).values(tier=OLD),
    "need": lambda office: update(Customer).values(needs=[OLD]),
    "branch": lambda office: update(Complaint).values(
        branch_id=office.session.query(Branch.id).filter_by(code=OLD).scalar()
    ),
    "team": lambda office: update(Party).values(
        team_id=office.session.query(Team.id).filter_by(code=OLD).scalar()
    ),
}


def add(files: Files, kind: str) -> None:
    """Another item of the kind, like the last one but for its code."""
    items = section(files, kind)
    more = {**items[-1], "id": OLD}
    for mark in ("default", "follows"):
        more.pop(mark, None)
    items.append(more)


def load(office: Office, files: Files) -> None:
    try:
        load_rules(office.session, files, by="complaints init", at=NOW)
    except Invalid:
        office.session.rollback()
        raise
    office.session.commit()


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", USE)
def test_a_code_that_records_use_is_not_taken_out(
    office: Office, files: Files, closed: str, kind: str
):
    without = deepcopy(files)
    add(files, kind)
    load(office, files)
    load(office, without)
    load(office, files)
    office.session.execute(USE[kind](office))
    office.session.commit()
    versions = office.count(RuleVersion)
    with pytest.raises(Invalid, match=rf"{kind} {OLD} \(\d+\).*Nothing was loaded") as refused:
        load(office, without)
    can_be_retired = kind in ("category", "channel", "cause", "remedy", "team", "branch")
    assert ("retired = true" in str(refused.value)) == can_be_retired
    assert office.count(RuleVersion) == versions


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["category", "channel", "tier", "branch"])
def test_a_code_that_a_policy_in_force_asks_for_is_not_taken_out(
    office: Office, files: Files, kind: str
):
    without = deepcopy(files)
    add(files, kind)
    code = without["organisation"]["organisation"]["policies"][0]
    clock = files["policy"][code]["clock"][0]
    clock[kind] = [section(without, kind)[0]["id"], OLD]
    load(office, files)
    named = deepcopy(without)
    named["policy"][code]["clock"][0] = clock
    versions = office.count(RuleVersion)
    with pytest.raises(Invalid, match=rf"{kind} {OLD} in {code} \(1\).*Nothing was loaded"):
        load(office, named)
    assert office.count(RuleVersion) == versions
    # With the policy changed in the same go nothing asks for it any more.
    load(office, without)


PAGES = (
    "/complaints",
    "/complaints/{number}",
    "/complaints/{number}?view=history",
    "/complaints/{number}/deadlines",
    "/complaints/{number}/record",
    "/complaints/{number}/reopening",
    "/reports/deadlines",
    "/board",
    "/",
)


@pytest.mark.parametrize(("kind", "is_open"), [*((kind, True) for kind in USE), ("outcome", False)])
def test_pages_of_records_with_a_code_that_is_gone_open_anyway(
    office: Office, files: Files, wall: Wall, at_desk, kind: str, is_open: bool
):
    add(files, kind)
    load(office, files)
    number = office.receive()
    office.walk(number, to="020-3.3" if is_open else None)
    office.session.execute(USE[kind](office))
    office.session.commit()
    # As a version took it in that asked nobody.
    without = read_config(ROOT / "config")
    for name in ("taxonomy", "organisation"):
        new = NewVersion(name, name, without[name][name], Origin.CONFIG)
        store_version(office.session, new, by="tests", at=NOW)
    office.session.commit()
    wall.at = office.at
    desk = at_desk("manager" if kind == "branch" else "supervisor")
    for page in PAGES:
        answer = desk.client.get(page.format(number=number))
        # The record is corrected by the branch's own people, and there is none of them now.
        is_closed_to = kind == "branch" and page.endswith(("/record", "/reopening"))
        assert answer.status_code == (403 if is_closed_to else 200), page
    api = desk.client.get(
        f"/api/v1/complaints/{number}", headers={"Authorization": "Bearer token of manager"}
    )
    assert api.status_code == 200

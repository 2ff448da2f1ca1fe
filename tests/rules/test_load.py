"""Rules read from files: once, in versions, and never over what was edited on a page."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from complaints.domain.errors import Invalid
from complaints.domain.words.script_keys import ScriptKey
from complaints.models import RuleVersion
from complaints.rulebook import current_rules
from complaints.rules.config_files import read_config
from complaints.rules.load import NewVersion, Origin, load_rules, store_version
from tests.conftest import NOW, ROOT


@pytest.fixture
def files() -> dict[str, dict[str, Any]]:
    return deepcopy(read_config(ROOT / "config"))


@pytest.fixture
def desk(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def read(desk: Session, files: Any) -> int:
    made = load_rules(desk, files, by="complaints init", at=NOW)
    desk.commit()
    return made


def edit(desk: Session, kind: str, code: str, **changes: Any) -> None:
    """What a page saves."""
    body = {**newest(desk, kind, code).body, **changes}
    store_version(desk, NewVersion(kind, code, body, Origin.ADMIN), by="Admin", at=NOW)
    desk.commit()


def versions(desk: Session, kind: str, code: str) -> list[RuleVersion]:
    query = select(RuleVersion).where(RuleVersion.kind == kind, RuleVersion.code == code)
    return list(desk.scalars(query.order_by(RuleVersion.id)))


def newest(desk: Session, kind: str, code: str) -> RuleVersion:
    return versions(desk, kind, code)[-1]


@pytest.mark.both_databases
def test_reading_the_same_files_again_makes_no_version(desk, files):
    assert read(desk, files) == 0


@pytest.mark.both_databases
def test_a_changed_file_is_a_new_version(desk, files):
    files["calendar"]["jakarta"]["label_en"] = "Jakarta, revised"
    assert read(desk, files) == 1
    assert [row.version for row in versions(desk, "calendar", "jakarta")] == [1, 2]
    assert newest(desk, "calendar", "jakarta").origin == "config"


def test_an_unchanged_file_never_overrides_what_a_page_edited(desk, files):
    edit(desk, "organisation", "organisation", policies=["id-telco-isp-perdirjen1-2021"])
    assert read(desk, files) == 0
    assert [policy.code for policy in current_rules(desk).policies] == [
        "id-telco-isp-perdirjen1-2021"
    ]


def test_a_changed_file_is_taken_in_beside_what_a_page_edited(desk, files):
    edit(desk, "organisation", "organisation", policies=["id-telco-isp-perdirjen1-2021"])
    files["organisation"]["organisation"]["name"] = "Nusantara Baru"
    assert read(desk, files) == 2
    row = newest(desk, "organisation", "organisation")
    assert (row.body["name"], row.origin) == ("Nusantara Baru", "admin")
    assert row.body["policies"] == ["id-telco-isp-perdirjen1-2021"]
    assert read(desk, files) == 0


def test_a_file_may_bring_next_years_holidays_to_a_calendar_edited_on_a_page(desk, files):
    jakarta = files["calendar"]["jakarta"]
    own = {**jakarta["holidays"], "2026-06-22": "HUT Jakarta"}
    edit(desk, "calendar", "jakarta", holidays=own)
    jakarta["holidays"]["2028-01-01"] = "Tahun Baru"
    read(desk, files)
    holidays = newest(desk, "calendar", "jakarta").body["holidays"]
    assert holidays["2026-06-22"] == "HUT Jakarta"
    assert holidays["2028-01-01"] == "Tahun Baru"


def test_a_file_that_catches_up_with_the_page_needs_no_edit_any_more(desk, files):
    edit(desk, "organisation", "organisation", policies=["id-telco-isp-perdirjen1-2021"])
    files["organisation"]["organisation"]["policies"] = ["id-telco-isp-perdirjen1-2021"]
    assert read(desk, files) == 1
    assert newest(desk, "organisation", "organisation").origin == "config"


def test_a_file_that_does_not_fit_to_the_pages_edits_is_refused(desk, files):
    week = files["calendar"]["jakarta"]["week"]
    edit(desk, "calendar", "jakarta", week={**week, "mon": []})
    # The file leaves Monday only, the page has closed just that: no hour would be left.
    files["calendar"]["jakarta"]["week"] = {"mon": week["mon"]}
    with pytest.raises(Invalid, match=r"jakarta was edited on a page.*no open interval"):
        load_rules(desk, files, by="complaints init", at=NOW)
    desk.rollback()
    assert [row.origin for row in versions(desk, "calendar", "jakarta")] == ["config", "admin"]


def test_a_policy_whose_tier_lengthens_a_legal_limit_is_refused(desk, files):
    policy = files["policy"]["id-telco-jartaplok-perdirjen7-2024"]
    gold = {"id": "gold", "kind": "legal", "tier": "HVC_GOLD", "duration": 9, "unit": "working_day"}
    policy["clock"].insert(0, gold)
    with pytest.raises(Invalid, match="may not be longer for a tier"):
        load_rules(desk, files, by="complaints init", at=NOW)


def test_rules_of_an_earlier_version_say_what_to_do(desk, files):
    body = {**newest(desk, "organisation", "organisation").body}
    del body["number"]
    store_version(
        desk, NewVersion("organisation", "organisation", body, Origin.CONFIG), by="x", at=NOW
    )
    with pytest.raises(Invalid, match="Run `complaints init` again") as refusal:
        current_rules(desk)
    assert "organisation: [number] is missing" in str(refusal.value.params["why"])
    desk.rollback()


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("kind", "change", "why"),
    [
        (
            "authority",
            {"pause": {"first_days": "three"}},
            "[pause] first_days must be a whole number",
        ),
        ("record", {"mandatory": ["no_such"]}, "there is no field no_such"),
        ("standard_information", {"version": "one"}, "version is missing"),
        ("letters", {"footer": {}}, "text_id is missing"),
        ("scripts", {"script": "none"}, "entries"),
        ("organisation", {"number": {"prefix": "k"}}, "2 to 6 capital letters"),
        ("taxonomy", {"outcome": []}, "there are no outcomes"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(desk, files, kind, change, why):
    before = len(versions(desk, kind, kind))
    files[kind][kind].update(change)
    with pytest.raises(Invalid) as refusal:
        read(desk, files)
    assert why in str(refusal.value.params["why"])
    desk.rollback()
    assert len(versions(desk, kind, kind)) == before


def test_another_organisation_has_its_own_numbers(desk, files):
    files["organisation"]["organisation"]["number"] = {"prefix": "ADUAN", "former": ["KLH"]}
    read(desk, files)
    numbers = current_rules(desk).numbers
    assert numbers.write(2026, 7) == "ADUAN-2026-000007"
    assert numbers.read("KLH-2026-000007") == (2026, 7)


def test_an_earlier_version_finds_the_group_of_a_category_again(engine: Engine, desk, files):
    groups = {
        each["id"]: group["id"]
        for group in files["taxonomy"]["taxonomy"]["category_group"]
        for each in group["items"]
    }
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    with engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0046")
        query = text("SELECT code, group_code FROM categories")
        assert dict(connection.execute(query).all()) == groups
        command.upgrade(settings, "head")
        connection.commit()


@pytest.mark.parametrize("key", ScriptKey)
def test_scripts_that_lack_what_the_product_proposes_are_refused(desk, files, key: ScriptKey):
    book = files["scripts"]["scripts"]
    book["script"] = [each for each in book["script"] if each["key"] != key]
    with pytest.raises(Invalid, match=f"the script {key} is missing"):
        read(desk, files)


def test_a_remedy_given_by_saying_it_has_to_be_one_of_ours(desk, files):
    files["commitments"]["commitments"]["given_by_saying"].append("zz")
    with pytest.raises(Invalid, match="no remedy"):
        read(desk, files)


@pytest.mark.parametrize("name", ["apology", "blame"])
@pytest.mark.parametrize("word", [".", "[", "{you}"])
def test_a_courtesy_word_has_letters(desk, files, name: str, word: str):
    files["scripts"]["scripts"]["courtesy"]["id"][name].append(word)
    with pytest.raises(Invalid, match="needs letters"):
        read(desk, files)


@pytest.mark.parametrize("name", ["PT\nMaju", "PT\tMaju", "PT\u2028Maju"])
def test_a_name_is_one_line(desk, files, name: str):
    files["organisation"]["organisation"]["name"] = name
    with pytest.raises(Invalid, match="line break"):
        read(desk, files)

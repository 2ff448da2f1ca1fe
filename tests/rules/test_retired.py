"""What the organisation retires is offered no more, and stays where records have it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import update

from complaints.commands.doctor import _codes
from complaints.domain.config_fields import Named
from complaints.domain.errors import Invalid, Refused
from complaints.domain.taxonomy import Taxonomy
from complaints.models import Cause, Complaint, HistoryEntry, Offer, Party, Team, User
from complaints.people.account_edits import edit_account
from complaints.people.accounts import add_user
from complaints.rules.config_files import read_config
from complaints.rules.load import NewVersion, Origin, load_rules, store_version
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.commitments.settle import undertake
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.find_cause import find_cause
from complaints.steps.inform import inform_parties
from complaints.steps.offer import offer_solution
from complaints.steps.plan import draw_up_plan
from tests.conftest import NOW, ROOT
from tests.office import Office
from tests.rules.test_codes_in_use import OLD, USE, Files, add, load, section
from tests.web.conftest import Wall, at_desk, wall
from tests.web.page import Visitor

__all__ = ["at_desk", "wall"]

At = Callable[..., Visitor]
KINDS = ("category", "cause", "channel", "remedy", "team")
#: kind → the name that stands for the item added by `add`, whose words are those of the last one.
WORDS = "Sudah diganti"
MARKED = f"{WORDS} (tidak dipakai lagi)"


@pytest.fixture
def files() -> Files:
    return deepcopy(read_config(ROOT / "config"))


def retire(office: Office, files: Files, kind: str, *, use: bool = True) -> str:
    """A complaint that has an item of the kind, which is retired after that; its number."""
    add(files, kind)
    section(files, kind)[-1].update(label_id=WORDS, label_en="Replaced since")
    if kind == "remedy":
        for group in files["taxonomy"]["taxonomy"]["category_group"]:
            group["remedies"].append(OLD)
    load(office, files)
    number = office.receive()
    office.walk(number, to="020-3.3")
    if use:
        office.session.execute(USE[kind](office))
        office.session.commit()
    section(files, kind)[-1]["retired"] = True
    load(office, files)
    return number


def options(page: Any, name: str) -> dict[str, str]:
    """What a list to choose from holds: words → whether it is chosen."""
    return {
        " ".join(each.get_text().split()): "selected" in each.attrs
        for each in page.tree.select(f"[name='{name}'] option, datalist#{name} option")
    }


#: kind → the page whose form offers it, and the name of the field
FORMS = {
    "category": ("/complaints/{number}/record", "category"),
    "cause": ("/complaints/{number}/cause?stage=confirmed", "code"),
    "team": ("/complaints/{number}/assignment", "team"),
}


@pytest.mark.parametrize("kind", ["category", "channel"])
def test_what_is_retired_is_not_offered_for_a_new_complaint(
    office: Office, files: Files, wall: Wall, at_desk: At, kind: str
):
    retire(office, files, kind)
    wall.at = office.at
    page = at_desk("csr").get("/complaints/new")
    assert WORDS not in page.text
    given = {kind: OLD}
    with pytest.raises(Invalid, match=f"{OLD} is no longer used"):
        office.receive(**given)


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["category", "team", "channel"])
def test_a_list_is_narrowed_by_what_is_retired(
    office: Office, files: Files, wall: Wall, at_desk: At, kind: str
):
    number = retire(office, files, kind)
    if kind == "team":
        old = office.session.query(Team.id).filter_by(code=OLD).scalar()
        office.session.execute(update(Complaint).values(team_id=old))
        office.session.commit()
    wall.at = office.at
    page = at_desk("supervisor").get(f"/complaints?{kind}={OLD}")
    assert MARKED in page.text
    assert number in page.main
    api = at_desk("supervisor").client.get(
        f"/api/v1/complaints?{kind}={OLD}", headers={"Authorization": "Bearer token of supervisor"}
    )
    assert [each["number"] for each in api.json["items"]] == [number]


def test_an_old_complaint_keeps_its_category_when_its_form_is_saved_untouched(
    office: Office, files: Files, wall: Wall, at_desk: At
):
    number = retire(office, files, "category")
    wall.at = office.at
    before = office.count(HistoryEntry)
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/record")
    assert options(page, "category")[MARKED] is True
    again = desk.submit(page, f"/complaints/{number}/record", 422)
    assert "Tidak ada yang diubah" in again.main
    assert office.count(HistoryEntry) == before
    desk.submit(page, f"/complaints/{number}/record", 303, remedy_wanted="Modem baru")
    assert office.complaint(number).category == OLD
    office.session.commit()
    assert office.history(number)[-1].detail["changed"] == ["remedy_wanted"]


def test_a_category_that_is_gone_altogether_is_kept_as_well(
    office: Office, wall: Wall, at_desk: At, files: Files
):
    number = retire(office, files, "category")
    for group in files["taxonomy"]["taxonomy"]["category_group"]:
        group["items"] = [each for each in group["items"] if each["id"] != OLD]
    new = NewVersion("taxonomy", "taxonomy", files["taxonomy"]["taxonomy"], Origin.CONFIG)
    store_version(office.session, new, by="tests", at=NOW)
    office.session.commit()
    wall.at = office.at
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/record")
    assert options(page, "category")[f"{OLD} (tidak dipakai lagi)"] is True
    desk.submit(page, f"/complaints/{number}/record", 303, remedy_wanted="Modem baru")
    assert office.complaint(number).category == OLD
    office.session.commit()
    (unknown,) = _codes(office.session)
    assert (unknown.is_well, f"category {OLD} (1)" in unknown.what) == (False, True)


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_offers_it_only_where_the_complaint_has_it(
    office: Office, files: Files, wall: Wall, at_desk: At, kind: str
):
    number = retire(office, files, kind, use=False)
    wall.at = office.at
    path, field = FORMS[kind]
    page = at_desk("supervisor").get(path.format(number=number))
    assert len(options(page, field)) > 2
    assert not [words for words in options(page, field) if WORDS in words]


def test_a_cause_that_the_complaint_had_may_be_confirmed(
    office: Office, files: Files, wall: Wall, at_desk: At
):
    number = retire(office, files, "cause")
    wall.at = office.at
    page = at_desk("supervisor").get(f"/complaints/{number}/cause?stage=confirmed")
    assert options(page, "code")[MARKED] is True
    said = {"stage": "confirmed", "text": "Kabel udara putus di tiang depan rumah."}
    office.take(number, find_cause, by="supervisor", code=OLD, **said)
    office.session.execute(update(Cause).values(code="JARINGAN"))
    office.session.commit()
    with pytest.raises(Invalid, match=f"{OLD} is no longer used"):
        office.take(number, find_cause, by="supervisor", code=OLD, **said)


@pytest.mark.parametrize(
    ("kind", "step", "given"),
    [
        ("category", amend_record, {"change": Amendment(category=OLD)}),
        ("remedy", offer_solution, {"remedy": OLD, "description": "Ganti modem baru besok."}),
        ("team", inform_parties, {"teams": [OLD]}),
        ("team", assign_complaint, {"team": OLD, "reason": "Lebih tepat di sana"}),
        ("team", draw_up_plan, {"steps": [StepGiven("Memeriksa kabel di tiang", OLD)]}),
        ("team", undertake, {"kind": "plan", "step": StepGiven("Memeriksa kabel di tiang", OLD)}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_nothing_is_given_anew_what_is_retired(
    office: Office, files: Files, kind: str, step: Callable[..., Any], given: dict[str, Any]
):
    number = retire(office, files, kind, use=False)
    with pytest.raises(Refused, match="no longer used"):
        office.take(number, step, by="supervisor", **given)


def test_nobody_is_put_into_a_unit_that_is_retired(office: Office, files: Files):
    retire(office, files, "team", use=False)
    who: dict[str, Any] = {"by": office.actor("admin"), "at": NOW}
    with pytest.raises(Invalid, match=f"{OLD} is no longer used") as refused:
        edit_account(office.session, office.rules, office.id_of("csr"), {"team": OLD}, **who)
    assert refused.value.field == "team"
    office.session.rollback()
    new = {"email": "baru@tanggap.example", "role": "csr", "team": OLD}
    with pytest.raises(Invalid, match=f"{OLD} is no longer used"):
        add_user(office.session, office.rules, **new, **who)
    office.session.rollback()
    # Whoever is in it stays there, and is changed otherwise.
    csr = office.session.get_one(User, office.id_of("csr"))
    csr.team_id = office.session.query(Team.id).filter_by(code=OLD).scalar()
    office.session.commit()
    kept = {"name": "Rina", "team": OLD}
    _, changed = edit_account(office.session, office.rules, csr.id, kept, **who)
    assert changed == {"name"}


def test_an_offer_made_before_can_be_answered(office: Office, files: Files, wall, at_desk: At):
    number = retire(office, files, "remedy")
    wall.at = office.at
    page = at_desk("supervisor").get(f"/complaints/{number}")
    assert WORDS in page.main
    assert office.session.query(Offer).filter_by(remedy=OLD).count() == 1


def test_a_unit_that_has_it_may_still_answer(office: Office, files: Files, wall, at_desk: At):
    number = retire(office, files, "team")
    office.session.execute(update(Party).values(answer=None, answered_at=None))
    office.session.commit()
    wall.at = office.at
    page = at_desk("supervisor").get(f"/complaints/{number}/parties/acceptance")
    assert WORDS in page.main


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", KINDS)
def test_the_doctor_tells_what_is_retired_and_in_use(office: Office, files: Files, kind: str):
    retire(office, files, kind)
    (found,) = _codes(office.session)
    assert found.is_well
    assert f"no longer offered and still in use: {kind} {OLD} (" in found.what


@pytest.mark.both_databases
def test_the_doctor_finds_nothing_where_all_is_in_use(office: Office):
    number = office.receive(who={"needs": ("lansia",)})
    office.walk(number)
    (found,) = _codes(office.session)
    assert (found.is_well, found.what) == (True, "every code that records use is known")


def test_programs_are_told_what_is_retired(office: Office, files: Files, at_desk: At):
    for kind in KINDS:
        add(files, kind)
        section(files, kind)[-1]["retired"] = True
    load(office, files)
    codes = at_desk("csr").client.get(
        "/api/v1/codes", headers={"Authorization": "Bearer token of csr"}
    )
    for name in ("categories", "causes", "channels", "remedies", "teams"):
        assert [each["code"] for each in codes.json[name] if each["retired"]] == [OLD], name


def sent_to(office: Office, files: Files, *units: str) -> str:
    """A complaint of a category that is sent to these units, all of it retired but TEKNIK."""
    for kind in ("team", "category"):
        add(files, kind)
    section(files, "category")[-1]["parties"] = list(units)
    load(office, files)
    number = office.receive(category=OLD)
    office.walk(number, to="020-1.6")
    for kind in ("team", "category"):
        section(files, kind)[-1]["retired"] = True
    load(office, files)
    return number


def test_a_unit_that_is_gone_keeps_no_complaint_from_going_on(office: Office, files: Files):
    """Nobody can be asked for it any more: those that are left have to be."""
    number = sent_to(office, files, "TEKNIK", OLD)
    office.walk(number, after="020-1.6", to="020-2.1")
    assert office.states(number)["020-2.1"] == "proven"


def test_where_all_its_units_are_gone_the_desk_is_the_party(
    office: Office, files: Files, wall: Wall, at_desk: At
):
    number = sent_to(office, files, OLD)
    wall.at = office.at
    page = at_desk("csr").get(f"/complaints/{number}/parties")
    assert page.one("[name='desk']")
    office.take(number, inform_parties, desk=True)
    assert office.states(number)["020-2.1"] == "proven"


# What a file may retire


@pytest.mark.parametrize(
    ("section_name", "sentence"),
    [("tier", "none of the tiers"), ("need", "none of the needs"), ("outcome", "none of the out")],
)
def test_what_decides_by_itself_cannot_be_retired(
    office: Office, files: Files, section_name: str, sentence: str
):
    files["taxonomy"]["taxonomy"][section_name][-1]["retired"] = True
    with pytest.raises(Invalid, match=sentence):
        load_rules(office.session, files, by="complaints init", at=NOW)


def test_a_category_in_use_names_no_retired_unit(office: Office, files: Files):
    for team in files["organisation"]["organisation"]["team"]:
        if team["id"] == "TEKNIK":
            team["retired"] = True
    with pytest.raises(Invalid, match="is sent to unit TEKNIK, which is retired"):
        load_rules(office.session, files, by="complaints init", at=NOW)


def test_a_category_in_use_proposes_nothing_to_a_retired_unit(office: Office, files: Files):
    add(files, "team")
    section(files, "team")[-1]["retired"] = True
    group = files["taxonomy"]["taxonomy"]["category_group"][0]
    group["steps"][0]["owner"] = OLD
    with pytest.raises(Invalid, match=f"is unit {OLD}'s, which is retired"):
        load(office, files)
    for each in group["items"]:
        each["retired"] = True
    load(office, files)


def test_what_a_retired_unit_would_do_is_proposed_to_whoever_handles_it(
    office: Office, files: Files, wall: Wall, at_desk: At
):
    add(files, "team")
    group = files["taxonomy"]["taxonomy"]["category_group"][0]
    group["steps"][0]["owner"] = OLD
    load(office, files)
    number = office.receive(category=group["items"][0]["id"])
    section(files, "team")[-1]["retired"] = True
    for each in group["items"]:
        each["retired"] = True
    load(office, files)
    wall.at = office.at
    page = at_desk("csr").get(f"/complaints/{number}/promise")
    assert page.one("[name='steps.0.owner']")["value"] == "Csr"


def test_something_has_to_be_left(files: Files):
    taxonomy = files["taxonomy"]["taxonomy"]
    for each in taxonomy["channel"]:
        each["retired"] = True
    with pytest.raises(ValueError, match="there are no channels"):
        Taxonomy.from_dict(taxonomy)


def test_a_group_that_is_retired_takes_its_items_along(files: Files):
    taxonomy = files["taxonomy"]["taxonomy"]
    taxonomy["category_group"][0]["retired"] = True
    taxonomy["cause_group"][0]["retired"] = True
    read = Taxonomy.from_dict(taxonomy)
    assert all(each.retired for each in read.groups["GANGGUAN"].categories)
    group = taxonomy["cause_group"][0]["id"]
    assert {each.retired for each in read.causes.values() if each.group == group} == {True}
    assert isinstance(read.causes[group], Named)

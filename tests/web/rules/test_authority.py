"""Limits and thresholds on their page: previewed, saved as a version, kept from the next file."""

from __future__ import annotations

from dataclasses import fields

import pytest

from complaints.domain.config.authority import Authority
from complaints.models import Offer, RuleVersion
from complaints.steps.offer import offer_solution
from complaints.web.rules.authority import THRESHOLDS
from tests.office import Office

PATH = "/admin/rules/authority/"
GIFT = {"remedy": "GOODWILL", "description": "Tanda perhatian"}


def versions(office: Office) -> list[tuple[int, str, str]]:
    query = office.session.query(RuleVersion).filter_by(kind="authority").order_by(RuleVersion.id)
    found = [(each.version, each.origin, each.loaded_by) for each in query]
    office.session.commit()
    return found


def test_every_threshold_has_words_on_the_page():
    sections = [each.name for each in fields(Authority) if not each.name.startswith("limits")]
    authority = Authority.from_dict({"limits": {"csr": 1}})
    known = {
        (section, each.name) for section in sections for each in fields(getattr(authority, section))
    }
    assert set(THRESHOLDS) == known


def test_a_sum_is_saved_as_it_is_typed(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    typed = {"delivery.one_tap_up_to": "500000"}
    preview = admin.submit(admin.get(PATH), PATH, 200, **typed)
    admin.submit(preview, PATH, 303, do="save", **typed)
    assert office.rules.authority.delivery.one_tap_up_to == 500_000


def test_a_limit_is_previewed_saved_and_holds_from_then_on(at_desk, office: Office, wall):
    number = office.receive()
    office.walk(number, to="020-3.2")
    office.take(number, offer_solution, amount=80_000, **GIFT)
    wall.at = office.at
    admin = at_desk("admin")
    seen = admin.submit(admin.get(PATH), PATH, 200, **{"limits.csr": "Rp50.000"})
    assert "Satu penawaran, CSR: Rp100.000 → Rp50.000" in seen.main
    assert "CSR: 0 dari 1 sejauh ini, 1 menurut batas baru" in seen.main
    assert office.rules.authority.limit_of("csr") == 100_000
    office.session.commit()
    done = admin.follow(admin.submit(seen, PATH, 303))
    assert "Versi 2" in done.main
    assert [each[:2] for each in versions(office)] == [(1, "config"), (2, "admin")]
    assert versions(office)[-1][2] == "Admin"
    office.take(number, offer_solution, amount=60_000, **GIFT)
    assert office.rows(Offer, number)[-1].state == "waiting_approval"


def test_a_threshold_is_a_whole_number(at_desk, office: Office):
    admin = at_desk("admin")
    for typed in ("0", "-1", "1.5", "viel"):
        page = admin.submit(admin.get(PATH), PATH, 422, **{"exits.countersign_from": typed})
        assert "bilangan bulat" in page.text
    page = admin.submit(admin.get(PATH), PATH, 422, **{"limits.csr": "seratus"})
    assert "rupiah" in page.text
    assert len(versions(office)) == 1


@pytest.mark.both_databases
def test_what_somebody_else_saved_meanwhile_is_not_overwritten(at_desk, office: Office):
    admin = at_desk("admin")
    first = admin.submit(admin.get(PATH), PATH, 200, **{"pause.first_days": "2"})
    second = admin.submit(admin.get(PATH), PATH, 200, **{"pause.first_days": "5"})
    admin.submit(second, PATH, 303)
    page = admin.submit(first, PATH, 409)
    assert "Rekan lain menyimpan aturan ini" in page.text
    office.session.rollback()
    assert office.rules.authority.pause.first_days == 5
    office.session.commit()


def test_only_the_numbers_that_were_touched_are_saved(at_desk, office: Office):
    admin = at_desk("admin")
    opened = admin.get(PATH)
    theirs = {"pause.first_days": "5", "limits.csr": "Rp90.000"}
    admin.submit(admin.submit(admin.get(PATH), PATH, 200, **theirs), PATH, 303)
    page = admin.submit(opened, PATH, 409, **{"withdrawal.take_back_days": "14"})
    (_, line) = page.words(".said-stop li")
    assert "Admin, " in line
    assert "limits › csr" in line
    assert page.one("[name='pause.first_days'][type=number]")["value"] == "5"
    admin.submit(page, PATH, 303, do="save")
    authority = office.rules.authority
    office.session.commit()
    assert (authority.pause.first_days, authority.limit_of("csr")) == (5, 90_000)
    assert authority.withdrawal.take_back_days == 14


def test_an_earlier_version_can_be_read(at_desk, office: Office):
    admin = at_desk("admin")
    admin.submit(
        admin.submit(admin.get(PATH), PATH, 200, **{"withdrawal.take_back_days": "14"}), PATH, 303
    )
    page = at_desk("manager").get(f"{PATH}?version=1")
    assert "versi 1" in page.main.lower()
    assert not page.all("#edit")

"""A product that records name is not taken out; a retired one stands only where it is chosen."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from complaints.commands.doctor import _codes
from complaints.domain.errors import Invalid
from complaints.models import Customer, RuleVersion
from complaints.rules.config_files import read_config
from tests.conftest import ROOT
from tests.office import Office
from tests.rules.test_codes_in_use import OLD, Files, load
from tests.web.conftest import Wall, at_desk, wall

pytestmark = pytest.mark.both_databases

__all__ = ["at_desk", "wall"]


@pytest.fixture
def files() -> Files:
    return deepcopy(read_config(ROOT / "config"))


def add(files: Files) -> dict[str, Any]:
    product = {"id": OLD, "label_id": "Faks", "label_en": "Fax"}
    files["organisation"]["organisation"]["product"].append(product)
    return product


def test_what_records_use_is_not_taken_out(office: Office, files: Files):
    without = deepcopy(files)
    add(files)
    load(office, files)
    # Words of the customer's own are no code.
    office.receive(product="Paket Emas")
    load(office, without)
    load(office, files)
    office.receive(product=OLD)
    office.session.query(Customer).first().products = ["TV", OLD]
    office.session.commit()
    versions = office.count(RuleVersion)
    with pytest.raises(
        Invalid, match=rf"organisation\.toml .*: product {OLD} \(2\)\..*retired = true"
    ):
        load(office, without)
    assert office.count(RuleVersion) == versions
    (found,) = _codes(office.session)
    assert (found.is_well, found.what) == (True, "every code that records use is known")


def test_what_is_retired_is_offered_only_where_it_is_chosen(
    office: Office, files: Files, wall: Wall, at_desk
):
    product = add(files)
    load(office, files)
    number, other = office.receive(product=OLD), office.receive(product="TV")
    product["retired"] = True
    load(office, files)
    (found,) = _codes(office.session)
    assert f"no longer offered and still in use: product {OLD} (1)" in found.what
    wall.at = office.at
    desk = at_desk("csr")
    assert "Faks (tidak dipakai lagi)" in desk.get(f"/complaints/{number}/record").text
    assert "Faks" not in desk.get(f"/complaints/{other}/record").text
    assert "Faks" not in desk.get("/complaints/new").text
    codes = desk.client.get("/api/v1/codes", headers={"Authorization": "Bearer token of csr"})
    assert [each["code"] for each in codes.json["products"] if each["retired"]] == [OLD]

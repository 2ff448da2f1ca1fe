"""Who am I and what may I send: no program has to guess a code."""

from __future__ import annotations

import pytest

from tests.channels.api.conftest import COMPLAINT, Programs
from tests.channels.api.test_doors import stored_token
from tests.office import PEOPLE, Office


def codes_of(programs: Programs) -> dict[str, list[dict[str, object]]]:
    response = programs.csr.get("/codes")
    assert response.status_code == 200
    codes: dict[str, list[dict[str, object]]] = response.json
    return codes


def test_the_codes_are_those_of_the_rules_with_both_labels(programs: Programs):
    codes = codes_of(programs)
    assert {"TEKNIK", "TAGIHAN"} <= {each["code"] for each in codes["teams"]}
    assert [each["code"] for each in codes["branches"]] == ["JKT", "MKS", "JYP"]
    network = next(each for each in codes["causes"] if each["code"] == "JARINGAN")
    assert network["label_id"] != network["label_en"]
    for kind, items in codes.items():
        assert items, kind
        for each in items:
            assert each["code"], kind
            assert each["label_id"], kind
            assert each["label_en"], kind
    groups = {each["code"] for each in codes["category_groups"]}
    assert {each["group"] for each in codes["categories"]} == groups


def test_what_is_listed_is_taken(programs: Programs):
    codes = codes_of(programs)
    for each in codes["channels"]:
        body = {**COMPLAINT, "channel": each["code"]}
        assert programs.csr.post("/complaints", body).status_code == 201
    for each in codes["categories"]:
        assert programs.csr.get(f"/complaints?category={each['code']}").status_code == 200
    for name, kind in (("team", "teams"), ("branch", "branches"), ("category", "category_groups")):
        for each in codes[kind]:
            assert programs.csr.get(f"/complaints?{name}={each['code']}").status_code == 200
    customer = {**COMPLAINT["customer"], "needs": [each["code"] for each in codes["needs"]]}
    for tier in codes["tiers"]:
        body = {**COMPLAINT, "customer": {**customer, "tier": tier["code"]}}
        assert programs.csr.post("/complaints", body).status_code == 201
    number = programs.csr.post("/complaints", COMPLAINT).json["number"]
    for product in codes["products"]:
        changed = programs.csr.record(number, "record", product=product["code"])
        assert changed.status_code == 200


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("name", PEOPLE)
def test_a_token_says_whose_it_is(programs: Programs, name: str):
    role, branch, team, _ = PEOPLE[name]
    me = programs(name).get("/me").json
    assert (me["email"], me["role"]) == (f"{name}@tanggap.example", role)
    assert (me["branch"], me["team"]) == (branch, team)
    assert me["scopes"] == ["read", "write"]
    assert programs(name).get("/codes").status_code == 200


def test_a_reading_token_says_that_it_only_reads(programs: Programs, office: Office):
    stored_token(office, "csr").scope = "read"
    office.session.commit()
    assert programs.csr.get("/me").json["scopes"] == ["read"]


def test_nobody_learns_codes_or_names_without_a_token(programs: Programs):
    assert programs.nobody.get("/me").status_code == 401
    assert programs.nobody.get("/codes").status_code == 401

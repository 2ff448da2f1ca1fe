"""What customers told by themselves lies before those who take complaints until one has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaints.steps.by_customer.complain import complain
from complaints.steps.casework.assign import assign_complaint
from tests.office import Office, given


def told(office: Office) -> str:
    complaint = replace(given(channel="web", received_at=office.at), is_unchecked=True)
    number = complain(office.session, office.rules, complaint, at=office.at).number
    office.session.commit()
    return number


@pytest.mark.parametrize("name", ["csr", "supervisor"])
def test_it_lies_on_the_desk_of_whoever_takes_complaints(office: Office, at_desk, name: str):
    number = told(office)
    (said,) = at_desk(name).get("/").words("section[aria-labelledby=untaken] li")
    assert number in said
    assert "Situs atau formulir web · Belum dikonfirmasi" in said


@pytest.mark.parametrize("name", ["csr2", "officer", "auditor"])
def test_nobody_else_has_it_there(office: Office, at_desk, name: str):
    told(office)
    assert at_desk(name).get("/").all("section[aria-labelledby=untaken]") == []


def test_it_leaves_the_desk_when_somebody_has_it(office: Office, at_desk):
    number = told(office)
    who = {"handler": "csr@tanggap.example", "reason": "Giliran"}
    office.take(number, assign_complaint, by="supervisor", **who)
    office.session.commit()
    assert at_desk("csr").get("/").all("section[aria-labelledby=untaken]") == []


def test_the_list_says_by_which_way_it_came(office: Office, at_desk):
    told(office)
    office.receive()
    first, second = at_desk("csr").get("/complaints").words("table.list tbody tr")
    said = [each for each in (first, second) if "Situs atau formulir web" in each]
    assert len(said) == 1
    assert "Belum dikonfirmasi" in said[0]


def test_whoever_takes_complaints_goes_on_from_there(office: Office, at_desk):
    number = told(office)
    csr = at_desk("csr")
    path = f"/complaints/{number}/confirmation"
    page = csr.get(path)
    csr.submit(page, path, 303, summary="Internet mati sejak kemarin", method="email")
    assert office.states(number)["020-1.2"] != "missing"

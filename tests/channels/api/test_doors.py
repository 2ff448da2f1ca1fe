"""Who gets in: every noun and page tried by every role, by the outsider and by nobody."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from complaints.actions.registry import ACTS
from complaints.domain.accounts.tokens import fingerprint
from complaints.models import ApiToken, HistoryEntry
from tests.channels.api.conftest import COMPLAINT, Programs
from tests.office import PEOPLE, Office

UNTIL = "2026-11-30T09:00:00+07:00"
WHY = {"reason": "Ada alasannya"}

#: A body of good form for each noun, and the roles that may take it.
HANDLING = "csr officer supervisor"
DESK = "csr supervisor"
DOORS: dict[str, tuple[dict[str, Any], str]] = {
    "attestation": ({"listened": True}, DESK),
    "confirmation": ({"summary": "Internet mati", "answer": "yes"}, DESK),
    "apology": ({"stage": "intake"}, DESK),
    "promise": ({"steps": [{"what": "Memeriksa"}]}, DESK),
    "receipt": ({}, DESK),
    "parties": ({"teams": ["TEKNIK"]}, HANDLING),
    "parties/acceptance": ({"team": "TEKNIK", "answer": "accepted"}, HANDLING),
    "cause": ({"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"}, HANDLING),
    "condition": ({"none": True}, HANDLING),
    "priority": ({}, HANDLING),
    "plan": ({"steps": [{"what": "Menyambung kabel"}]}, HANDLING),
    "cause-explanation": ({"text": "Kabel putus"}, HANDLING),
    "offer": ({"remedy": "PERBAIKAN", "description": "Kabel baru"}, HANDLING),
    "offer/approval": ({"answer": "approved"}, "supervisor manager"),
    "offer/reminder": ({}, HANDLING),
    "answer": ({"answer": "accepted"}, HANDLING),
    "thanks": ({}, HANDLING),
    "standard-information": ({"all": True}, HANDLING),
    "closure": ({}, DESK),
    "withdrawal": ({**WHY, "method": "signature"}, DESK),
    "survey": ({}, HANDLING),
    "merge": ({"into": "KLH-2026-999999"}, DESK),
    "link": ({"to": "KLH-2026-999999", "as": "related"}, "csr officer supervisor manager"),
    "split": ({"words": "Tagihannya juga ganda"}, DESK),
    "not-a-complaint": ({**WHY, "kind": "INFORMASI"}, DESK),
    "reopening": (WHY, DESK),
    "escalation": (WHY, "csr officer supervisor manager"),
    "escalation/return": ({"instruction": "Telepon lagi hari ini"}, "supervisor manager"),
    "acknowledgement": ({}, "supervisor manager"),
    "assignment": ({"team": "TAGIHAN"}, "csr officer supervisor manager"),
    "pause": ({**WHY, "awaits": "answer", "until": UNTIL}, HANDLING),
    "resumption": ({}, HANDLING),
    "extension": ({**WHY, "until": UNTIL}, HANDLING),
    "extension/approval": ({"answer": "approved"}, "supervisor manager"),
    "commitments": ({"what": "Mengirim teknisi"}, HANDLING),
    "commitments/done": ({"id": 1}, HANDLING),
    "commitments/drop": ({"id": 1, **WHY}, HANDLING),
    "documents": ({}, HANDLING),
    "letters/printing": ({"letter": 999_999}, HANDLING),
    "letters/return": ({"letter": 999_999, **WHY}, HANDLING),
    "attachments/hiding": ({"attachment": 999_999, **WHY}, HANDLING),
    "attachments/showing": ({"attachment": 999_999, **WHY}, HANDLING),
    "attempt": ({"method": "phone"}, HANDLING),
    "countersignature": ({"answer": "signed"}, "supervisor manager admin"),
    "note": ({"text": "x"}, "csr officer supervisor manager admin"),
    "message": ({"text": "x", "direction": "in"}, HANDLING),
    "record": ({"product": "TV"}, DESK),
    "facts": ({"arrears": 0}, DESK),
    "customer": ({**WHY, "number": "PLG-999999"}, DESK),
    "customer/merge": ({**WHY, "number": "PLG-999999"}, "supervisor"),
    "new-link": ({}, HANDLING),
}


#: Where the role is not everything: the person counts as well, or what happened before.
PERSONAL = {
    "acknowledgement": (403,),
    "escalation/return": (403,),
    "parties/acceptance": (403, 422),
    # There is none on a complaint as it comes in.
    "commitments/done": (404,),
    "commitments/drop": (404,),
    "merge": (422,),
    "link": (422,),
    # They are no part of the story.
    "split": (422,),
    "letters/printing": (404,),
    "letters/return": (404,),
    "attachments/hiding": (404,),
    "attachments/showing": (404,),
    "extension": (422,),
    "pause": (403,),
    "record": (422,),
    "facts": (422,),
    # Nobody has that number.
    "customer": (422,),
    "customer/merge": (422,),
}


def test_every_noun_has_its_door():
    assert set(DOORS) == set(ACTS)


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("noun", ACTS)
def test_every_noun_as_every_role(programs: Programs, office: Office, number: str, noun: str):
    body, allowed = DOORS[noun]
    before = len(office.history(number))
    for name in ("manager", "auditor", "admin", "officer", "csr", "supervisor"):
        if name in allowed.split():
            continue
        response = programs(name).record(number, noun, **body)
        assert (response.status_code, response.mimetype) == (403, "application/problem+json"), name
    assert len(office.history(number)) == before
    for name in allowed.split():
        # Whether it is the right moment is another question than whether it is the right person.
        response = programs(name).record(number, noun, **body)
        assert response.status_code in (200, 409, *PERSONAL.get(noun, ())), name
        assert response.status_code != 403 or "Your role" not in response.json["detail"]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("noun", ACTS)
def test_the_outsider_and_nobody_are_refused_everywhere(
    programs: Programs, office: Office, number: str, noun: str
):
    body, _ = DOORS[noun]
    before = office.count(HistoryEntry)
    assert programs("csr2").record(number, noun, **body).status_code == 403
    assert programs("csr2").record(number, noun).status_code == 403
    nobody = programs.nobody.record(number, noun, **body)
    assert nobody.status_code == 401
    assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    assert office.count(HistoryEntry) == before


READING = ["", "/history", "/deadlines", "/evidence", "/offers", "/commitments"]


@pytest.mark.parametrize("path", READING)
def test_everybody_of_the_scope_reads(programs: Programs, number: str, path: str):
    for name in PEOPLE:
        expected = 403 if name == "csr2" else 200
        response = programs(name).get(f"/complaints/{number}{path}")
        assert response.status_code == expected, name
    assert programs.nobody.get(f"/complaints/{number}{path}").status_code == 401


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("name", PEOPLE)
def test_who_takes_complaints_and_who_reads_the_report(programs: Programs, name: str):
    body = {**COMPLAINT, "branch": "MKS" if name == "csr2" else "JKT"}
    taken = programs(name).post("/complaints", body).status_code
    assert taken == (201 if name in ("csr", "csr2", "supervisor") else 403)
    report = programs(name).get("/reports/deadlines?from=2026-11-01&to=2026-11-30").status_code
    assert report == (200 if name in ("supervisor", "manager", "auditor", "admin") else 403)


def test_an_officer_sees_another_branch_through_the_team_only(programs: Programs):
    number = programs("csr2").post("/complaints", COMPLAINT).json["number"]
    assert programs.officer.get(f"/complaints/{number}").status_code == 403
    programs("csr2").record(number, "assignment", team="TEKNIK")
    assert programs.officer.get(f"/complaints/{number}").status_code == 200
    assert programs("billing").get(f"/complaints/{number}").status_code == 403


def test_nobody_records_for_another_branch(programs: Programs):
    response = programs.csr.post("/complaints", {**COMPLAINT, "branch": "MKS"})
    assert response.status_code == 403
    assert "own branch" in response.json["detail"]


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic dG9rZW4=", "Bearer wrong", "token of csr", "Bearer \u00e9"],
)
def test_what_is_no_token_opens_nothing(programs: Programs, number: str, header: str):
    response = programs.nobody.get(f"/complaints/{number}", headers={"Authorization": header})
    assert response.status_code == 401
    assert response.json["type"] == "urn:tanggap:problem:no-token"
    assert "Siti" not in response.get_data(as_text=True)


def stored_token(office: Office, name: str) -> ApiToken:
    query = select(ApiToken).where(ApiToken.token_hash == fingerprint(f"token of {name}"))
    return office.session.scalars(query).one()


def test_a_revoked_token_and_a_closed_account_open_nothing(
    programs: Programs, office: Office, number: str
):
    stored_token(office, "csr").revoked_at = office.at
    office.session.merge(office.people["supervisor"]).is_active = False
    office.session.commit()
    assert programs.csr.get(f"/complaints/{number}").status_code == 401
    assert programs.supervisor.get(f"/complaints/{number}").status_code == 401
    assert programs.officer.get(f"/complaints/{number}").status_code == 200


def test_a_reading_token_only_reads(programs: Programs, office: Office, number: str):
    stored_token(office, "csr").scope = "read"
    office.session.commit()
    assert programs.csr.get(f"/complaints/{number}").status_code == 200
    response = programs.csr.record(number, "note", text="x")
    assert (response.status_code, "read-only" in response.json["detail"]) == (403, True)
    assert programs.csr.post("/complaints", COMPLAINT).status_code == 403


def test_a_login_cookie_is_no_token(programs: Programs, number: str):
    client = programs.app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "3:1"
    assert client.get(f"/api/v1/complaints/{number}").status_code == 401

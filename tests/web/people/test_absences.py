"""The page of one's own absence, and handing an escalation back from the board."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from complaints.models import Absence, Escalation
from complaints.steps.casework.escalate import escalate_by_hand
from tests.conftest import NOW
from tests.office import Office


def absences(office: Office) -> list[Absence]:
    found = list(office.session.scalars(select(Absence).execution_options(populate_existing=True)))
    office.session.commit()
    return found


def test_an_absence_is_noted_shown_and_ended(office: Office, at_desk) -> None:
    csr = at_desk("csr", "en")
    page = csr.submit(
        csr.get("/absence"),
        "/absence",
        303,
        away_from="2026-11-19T08:00",
        away_until="2026-11-20T08:00",
        deputy="officer@tanggap.example",
    )
    page = csr.follow(page)
    (absence,) = absences(office)
    assert absence.deputy_id == office.id_of("officer")
    assert absence.until_at.isoformat() == "2026-11-20T01:00:00+00:00"
    assert office.people["officer"].name in page.main
    csr.submit(page, f"/absence/{absence.id}/end", 303)
    (absence,) = absences(office)
    assert absence.until_at == NOW


def test_what_cannot_be_noted_keeps_what_was_typed(office: Office, at_desk) -> None:
    csr = at_desk("csr", "en")
    fields = {"away_from": "2026-11-21T08:00", "away_until": "2026-11-20T08:00"}
    page = csr.submit(csr.get("/absence"), "/absence", 422, **fields)
    assert "The absence must end after it begins." in page.main
    assert page.one("#f-away_from")["value"] == "21 Nov 2026 08:00"
    page = csr.submit(page, "/absence", 422, away_from="", away_until="")
    assert "This is no day. Write 20/11" in page.main
    assert absences(office) == []


def test_whoever_may_not_see_the_branch_is_not_offered_as_deputy(office: Office, at_desk) -> None:
    offered = {each["value"] for each in at_desk("csr").get("/absence").all("#f-deputy option")}
    assert "csr2@tanggap.example" not in offered
    assert {"", "officer@tanggap.example", "supervisor@tanggap.example"} <= offered
    assert "csr@tanggap.example" not in offered
    # Whoever can only look could do nothing about a complaint.
    assert "auditor@tanggap.example" not in offered


def test_head_office_notes_its_absence_in_its_own_zone(office: Office, at_desk) -> None:
    manager = at_desk("manager", "en")
    fields = {"away_from": "2026-11-20T08:00", "away_until": "2026-11-21T08:00"}
    manager.submit(manager.get("/absence"), "/absence", 303, **fields)
    assert absences(office)[0].from_at.isoformat() == "2026-11-20T01:00:00+00:00"


def test_a_supervisor_notes_the_absence_of_one_of_her_people(office: Office, at_desk) -> None:
    supervisor = at_desk("supervisor", "en")
    people = {a.get_text(): a["href"] for a in supervisor.get("/absence").all("#people ~ ul a")}
    # Her branch and her line; not herself, not who stands above her, not another branch.
    assert set(people) == {"Billing", "Csr", "Joko"}
    page = supervisor.get(people["Csr"])
    assert page.h1 == "Absence of Csr"
    assert "csr@tanggap.example" not in {each["value"] for each in page.all("#f-deputy option")}
    fields = {"away_from": "2026-11-19T08:00", "away_until": "2026-11-20T08:00"}
    wrong = {"away_from": "2026-11-21T08:00", "away_until": "2026-11-20T08:00"}
    refused = supervisor.submit(page, people["Csr"], 422, **wrong)
    assert refused.one("#f-away_from")["value"] == "21 Nov 2026 08:00"
    noted = supervisor.submit(page, people["Csr"], 303, **fields, deputy="officer@tanggap.example")
    page = supervisor.follow(noted)
    assert "Recorded by Supervisor" in page.main
    (absence,) = absences(office)
    assert (absence.user_id, absence.noted_by_id) == (
        office.id_of("csr"),
        office.id_of("supervisor"),
    )
    assert "Away now" in supervisor.get("/absence").main
    # The one who is away sees who noted it, and may come back by themselves.
    csr = at_desk("csr", "en")
    own = csr.get("/absence")
    assert "Recorded by Supervisor" in own.main
    back = csr.follow(csr.submit(own, f"/absence/{absence.id}/end", 303))
    assert "ended by Csr" in back.main
    # And the page of her people goes on telling it.
    assert "ended by Csr" in supervisor.get(people["Csr"]).main


def test_who_leads_nobody_finds_no_people_and_no_way_to_them(office: Office, at_desk) -> None:
    csr = at_desk("csr")
    assert csr.get("/absence").all("#people") == []
    csr.get(f"/absence/of/{office.id_of('officer')}", 403)
    supervisor = at_desk("supervisor")
    supervisor.get(f"/absence/of/{office.id_of('csr2')}", 403)
    supervisor.get(f"/absence/of/{office.id_of('supervisor')}", 403)
    supervisor.get("/absence/of/999", 404)


def test_the_absence_of_somebody_else_is_not_mine_to_end(office: Office, at_desk) -> None:
    csr = at_desk("csr", "en")
    fields = {"away_from": "2026-11-20T08:00", "away_until": "2026-11-21T08:00"}
    csr.submit(csr.get("/absence"), "/absence", 303, **fields)
    officer = at_desk("officer", "en")
    token = str(officer.get("/absence").all("[name=csrf_token]")[0]["value"])
    path = f"/absence/{absences(office)[0].id}/end"
    officer.post(path, {"csrf_token": token}, 403)


@pytest.mark.parametrize(
    ("first", "last", "begins", "ends"),
    [
        # Thursday, 19 November, 09.15 in Jakarta: a day is whole, the one that has begun from now.
        ("20/11", "22/11", "2026-11-19T17:00:00", "2026-11-22T16:59:00"),
        ("hari ini", "besok", "2026-11-19T02:15:00", "2026-11-20T16:59:00"),
        ("Senin 13.00", "Senin", "2026-11-23T06:00:00", "2026-11-23T16:59:00"),
        ("20 Nov 08.00", "21 Nov 17.00", "2026-11-20T01:00:00", "2026-11-21T10:00:00"),
    ],
)
def test_days_are_typed_as_people_say_them_and_are_whole(
    office: Office, at_desk, first: str, last: str, begins: str, ends: str
) -> None:
    csr = at_desk("csr")
    typed = {"away_from": first, "away_until": last}
    csr.submit(csr.get("/absence"), "/absence", 303, **typed)
    (noted,) = absences(office)
    assert noted.from_at.isoformat() == f"{begins}+00:00"
    assert noted.until_at.isoformat() == f"{ends}+00:00"
    # What the field says back while it is typed is what is kept; 22 November is a Sunday.
    said = csr.client.get("/said-time", query_string={"name": "away_until", "text": last}).json
    assert "23.59" in said["said"] or "17.00" in said["said"]


def test_a_day_of_next_year_is_shown_with_its_year(office: Office, at_desk) -> None:
    csr = at_desk("csr")
    # 18 November was yesterday: without a year it is that of next year.
    typed = {"away_from": "18/11", "away_until": "18/11"}
    csr.submit(csr.get("/absence"), "/absence", 303, **typed)
    (noted,) = absences(office)
    assert noted.from_at.isoformat() == "2027-11-17T17:00:00+00:00"
    assert "18 November 2027" in csr.get("/absence").text
    csr.submit(csr.get("/absence"), "/absence", 303, away_from="20/11", away_until="20/11")
    assert "Jumat, 20 Nov, 00.00" in csr.get("/absence").text


def test_a_time_that_cannot_be_read_is_said_at_its_field(office: Office, at_desk) -> None:
    csr = at_desk("csr", "en")
    typed = {"away_from": "20/11", "away_until": "kapan-kapan"}
    page = csr.submit(csr.get("/absence"), "/absence", 422, **typed)
    said = page.one("#f-away_until-error").get_text()
    assert "This is no day. Write 20/11, 20 Nov or tomorrow" in said
    assert page.one("#f-away_until")["placeholder"] == "20/11"
    assert page.one("#f-away_until")["value"] == "kapan-kapan"
    assert absences(office) == []


def test_a_superior_hands_a_complaint_back_from_the_board(office: Office, at_desk) -> None:
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu kabar", at=NOW)
    supervisor = at_desk("supervisor", "en")
    path = f"/board/{number}/escalation/return"
    assert path in {a["href"] for a in supervisor.get("/board").all("main a")}
    from_complaint = f"/complaints/{number}/escalation/return"
    shown = supervisor.get(f"/complaints/{number}")
    assert from_complaint in {a["href"] for a in shown.all("main a")}
    page = supervisor.submit(
        supervisor.get(path), path, 303, instruction="Hubungi pelanggan sebelum pukul 12"
    )
    supervisor.follow(page)
    (row,) = office.rows(Escalation, number)
    assert row.instruction == "Hubungi pelanggan sebelum pukul 12"
    assert number not in supervisor.get("/board").main
    assert "Hubungi pelanggan" in at_desk("csr").get("/notices").main

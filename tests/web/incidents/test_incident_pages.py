"""The pages of incidents: from the alarm to the last customer told, by who may do which."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from complaints.channels.incident_acts import link_each
from complaints.domain.permissions import SYSTEM
from complaints.models import Incident, OutboxMessage, Spike
from complaints.steps.incidents.open import IncidentGiven, number_of, open_incident
from tests.conftest import NOW
from tests.office import Office

WORDS = "Layanan di Jakarta terganggu karena kabel terputus."


def opened(office: Office, at_desk, by: str = "supervisor", **more: str) -> str:
    desk = at_desk(by)
    page = desk.get("/incidents/new")
    fields = {"title": "Kabel terputus", "category": "GANGGUAN", "branch": "JKT", "words": WORDS}
    desk.submit(page, "/incidents", status=303, **{**fields, **more})
    office.session.commit()
    made = office.session.scalars(select(Incident).order_by(Incident.id.desc())).first()
    assert made is not None
    number = number_of(made)
    office.session.commit()
    return number


def letters(office: Office) -> list[str]:
    query = select(OutboxMessage.to_address).where(OutboxMessage.kind == "incident")
    found = list(office.session.scalars(query.order_by(OutboxMessage.id)))
    office.session.commit()
    return found


@pytest.mark.parametrize("language", ["id", "en"])
def test_from_opening_to_the_last_customer(office: Office, at_desk, language: str):
    first = office.receive()
    second = office.receive(
        who={"name": "Budi", "phone": "0812 1111 2222", "email": "budi@x.example"}
    )
    desk = at_desk("supervisor", language)
    number = opened(office, at_desk)
    page = desk.get(f"/incidents/{number}")
    assert page.h1 == "Kabel terputus"
    ticks = [each["value"] for each in page.all("input[name=ids][type=checkbox]")]
    assert sorted(ticks) == [first, second]
    path = f"/incidents/{number}/complaints"
    desk.submit(page, path, status=303, ids=[first, second])
    page = desk.get(f"/incidents/{number}")
    assert len(page.all("#linked tbody tr")) == 2
    # Sent twice, by somebody whose first press seemed to do nothing.
    for _ in range(2):
        desk.submit(page, f"/incidents/{number}/message", status=303)
    assert sorted(letters(office)) == ["budi@x.example", "siti@pelanggan.example"]
    page = desk.get(f"/incidents/{number}")
    assert WORDS in page.one("#told").text
    desk.submit(page, f"/incidents/{number}/closure", status=303, closing="Kabel tersambung")
    page = desk.get(f"/incidents/{number}")
    assert page.all(f"form[action='/incidents/{number}/message']") == []
    assert "Kabel tersambung" in page.main


def test_a_form_sent_twice_opens_one_incident(office: Office, at_desk):
    desk = at_desk("supervisor")
    page = desk.get("/incidents/new")
    for _ in range(2):
        desk.submit(page, "/incidents", status=303, title="Kabel terputus", branch="JKT")
    assert office.count(Incident) == 1


def test_what_is_refused_keeps_what_was_typed(office: Office, at_desk):
    desk = at_desk("supervisor")
    page = desk.get("/incidents/new")
    words = "Salah Anda sendiri"
    page = desk.submit(page, "/incidents", status=422, title="Kabel putus", words=words)
    assert page.one("#f-words").text.strip() == words
    assert page.one("#f-words-error")


def test_numbers_that_cannot_be_linked_are_named_with_their_reason(office: Office, at_desk):
    number, complaint = opened(office, at_desk), office.receive()
    elsewhere = office.receive(by="csr2", branch="MKS", who={"email": "m@x.example", "phone": ""})
    desk = at_desk("supervisor")
    page = desk.get(f"/incidents/{number}")
    path = f"/incidents/{number}/complaints"
    token = page.form(path).select_one("input[name=csrf_token]")["value"]
    numbers = f"{complaint}, {elsewhere} KLH-2026-000999"
    page = desk.post(path, {"csrf_token": token, "numbers": numbers}, status=409)
    said = page.words(".said-stop li")
    assert [each.split(":")[0].strip() for each in said] == [elsewhere, "KLH-2026-000999"]
    assert complaint in page.one("#linked").text


def test_a_csr_tells_only_what_a_supervisor_has_approved(office: Office, at_desk):
    complaint = office.receive()
    number = opened(office, at_desk, by="csr")
    desk = at_desk("csr")
    page = desk.get(f"/incidents/{number}")
    desk.submit(page, f"/incidents/{number}/complaints", status=303, ids=[complaint])
    page = desk.get(f"/incidents/{number}")
    assert page.all(f"form[action='/incidents/{number}/message']") == []
    leader = at_desk("supervisor")
    leader.submit(leader.get(f"/incidents/{number}"), f"/incidents/{number}/approval", status=303)
    page = desk.get(f"/incidents/{number}")
    desk.submit(page, f"/incidents/{number}/message", status=303)
    assert letters(office) == ["siti@pelanggan.example"]


def test_an_auditor_reads_and_does_nothing(office: Office, at_desk):
    number = opened(office, at_desk)
    page = at_desk("auditor").get(f"/incidents/{number}")
    assert [form["action"] for form in page.all("main form")] == []
    at_desk("auditor").get("/incidents/new", status=403)


def test_customers_of_other_branches_are_counted_and_not_shown(office: Office, at_desk):
    number = opened(office, at_desk)
    complaint = office.receive()
    link_each(office.session, number, [complaint], by=SYSTEM, at=office.at)
    page = at_desk("csr2").get(f"/incidents/{number}")
    assert complaint not in page.text
    assert "Siti" not in page.text


def test_an_alarm_becomes_an_incident_or_is_settled(office: Office, at_desk):
    jakarta = office.rules.branches_by_code["JKT"].id
    for category in ("GGN_MATI", "TAG_GANDA"):
        office.session.add(
            Spike(
                category=category,
                branch_id=jakarta,
                first_at=NOW,
                last_at=NOW,
                count=12,
                usual=1.2,
                chance=1e-9,
                settled_by_name="",
            )
        )
    office.session.commit()
    desk = at_desk("supervisor")
    page = desk.get("/incidents")
    assert len(page.all(".said-warn[id^=alarm]")) == 2
    assert at_desk("csr2").get("/incidents").all(".said-warn[id^=alarm]") == []
    form = desk.get("/incidents/new?alarm=1")
    assert form.one("#f-category option[selected]")["value"] == "GGN_MATI"
    desk.submit(form, "/incidents", status=303, title="Kabel terputus")
    desk.submit(page, "/incidents/alarms/2", status=303)
    assert desk.get("/incidents").all(".said-warn[id^=alarm]") == []


def test_whoever_takes_a_complaint_reads_what_is_known(office: Office, at_desk):
    opened(office, at_desk)
    desk = at_desk("csr")
    known = desk.client.get("/incidents/known?category=GGN_MATI&branch=JKT").text
    assert WORDS in known
    assert WORDS not in desk.client.get("/incidents/known?category=TAG_GANDA&branch=JKT").text
    assert WORDS not in desk.client.get("/incidents/known?category=GGN_MATI&branch=MKS").text


@pytest.mark.both_databases
def test_forty_linked_complaints_ask_no_more_than_one(office: Office, at_desk, counted):
    given = IncidentGiven(title="Kabel terputus", category="GANGGUAN", words=WORDS)
    made = open_incident(office.session, office.rules, given, by=office.actor("supervisor"), at=NOW)
    office.session.commit()
    number, desk = number_of(made), at_desk("supervisor")
    link_each(office.session, number, [office.receive()], by=SYSTEM, at=office.at)
    desk.get(f"/incidents/{number}")
    with counted() as one:
        desk.get(f"/incidents/{number}")
    more = [
        office.receive(who={"name": f"P {nth}", "phone": "", "email": f"p{nth}@x.example"})
        for nth in range(40)
    ]
    link_each(office.session, number, more, by=SYSTEM, at=office.at)
    with counted() as many:
        page = desk.get(f"/incidents/{number}")
    assert len(page.all("#linked tbody tr")) == 41
    assert len(many) == len(one) <= 14
    with counted() as listed:
        desk.get("/incidents")
    assert len(listed) <= 10

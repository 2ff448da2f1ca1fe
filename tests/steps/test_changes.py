"""The table of `docs/changes.md`, walked: what is worked out, asked again, and what survives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from complaints.actions.recording import record_given
from complaints.domain.errors import GateRefused, Refused
from complaints.domain.policies.whatif import Change, RuleKind
from complaints.engine.fire import fire_due
from complaints.models import Customer, Deadline, Escalation, Exit, Notice, Offer, StepRecord
from complaints.people.customer_facts import FactsGiven
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.rules.whatif import look_ahead
from complaints.recalculation.recalculate import change_in_force, recalculate
from complaints.rules.edit import Proposal, change_of, rule_in_force, save_rule
from complaints.rules.load import NewVersion, Origin, store_version
from complaints.steps.answer import take_answer
from complaints.steps.casework.customer import Whose, change_customer, merge_customers
from complaints.steps.casework.extend import ask_extension
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.state_facts import state_facts
from complaints.steps.casework.unmerge import unmerge_customers
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.inform import inform_parties
from complaints.steps.plan import draw_up_plan
from complaints.steps.prioritise import override_priority
from tests.conftest import ROOT
from tests.office import Office

DAY = timedelta(days=1)
FRONT_DESK = "id-default-front-desk"
LAW = "id-telco-jartaplok-perdirjen7-2024"

Walk = Callable[[Office], None]
WALKS: dict[str, Walk] = {}


def walk(row: str) -> Callable[[Walk], Walk]:
    """The test of one row of the table."""

    def keep(function: Walk) -> Walk:
        WALKS[row] = function
        return function

    return keep


def rows() -> list[str]:
    table = (ROOT / "docs" / "changes.md").read_text(encoding="utf-8")
    return re.findall(r"^\| ([a-z-]+) \|", table, flags=re.M)[1:]


def test_every_row_of_the_table_is_walked():
    assert set(WALKS) == set(rows())


@pytest.mark.parametrize("row", rows())
@pytest.mark.usefixtures("merged_as_before")
def test_what_follows_from_a_change_is_as_the_table_says(office: Office, row: str):
    WALKS[row](office)
    office.session.commit()
    assert verify_history(office.session)["bad"] == []


# -------------------------------------------------------------------------------- what is done


def correct(office: Office, number: str, **given: Any) -> None:
    """Correct the record, by the door of page and API."""
    office.at += timedelta(minutes=5)
    record_given(office.session, number, "record", given, by=office.actor("csr"), now=office.at)
    office.session.commit()


def told_on(office: Office, number: str) -> dict[str, tuple[datetime | None, datetime]]:
    """Kind of clock → the date told and the due time, of what the customer waits for now."""
    return {
        each.kind: (each.told_at, each.due_at)
        for each in office.rows(Deadline, number)
        if each.kind in ("resolve", "legal") and each.ended_at is None
    }


def apply_to_all(office: Office, kind: RuleKind, code: str, **changes: Any) -> Change:
    """Change a rule for all that is open, as an administrator does; what was foretold happens."""
    row = rule_in_force(office.session, kind, code)
    proposal = Proposal(kind, code, {**row.body, **changes}, row.id)
    change = change_of(office.session, office.rules, proposal)
    foretold = look_ahead(office.session, office.rules, change, now=office.at)
    by = office.actor("admin")
    save_rule(office.session, office.rules, proposal, by=by, at=office.at)
    office.session.commit()
    change = change_in_force(office.rules, change)
    done = recalculate(
        office.session, office.rules, change, reason="aturan berubah", by=by, at=office.at
    )
    office.session.commit()
    assert (done.totals.ended, done.totals.started) == (foretold.ends, foretold.starts)
    return change


def switch(office: Office, *codes: str) -> Change:
    return apply_to_all(office, RuleKind.SWITCHES, RuleKind.SWITCHES.value, policies=list(codes))


def escalate(office: Office, at: datetime) -> None:
    office.at = at
    while fire_due(office.session, office.rules, at=at).handled:
        office.session.commit()
    office.session.commit()


def records(office: Office, number: str, criterion: str) -> list[StepRecord]:
    return [row for row in office.rows(StepRecord, number) if row.criterion == criterion]


def told(office: Office, number: str, kind: str) -> list[str]:
    names = {user.id: name for name, user in office.people.items()}
    return [names[row.user_id] for row in office.rows(Notice, number) if row.kind == kind]


def refused_closing(office: Office, number: str) -> Mapping[str, Any] | tuple[str, ...]:
    with pytest.raises(GateRefused) as refused:
        office.take(number, close_complaint)
    return refused.value.missing


# ------------------------------------------------------------------------------ what follows


@walk("category-promise")
def category_promise(office: Office) -> None:
    office.switch_on(LAW)
    number = office.receive(category="GGN_MATI")
    office.walk(number, to="020-1.6")
    promised = office.complaint(number).promised_at
    for category in ("TAG_NAIK", "GGN_KABEL", "FAS_CABANG", "GGN_MATI"):
        if category in office.rules.taxonomy.categories:
            correct(office, number, category=category)
            guards = told_on(office, number)
            assert [told for told, _ in guards.values() if told is not None] == [promised]
            assert min(due for _, due in guards.values()) <= promised
    assert office.complaint(number).promised_at == promised


@walk("category-priority")
def category_priority(office: Office) -> None:
    number = office.receive(category="TAG_TELAT")
    office.walk(number, to="020-2.4", skip={"asked", "020-2.1"})
    assert office.complaint(number).priority in ("P3", "P4")
    correct(office, number, category="GGN_KABEL")
    complaint = office.complaint(number)
    assert (complaint.priority, complaint.severity) == ("P1", 4)
    assert records(office, number, "020-2.4")[-1].detail["severity"] == 4
    proofs = len(records(office, number, "020-2.4"))
    correct(office, number, category="GGN_MASSAL")
    assert len(records(office, number, "020-2.4")) == proofs


@walk("category-override")
def category_override(office: Office) -> None:
    number = office.receive(category="GGN_LAMBAT")
    office.walk(number, to="020-2.4")
    said = {"priority": "P4", "reason": "Pelanggan sedang di luar kota"}
    office.take(number, override_priority, by="supervisor", **said)
    correct(office, number, category="GGN_PUTUS")
    assert office.complaint(number).priority == "P4"
    correct(office, number, category="GGN_KABEL")
    complaint = office.complaint(number)
    assert complaint.priority == "P1"
    assert complaint.priority_reason["override_before"] == "P4, Supervisor"
    assert records(office, number, "020-2.4")[-1].words == "P1"


@walk("category-units")
def category_units(office: Office) -> None:
    number = office.receive(category="GGN_MATI")
    office.walk(number, to="020-2.1")
    correct(office, number, category="TAG_NAIK")
    assert "020-2.1" in office.missing(number)
    office.take(number, inform_parties, teams=["TAGIHAN"])
    assert told(office, number, "party_asked")[-1] == "billing"


@walk("category-plan")
def category_plan(office: Office) -> None:
    number = office.receive(category="GGN_MATI")
    office.walk(number, to="020-2.5")
    correct(office, number, category="GGN_PUTUS")
    assert "020-2.5" not in refused_closing(office, number)
    correct(office, number, category="TAG_NAIK")
    assert "020-2.5" in refused_closing(office, number)
    office.take(number, draw_up_plan, steps=[StepGiven("Memeriksa tagihan", "TAGIHAN")])
    assert "020-2.5" not in refused_closing(office, number)
    # Where no other plan can be drawn up any more nobody is asked for one.
    second = office.receive(category="GGN_MATI")
    office.walk(second, to="020-3.4")
    correct(office, second, category="TAG_NAIK")
    assert "020-2.5" not in refused_closing(office, second)


@walk("category-record")
def category_record(office: Office) -> None:
    body = rule_in_force_of(office, "record")
    body["rule"] = [*body["rule"], {"category": ["TAG_NAIK"], "mandatory": ["product"]}]
    new = NewVersion("record", "record", body, Origin.CONFIG)
    store_version(office.session, new, by="tests", at=office.at)
    office.session.commit()
    number = office.receive(category="GGN_MATI")
    office.walk(number, to="020-2.1")
    assert "020-1.6" not in refused_closing(office, number)
    correct(office, number, category="TAG_NAIK")
    assert "020-1.6" in refused_closing(office, number)
    correct(office, number, product="Paket 50 Mbps")
    assert "020-1.6" not in refused_closing(office, number)
    correct(office, number, needs=["perwakilan"])
    assert "020-1.6" in refused_closing(office, number)
    correct(
        office,
        number,
        unable={"reason": "Surat kuasa menyusul lewat pos", "code": "document_not_at_hand"},
    )
    assert "020-1.6" not in refused_closing(office, number)


def rule_in_force_of(office: Office, kind: str) -> dict[str, Any]:
    from complaints.rules.load import newest_version

    row = newest_version(office.session, kind, kind)
    assert row is not None
    return dict(row.body)


@walk("category-again")
def category_again(office: Office) -> None:
    office.switch_on("id-telco-field-ttr")
    office.switch_off(FRONT_DESK)
    number = office.receive(category="TAG_NAIK")
    office.walk(number, to="020-1.4", skip={"020-1.4"})
    office.take(number, withdraw_complaint, reason="Sudah selesai sendiri")
    office.take(number, reopen_complaint, at=office.at + 30 * DAY, reason="Ternyata belum")
    reopened_at = office.at
    assert told_on(office, number) == {}
    correct(office, number, category="GGN_MATI")
    [clock] = [
        each
        for each in office.rows(Deadline, number)
        if each.kind == "resolve" and each.ended_at is None
    ]
    assert clock.cycle == 2
    assert clock.started_at >= reopened_at


@walk("tier")
def tier(office: Office) -> None:
    number, other = office.receive(), office.receive()
    for each in (number, other):
        office.walk(each, to="020-2.4")
    promised = office.complaint(number).promised_at
    before = office.complaint(other).priority
    best = max(office.rules.taxonomy.tiers.values(), key=lambda each: each.weight)
    office.take(number, state_facts, given=FactsGiven(tier=best.id))
    for each in (number, other):
        assert office.complaint(each).priority < before
    guards = told_on(office, number)
    assert [told for told, _ in guards.values() if told] == [promised]
    assert min(due for _, due in guards.values()) <= promised


@walk("customer")
def customer(office: Office) -> None:
    office.receive(who={"name": "Budi", "number": "PLG-1", "phone": "0811 1111 1111", "email": ""})
    number = office.receive(who={"name": "Ani", "tier": "HVC_DIAMOND"})
    office.walk(number, to="020-2.4")
    promised, before = office.complaint(number).promised_at, office.complaint(number).priority
    told_by = contact(office, number)
    rested = [each.id for each in records(office, number, "020-2.4")]
    whose = Whose(number="PLG-1")
    office.take(number, change_customer, whose=whose, reason="Salah pilih di loket")
    assert office.complaint(number).priority > before
    assert [each.id for each in records(office, number, "020-2.4")] != rested
    guards = told_on(office, number)
    assert [told for told, _ in guards.values() if told] == [promised]
    assert [each.kind for each in office.rows(Exit, number)] == ["tier"]
    # Letters go to whom they were told to go, not to the other customer.
    assert contact(office, number) == told_by
    words = {"text": "Teknisi kami datang besok pagi", "direction": "out", "method": "email"}
    record_given(office.session, number, "message", words, by=office.actor("csr"), now=office.at)
    office.session.commit()
    letter = office.letters(number)[-1]
    assert (letter.to_address, letter.facts["name"]) == ("siti@pelanggan.example", "Ani")


def contact(office: Office, number: str) -> tuple[str, str | None, str | None]:
    complaint = office.complaint(number)
    return complaint.contact_name, complaint.contact_phone, complaint.contact_email


@walk("customer-merged")
def customer_merged(office: Office) -> None:
    office.receive(who={"name": "Budi", "number": "PLG-1", "phone": "0811 1111 1111", "email": ""})
    usual = office.receive(who={"name": "Budi", "number": "PLG-1", "phone": "0811 1111 1111"})
    number = office.receive(who={"name": "Budi S", "tier": "HVC_DIAMOND", "needs": ("lansia",)})
    for each in (number, usual):
        office.walk(each, to="020-2.4")
    promised = {each: office.complaint(each).promised_at for each in (number, usual)}
    base = office.complaint(number).priority_reason["base"]
    priority = office.complaint(usual).priority
    whose = Whose(number="PLG-1")
    office.take(number, merge_customers, by="supervisor", whose=whose, reason="KTP sama")
    assert office.complaint(number).priority_reason["base"] > base
    assert office.complaint(usual).priority < priority
    assert [each.kind for each in office.rows(Exit, number)] == ["tier"]
    assert office.rows(Exit, usual) == []
    for each in (number, usual):
        assert promised[each] in [told for told, _ in told_on(office, each).values()]


@walk("customer-parted")
def customer_parted(office: Office) -> None:
    usual = office.receive(who={"name": "Budi", "number": "PLG-1", "phone": "0811 1111 1111"})
    number = office.receive(who={"name": "Budi S", "tier": "HVC_DIAMOND", "needs": ("lansia",)})
    both = (number, usual)
    for each in both:
        office.walk(each, to="020-2.4")
    before = {each: office.complaint(each).priority for each in both}
    promised = {each: office.complaint(each).promised_at for each in both}
    contacts = {each: contact(office, each) for each in both}
    who = {"by": "supervisor", "reason": "KTP sama"}
    office.take(number, merge_customers, whose=Whose(number="PLG-1"), **who)
    assert {each: office.complaint(each).priority for each in both} != before
    office.take(usual, unmerge_customers, by="supervisor", reason="Ternyata dua orang")
    assert {each: office.complaint(each).priority for each in both} == before
    for each in both:
        assert promised[each] in [told for told, _ in told_on(office, each).values()]
        assert contact(office, each) == contacts[each]


@walk("calendar")
def calendar(office: Office) -> None:
    number = office.receive()
    office.walk(number, to="020-1.6")
    promised = office.complaint(number).promised_at
    holidays = rule_in_force(office.session, RuleKind.CALENDAR, "jakarta").body["holidays"]
    days = {f"2026-11-{day}": "Libur setempat" for day in (20, 23, 24, 25, 26, 27)}
    apply_to_all(office, RuleKind.CALENDAR, "jakarta", holidays={**holidays, **days})
    assert told_on(office, number)["resolve"] == (promised, promised)


@walk("policy-off")
def policy_off(office: Office) -> None:
    switch(office, FRONT_DESK, LAW)
    number = office.receive()
    due = office.clocks(number)["legal"].due_at
    escalate(office, due + 5 * DAY)
    assert office.clocks(number)["legal"].state == "breached"
    switch(office, FRONT_DESK)
    law = office.clocks(number)["legal"]
    assert (law.state, law.breached_at, law.ended_at) == ("breached", due, office.at)
    moves = [row.detail for row in office.history(number) if row.what == "recalculation"][-1]
    assert [each["kind"] for each in moves["moves"]] == ["legal"]
    waiting = [each for each in office.rows(Escalation, number) if each.deadline_id == law.id]
    heard = office.session.scalars(select(Notice).where(Notice.kind == "clocks_ended")).all()
    assert waiting
    assert sorted(each.user_id for each in heard) == sorted({each.to_id for each in waiting})
    assert {each.facts["number"] for each in heard} == {number}
    office.session.commit()
    escalate(office, office.at + 10 * DAY)
    called = [each for each in office.rows(Escalation, number) if each.deadline_id == law.id]
    assert [each for each in called if each.raised_at > law.ended_at] == []
    assert law.id not in {each.deadline_id for each in office.timers(number)}


@walk("policy-off-promise")
def policy_off_promise(office: Office) -> None:
    switch(office, FRONT_DESK, LAW)
    number = office.receive()
    office.walk(number, to="020-1.6")
    promised = office.complaint(number).promised_at
    holder = next(kind for kind, (told, _) in told_on(office, number).items() if told)
    switch(office, *({"legal": [FRONT_DESK], "resolve": [LAW]}[holder]))
    [(told, due)] = told_on(office, number).values()
    assert told == promised
    assert due <= promised
    assert holder not in told_on(office, number)


@walk("policy-off-alone")
def policy_off_alone(office: Office) -> None:
    office.switch_on("id-telco-field-ttr")
    switch(office, FRONT_DESK)
    number = office.receive(category="TAG_NAIK")
    office.walk(number, to="020-1.6")
    promised = office.complaint(number).promised_at
    # The other policy knows no clock for this matter, so that nothing else would guard the date.
    switch(office, "id-telco-field-ttr")
    assert told_on(office, number) == {"resolve": (promised, promised)}
    assert office.clocks(number)["plan"].state == "cancelled"
    escalate(office, promised + timedelta(hours=1))
    assert office.clocks(number)["resolve"].state == "breached"


@walk("reopening-clocks")
def reopening_clocks(office: Office) -> None:
    number = office.receive()
    office.walk(number)
    first = office.complaint(number).first_told_at
    at = office.at + DAY
    office.take(number, reopen_complaint, by="supervisor", at=at, reason="Mati lagi")
    complaint = office.complaint(number)
    assert (complaint.promised_at, complaint.first_told_at) == (None, first)
    clock = office.clocks(number)["resolve"]
    assert (clock.cycle, clock.started_at, clock.told_at) == (2, at, None)
    missing = refused_closing(office, number)
    assert {"020-3.1", "020-3.3", "020-3.4"} <= set(missing)
    assert not [key for key in missing if key.startswith("020-2")]


@walk("reopening-units")
def reopening_units(office: Office) -> None:
    number = office.receive()
    office.walk(number, to="asked")
    office.take(number, withdraw_complaint, reason="Sudah selesai sendiri")
    at = office.at + 30 * DAY
    office.take(number, reopen_complaint, by="supervisor", at=at, reason="Ternyata belum")
    clock = office.clocks(number)["internal_accept"]
    assert (clock.cycle, clock.started_at, clock.ended_at) == (2, at, None)
    assert told(office, number, "party_asked") == ["officer", "officer"]
    done = office.receive()
    office.walk(done)
    office.take(done, reopen_complaint, by="supervisor", reason="Mati lagi")
    assert "officer" in told(office, done, "reopened")


@walk("reopening-offers")
def reopening_offers(office: Office) -> None:
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, withdraw_complaint, reason="Sudah selesai sendiri")
    office.take(number, reopen_complaint, at=office.at + 30 * DAY, reason="Ternyata belum")
    with pytest.raises(Refused):
        office.take(number, take_answer, answer="accepted")
    assert "020-3.3" in refused_closing(office, number)
    [offer] = office.rows(Offer, number)
    assert offer.cycle == 1


@walk("merged-original")
def merged_original(office: Office) -> None:
    neighbour = {"name": "Orang Lain", "phone": "0811 111 2222", "email": "orang@lain.example"}
    original, number = office.receive(), office.receive(who=neighbour)
    for each in (original, number):
        office.walk(each, to="020-1.6")
    told = office.complaint(number).promised_at
    office.take(number, merge_complaint, into=original, reason="Gangguan yang sama di satu gang")
    later = {"until": told + DAY, "reason": "Menunggu suku cadang"}
    with pytest.raises(Refused, match="was closed as a duplicate"):
        office.take(original, ask_extension, **later)
    office.session.rollback()
    office.take(number, reopen_complaint, by="supervisor", reason="Tidak bisa menunggu lama")
    assert told_on(office, number)["resolve"] == (told, told)
    office.take(original, ask_extension, **later)


@walk("reopening-handler")
def reopening_handler(office: Office) -> None:
    number = office.receive()
    office.walk(number)
    office.take(number, reopen_complaint, by="supervisor", reason="Mati lagi")
    assert "csr" in told(office, number, "reopened")
    assert office.complaint(number).handler_id == office.id_of("csr")
    query = select(Customer.id).where(Customer.id == office.complaint(number).customer_id)
    assert office.session.scalar(query)

"""A rule edited on a page: foreseen, saved, applied to what runs or to new complaints only."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from complaints.clocks.timers import next_timer, pause_ends_at
from complaints.domain.errors import Forbidden, Invalid, Stale
from complaints.domain.ledger import rebuild
from complaints.domain.policies.editing import with_clock, without_clocks
from complaints.domain.policies.whatif import Change, RuleKind
from complaints.engine.fire import fire_due
from complaints.models import Deadline, HistoryEntry, LedgerEntry, RuleVersion, User
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.rules.whatif import Outlook, count_under_older, look_ahead
from complaints.recalculation.batch import Totals
from complaints.recalculation.recalculate import change_in_force, recalculate
from complaints.rulebook import read_entry
from complaints.rules.edit import Proposal, change_of, rule_in_force, save_rule, switches
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import reopen_complaint
from complaints.steps.prioritise import override_priority
from tests.office import Office

DAY = timedelta(days=1)
FRONT_DESK = "id-default-front-desk"
LAW = "id-telco-jartaplok-perdirjen7-2024"


def wib(text: str) -> datetime:
    """A wall time in Jakarta of November 2026, as an instant."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{clock}+07:00").astimezone(UTC)


def propose(office: Office, kind: str, code: str, **changes: Any) -> Proposal:
    row = rule_in_force(office.session, RuleKind(kind), code)
    body = {**deepcopy(row.body), **changes}
    return Proposal(RuleKind(kind), code, body, row.id)


def with_duration(office: Office, code: str, **durations: int) -> Proposal:
    proposal = propose(office, "policy", code)
    for clock in proposal.body["clock"]:
        clock["duration"] = durations.get(clock["id"], clock["duration"])
    return proposal


def with_holidays(office: Office, *days: str) -> Proposal:
    row = rule_in_force(office.session, RuleKind.CALENDAR, "jakarta")
    more = dict.fromkeys(days, "Libur setempat")
    return propose(office, "calendar", "jakarta", holidays={**row.body["holidays"], **more})


def with_policies(office: Office, *codes: str) -> Proposal:
    return propose(office, "organisation", "organisation", policies=list(codes))


def foresee(office: Office, proposal: Proposal) -> Outlook:
    change = change_of(office.session, office.rules, proposal)
    outlook = look_ahead(office.session, office.rules, change, now=office.at)
    office.session.commit()
    return outlook


def save(office: Office, proposal: Proposal, by: str = "admin") -> Change:
    change = change_of(office.session, office.rules, proposal)
    save_rule(office.session, office.rules, proposal, by=office.actor(by), at=office.at)
    office.session.commit()
    return change_in_force(office.rules, change)


def apply_to_all(office: Office, change: Change, limit: int = 500) -> Totals:
    total, after = Totals(), 0
    while after is not None:
        done = recalculate(
            office.session,
            office.rules,
            change,
            reason="aturan berubah",
            by=office.actor("admin"),
            at=office.at,
            after=after,
            limit=limit,
        )
        office.session.commit()
        total.add(done.totals)
        after = done.last_id
    office.session.expire_all()
    return total


def books_agree(office: Office, *numbers: str) -> None:
    """Each clock is what its ledger says, has its timer, and the complaint repeats the earliest."""
    for number in numbers:
        entries, rules = office.rows(LedgerEntry, number), office.rules
        timers = {timer.deadline_id: timer for timer in office.timers(number)}
        live = []
        for clock in office.rows(Deadline, number):
            own = [entry for entry in entries if entry.deadline_id == clock.id]
            ledger = rebuild(read_entry(rules, entry) for entry in own)
            assert (clock.due_at, clock.state) == (ledger.due_at, ledger.state), clock.kind
            assert own[-1].due_at == clock.due_at
            last = [entry for entry in own if "policy_version" in entry.detail][-1].detail
            named = (clock.policy_version_id, clock.clause, clock.calendar_version_id)
            assert (last["policy_version"], last["clause"], last["calendar_version"]) == named
            if clock.ended_at is None:
                live.append(clock)
                is_paused = clock.state == "paused"
                until = pause_ends_at(office.session, clock.id) if is_paused else None
                expected = next_timer(rules, clock, until)
                assert (expected is not None) is (clock.id in timers)
                if expected is not None:
                    assert timers[clock.id].fire_at == expected.fire_at
                    assert timers[clock.id].firing == expected.firing
            else:
                assert clock.id not in timers
        own = [clock for clock in live if clock.kind != "commitment"]
        soonest = min((clock.due_at for clock in own), default=None)
        assert office.complaint(number).next_due_at == soonest
    office.session.commit()
    assert verify_history(office.session)["bad"] == []
    office.session.commit()


def under_older(office: Office) -> int:
    count = count_under_older(office.session, office.rules, "policy", FRONT_DESK, now=office.at)
    office.session.commit()
    return count


def resolve_of(office: Office, number: str) -> Deadline:
    return office.clocks(number)["resolve"]


# Looking ahead


def test_a_longer_calendar_is_foreseen_and_then_happens(office: Office):
    numbers = [office.receive() for _ in range(3)]
    elsewhere = office.receive(by="csr2", branch="MKS")
    before = {number: resolve_of(office, number).due_at for number in (*numbers, elsewhere)}
    proposal = with_holidays(office, "2026-11-20", "2026-11-23")
    outlook = foresee(office, proposal)
    # Of each complaint plan, progress and resolve cross the days; the receipt is due the same day.
    assert (outlook.clocks, outlook.later, outlook.earlier, outlook.turn_late) == (12, 9, 0, 0)
    assert resolve_of(office, numbers[0]).due_at == before[numbers[0]]

    counted = apply_to_all(office, save(office, proposal), limit=2)
    assert (counted.complaints, counted.clocks, counted.moved) == (3, 12, 9)
    for number in numbers:
        assert resolve_of(office, number).due_at == before[number] + 2 * DAY
    assert resolve_of(office, elsewhere).due_at == before[elsewhere]
    books_agree(office, *numbers, elsewhere)


def test_examples_show_before_and_after_with_those_that_turn_late_first(office: Office):
    number = office.receive(received_at=wib("16 08:00"), at=wib("16 08:00"))
    later = office.receive(received_at=wib("18 14:00"), at=wib("18 14:00"))
    office.at = wib("18 14:05")
    outlook = foresee(office, with_duration(office, FRONT_DESK, resolve_p2=1))
    assert (outlook.earlier, outlook.turn_late) == (2, 1)
    first, second = outlook.examples
    assert (first.number, first.turns_late) == (number, True)
    assert (first.before, first.after) == (wib("19 08:00"), wib("17 08:00"))
    assert (second.number, second.turns_late) == (later, False)


@pytest.mark.both_databases
def test_what_is_already_missed_is_counted_apart_and_stays(office: Office):
    number = office.receive(received_at=wib("02 08:00"), at=wib("02 08:00"))
    office.at = wib("19 08:00")
    missed = resolve_of(office, number).due_at
    proposal = with_duration(office, FRONT_DESK, resolve_p2=60)
    outlook = foresee(office, proposal)
    assert (outlook.clocks, outlook.moves, outlook.missed) == (0, 0, 4)
    apply_to_all(office, save(office, proposal))
    resolve = resolve_of(office, number)
    assert resolve.due_at == missed
    fire_due(office.session, office.rules, at=office.at)
    office.session.commit()
    resolve = resolve_of(office, number)
    assert (resolve.state, resolve.breached_at) == ("breached", missed)
    apply_to_all(office, save(office, with_holidays(office, "2026-11-20")))
    assert resolve_of(office, number).breached_at == missed


def test_a_change_that_no_clock_feels_says_so(office: Office):
    office.receive()
    assert foresee(office, with_holidays(office, "2029-01-02")).changes_nothing
    assert foresee(office, with_duration(office, FRONT_DESK, resolve_p4=99)).changes_nothing


# Applying


def test_new_complaints_only_leaves_what_runs_alone(office: Office):
    old = office.receive(received_at=wib("19 08:00"))
    before = resolve_of(office, old)
    save(office, with_duration(office, FRONT_DESK, resolve_p1=2, resolve_p2=9))
    new = office.receive(received_at=wib("19 08:00"))
    assert resolve_of(office, old).due_at == before.due_at
    assert resolve_of(office, new).due_at > before.due_at
    assert under_older(office) == 3
    # Also when its facts change, a complaint keeps what it was handled under.
    office.walk(old, to="020-1.6")
    words = {"priority": "P1", "reason": "Pelanggan sakit di rumah"}
    office.take(old, override_priority, by="supervisor", **words)
    assert resolve_of(office, old).policy_version_id == before.policy_version_id
    assert resolve_of(office, old).due_at == wib("20 08:00")
    books_agree(office, old, new)


def test_old_clocks_can_be_brought_over_later(office: Office):
    number = office.receive(received_at=wib("19 08:00"))
    due = resolve_of(office, number).due_at
    change = save(office, with_duration(office, FRONT_DESK, resolve_p2=4))
    apply_to_all(office, change)
    assert resolve_of(office, number).due_at == due + DAY
    assert under_older(office) == 0
    assert apply_to_all(office, change) == Totals()
    books_agree(office, number)


def test_pauses_told_dates_and_extensions_are_kept(office: Office):
    paused = office.receive(received_at=wib("19 08:00"))
    office.take(
        paused,
        pause_clocks,
        by="supervisor",
        at=wib("19 10:00"),
        reason="Menunggu foto",
        until=wib("24 10:00"),
    )
    office.take(paused, resume_clocks, at=wib("19 12:00"))
    office.at = wib("19 12:00")
    told = office.receive(at=wib("19 12:00"))
    office.walk(told, to="020-1.6")
    extended = office.receive()
    office.walk(extended, to="020-2.5")
    until = wib("30 10:00")
    office.take(extended, ask_extension, until=until, reason="Suku cadang belum tiba")
    office.take(extended, decide_extension, by="supervisor", answer="approved")
    told_due = resolve_of(office, told).due_at
    apply_to_all(office, save(office, with_duration(office, FRONT_DESK, resolve_p2=5)))
    # Five working days from 19 November, and the two hours paused.
    assert resolve_of(office, paused).due_at == wib("26 10:00")
    # The earlier of what policy says and what the customer was told counts.
    assert resolve_of(office, told).due_at == told_due
    assert resolve_of(office, extended).due_at == until
    books_agree(office, paused, told, extended)


def test_a_clock_that_stands_still_goes_on_standing_still(office: Office):
    number = office.receive(received_at=wib("19 08:00"))
    office.take(
        number,
        pause_clocks,
        by="supervisor",
        at=wib("19 10:00"),
        reason="Menunggu foto",
        until=wib("24 10:00"),
    )
    apply_to_all(office, save(office, with_duration(office, FRONT_DESK, resolve_p2=5)))
    assert resolve_of(office, number).state == "paused"
    books_agree(office, number)
    office.take(number, resume_clocks, at=wib("19 12:00"))
    assert resolve_of(office, number).due_at == wib("26 10:00")
    books_agree(office, number)


def test_the_history_says_what_moved_and_nothing_where_nothing_did(office: Office):
    moved = office.receive(received_at=wib("19 08:00"))
    apply_to_all(office, save(office, with_duration(office, FRONT_DESK, resolve_p2=5)))
    entry = office.history(moved)[-1]
    assert (entry.what, entry.by_name) == ("recalculation", "Admin")
    assert entry.detail["reason"] == "aturan berubah"
    assert [move["kind"] for move in entry.detail["moves"]] == ["resolve"]
    apply_to_all(office, save(office, with_holidays(office, "2029-01-02")))
    assert office.history(moved)[-1].id == entry.id
    assert office.rows(LedgerEntry, moved)[-1].what == "recompute"
    books_agree(office, moved)


def test_a_recalculation_does_not_make_the_form_stale_that_somebody_is_filling_in(office: Office):
    number = office.receive()
    version = office.complaint(number).version
    apply_to_all(office, save(office, with_holidays(office, "2026-11-20")))
    assert office.complaint(number).version == version


def test_steps_of_the_ladder_that_lie_ahead_again_fire_again(office: Office):
    number = office.receive(received_at=wib("16 08:00"), at=wib("16 08:00"))
    office.at = wib("18 15:00")
    fire_due(office.session, office.rules, at=office.at)
    office.session.commit()
    assert resolve_of(office, number).fired == 2
    apply_to_all(office, save(office, with_duration(office, FRONT_DESK, resolve_p2=10)))
    assert resolve_of(office, number).fired == 0
    books_agree(office, number)


# Policies switched on and off


def test_several_policies_run_at_once_and_the_earliest_leads(office: Office):
    apply_to_all(office, save(office, with_policies(office, FRONT_DESK, LAW)))
    number = office.receive(received_at=wib("19 08:00"), category="GGN_MATI")
    clocks = {(clock.policy, clock.kind): clock for clock in office.rows(Deadline, number)}
    ours, law = clocks[FRONT_DESK, "resolve"], clocks[LAW, "legal"]
    assert (ours.clause, law.clause) == ("resolve_p2", "restore")
    assert law.due_at < ours.due_at
    case = office.take(number, lambda case: None)
    assert case.next_due_at == min(clock.due_at for clock in clocks.values())
    # The customer is told the earliest of all that are kept.
    office.walk(number, to="020-1.4")
    assert office.complaint(number).promised_at == law.due_at
    books_agree(office, number)


def test_a_policy_switched_on_for_all_starts_the_clocks_that_are_still_owed(office: Office):
    fresh = office.receive(received_at=wib("19 08:00"))
    offered = office.receive(received_at=wib("19 08:00"))
    office.walk(offered, to="020-3.4")
    away = office.receive(received_at=wib("19 08:00"))
    office.take(
        away,
        pause_clocks,
        by="supervisor",
        at=wib("19 10:00"),
        reason="Menunggu foto",
        until=wib("24 10:00"),
    )
    proposal = with_policies(office, FRONT_DESK, LAW)
    outlook = foresee(office, proposal)
    assert (outlook.starts, outlook.moves, outlook.ends) == (2, 0, 0)
    counted = apply_to_all(office, save(office, proposal))
    assert (counted.started, counted.moved) == (2, 0)
    law = office.clocks(fresh)["legal"]
    assert (law.started_at, law.due_at) == (wib("19 08:00"), wib("23 16:00"))
    assert "legal" not in office.clocks(offered)
    # It stands still as the other clocks of that complaint do.
    assert office.clocks(away)["legal"].state == "paused"
    books_agree(office, fresh, offered, away)
    assert apply_to_all(office, switches_on(office, LAW)).started == 0


def test_a_clock_started_late_may_be_missed_at_once(office: Office):
    number = office.receive(received_at=wib("09 08:00"), at=wib("09 08:00"))
    office.at = wib("19 08:00")
    proposal = with_policies(office, FRONT_DESK, LAW)
    assert foresee(office, proposal).turn_late == 1
    apply_to_all(office, save(office, proposal))
    books_agree(office, number)
    fire_due(office.session, office.rules, at=office.at)
    office.session.commit()
    law = office.clocks(number)["legal"]
    assert (law.state, law.breached_at) == ("breached", wib("11 16:00"))


def test_a_reopened_complaint_counts_from_its_reopening(office: Office):
    number = office.receive(received_at=wib("19 08:00"))
    office.walk(number)
    office.take(number, reopen_complaint, at=wib("26 08:00"), reason="Mati lagi")
    apply_to_all(office, save(office, with_policies(office, FRONT_DESK, LAW)))
    law = office.clocks(number)["legal"]
    assert (law.started_at, law.cycle) == (wib("26 08:00"), 2)
    books_agree(office, number)


def test_a_policy_switched_off_for_all_ends_its_clocks(office: Office):
    apply_to_all(office, save(office, with_policies(office, FRONT_DESK, LAW)))
    number = office.receive(received_at=wib("19 08:00"))
    away = office.receive(received_at=wib("19 08:00"))
    office.take(
        away,
        pause_clocks,
        by="supervisor",
        at=wib("19 10:00"),
        reason="Menunggu foto",
        until=wib("24 10:00"),
    )
    proposal = with_policies(office, FRONT_DESK)
    assert foresee(office, proposal).ends == 2
    counted = apply_to_all(office, save(office, proposal))
    assert counted.ended == 2
    assert office.clocks(number)["legal"].state == "cancelled"
    assert office.clocks(away)["legal"].state == "cancelled"
    assert resolve_of(office, number).state == "running"
    books_agree(office, number, away)


def test_a_policy_switched_off_for_new_complaints_runs_on_where_it_runs(office: Office):
    apply_to_all(office, save(office, with_policies(office, FRONT_DESK, LAW)))
    number = office.receive(received_at=wib("19 08:00"))
    save(office, with_policies(office, FRONT_DESK))
    assert office.clocks(number)["legal"].state == "running"
    assert "legal" not in office.clocks(office.receive())
    office.walk(number, to="020-2.4")
    assert office.clocks(number)["legal"].state == "running"


def test_an_unknown_policy_cannot_be_switched_on(office: Office):
    with pytest.raises(Invalid, match="no policy pack nowhere"):
        save(office, with_policies(office, "nowhere"))


# Ladders


def ladder_with(office: Office, **rung: Any) -> Proposal:
    proposal = propose(office, "ladder", "default")
    proposal.body["rung"][-1].update(rung)
    return proposal


def test_a_new_ladder_lets_late_clocks_climb_from_where_they_stand(office: Office):
    number = office.receive(received_at=wib("16 08:00"), at=wib("16 08:00"))
    office.at = wib("19 09:00")
    fire_due(office.session, office.rules, at=office.at)
    office.session.commit()
    assert office.complaint(number).escalation_level > 0
    # The head office would be called after half an hour instead of a day.
    body = propose(office, "ladder", "default").body
    for rung in body["rung"]:
        if rung["level"] > 1:
            rung.update(after=30, unit="working_minute")
    proposal = Proposal(
        RuleKind.LADDER,
        "default",
        body,
        rule_in_force(office.session, RuleKind.LADDER, "default").id,
    )
    outlook = foresee(office, proposal)
    rung_at_once = dict(outlook.rings)
    assert rung_at_once
    assert set(rung_at_once) <= {2, 3}
    before = resolve_of(office, number).due_at
    apply_to_all(office, save(office, proposal))
    assert resolve_of(office, number).due_at == before
    fired = fire_due(office.session, office.rules, at=office.at)
    office.session.commit()
    assert fired.counts["escalate"] > 0
    assert office.complaint(number).escalation_level == 3
    books_agree(office, number)
    assert not foresee(office, propose(office, "ladder", "default")).rings


def test_a_new_ladder_says_no_warning_that_lies_in_the_past(office: Office):
    number = office.receive(received_at=wib("16 08:00"), at=wib("16 08:00"))
    office.at = wib("17 14:00")
    fire_due(office.session, office.rules, at=office.at)
    office.session.commit()
    body = propose(office, "ladder", "default").body
    body["rung"].insert(0, {"key": "early", "before_percent": 10, "target": "handler", "level": 0})
    base = rule_in_force(office.session, RuleKind.LADDER, "default").id
    apply_to_all(office, save(office, Proposal(RuleKind.LADDER, "default", body, base)))
    assert fire_due(office.session, office.rules, at=office.at).counts.get("warn", 0) == 0
    office.session.commit()
    books_agree(office, number)


def test_a_ladder_with_nobody_on_top_is_refused(office: Office):
    for target in ("handler", "role:nobody"):
        with pytest.raises(Invalid, match="top step") as refusal:
            save(office, ladder_with(office, target=target))
        assert refusal.value.field == "rung"
    everybody_left = update(User).where(User.role == "manager").values(is_active=False)
    office.session.execute(everybody_left)
    office.session.commit()
    with pytest.raises(Invalid, match="There is no user for the top step"):
        save(office, ladder_with(office, label_en="The same, newly named"))


def test_a_top_rung_must_be_filled_in_every_branch(office: Office):
    # Jakarta has a supervisor and her superior; the other branches only head office.
    with pytest.raises(Invalid, match="Makassar"):
        save(office, ladder_with(office, target="supervisor"))


# Saving


def test_only_an_administrator_saves_rules(office: Office):
    proposal = with_holidays(office, "2026-11-20")
    for name in ("csr", "supervisor", "manager", "auditor"):
        with pytest.raises(Forbidden):
            save(office, proposal, by=name)


@pytest.mark.both_databases
def test_two_editors_do_not_overwrite_each_other(office: Office):
    mine, theirs = with_holidays(office, "2026-11-20"), with_holidays(office, "2026-11-23")
    save(office, theirs)
    with pytest.raises(Stale, match="Someone else"):
        save(office, mine)


@pytest.mark.both_databases
def test_what_is_sent_twice_is_saved_once(office: Office):
    proposal = with_holidays(office, "2026-11-20")
    save(office, proposal)
    save(office, proposal)
    query = select(RuleVersion).where(RuleVersion.code == "jakarta", RuleVersion.origin == "admin")
    rows = office.session.scalars(query).all()
    assert [(row.version, row.loaded_by) for row in rows] == [(2, "Admin")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"week": {}}, "no open interval"),
        ({"tz": "Jakarta"}, "tz: 'Jakarta' is not a known time zone"),
        ({"holidays": {"2026-02-30": "x"}}, "'2026-02-30' is not a date"),
        ({"week": {"mon": [["16:00", "08:00"]]}}, "ends before it begins"),
    ],
)
def test_an_impossible_calendar_is_refused_with_a_sentence(office: Office, changes, sentence):
    with pytest.raises(Invalid, match=sentence):
        save(office, propose(office, "calendar", "jakarta", **changes))


def test_a_tier_may_not_lengthen_a_legal_limit(office: Office):
    proposal = propose(office, "policy", LAW)
    gold = {"id": "gold", "kind": "legal", "tier": "HVC_GOLD", "duration": 9, "unit": "working_day"}
    proposal.body["clock"].insert(0, gold)
    with pytest.raises(Invalid, match="may not be longer for one customer type"):
        save(office, proposal)


def test_a_clock_no_clause_asks_for_any_more_ends(office: Office):
    number = office.receive(received_at=wib("19 08:00"))
    given = propose(office, "policy", FRONT_DESK)
    clocks = [clock for clock in given.body["clock"] if clock["id"] != "plan"]
    proposal = propose(office, "policy", FRONT_DESK, clock=clocks)
    assert foresee(office, proposal).ends == 1
    apply_to_all(office, save(office, proposal))
    assert office.clocks(number)["plan"].state == "cancelled"
    books_agree(office, number)


def with_new_clock(office: Office, code: str = FRONT_DESK, **given: Any) -> Proposal:
    proposal = propose(office, "policy", code)
    clock = {"id": "own", "duration": 2, "unit": "working_day", "start": "received", **given}
    body = with_clock(proposal.body, clock)
    return Proposal(proposal.kind, code, body, proposal.base_id)


def test_a_clock_added_for_new_complaints_leaves_the_open_ones_alone(office: Office):
    old = office.receive(received_at=wib("19 08:00"))
    proposal = with_new_clock(office, kind="legal")
    assert foresee(office, proposal).starts == 1
    change = save(office, proposal)
    new = office.receive(received_at=wib("19 08:00"))
    assert "legal" not in office.clocks(old)
    assert office.clocks(new)["legal"].due_at == wib("23 08:00")
    # It can still be brought over later, and only once.
    assert apply_to_all(office, change).started == 1
    assert office.clocks(old)["legal"].due_at == wib("23 08:00")
    assert apply_to_all(office, change) == Totals()
    books_agree(office, old, new)


def test_a_clock_added_for_a_special_case_moves_the_clocks_it_takes_over(office: Office):
    here = office.receive(received_at=wib("19 08:00"))
    elsewhere = office.receive(by="csr2", branch="MKS")
    before = resolve_of(office, elsewhere).due_at
    proposal = with_new_clock(office, kind="resolve", branch="JKT", duration=1)
    outlook = foresee(office, proposal)
    assert (outlook.earlier, outlook.later, outlook.starts) == (1, 0, 0)
    counted = apply_to_all(office, save(office, proposal))
    assert (counted.moved, counted.started) == (1, 0)
    assert (resolve_of(office, here).clause, resolve_of(office, here).due_at) == (
        "own",
        wib("20 08:00"),
    )
    assert resolve_of(office, elsewhere).due_at == before
    books_agree(office, here, elsewhere)


def test_a_clock_added_to_a_policy_that_is_not_in_use_starts_nothing(office: Office):
    office.receive()
    proposal = with_new_clock(office, LAW, kind="plan")
    assert foresee(office, proposal).starts == 0
    assert apply_to_all(office, save(office, proposal)).started == 0


def test_a_limit_of_the_law_is_neither_lengthened_nor_taken_away(office: Office):
    with pytest.raises(Invalid, match="not longer") as refused:
        save(office, with_duration(office, LAW, complaint=4))
    assert refused.value.field == "duration_complaint"
    given = propose(office, "policy", LAW)
    body = without_clocks(given.body, {"complaint"})
    with pytest.raises(Invalid, match="cannot be taken away") as refused:
        save(office, Proposal(given.kind, LAW, body, given.base_id))
    assert refused.value.field == "gone_complaint"
    with pytest.raises(Invalid, match="not longer"):
        save(office, with_new_clock(office, LAW, kind="legal", branch="JKT", duration=9))
    save(office, with_duration(office, LAW, complaint=2))
    # What was made stricter here may become what the law says again.
    save(office, with_duration(office, LAW, complaint=3))


@pytest.mark.both_databases
def test_ended_complaints_are_left_alone(office: Office):
    number = office.receive()
    office.walk(number)
    before = [(row.id, row.due_at) for row in office.rows(Deadline, number)]
    assert apply_to_all(office, save(office, with_policies(office, FRONT_DESK, LAW))).started == 0
    apply_to_all(office, save(office, with_holidays(office, "2026-11-20")))
    assert [(row.id, row.due_at) for row in office.rows(Deadline, number)] == before
    assert "recalculation" not in {entry.what for entry in office.rows(HistoryEntry, number)}


def switches_on(office: Office, code: str) -> Change:
    everything = switches(office.rules, [FRONT_DESK])
    policy = next(each for each in office.rules.policies if each.code == code)
    return Change(everything.kind, everything.code, switched_on=(policy,))

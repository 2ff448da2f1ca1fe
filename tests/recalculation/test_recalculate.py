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
from complaints.queries.complaint.history import verify_history
from complaints.queries.rules.whatif import Outlook, count_under_older, look_ahead
from complaints.recalculation.batch import Totals
from complaints.recalculation.recalculate import change_in_force, recalculate
from complaints.rulebook import read_entry
from complaints.rules.edit import Proposal, change_of, rule_in_force, save_rule, switches
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import close_complaint, reopen_complaint
from complaints.steps.prioritise import override_priority
from tests.house import House

DAY = timedelta(days=1)
FRONT_DESK = "id-default-front-desk"
LAW = "id-telco-jartaplok-perdirjen7-2024"


def wib(text: str) -> datetime:
    """A wall time in Jakarta of November 2026, as an instant."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{clock}+07:00").astimezone(UTC)


def propose(house: House, kind: str, code: str, **changes: Any) -> Proposal:
    row = rule_in_force(house.session, RuleKind(kind), code)
    body = {**deepcopy(row.body), **changes}
    return Proposal(RuleKind(kind), code, body, row.id)


def with_duration(house: House, code: str, **durations: int) -> Proposal:
    proposal = propose(house, "policy", code)
    for clock in proposal.body["clock"]:
        clock["duration"] = durations.get(clock["id"], clock["duration"])
    return proposal


def with_holidays(house: House, *days: str) -> Proposal:
    row = rule_in_force(house.session, RuleKind.CALENDAR, "jakarta")
    more = dict.fromkeys(days, "Libur setempat")
    return propose(house, "calendar", "jakarta", holidays={**row.body["holidays"], **more})


def with_packs(house: House, *codes: str) -> Proposal:
    return propose(house, "organisation", "organisation", policies=list(codes))


def foresee(house: House, proposal: Proposal) -> Outlook:
    change = change_of(house.session, house.rules, proposal)
    outlook = look_ahead(house.session, house.rules, change, now=house.at)
    house.session.commit()
    return outlook


def save(house: House, proposal: Proposal, by: str = "admin") -> Change:
    change = change_of(house.session, house.rules, proposal)
    save_rule(house.session, house.rules, proposal, by=house.actor(by), at=house.at)
    house.session.commit()
    return change_in_force(house.rules, change)


def apply_to_all(house: House, change: Change, limit: int = 500) -> Totals:
    total, after = Totals(), 0
    while after is not None:
        done = recalculate(
            house.session,
            house.rules,
            change,
            reason="aturan berubah",
            by=house.actor("admin"),
            at=house.at,
            after=after,
            limit=limit,
        )
        house.session.commit()
        total.add(done.totals)
        after = done.last_id
    house.session.expire_all()
    return total


def books_agree(house: House, *numbers: str) -> None:
    """Each clock is what its ledger says, has its timer, and the complaint repeats the earliest."""
    for number in numbers:
        entries, rules = house.rows(LedgerEntry, number), house.rules
        timers = {timer.deadline_id: timer for timer in house.timers(number)}
        live = []
        for clock in house.rows(Deadline, number):
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
                until = pause_ends_at(house.session, clock.id) if is_paused else None
                expected = next_timer(rules, clock, until)
                assert (expected is not None) is (clock.id in timers)
                if expected is not None:
                    assert timers[clock.id].fire_at == expected.fire_at
                    assert timers[clock.id].firing == expected.firing
            else:
                assert clock.id not in timers
        soonest = min((clock.due_at for clock in live), default=None)
        assert house.complaint(number).next_due_at == soonest
    house.session.commit()
    assert verify_history(house.session)["bad"] == []
    house.session.commit()


def under_older(house: House) -> int:
    count = count_under_older(house.session, house.rules, "policy", FRONT_DESK, now=house.at)
    house.session.commit()
    return count


def resolve_of(house: House, number: str) -> Deadline:
    return house.clocks(number)["resolve"]


# Looking ahead


def test_a_longer_calendar_is_foreseen_and_then_happens(house: House):
    numbers = [house.receive() for _ in range(3)]
    elsewhere = house.receive(by="csr2", branch="MKS")
    before = {number: resolve_of(house, number).due_at for number in (*numbers, elsewhere)}
    proposal = with_holidays(house, "2026-11-20", "2026-11-23")
    outlook = foresee(house, proposal)
    # Of each complaint plan, progress and resolve cross the days; the receipt is due the same day.
    assert (outlook.clocks, outlook.later, outlook.earlier, outlook.turn_late) == (12, 9, 0, 0)
    assert resolve_of(house, numbers[0]).due_at == before[numbers[0]]

    counted = apply_to_all(house, save(house, proposal), limit=2)
    assert (counted.complaints, counted.clocks, counted.moved) == (3, 12, 9)
    for number in numbers:
        assert resolve_of(house, number).due_at == before[number] + 2 * DAY
    assert resolve_of(house, elsewhere).due_at == before[elsewhere]
    books_agree(house, *numbers, elsewhere)


def test_examples_show_before_and_after_with_those_that_turn_late_first(house: House):
    number = house.receive(received_at=wib("16 08:00"), at=wib("16 08:00"))
    later = house.receive(received_at=wib("18 14:00"), at=wib("18 14:00"))
    house.at = wib("18 14:05")
    outlook = foresee(house, with_duration(house, FRONT_DESK, resolve_p2=1))
    assert (outlook.earlier, outlook.turn_late) == (2, 1)
    first, second = outlook.examples
    assert (first.number, first.turns_late) == (number, True)
    assert (first.before, first.after) == (wib("19 08:00"), wib("17 08:00"))
    assert (second.number, second.turns_late) == (later, False)


def test_what_is_already_missed_is_counted_apart_and_stays(house: House):
    number = house.receive(received_at=wib("02 08:00"), at=wib("02 08:00"))
    house.at = wib("19 08:00")
    missed = resolve_of(house, number).due_at
    proposal = with_duration(house, FRONT_DESK, resolve_p2=60)
    outlook = foresee(house, proposal)
    assert (outlook.clocks, outlook.moves, outlook.missed) == (0, 0, 4)
    apply_to_all(house, save(house, proposal))
    resolve = resolve_of(house, number)
    assert resolve.due_at == missed
    fire_due(house.session, house.rules, at=house.at)
    house.session.commit()
    resolve = resolve_of(house, number)
    assert (resolve.state, resolve.breached_at) == ("breached", missed)
    apply_to_all(house, save(house, with_holidays(house, "2026-11-20")))
    assert resolve_of(house, number).breached_at == missed


def test_a_change_that_no_clock_feels_says_so(house: House):
    house.receive()
    assert foresee(house, with_holidays(house, "2029-01-02")).changes_nothing
    assert foresee(house, with_duration(house, FRONT_DESK, resolve_p4=99)).changes_nothing


# Applying


def test_new_complaints_only_leaves_what_runs_alone(house: House):
    old = house.receive(received_at=wib("19 08:00"))
    before = resolve_of(house, old)
    save(house, with_duration(house, FRONT_DESK, resolve_p1=2, resolve_p2=9))
    new = house.receive(received_at=wib("19 08:00"))
    assert resolve_of(house, old).due_at == before.due_at
    assert resolve_of(house, new).due_at > before.due_at
    assert under_older(house) == 3
    # Also when its facts change, a complaint keeps what it was handled under.
    house.walk(old, to="020-1.6")
    words = {"priority": "P1", "reason": "Pelanggan sakit di rumah"}
    house.take(old, override_priority, by="supervisor", **words)
    assert resolve_of(house, old).policy_version_id == before.policy_version_id
    assert resolve_of(house, old).due_at == wib("20 08:00")
    books_agree(house, old, new)


def test_old_clocks_can_be_brought_over_later(house: House):
    number = house.receive(received_at=wib("19 08:00"))
    due = resolve_of(house, number).due_at
    change = save(house, with_duration(house, FRONT_DESK, resolve_p2=4))
    apply_to_all(house, change)
    assert resolve_of(house, number).due_at == due + DAY
    assert under_older(house) == 0
    assert apply_to_all(house, change) == Totals()
    books_agree(house, number)


def test_pauses_told_dates_and_extensions_are_kept(house: House):
    paused = house.receive(received_at=wib("19 08:00"))
    house.take(paused, pause_clocks, at=wib("19 10:00"), reason="Foto", until=wib("24 10:00"))
    house.take(paused, resume_clocks, at=wib("19 12:00"))
    house.at = wib("19 12:00")
    told = house.receive(at=wib("19 12:00"))
    house.walk(told, to="020-1.6")
    extended = house.receive()
    house.walk(extended, to="020-2.5")
    until = wib("30 10:00")
    house.take(extended, ask_extension, until=until, reason="Suku cadang belum tiba")
    house.take(extended, decide_extension, by="supervisor", answer="approved")
    told_due = resolve_of(house, told).due_at
    apply_to_all(house, save(house, with_duration(house, FRONT_DESK, resolve_p2=5)))
    # Five working days from 19 November, and the two hours paused.
    assert resolve_of(house, paused).due_at == wib("26 10:00")
    # The earlier of what policy says and what the customer was told counts.
    assert resolve_of(house, told).due_at == told_due
    assert resolve_of(house, extended).due_at == until
    books_agree(house, paused, told, extended)


def test_a_clock_that_stands_still_goes_on_standing_still(house: House):
    number = house.receive(received_at=wib("19 08:00"))
    house.take(number, pause_clocks, at=wib("19 10:00"), reason="Foto", until=wib("24 10:00"))
    apply_to_all(house, save(house, with_duration(house, FRONT_DESK, resolve_p2=5)))
    assert resolve_of(house, number).state == "paused"
    books_agree(house, number)
    house.take(number, resume_clocks, at=wib("19 12:00"))
    assert resolve_of(house, number).due_at == wib("26 10:00")
    books_agree(house, number)


def test_the_history_says_what_moved_and_nothing_where_nothing_did(house: House):
    moved = house.receive(received_at=wib("19 08:00"))
    apply_to_all(house, save(house, with_duration(house, FRONT_DESK, resolve_p2=5)))
    entry = house.history(moved)[-1]
    assert (entry.what, entry.by_name) == ("recount", "Admin")
    assert entry.detail["reason"] == "aturan berubah"
    assert [move["kind"] for move in entry.detail["moves"]] == ["resolve"]
    apply_to_all(house, save(house, with_holidays(house, "2029-01-02")))
    assert house.history(moved)[-1].id == entry.id
    assert house.rows(LedgerEntry, moved)[-1].what == "recompute"
    books_agree(house, moved)


def test_a_recount_does_not_make_the_form_stale_that_somebody_is_filling_in(house: House):
    number = house.receive()
    version = house.complaint(number).version
    apply_to_all(house, save(house, with_holidays(house, "2026-11-20")))
    assert house.complaint(number).version == version


def test_steps_of_the_ladder_that_lie_ahead_again_fire_again(house: House):
    number = house.receive(received_at=wib("16 08:00"), at=wib("16 08:00"))
    house.at = wib("18 15:00")
    fire_due(house.session, house.rules, at=house.at)
    house.session.commit()
    assert resolve_of(house, number).fired == 2
    apply_to_all(house, save(house, with_duration(house, FRONT_DESK, resolve_p2=10)))
    assert resolve_of(house, number).fired == 0
    books_agree(house, number)


# Packs switched on and off


def test_several_packs_run_at_once_and_the_earliest_leads(house: House):
    apply_to_all(house, save(house, with_packs(house, FRONT_DESK, LAW)))
    number = house.receive(received_at=wib("19 08:00"), category="GGN_MATI")
    clocks = {(clock.policy, clock.kind): clock for clock in house.rows(Deadline, number)}
    ours, law = clocks[FRONT_DESK, "resolve"], clocks[LAW, "legal"]
    assert (ours.clause, law.clause) == ("resolve_p2", "restore")
    assert law.due_at < ours.due_at
    case = house.take(number, lambda case: None)
    assert case.next_due_at == min(clock.due_at for clock in clocks.values())
    # The customer is told the earliest of all that are kept.
    house.walk(number, to="020-1.4")
    assert house.complaint(number).promised_at == law.due_at
    books_agree(house, number)


def test_a_pack_switched_on_for_all_starts_the_clocks_that_are_still_owed(house: House):
    fresh = house.receive(received_at=wib("19 08:00"))
    offered = house.receive(received_at=wib("19 08:00"))
    house.walk(offered, to="020-3.4")
    away = house.receive(received_at=wib("19 08:00"))
    house.take(away, pause_clocks, at=wib("19 10:00"), reason="Foto", until=wib("24 10:00"))
    proposal = with_packs(house, FRONT_DESK, LAW)
    outlook = foresee(house, proposal)
    assert (outlook.starts, outlook.moves, outlook.ends) == (2, 0, 0)
    counted = apply_to_all(house, save(house, proposal))
    assert (counted.started, counted.moved) == (2, 0)
    law = house.clocks(fresh)["legal"]
    assert (law.started_at, law.due_at) == (wib("19 08:00"), wib("23 16:00"))
    assert "legal" not in house.clocks(offered)
    # It stands still as the other clocks of that complaint do.
    assert house.clocks(away)["legal"].state == "paused"
    books_agree(house, fresh, offered, away)
    assert apply_to_all(house, switches_on(house, LAW)).started == 0


def test_a_clock_started_late_may_be_missed_at_once(house: House):
    number = house.receive(received_at=wib("09 08:00"), at=wib("09 08:00"))
    house.at = wib("19 08:00")
    proposal = with_packs(house, FRONT_DESK, LAW)
    assert foresee(house, proposal).turn_late == 1
    apply_to_all(house, save(house, proposal))
    books_agree(house, number)
    fire_due(house.session, house.rules, at=house.at)
    house.session.commit()
    law = house.clocks(number)["legal"]
    assert (law.state, law.breached_at) == ("breached", wib("11 16:00"))


def test_a_reopened_complaint_counts_from_its_reopening(house: House):
    number = house.receive(received_at=wib("19 08:00"))
    house.walk(number)
    house.take(number, reopen_complaint, at=wib("26 08:00"), reason="Mati lagi")
    apply_to_all(house, save(house, with_packs(house, FRONT_DESK, LAW)))
    law = house.clocks(number)["legal"]
    assert (law.started_at, law.cycle) == (wib("26 08:00"), 2)
    books_agree(house, number)


def test_a_pack_switched_off_for_all_ends_its_clocks(house: House):
    apply_to_all(house, save(house, with_packs(house, FRONT_DESK, LAW)))
    number = house.receive(received_at=wib("19 08:00"))
    away = house.receive(received_at=wib("19 08:00"))
    house.take(away, pause_clocks, at=wib("19 10:00"), reason="Foto", until=wib("24 10:00"))
    proposal = with_packs(house, FRONT_DESK)
    assert foresee(house, proposal).ends == 2
    counted = apply_to_all(house, save(house, proposal))
    assert counted.ended == 2
    assert house.clocks(number)["legal"].state == "cancelled"
    assert house.clocks(away)["legal"].state == "cancelled"
    assert resolve_of(house, number).state == "running"
    books_agree(house, number, away)


def test_a_pack_switched_off_for_new_complaints_runs_on_where_it_runs(house: House):
    apply_to_all(house, save(house, with_packs(house, FRONT_DESK, LAW)))
    number = house.receive(received_at=wib("19 08:00"))
    save(house, with_packs(house, FRONT_DESK))
    assert house.clocks(number)["legal"].state == "running"
    assert "legal" not in house.clocks(house.receive())
    house.walk(number, to="020-2.4")
    assert house.clocks(number)["legal"].state == "running"


def test_an_unknown_pack_cannot_be_switched_on(house: House):
    with pytest.raises(Invalid, match="no policy pack nowhere"):
        save(house, with_packs(house, "nowhere"))


# Ladders


def ladder_with(house: House, **rung: Any) -> Proposal:
    proposal = propose(house, "ladder", "default")
    proposal.body["rung"][-1].update(rung)
    return proposal


def test_a_new_ladder_lets_late_clocks_climb_from_where_they_stand(house: House):
    number = house.receive(received_at=wib("16 08:00"), at=wib("16 08:00"))
    house.at = wib("19 09:00")
    fire_due(house.session, house.rules, at=house.at)
    house.session.commit()
    assert house.complaint(number).escalation_level > 0
    # The head office would be called after half an hour instead of a day.
    body = propose(house, "ladder", "default").body
    for rung in body["rung"]:
        if rung["level"] > 1:
            rung.update(after=30, unit="working_minute")
    proposal = Proposal(
        RuleKind.LADDER,
        "default",
        body,
        rule_in_force(house.session, RuleKind.LADDER, "default").id,
    )
    outlook = foresee(house, proposal)
    rung_at_once = dict(outlook.rings)
    assert rung_at_once
    assert set(rung_at_once) <= {2, 3}
    before = resolve_of(house, number).due_at
    apply_to_all(house, save(house, proposal))
    assert resolve_of(house, number).due_at == before
    fired = fire_due(house.session, house.rules, at=house.at)
    house.session.commit()
    assert fired.counts["escalate"] > 0
    assert house.complaint(number).escalation_level == 3
    books_agree(house, number)
    assert not foresee(house, propose(house, "ladder", "default")).rings


def test_a_new_ladder_says_no_warning_that_lies_in_the_past(house: House):
    number = house.receive(received_at=wib("16 08:00"), at=wib("16 08:00"))
    house.at = wib("17 14:00")
    fire_due(house.session, house.rules, at=house.at)
    house.session.commit()
    body = propose(house, "ladder", "default").body
    body["rung"].insert(0, {"key": "early", "before_percent": 10, "target": "handler", "level": 0})
    base = rule_in_force(house.session, RuleKind.LADDER, "default").id
    apply_to_all(house, save(house, Proposal(RuleKind.LADDER, "default", body, base)))
    assert fire_due(house.session, house.rules, at=house.at).counts.get("warn", 0) == 0
    house.session.commit()
    books_agree(house, number)


def test_a_ladder_with_nobody_on_top_is_refused(house: House):
    for target in ("handler", "role:nobody"):
        with pytest.raises(Invalid, match="top step") as refusal:
            save(house, ladder_with(house, target=target))
        assert refusal.value.field == "rung"
    everybody_left = update(User).where(User.role == "manager").values(is_active=False)
    house.session.execute(everybody_left)
    house.session.commit()
    with pytest.raises(Invalid, match="There is no user for the top step"):
        save(house, ladder_with(house, label_en="The same, newly named"))


def test_a_top_rung_must_be_filled_in_every_branch(house: House):
    # Jakarta has a supervisor and her superior; the other branches only head office.
    with pytest.raises(Invalid, match="Makassar"):
        save(house, ladder_with(house, target="supervisor"))


# Saving


def test_only_an_administrator_saves_rules(house: House):
    proposal = with_holidays(house, "2026-11-20")
    for name in ("csr", "supervisor", "manager", "auditor"):
        with pytest.raises(Forbidden):
            save(house, proposal, by=name)


def test_two_editors_do_not_overwrite_each_other(house: House):
    mine, theirs = with_holidays(house, "2026-11-20"), with_holidays(house, "2026-11-23")
    save(house, theirs)
    with pytest.raises(Stale, match="Someone else"):
        save(house, mine)


def test_what_is_sent_twice_is_saved_once(house: House):
    proposal = with_holidays(house, "2026-11-20")
    save(house, proposal)
    save(house, proposal)
    query = select(RuleVersion).where(RuleVersion.code == "jakarta", RuleVersion.origin == "admin")
    rows = house.session.scalars(query).all()
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
def test_an_impossible_calendar_is_refused_with_a_sentence(house: House, changes, sentence):
    with pytest.raises(Invalid, match=sentence):
        save(house, propose(house, "calendar", "jakarta", **changes))


def test_a_tier_may_not_lengthen_a_legal_limit(house: House):
    proposal = propose(house, "policy", LAW)
    gold = {"id": "gold", "kind": "legal", "tier": "HVC_GOLD", "duration": 9, "unit": "working_day"}
    proposal.body["clock"].insert(0, gold)
    with pytest.raises(Invalid, match="may not be longer for one customer type"):
        save(house, proposal)


def test_a_clock_no_clause_asks_for_any_more_ends(house: House):
    number = house.receive(received_at=wib("19 08:00"))
    given = propose(house, "policy", FRONT_DESK)
    clocks = [clock for clock in given.body["clock"] if clock["id"] != "plan"]
    proposal = propose(house, "policy", FRONT_DESK, clock=clocks)
    assert foresee(house, proposal).ends == 1
    apply_to_all(house, save(house, proposal))
    assert house.clocks(number)["plan"].state == "cancelled"
    books_agree(house, number)


def with_new_clock(house: House, code: str = FRONT_DESK, **given: Any) -> Proposal:
    proposal = propose(house, "policy", code)
    clock = {"id": "own", "duration": 2, "unit": "working_day", "start": "received", **given}
    body = with_clock(proposal.body, clock)
    return Proposal(proposal.kind, code, body, proposal.base_id)


def test_a_clock_added_for_new_complaints_leaves_the_open_ones_alone(house: House):
    old = house.receive(received_at=wib("19 08:00"))
    proposal = with_new_clock(house, kind="legal")
    assert foresee(house, proposal).starts == 1
    change = save(house, proposal)
    new = house.receive(received_at=wib("19 08:00"))
    assert "legal" not in house.clocks(old)
    assert house.clocks(new)["legal"].due_at == wib("23 08:00")
    # It can still be brought over later, and only once.
    assert apply_to_all(house, change).started == 1
    assert house.clocks(old)["legal"].due_at == wib("23 08:00")
    assert apply_to_all(house, change) == Totals()
    books_agree(house, old, new)


def test_a_clock_added_for_a_special_case_moves_the_clocks_it_takes_over(house: House):
    here = house.receive(received_at=wib("19 08:00"))
    elsewhere = house.receive(by="csr2", branch="MKS")
    before = resolve_of(house, elsewhere).due_at
    proposal = with_new_clock(house, kind="resolve", branch="JKT", duration=1)
    outlook = foresee(house, proposal)
    assert (outlook.earlier, outlook.later, outlook.starts) == (1, 0, 0)
    counted = apply_to_all(house, save(house, proposal))
    assert (counted.moved, counted.started) == (1, 0)
    assert (resolve_of(house, here).clause, resolve_of(house, here).due_at) == (
        "own",
        wib("20 08:00"),
    )
    assert resolve_of(house, elsewhere).due_at == before
    books_agree(house, here, elsewhere)


def test_a_clock_added_to_a_pack_that_is_not_in_use_starts_nothing(house: House):
    house.receive()
    proposal = with_new_clock(house, LAW, kind="plan")
    assert foresee(house, proposal).starts == 0
    assert apply_to_all(house, save(house, proposal)).started == 0


def test_a_limit_of_the_law_is_neither_lengthened_nor_taken_away(house: House):
    with pytest.raises(Invalid, match="not longer") as refused:
        save(house, with_duration(house, LAW, complaint=4))
    assert refused.value.field == "duration_complaint"
    given = propose(house, "policy", LAW)
    body = without_clocks(given.body, {"complaint"})
    with pytest.raises(Invalid, match="cannot be taken away") as refused:
        save(house, Proposal(given.kind, LAW, body, given.base_id))
    assert refused.value.field == "gone_complaint"
    with pytest.raises(Invalid, match="not longer"):
        save(house, with_new_clock(house, LAW, kind="legal", branch="JKT", duration=9))
    save(house, with_duration(house, LAW, complaint=2))
    # What was made stricter here may become what the law says again.
    save(house, with_duration(house, LAW, complaint=3))


def test_ended_complaints_are_left_alone(house: House):
    number = house.receive()
    house.walk(number, to="020-3.7")
    house.take(number, close_complaint)
    before = [(row.id, row.due_at) for row in house.rows(Deadline, number)]
    assert apply_to_all(house, save(house, with_packs(house, FRONT_DESK, LAW))).started == 0
    apply_to_all(house, save(house, with_holidays(house, "2026-11-20")))
    assert [(row.id, row.due_at) for row in house.rows(Deadline, number)] == before
    assert "recount" not in {entry.what for entry in house.rows(HistoryEntry, number)}


def switches_on(house: House, code: str) -> Change:
    everything = switches(house.rules, [FRONT_DESK])
    policy = next(each for each in house.rules.policies if each.code == code)
    return Change(everything.kind, everything.code, switched_on=(policy,))

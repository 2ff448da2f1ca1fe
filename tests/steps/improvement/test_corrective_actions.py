"""Corrective actions: raised, carried out, verified by somebody else, judged by fixed days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import sessionmaker

from complaints.domain.errors import Forbidden, Invalid, NotFound, Refused
from complaints.domain.improvement.acts import CHAIN, Subject
from complaints.domain.improvement.effect import Judgement
from complaints.domain.permissions import reader_of
from complaints.models import Branch, Complaint, CorrectiveAction, CorrectiveActionEntry, Notice
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.improvement.effect import read_effect
from complaints.queries.improvement.lists import (
    ActionsAsked,
    ActionsWaiting,
    actions_waiting,
    list_actions,
    own_actions,
)
from complaints.queries.improvement.tree import cause_tree
from complaints.queries.own_history import check_histories
from complaints.queries.reports import figures
from complaints.queries.reports.figures import deadline_report, received_rows
from complaints.queries.scope import in_scope, joined_in_scope, scope_arms
from complaints.steps.find_cause import find_cause
from complaints.steps.improvement import remind
from complaints.steps.improvement.change import change_action, set_whys
from complaints.steps.improvement.finish import drop_action, finish_action, verify_action
from complaints.steps.improvement.raise_action import ActionGiven, raise_action
from complaints.steps.improvement.record import open_action, view_action
from complaints.steps.improvement.remind import remind_of_actions
from complaints.worker.day_seals import read_seals, write_seals
from tests.conftest import NOW
from tests.office import Office

pytestmark = pytest.mark.both_databases

TODAY, DUE = date(2026, 11, 19), date(2026, 11, 27)
SHOWN = "Prosedur baru ditandatangani dan dibagikan"
WHY = "Keluhan ini berkurang menurut laporan"
GIVEN = ActionGiven(
    subject="category",
    code="GGN_MATI",
    what="Periksa kabel setiap bulan",
    why="Kabel tua sering putus dan tidak ada yang memeriksanya",
    owner="csr@tanggap.example",
    due_on=DUE,
)


def raised(office: Office, by: str = "supervisor", **more: Any) -> str:
    try:
        case = raise_action(
            office.session, office.rules, replace(GIVEN, **more), by=office.actor(by), at=office.at
        )
    except Exception:
        office.session.rollback()
        raise
    office.session.commit()
    return case.number


def act(office: Office, number: str, step: Callable[..., Any], by: str, **words: Any) -> None:
    try:
        step(open_action(office.session, number, by=office.actor(by), at=office.at), **words)
    except Exception:
        office.session.rollback()
        raise
    office.session.commit()


def action(office: Office, number: str) -> CorrectiveAction:
    office.session.expire_all()
    return view_action(office.session, number, by=office.actor("manager"), at=office.at).action


def sweep(office: Office, at: datetime) -> int:
    office.at = at
    found = remind_of_actions(office.session, at=at)
    office.session.commit()
    return len(found)


def heard(office: Office, kind: str) -> list[str]:
    ids = office.session.scalars(select(Notice.user_id).where(Notice.kind == kind))
    names = {user.id: name for name, user in office.people.items()}
    return sorted(names[each] for each in ids)


def acts(office: Office) -> list[str]:
    query = select(CorrectiveActionEntry.what).order_by(CorrectiveActionEntry.id)
    return list(office.session.scalars(query))


def effect(office: Office, number: str) -> Any:
    found = read_effect(office.session, office.rules, action(office, number), now=office.at)
    office.session.rollback()
    return found


def complain(office: Office, at: datetime, count: int, category: str | None, **more: Any) -> None:
    office.at = at
    for _ in range(count):
        office.receive(at=at, category=category, **more)


def test_it_is_given_to_its_owner_and_due_when_the_office_closes(office: Office):
    number = raised(office)
    assert number == "TPB-2026-000001"
    found = action(office, number)
    calendar = office.rules.own_calendar(found.branch_id)
    assert found.due_at == calendar.closing_of(DUE)
    assert office.rules.branches[found.branch_id].code == "JKT"
    assert heard(office, "action_given") == ["csr"]


@pytest.mark.parametrize("by", ["csr", "officer", "auditor", "admin"])
def test_only_supervisors_and_managers_raise_one(office: Office, by: str):
    with pytest.raises(Forbidden):
        raised(office, by)


def test_a_supervisor_raises_none_for_another_branch_or_for_all(office: Office):
    with pytest.raises(Forbidden):
        raised(office, branch="MKS")
    with pytest.raises(Forbidden):
        raised(office, subject="branch", code="MKS", owner="manager@tanggap.example")
    everywhere = action(office, raised(office, "manager", owner="csr2@tanggap.example"))
    assert everywhere.branch_id is None
    with pytest.raises(Forbidden):
        act(office, "TPB-2026-000001", drop_action, "supervisor", reason=WHY)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("code", {"code": "TIDAK_ADA"}),
        ("code", {"subject": "cause"}),
        ("subject", {"subject": "handler"}),
        ("owner", {"owner": "siapa@tanggap.example"}),
        ("owner", {"owner": "auditor@tanggap.example"}),
        ("owner", {"owner": "csr2@tanggap.example"}),
        ("due_on", {"due_on": date(2026, 11, 22)}),
        ("due_on", {"due_on": date(2026, 11, 18)}),
        ("due_on", {"due_on": date(2028, 1, 3)}),
        ("what", {"what": "…"}),
        ("why", {"why": "  "}),
        ("weeks", {"weeks": 1}),
        ("contact", {"contact": "KTK-2026-000009"}),
    ],
)
def test_what_cannot_be_raised_says_which_field(office: Office, field: str, more: Any):
    with pytest.raises(Invalid) as refused:
        raised(office, **more)
    assert refused.value.field == field


def test_the_owner_says_it_is_done_and_somebody_else_verifies_it(office: Office):
    number = raised(office)
    for other in ("supervisor", "manager"):
        with pytest.raises(Forbidden):
            act(office, number, finish_action, other, evidence=SHOWN)
    with pytest.raises(Invalid):
        act(office, number, finish_action, "csr", evidence="ok")
    act(office, number, finish_action, "csr", evidence=SHOWN)
    assert action(office, number).done_on == TODAY
    assert heard(office, "action_done") == ["supervisor"]
    with pytest.raises(Refused):
        act(office, number, finish_action, "csr", evidence=SHOWN)
    office.at = NOW + timedelta(days=40)
    act(office, number, verify_action, "supervisor", is_effective=True, reason=WHY)
    assert action(office, number).state == "effective"
    assert acts(office) == ["raise", "done", "verify"]
    for step, words in ((verify_action, {"is_effective": False}), (drop_action, {})):
        with pytest.raises(Refused):
            act(office, number, step, "supervisor", reason=WHY, **words)


def test_nobody_verifies_their_own_not_even_after_giving_it_away(office: Office):
    number = raised(office, owner="supervisor@tanggap.example")
    act(office, number, finish_action, "supervisor", evidence=SHOWN)
    office.at = NOW + timedelta(days=40)
    with pytest.raises(Forbidden):
        act(office, number, verify_action, "supervisor", is_effective=True, reason=WHY)
    with pytest.raises(Refused):
        act(office, number, change_action, "supervisor", reason=WHY, owner="csr@tanggap.example")
    act(office, number, verify_action, "manager", is_effective=False, reason=WHY)
    # Their superior judges where they raised it for themselves.
    assert heard(office, "action_done") == ["manager"]


def test_the_day_it_was_done_is_neither_before_it_was_raised_nor_ahead(office: Office):
    number = raised(office)
    office.at = NOW + timedelta(days=3)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=4)):
        with pytest.raises(Invalid) as refused:
            act(office, number, finish_action, "csr", evidence=SHOWN, done_on=day)
        assert refused.value.field == "done_on"
    act(office, number, finish_action, "csr", evidence=SHOWN, done_on=TODAY + timedelta(days=1))
    with pytest.raises(Refused):
        act(office, number, finish_action, "csr", evidence=SHOWN, done_on=TODAY)


def test_whoever_was_ever_its_owner_does_not_verify_it(office: Office):
    number = raised(office, owner="supervisor@tanggap.example")
    act(office, number, change_action, "supervisor", reason=WHY, owner="csr@tanggap.example")
    act(office, number, finish_action, "csr", evidence=SHOWN)
    office.at = NOW + timedelta(days=40)
    with pytest.raises(Forbidden):
        act(office, number, verify_action, "supervisor", is_effective=True, reason=WHY)
    act(office, number, verify_action, "manager", is_effective=True, reason=WHY)


def test_nobody_waits_for_the_day_that_looks_best(office: Office):
    number = raised(office)
    office.at = NOW + timedelta(days=6)  # Wednesday: the third working day back is Friday.
    with pytest.raises(Invalid) as refused:
        act(office, number, finish_action, "csr", evidence=SHOWN, done_on=date(2026, 11, 19))
    assert refused.value.field == "done_on"
    act(office, number, finish_action, "csr", evidence=SHOWN, done_on=date(2026, 11, 20))


def test_what_is_told_late_is_late_whatever_day_is_told(office: Office):
    number = raised(office)
    office.at = action(office, number).due_at + timedelta(days=1)
    act(office, number, finish_action, "csr", evidence=SHOWN, done_on=DUE)
    assert action(office, number).late_at == action(office, number).due_at


def test_it_cannot_be_called_effective_before_the_days_are_over(office: Office):
    number = raised(office)
    act(office, number, finish_action, "csr", evidence=SHOWN)
    office.at = NOW + timedelta(days=28)
    with pytest.raises(Invalid) as refused:
        act(office, number, verify_action, "supervisor", is_effective=True, reason=WHY)
    assert "18" in refused.value.filled(refused.value.sentence, "id")
    act(office, number, verify_action, "supervisor", is_effective=False, reason=WHY)


def test_owner_and_superior_hear_that_it_is_late_and_every_week(office: Office):
    number = raised(office)
    due = action(office, number).due_at
    assert sweep(office, due) == 0
    assert sweep(office, due + timedelta(seconds=1)) == 1
    assert sweep(office, due + timedelta(days=3)) == 0
    assert heard(office, "action_late") == ["csr", "supervisor"]
    waiting = waits(office)
    assert (waiting.late, waiting.ripe) == (1, 0)
    # Steadily, until it is done.
    assert sweep(office, due + timedelta(days=8)) == 1
    assert len(heard(office, "action_late")) == 4
    assert acts(office) == ["raise", "late", "remind"]


def waits(office: Office) -> ActionsWaiting:
    return actions_waiting(office.session, office.rules, office.actor("manager"), office.at)


def test_it_waits_to_be_verified_when_the_days_are_over_and_not_before(office: Office):
    number = raised(office)
    act(office, number, finish_action, "csr", evidence=SHOWN)
    assert sweep(office, NOW + timedelta(days=28)) == 0
    assert waits(office).ripe == 0
    assert sweep(office, NOW + timedelta(days=30)) == 1
    assert (waits(office).ripe, heard(office, "action_ripe")) == (1, ["supervisor"])
    asked = ActionsAsked(state="done", is_ripe=True)
    manager = office.actor("manager")
    page = list_actions(office.session, office.rules, manager, asked, at=office.at, limit=5)
    assert [each.number for each in page.items] == [number]
    assert sweep(office, NOW + timedelta(days=45)) == 1
    act(office, number, verify_action, "supervisor", is_effective=True, reason=WHY)
    assert sweep(office, NOW + timedelta(days=90)) == 0


def test_a_moved_day_is_told_of_anew_and_stays_in_sight(office: Office):
    number = raised(office)
    due = action(office, number).due_at
    sweep(office, due + timedelta(seconds=1))
    later = DUE + timedelta(days=7)
    act(office, number, change_action, "supervisor", reason=WHY, due_on=later)
    found = action(office, number)
    assert (found.first_due_on, found.due_on, found.late_at) == (DUE, later, due)
    manager = office.actor("manager")
    assert actions_waiting(office.session, office.rules, manager, office.at).late == 0
    asked = ActionsAsked(is_late=False)
    page = list_actions(office.session, office.rules, manager, asked, at=office.at, limit=5)
    assert [each.is_late(office.at) for each in page.items] == [False]
    assert sweep(office, found.due_at + timedelta(seconds=1)) == 1
    assert actions_waiting(office.session, office.rules, manager, office.at).late == 1
    assert heard(office, "action_late") == ["csr", "csr", "supervisor", "supervisor"]


def test_one_that_was_done_or_dropped_is_told_of_no_more(office: Office):
    done, dropped = raised(office), raised(office)
    act(office, done, finish_action, "csr", evidence=SHOWN)
    act(office, dropped, drop_action, "supervisor", reason="Kabel diganti serat optik")
    assert sweep(office, NOW + timedelta(days=20)) == 0


def test_one_that_cannot_be_told_of_holds_up_no_other(office: Office, monkeypatch):
    first = action(office, raised(office)).id
    raised(office, code="GGN_LAMBAT")
    told = remind.tell

    def fails(case: Any, kind: str, people: Any) -> None:
        if case.action.id == first:
            raise RuntimeError
        told(case, kind, people)

    monkeypatch.setattr(remind, "tell", fails)
    assert sweep(office, NOW + timedelta(days=10)) == 2
    assert heard(office, "action_late") == ["csr", "supervisor"]
    monkeypatch.setattr(remind, "tell", told)
    assert sweep(office, office.at + timedelta(hours=2)) == 1


def test_it_is_given_to_somebody_else_who_hears_of_it(office: Office):
    number = raised(office)
    act(office, number, change_action, "supervisor", reason=WHY, owner="officer@tanggap.example")
    assert heard(office, "action_given") == ["csr", "officer"]
    with pytest.raises(Forbidden):
        act(office, number, finish_action, "csr", evidence=SHOWN)
    with pytest.raises(Invalid):
        act(office, number, change_action, "supervisor", reason=WHY)
    assert [each.number for each in own_actions_of(office, "officer")] == [number]
    assert own_actions_of(office, "csr") == []


def test_former_owner_and_superior_hear_what_changes(office: Office):
    number = raised(office)
    moved = {"reason": WHY, "due_on": DUE + timedelta(days=7)}
    act(office, number, change_action, "supervisor", **moved)
    assert heard(office, "action_moved") == ["csr"]
    act(office, number, change_action, "supervisor", reason=WHY, owner="supervisor@tanggap.example")
    assert heard(office, "action_taken") == ["csr"]
    (told,) = office.session.scalars(select(Notice).where(Notice.kind == "action_taken"))
    assert "action" not in told.facts
    act(office, number, change_action, "supervisor", reason=WHY, due_on=DUE)
    assert heard(office, "action_moved") == ["csr", "manager"]
    act(office, number, drop_action, "supervisor", reason=WHY)
    assert heard(office, "action_dropped") == ["manager"]


def test_whoever_takes_on_what_is_late_gets_a_day_that_can_be_kept(office: Office):
    number = raised(office)
    office.at = NOW + timedelta(days=10)
    given = {"reason": WHY, "owner": "officer@tanggap.example"}
    with pytest.raises(Invalid) as refused:
        act(office, number, change_action, "supervisor", **given)
    assert refused.value.field == "due_on"
    act(office, number, change_action, "supervisor", **given, due_on=DUE + timedelta(days=7))
    assert action(office, number).next_at == action(office, number).due_at


def own_actions_of(office: Office, name: str) -> list[Any]:
    return list(own_actions(office.session, office.rules, office.actor(name)))


def test_the_cause_is_the_first_of_five_answers(office: Office):
    number = raised(office)
    whys = ["Kabel tua", "Tidak ada anggaran", "Tidak diminta", "Tidak ada yang menghitung"]
    with pytest.raises(Invalid) as refused:
        act(office, number, set_whys, "supervisor", cause="", whys=whys)
    assert refused.value.field == "cause"
    with pytest.raises(Invalid):
        act(office, number, set_whys, "supervisor", cause="JARINGAN_KABEL", whys=[*whys, "Lagi"])
    # Four times the same is one answer, however it is typed.
    again = ["Kabel tua", "Tidak ada anggaran", "KABEL  TUA"]
    with pytest.raises(Invalid) as refused:
        act(office, number, set_whys, "supervisor", cause="JARINGAN_KABEL", whys=again)
    assert refused.value.field == "why-3"
    act(office, number, set_whys, "supervisor", cause="JARINGAN_KABEL", whys=whys)
    assert (action(office, number).cause, action(office, number).whys) == ("JARINGAN_KABEL", whys)
    with pytest.raises(Invalid):
        act(office, number, set_whys, "supervisor", cause="JARINGAN_KABEL", whys=whys)
    with pytest.raises(Forbidden):
        act(office, number, set_whys, "csr", cause="JARINGAN_KABEL", whys=whys[:1])


def test_of_an_action_against_a_cause_that_cause_is_the_first(office: Office):
    number = raised(office, subject="cause", code="JARINGAN_KABEL")
    act(office, number, set_whys, "supervisor", cause="MANUSIA", whys=["Kabel tua sekali"])
    assert action(office, number).cause == "JARINGAN_KABEL"


def test_who_reads_what(office: Office):
    here = raised(office)
    there = raised(office, "manager", branch="MKS", owner="csr2@tanggap.example")
    everywhere = raised(office, "manager")
    sees = {
        "manager": {here, there, everywhere},
        "auditor": {here, there, everywhere},
        "supervisor": {here, everywhere},
        "csr": {here, everywhere},
        "csr2": {there},
        "officer": set(),
    }
    for name, numbers in sees.items():
        page = list_actions(
            office.session,
            office.rules,
            office.actor(name),
            ActionsAsked(),
            at=office.at,
            limit=10,
        )
        assert {each.number for each in page.items} == numbers, name
        for number in {here, there, everywhere} - numbers:
            with pytest.raises(Forbidden):
                view_action(office.session, number, by=office.actor(name), at=office.at)
    with pytest.raises(NotFound):
        view_action(office.session, "TPB-2026-000009", by=office.actor("manager"), at=office.at)


def test_the_list_goes_on_where_the_page_before_ended(office: Office):
    numbers = [raised(office, due_on=DUE + timedelta(days=7 * n)) for n in (1, 0, 2)]
    found, after = [], None
    for _ in range(3):
        page = list_actions(
            office.session,
            office.rules,
            office.actor("manager"),
            ActionsAsked(),
            at=office.at,
            limit=1,
            after=after,
        )
        found += [each.number for each in page.items]
        after = page.more
    assert found == [numbers[1], numbers[0], numbers[2]]
    assert after is None


def test_fewer_complaints_after_it_are_told_from_chance(office: Office):
    before = NOW - timedelta(days=10)
    complain(office, before, 16, "GGN_MATI")
    complain(office, before, 16, "TAG_TELAT")
    # Outside the four weeks: nobody chooses the days.
    complain(office, NOW - timedelta(days=29), 3, "GGN_MATI")
    office.at = NOW
    number = raised(office)
    complain(office, NOW, 2, "GGN_MATI")
    act(office, number, finish_action, "csr", evidence=SHOWN)
    complain(office, NOW + timedelta(days=5), 1, "GGN_MATI")
    complain(office, NOW + timedelta(days=6), 16, "TAG_TELAT")
    complain(office, NOW + timedelta(days=5), 9, "GGN_MATI", by="csr2", branch="MKS")
    assert effect(office, number).judgement is Judgement.NOT_OVER
    office.at = NOW + timedelta(days=29)
    found = effect(office, number)
    assert (found.before.cases, found.before.of) == (16, 32)
    assert (found.after.cases, found.after.of) == (1, 17)
    assert found.judgement is Judgement.FEWER
    assert found.low < found.ratio < found.high < 1
    act(office, number, verify_action, "supervisor", is_effective=True, reason=WHY)
    query = select(CorrectiveActionEntry.detail).where(CorrectiveActionEntry.what == "verify")
    kept = office.session.scalars(query).one()["effect"]
    # What comes in or is put elsewhere afterwards changes nothing of what was judged by.
    complain(office, NOW + timedelta(days=5), 2, "GGN_MATI")
    office.at = NOW + timedelta(days=60)
    again = effect(office, number)
    assert (again.after, again.judgement) == (found.after, Judgement.FEWER)
    assert again.ratio == pytest.approx(found.ratio, abs=1e-4)
    assert (kept["judgement"], kept["after"]["cases"], kept["after"]["of"]) == ("fewer", 1, 17)


def test_what_nobody_has_taken_elsewhere_is_not_counted_here(office: Office):
    complain(office, NOW - timedelta(days=10), 3, "GGN_MATI")
    complain(office, NOW - timedelta(days=10), 4, "GGN_MATI", by="csr2", branch="MKS")
    there = select(Branch.id).where(Branch.code == "MKS").scalar_subquery()
    office.session.execute(
        update(Complaint).where(Complaint.branch_id == there).values(handler_id=None)
    )
    office.session.commit()
    office.at = NOW
    number = raised(office)
    act(office, number, finish_action, "csr", evidence=SHOWN)
    assert effect(office, number).before.cases == 3
    reader = reader_of(action(office, number).branch_id)
    for scope in (in_scope(reader), joined_in_scope(reader), *scope_arms(reader)):
        assert len(office.session.scalars(select(Complaint.id).where(scope)).all()) == 3


def test_a_branch_is_counted_by_the_day(office: Office):
    complain(office, NOW - timedelta(days=10), 6, "GGN_MATI")
    office.at = NOW
    number = raised(office, "manager", subject="branch", code="JKT")
    act(office, number, finish_action, "csr", evidence=SHOWN)
    complain(office, NOW + timedelta(days=5), 7, "TAG_TELAT")
    office.at = NOW + timedelta(days=29)
    found = effect(office, number)
    assert [(each.cases, each.of) for each in (found.before, found.after)] == [(6, 28), (7, 28)]
    assert found.judgement is Judgement.CHANCE


def test_a_group_of_causes_holds_its_causes_and_what_has_none_is_said(office: Office):
    office.walk(office.receive(at=office.at), to="confirmed")
    finer = office.receive(at=office.at)
    office.walk(finer, to="confirmed")
    office.take(finer, find_cause, stage="confirmed", code="JARINGAN_KABEL", text="Kabel putus")
    complain(office, office.at, 1, "GGN_MATI")
    number = raised(office, subject="cause", code="JARINGAN", due_on=DUE)
    office.at += timedelta(days=1)
    act(office, number, finish_action, "csr", evidence=SHOWN)
    office.at += timedelta(days=40)
    found = effect(office, number)
    assert (found.before.cases, found.before.of, found.before.unknown) == (2, 2, 1)
    assert found.judgement is Judgement.FEW


def test_the_tree_counts_as_the_report_does_and_hangs_actions_under_causes(office: Office):
    office.walk(office.receive(at=office.at), to="confirmed")
    complain(office, office.at, 2, "GGN_MATI")
    number = raised(office, subject="cause", code="JARINGAN_KABEL")
    act(office, number, set_whys, "supervisor", cause="", whys=["Kabel tua sekali"])
    dropped = raised(office, subject="cause", code="JARINGAN_KABEL")
    act(office, dropped, drop_action, "supervisor", reason=WHY)
    manager, first = office.actor("manager"), TODAY - timedelta(days=5)
    last = TODAY + timedelta(days=9)
    tree = cause_tree(office.session, manager, office.rules, first, last, now=office.at)
    report = deadline_report(office.session, manager, first, last, "cause", now=office.at)
    groups = {each.cause.id: each for each in tree.groups}
    assert len(groups) == 10
    assert sum(each.received for each in tree.groups) + tree.without_cause == 3
    assert report.total.received == 3
    assert tree.groups[0].cause.id == "JARINGAN"
    hung = {each.cause.id: [a.number for a in each.actions] for each in groups["JARINGAN"].causes}
    assert hung == {"JARINGAN": [], "JARINGAN_KABEL": [number]}


def test_its_history_is_sealed_and_a_change_in_it_is_named(office: Office, tmp_path: Path):
    number = raised(office)
    act(office, number, finish_action, "csr", evidence=SHOWN)

    def bad() -> list[Any]:
        office.session.rollback()
        found = check_histories(office.session, CorrectiveAction, CorrectiveActionEntry, CHAIN)
        return found[1]

    assert bad() == []
    write_seals(sessionmaker(office.engine), tmp_path, office.at)
    (file,) = tmp_path.iterdir()
    assert read_seals(file).actions.keys() == {1}
    office.session.execute(
        update(CorrectiveActionEntry)
        .where(CorrectiveActionEntry.seq == 1)
        .values(detail={"what": "lain"})
    )
    office.session.commit()
    assert [each[:2] for each in bad()] == [(1, 1)]
    office.session.execute(delete(CorrectiveActionEntry))
    office.session.commit()
    assert bad()


def test_a_row_changed_past_its_steps_is_named(office: Office):
    raised(office)
    office.session.execute(update(CorrectiveAction).values(due_on=DUE + timedelta(days=90)))
    office.session.commit()
    found = verify_history(office.session, None, office.at)
    assert [each["table"] for each in found["bad"]] == ["corrective_actions"]


def test_reading_the_effect_costs_less_than_one_report(office: Office, engine):
    number = raised(office)
    act(office, number, finish_action, "csr", evidence=SHOWN)
    found = action(office, number)
    rules = office.rules
    count = 0

    def counted(*_: Any) -> None:
        nonlocal count
        count += 1

    def statements(step: Callable[[], Any]) -> int:
        nonlocal count
        count = 0
        step()
        office.session.rollback()
        return count

    event.listen(engine, "before_cursor_execute", counted)
    manager = office.actor("manager")
    one = statements(
        lambda: deadline_report(
            office.session, manager, TODAY, DUE, "category", now=office.at, is_compared=False
        )
    )
    both = statements(lambda: read_effect(office.session, rules, found, now=office.at))
    assert both <= one + 3


@pytest.mark.parametrize("by", list(Subject))
@pytest.mark.parametrize("from_rows", [False, True])
def test_what_is_received_is_that_of_the_report(
    office: Office, monkeypatch: pytest.MonkeyPatch, by: str, from_rows: bool
):
    office.walk(office.receive(at=office.at), to="confirmed")
    complain(office, office.at, 2, "TAG_TELAT", by="csr2", branch="MKS")
    office.receive(at=office.at, category=None)
    if from_rows:
        monkeypatch.setattr(figures, "read_sums", lambda *_: None)
    asked = (office.session, office.actor("manager"), TODAY, TODAY + timedelta(days=9), by)
    whole = deadline_report(*asked, now=office.at, rules=office.rules)
    rows = received_rows(*asked, now=office.at, rules=office.rules)
    counts = [
        {row.key: row.figures.received for row in each if row.figures.received}
        for each in (whole.rows, rows)
    ]
    assert counts[0] == counts[1]
    assert sum(counts[0].values()) == 4

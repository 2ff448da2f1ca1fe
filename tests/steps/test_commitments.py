"""Each told or planned step is a commitment: an owner, a due time, a clock, an end of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from complaints.actions.recording import record_given
from complaints.domain.errors import Forbidden, Invalid, NotFound, Refused
from complaints.engine.fire import fire_due
from complaints.models import Commitment, Complaint, Deadline, Escalation, LedgerEntry, Notice
from complaints.queries.complaint.commitments import CommitmentRow, commitments_of
from complaints.queries.lists.commitments import own_commitments
from complaints.rulebook import current_rules
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.commitments.settle import (
    StillOpen,
    drop_commitment,
    keep_commitments,
    undertake,
)
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.plan import draw_up_plan
from complaints.steps.promise import promise_deadline
from tests.conftest import NOW
from tests.office import Office

HOUR = timedelta(hours=1)
ROOT = Path(__file__).resolve().parents[2]


def told(office: Office, *steps: StepGiven, number: str = "", **more: Any) -> str:
    """A complaint of which the customer was told these steps; returns its number."""
    number = number or office.receive()
    office.take(number, promise_deadline, steps=list(steps), **more)
    return number


def rows(office: Office, number: str) -> list[CommitmentRow]:
    found = commitments_of(office.session, int(number.rpartition("-")[2]))
    office.session.commit()
    return found


def clocks(office: Office, number: str) -> list[Deadline]:
    return [each for each in office.rows(Deadline, number) if each.kind == "commitment"]


def sweep(office: Office, at: datetime) -> None:
    while fire_due(office.session, current_rules(office.session), at=at).handled:
        office.session.commit()
    office.session.commit()
    office.at = at


def notices(office: Office, number: str) -> list[tuple[str, str]]:
    """Whom the sweep told what of commitments, in order."""
    names = {user.id: name for name, user in office.people.items()}
    return [
        (names[each.user_id], each.kind)
        for each in office.rows(Notice, number)
        if each.facts.get("clock") == "commitment"
    ]


# Made


def test_a_step_that_names_nobody_and_no_date_is_the_handlers_and_due_with_the_promise(
    office: Office,
):
    number = told(office, StepGiven("Memeriksa jaringan"))
    (step,) = rows(office, number)
    promised = office.complaint(number).promised_at
    assert (step.kind, step.owned_by, step.owner_id) == ("step", "Csr", office.id_of("csr"))
    assert (step.due_at, step.follows_promise) == (promised, True)
    (clock,) = clocks(office, number)
    assert (clock.due_at, clock.state, clock.policy) == (promised, "running", "commitments")


@pytest.mark.parametrize(
    ("written", "kind", "name", "who"),
    [
        ("TEKNIK", "unit", "TEKNIK", None),
        ("Unit teknik", "person", "Unit teknik", "csr"),
        ("joko", "person", "Joko", "officer"),
        ("officer@tanggap.example", "person", "Joko", "officer"),
        ("Pelanggan", "customer", "customer", None),
        ("customer", "customer", "customer", None),
        ("Csr2", "person", "Csr2", "csr"),
        # Their role could not tick it.
        ("Manager", "person", "Manager", "csr"),
        ("auditor@tanggap.example", "person", "auditor@tanggap.example", "csr"),
    ],
)
def test_every_step_has_an_owner_who_answers_for_it(
    office: Office, written: str, kind: str, name: str, who: str | None
):
    number = told(office, StepGiven("Memeriksa", written), StepGiven("Mengabari pelanggan"))
    step, _ = rows(office, number)
    wanted = office.id_of(who) if who else None
    assert (step.owner_kind, step.owner, step.owner_id) == (kind, name, wanted)


def test_what_the_handler_owes_goes_with_the_complaint_to_the_next_one(office: Office):
    due = NOW + 4 * HOUR
    steps = ("Memeriksa", ""), ("Mengukur", "TEKNIK"), ("Menelepon", "csr"), ("Menguji", "")
    number = told(office, *(StepGiven(what, owner, due) for what, owner in steps))
    office.take(number, keep_commitments, ids=[rows(office, number)[3].id])
    office.take(number, assign_complaint, by="supervisor", handler="supervisor@tanggap.example")
    csr, supervisor = office.id_of("csr"), office.id_of("supervisor")
    assert [(each.what, each.owner_id) for each in rows(office, number)] == [
        ("Memeriksa", supervisor),
        ("Mengukur", None),
        ("Menelepon", csr),
        ("Menguji", csr),
    ]
    lying = {
        name: {each.what for each in own_commitments(office.session, office.actor(name), now=NOW)}
        for name in ("csr", "supervisor")
    }
    assert lying == {"csr": {"Menelepon"}, "supervisor": {"Memeriksa"}}


def test_nobody_of_ours_answers_for_what_the_customer_has_to_do(office: Office):
    number = told(office, StepGiven("Membawa KTP", "pelanggan"), StepGiven("Memeriksa"))
    assert len(clocks(office, number)) == 1
    assert rows(office, number)[0].state(NOW + timedelta(days=90)) == "late"


@pytest.mark.parametrize(
    ("due_at", "sentence"),
    [
        (NOW + timedelta(days=30), "ends after the deadline"),
        (NOW - HOUR, "would be late already"),
    ],
)
def test_a_step_is_due_between_now_and_the_promise(office: Office, due_at: datetime, sentence: str):
    with pytest.raises(Invalid, match=sentence):
        told(office, StepGiven("Memeriksa", due_at=due_at))


@pytest.mark.parametrize(
    ("step", "field", "sentence"),
    [
        (StepGiven("  "), "what", "Enter what will be done"),
        (StepGiven("Memeriksa", due_at=NOW - HOUR), "due_at", "This date has passed already"),
        (StepGiven("Memeriksa", due_at=NOW + timedelta(days=30)), "due_at", "after the deadline"),
    ],
)
def test_what_is_undertaken_by_itself_is_refused_at_its_own_field(
    office: Office, step: StepGiven, field: str, sentence: str
):
    number = told(office, StepGiven("Satu"))
    with pytest.raises(Invalid, match=sentence) as refused:
        office.take(number, undertake, kind="step", step=step)
    assert refused.value.field == field


# Kept


@pytest.mark.parametrize("due_in", [None, timedelta(days=1)])
def test_steps_told_after_the_deadline_lie_ahead_all_the_same(
    office: Office, due_in: timedelta | None
):
    number = office.receive()
    late = office.clocks(number)["resolve"].due_at + timedelta(days=1)
    named = late + due_in if due_in else None
    told(office, StepGiven("Memeriksa jaringan", due_at=named), number=number, at=late)
    (step,) = rows(office, number)
    assert step.due_at is not None
    assert (step.due_at > late, named in (None, step.due_at)) == (True, True)


def test_done_stops_the_clock_and_says_who_when_and_how(office: Office):
    number = told(office, StepGiven("Memeriksa", "TEKNIK", NOW + 3 * HOUR))
    (step,) = rows(office, number)
    office.take(number, keep_commitments, by="officer", ids=[step.id], note="Kabel dicek")
    (step,) = rows(office, number)
    assert (step.state(office.at), step.done_by, step.note) == ("done", "Joko", "Kabel dicek")
    assert not step.was_late(office.at)
    (clock,) = clocks(office, number)
    assert (clock.state, clock.ended_at) == ("met", office.at)
    entry = office.history(number)[-1]
    assert (entry.what, entry.by_name) == ("keep_commitment", "Joko")
    assert entry.detail["done"][0]["what"] == "Memeriksa"


def test_done_in_the_due_second_is_in_time_and_a_second_later_is_late(office: Office):
    due = NOW + 3 * HOUR
    for late in (0, 1):
        number = told(office, StepGiven("Memeriksa", "", due), number=office.receive(at=NOW))
        (step,) = rows(office, number)
        at = due + timedelta(seconds=late)
        office.take(number, keep_commitments, at=at, ids=[step.id])
        office.at = NOW
        (clock,) = clocks(office, number)
        assert clock.state == ("breached" if late else "met")
        assert rows(office, number)[0].was_late(at) is bool(late)


def test_a_told_step_that_is_planned_as_well_is_done_once(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.4")
    office.take(
        number, draw_up_plan, steps=[StepGiven("memeriksa  jaringan"), StepGiven("Ganti kabel")]
    )
    step = next(each for each in rows(office, number) if each.kind == "step")
    office.take(number, keep_commitments, ids=[step.id])
    states = {(each.kind, each.what): each.state(office.at) for each in rows(office, number)}
    assert states == {
        ("step", "Memeriksa jaringan"): "done",
        ("plan", "memeriksa  jaringan"): "done",
        ("plan", "Ganti kabel"): "open",
    }


def test_a_plan_that_takes_over_what_was_told_undertakes_nothing_twice(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.4")
    (step,) = (each for each in rows(office, number) if each.kind == "step")
    # As a form sends it back: its words, its owner, its date to the minute.
    due_at = step.due_at.replace(second=0, microsecond=0)
    again = StepGiven(step.what, step.owner, due_at)
    office.take(number, draw_up_plan, steps=[again, StepGiven("Ganti kabel lama")])
    assert [(each.kind, each.what) for each in rows(office, number)] == [
        ("step", "Memeriksa jaringan"),
        ("plan", "Ganti kabel lama"),
    ]
    assert office.states(number)["020-2.5"] == "proven"
    # Planned once more without the second step: that one is dropped, what was told goes on.
    office.take(number, draw_up_plan, steps=[again])
    assert [each.state(office.at) for each in rows(office, number)] == ["open", "dropped"]
    assert len([each for each in clocks(office, number) if each.state == "running"]) == 1


@pytest.mark.both_databases
def test_whoever_ticks_second_hears_who_was_first_and_nothing_is_recorded_twice(office: Office):
    number = told(office, StepGiven("Memeriksa"))
    (step,) = rows(office, number)
    office.take(number, keep_commitments, ids=[step.id], note="pertama")
    before = len(office.history(number))
    case = office.open(number, "supervisor")
    keep_commitments(case, ids=[step.id], note="kedua")
    assert case.said is not None
    assert "Csr has already" in str(case.said)
    office.session.commit()
    assert len(office.history(number)) == before
    assert rows(office, number)[0].note == "pertama"


@pytest.mark.both_databases
def test_two_who_tick_at_once_leave_one_record(office: Office):
    number = told(office, StepGiven("Memeriksa"))
    (step,) = rows(office, number)
    start = Barrier(2)

    def tick(name: str) -> str:
        with Session(office.engine) as session:
            start.wait()
            from complaints.steps.case import open_case

            case = open_case(session, number, by=office.actor(name), at=office.at + HOUR)
            keep_commitments(case, ids=[step.id], note=name)
            session.commit()
            return "said" if case.said else "did"

    with ThreadPoolExecutor(2) as pool:
        did = sorted(pool.map(tick, ("csr", "supervisor")))
    assert did == ["did", "said"]
    assert [each.what for each in office.history(number)].count("keep_commitment") == 1
    assert [each.what for each in office.rows(LedgerEntry, number)].count("meet") == 1


def test_a_commitment_of_another_complaint_is_not_there(office: Office):
    one, other = told(office, StepGiven("Satu")), told(office, StepGiven("Dua"))
    (step,) = rows(office, other)
    with pytest.raises(NotFound):
        office.take(one, keep_commitments, ids=[step.id])
    with pytest.raises(Forbidden):
        office.take(other, keep_commitments, by="csr2", ids=[step.id])
    with pytest.raises(Forbidden):
        office.take(other, keep_commitments, by="auditor", ids=[step.id])


# Given up


def test_dropped_keeps_the_reason_under_the_persons_name(office: Office):
    number = told(office, StepGiven("Memeriksa"))
    (step,) = rows(office, number)
    with pytest.raises(Invalid, match="reason"):
        office.take(number, drop_commitment, commitment=step.id, reason=" x ")
    office.take(number, drop_commitment, commitment=step.id, reason="Tidak perlu lagi")
    (row,) = office.rows(Commitment, number)
    assert (row.dropped_at, row.dropped_by_id) == (office.at, office.id_of("csr"))
    assert (row.drop_cause, row.drop_reason) == ("by_hand", "Tidak perlu lagi")
    assert clocks(office, number)[0].state == "cancelled"


def test_a_late_step_that_is_dropped_stays_missed(office: Office):
    number = told(office, StepGiven("Memeriksa", "", NOW + HOUR))
    (step,) = rows(office, number)
    office.take(
        number, drop_commitment, at=NOW + 2 * HOUR, commitment=step.id, reason="Lupa dikerjakan"
    )
    (clock,) = clocks(office, number)
    assert (clock.state, clock.breached_at) == ("breached", NOW + HOUR)


def test_new_steps_drop_the_old_ones_and_leave_what_goes_on(office: Office):
    due = NOW + 3 * HOUR
    number = told(office, StepGiven("Cek", "", due), StepGiven("Ukur", "", due), StepGiven("Uji"))
    again = StepGiven("Uji"), StepGiven("Ukur", "", due + HOUR), StepGiven("Lapor")
    told(office, *again, number=number)
    found = {
        (each.what, each.due_at == due + HOUR): (each.state(office.at), each.drop_cause)
        for each in rows(office, number)
    }
    assert found == {
        ("Cek", False): ("dropped", "rewritten"),
        ("Ukur", False): ("dropped", "rewritten"),
        ("Ukur", True): ("open", None),
        ("Uji", False): ("open", None),
        ("Lapor", False): ("open", None),
    }
    entry = office.history(number)[-1]
    assert [each["what"] for each in entry.detail["dropped"]] == ["Cek", "Ukur"]
    states = sorted(each.state for each in clocks(office, number))
    assert states == ["cancelled", "cancelled", "running", "running", "running"]


def test_who_takes_the_complaint_back_is_owed_nothing_more(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5")
    office.take(number, withdraw_complaint, reason="Sudah menyala sendiri")
    assert {each.drop_cause for each in rows(office, number)} == {"withdrawn"}
    assert {each.state for each in clocks(office, number)} == {"cancelled"}


# Closing


def test_nothing_is_closed_over_an_open_commitment(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.7")
    with pytest.raises(StillOpen, match="Memeriksa jaringan; Menyambung kabel") as refused:
        office.take(number, close_complaint)
    step, plan = rows(office, number)[:2]
    assert refused.value.ids == (step.id, plan.id)
    assert office.complaint(number).status == "accepted"
    office.take(number, keep_commitments, ids=[step.id])
    with pytest.raises(StillOpen):
        office.take(number, close_complaint)
    office.take(number, drop_commitment, commitment=plan.id, reason="Kabel ternyata utuh")
    office.take(number, close_complaint)
    assert office.complaint(number).status == "closed"


def test_what_is_missing_of_the_criteria_is_said_first(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5")
    with pytest.raises(Refused) as refused:
        office.take(number, close_complaint)
    assert refused.value.kind == "gate"


def test_a_small_complaint_is_ticked_and_closed_in_one_breath(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.7")
    open_ids = [each.id for each in rows(office, number)]
    office.take(number, close_complaint, done=open_ids, note="Joko melapor selesai")
    assert office.complaint(number).status == "closed"
    assert {each.done_by for each in rows(office, number)} == {"Csr"}


def test_after_closing_a_settled_step_stays_as_it_is(office: Office):
    number = office.receive()
    office.walk(number)
    step = rows(office, number)[0]
    case = office.open(number)
    drop_commitment(case, commitment=step.id, reason="Ternyata tidak")
    assert case.said is not None
    office.session.commit()
    assert rows(office, number)[0].state(office.at) == "done"


def test_a_reopened_complaint_owes_new_steps_and_keeps_the_old_ones_readable(office: Office):
    number = office.receive()
    office.walk(number)
    office.take(number, reopen_complaint, reason="Mati lagi")
    told(office, StepGiven("Memeriksa ulang"), number=number)
    assert [(each.cycle, each.what, each.state(office.at)) for each in rows(office, number)] == [
        (1, "Memeriksa jaringan", "done"),
        (1, "Menyambung kabel", "done"),
        (1, "Kabel disambung", "done"),
        (2, "Memeriksa ulang", "open"),
    ]


def test_steps_of_earlier_rules_are_readable_and_owe_nothing(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.7")
    for row in office.session.scalars(select(Commitment)).all():
        row.is_earlier, row.deadline_id = True, None
    office.session.commit()
    step = rows(office, number)[0]
    with pytest.raises(Refused, match="earlier rules"):
        office.take(number, keep_commitments, ids=[step.id])
    office.take(number, close_complaint)
    assert office.complaint(number).status == "closed"


def test_an_update_leaves_the_steps_there_are_readable_and_the_complaint_closable(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.7")
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    with office.engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0022")
        assert connection.scalar(text("SELECT count(*) FROM planned_steps")) == 2
        connection.commit()
        command.upgrade(settings, "head")
        connection.commit()
    office.session.expire_all()
    assert [(each.kind, each.what, each.is_earlier) for each in rows(office, number)] == [
        ("step", "Memeriksa jaringan", True),
        ("plan", "Menyambung kabel", True),
    ]
    assert clocks(office, number) == []
    office.take(number, close_complaint)
    assert office.complaint(number).status == "closed"


# The clock


def test_the_owner_hears_then_the_handler_then_the_supervisor(office: Office):
    number = told(office, StepGiven("Memeriksa", "TEKNIK", NOW + 2 * HOUR))
    sweep(office, NOW + timedelta(minutes=100))
    assert notices(office, number) == [("officer", "warn")]
    sweep(office, NOW + 2 * HOUR + timedelta(seconds=1))
    assert notices(office, number)[1:] == [("officer", "breach")]
    sweep(office, NOW + 3 * HOUR + timedelta(minutes=1))
    assert notices(office, number)[2:] == [("csr", "breach")]
    sweep(office, NOW + 6 * HOUR + timedelta(minutes=1))
    assert ("supervisor", "escalation") in notices(office, number)
    assert "manager" not in {who for who, _ in notices(office, number)}
    assert {each.facts["task"] for each in office.rows(Notice, number) if "task" in each.facts} == {
        "Memeriksa"
    }


def test_what_is_done_rings_no_more(office: Office):
    number = told(office, StepGiven("Memeriksa", "", NOW + 2 * HOUR))
    (step,) = rows(office, number)
    office.take(number, keep_commitments, ids=[step.id])
    sweep(office, NOW + timedelta(days=1))
    assert notices(office, number) == []
    clock = clocks(office, number)[0].id
    assert clock not in {each.deadline_id for each in office.rows(Escalation, number)}


def test_a_pause_stops_only_what_is_due_with_the_promise(office: Office):
    number = told(office, StepGiven("Dengan janji"), StepGiven("Sendiri", "", NOW + 3 * HOUR))
    before = {each.clause: each.due_at for each in clocks(office, number)}
    office.take(number, pause_clocks, until=office.at + timedelta(days=1), reason="Menunggu foto")
    states = {each.clause: each.state for each in clocks(office, number)}
    assert states == {"with_promise": "paused", "own_date": "running"}
    office.take(number, resume_clocks, at=office.at + HOUR)
    after = {each.clause: each.due_at for each in clocks(office, number)}
    assert after["own_date"] == before["own_date"]
    assert after["with_promise"] > before["with_promise"]
    assert rows(office, number)[0].due_at == after["with_promise"]


def test_a_moved_promise_moves_what_is_due_with_it(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5")
    until = office.complaint(number).promised_at + timedelta(days=1)
    office.take(number, ask_extension, until=until, reason="Menunggu suku cadang")
    office.take(number, decide_extension, by="supervisor", answer="approved")
    step = rows(office, number)[0]
    assert (step.due_at, step.agreed_at) == (until, office.complaint(number).first_told_at)


def test_the_next_due_time_of_a_complaint_is_its_own_not_that_of_a_step(office: Office):
    number = told(office, StepGiven("Segera", "", NOW + timedelta(minutes=20)))
    assert office.complaint(number).next_due_kind != "commitment"


# One thing more


def test_something_more_is_undertaken_beside_the_rest(office: Office):
    number = told(office, StepGiven("Memeriksa"))
    step = StepGiven("Membawa bukti bayar", "customer", NOW + timedelta(days=2))
    office.take(number, undertake, kind="document", step=step)
    assert [(each.kind, each.state(office.at)) for each in rows(office, number)] == [
        ("step", "open"),
        ("document", "open"),
    ]
    assert office.history(number)[-1].what == "undertake"


def test_a_complaint_of_many_steps_reads_its_owners_once(office: Office):
    steps = [StepGiven(f"Langkah {n}", "joko") for n in range(12)]
    number = told(office, *steps)
    assert {each.owner_id for each in rows(office, number)} == {office.id_of("officer")}
    assert isinstance(office.complaint(number), Complaint)


@pytest.mark.parametrize("step", [promise_deadline, draw_up_plan], ids=lambda each: each.__name__)
def test_what_is_left_to_the_customer_alone_is_no_step_of_ours(office: Office, step: Any):
    number = office.receive()
    if step is draw_up_plan:
        office.walk(number, to="020-2.4")
    theirs = [
        StepGiven("Membawa KTP", "pelanggan"),
        StepGiven("Menyalakan ulang modem", "customer"),
    ]
    with pytest.raises(Invalid, match="Name at least one step of ours") as refusal:
        office.take(number, step, steps=theirs)
    assert refusal.value.field == "steps"
    office.take(number, step, steps=[*theirs, StepGiven("Memeriksa jaringan", "TEKNIK")])


@pytest.mark.parametrize("act", ["commitments/done", "commitments/drop"])
def test_dating_back_moves_no_clock_of_a_commitment(office: Office, act: str):
    due, now = NOW + HOUR, NOW + 3 * HOUR
    number = told(office, StepGiven("Memeriksa jaringan", "", due))
    (step,) = rows(office, number)
    said = {"id": step.id, "at": (NOW + timedelta(minutes=30)).isoformat()}
    words = {"note": "Sudah tadi pagi"} if act.endswith("done") else {"reason": "Tidak perlu lagi"}
    record_given(office.session, number, act, {**said, **words}, by=office.actor("csr"), now=now)
    office.session.commit()
    (clock,) = clocks(office, number)
    assert clock.breached_at == due
    entry = office.history(number)[-1]
    assert entry.at == now
    assert entry.detail["happened_at"] == (NOW + timedelta(minutes=30)).isoformat()

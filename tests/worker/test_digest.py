"""After a standstill: the lists of notifications say everything, mailboxes get one letter each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import sessionmaker

from complaints.engine.fire import fire_due
from complaints.models import Complaint, Deadline, Notice, OutboxMessage, Timer, User
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.digest import CATCHING_UP, MOST_NUMBERS, is_digest_due
from complaints.outbox.mail.transports import Folder
from complaints.worker.sweeps import WorkerContext, fire_timers, send_digests, sweep_once
from tests.at_once import at_once
from tests.conftest import NOW
from tests.office import Office

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
DUE = NOW + 30 * MINUTE
LATER = NOW + 40 * DAY


@pytest.fixture
def context(office: Office, tmp_path: Path) -> WorkerContext:
    return WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=DeliverySettings("https://keluhan.example", "a key for tests only, long enough"),
        transport=Folder(tmp_path / "mail"),
    )


def receive(office: Office, count: int = 1) -> list[str]:
    """Complaints of which only the receipt has a timer."""
    numbers = [office.receive() for _ in range(count)]
    others = select(Deadline.id).where(Deadline.kind != "ack")
    office.session.execute(delete(Timer).where(Timer.deadline_id.in_(others)))
    office.session.commit()
    return numbers


def letters(office: Office) -> list[tuple[str, str]]:
    """Kind and address of every letter, by address."""
    query = select(OutboxMessage.kind, OutboxMessage.to_address).order_by(OutboxMessage.to_address)
    found = [(row.kind, row.to_address.partition("@")[0]) for row in office.session.execute(query)]
    office.session.commit()
    return found


def waiting(office: Office) -> int:
    count = office.session.scalar(
        select(func.count()).select_from(Notice).where(Notice.awaits_digest.is_(True))
    )
    office.session.commit()
    return count or 0


def facts(office: Office, name: str) -> dict[str, object]:
    query = select(OutboxMessage.facts).where(
        OutboxMessage.kind == "digest", OutboxMessage.to_address == f"{name}@tanggap.example"
    )
    found = office.session.scalars(query).one()
    office.session.commit()
    return found


@pytest.mark.parametrize(
    ("late", "kinds"), [(CATCHING_UP, {"notice"}), (CATCHING_UP + SECOND, set())]
)
def test_what_fires_later_than_a_standstill_writes_no_letter_of_its_own(
    office: Office, context: WorkerContext, late: timedelta, kinds: set[str]
):
    (number,) = receive(office)
    fire_timers(context, NOW + 24 * MINUTE)
    office.session.execute(delete(OutboxMessage))
    office.session.execute(delete(Notice))
    office.session.commit()
    fire_timers(context, DUE + SECOND + late)
    assert {kind for kind, _ in letters(office)} == kinds
    # The tray has it in either case.
    assert [each.kind for each in office.rows(Notice, number)] == ["breach"]


def test_each_person_gets_one_letter_for_all_of_it(office: Office, context: WorkerContext):
    numbers = receive(office, 3)
    fire_timers(context, LATER)
    assert letters(office) == []
    assert waiting(office) == office.count(Notice) == 9
    assert send_digests(context, LATER).handled == 3
    assert letters(office) == [("digest", "csr"), ("digest", "manager"), ("digest", "supervisor")]
    assert waiting(office) == 0
    told = facts(office, "csr")
    assert (told["total"], told["counts"], told["more"]) == (3, [["breach", 3]], 0)
    assert told["numbers"] == numbers
    assert send_digests(context, LATER).handled == 0


def test_the_letter_waits_until_everything_is_caught_up(office: Office, context: WorkerContext):
    receive(office, 3)
    rules = office.rules
    office.session.commit()
    with context.sessions.begin() as session:
        fire_due(session, rules, at=LATER, limit=1)
    assert send_digests(context, LATER).handled == 0
    fire_timers(context, LATER)
    assert send_digests(context, LATER).handled == 3
    assert facts(office, "csr")["total"] == 3


def test_a_row_postponed_does_not_hold_the_letters_back(office: Office, context: WorkerContext):
    poisoned, _ = receive(office, 2)
    clock = office.clocks(poisoned)["ack"]
    office.session.execute(
        update(Deadline)
        .where(Deadline.id == clock.id)
        .values(ladder_version_id=clock.calendar_version_id)
    )
    office.session.commit()
    fire_timers(context, LATER)
    assert send_digests(context, LATER).handled == 3


def test_at_most_twenty_numbers_stand_in_a_letter(office: Office, context: WorkerContext):
    receive(office, MOST_NUMBERS + 2)
    fire_timers(context, LATER)
    send_digests(context, LATER)
    told = facts(office, "supervisor")
    assert isinstance(told["numbers"], list)
    assert (len(told["numbers"]), told["more"]) == (MOST_NUMBERS, 2)


def test_the_most_urgent_stand_first(office: Office, context: WorkerContext):
    first, second = receive(office, 2)
    for number, kind in ((first, "warn"), (second, "escalation"), (second, "breach")):
        complaint = office.complaint(number)
        office.session.add(
            Notice(
                key=f"{number}:{kind}",
                user_id=office.id_of("csr"),
                complaint_id=complaint.id,
                kind=kind,
                at=NOW,
                awaits_digest=True,
            )
        )
    office.session.commit()
    send_digests(context, NOW)
    told = facts(office, "csr")
    assert told["counts"] == [["escalation", 1], ["breach", 1], ["warn", 1]]
    assert told["numbers"] == [second, first]


def test_who_has_left_gets_no_letter(office: Office, context: WorkerContext):
    receive(office)
    fire_timers(context, LATER)
    office.session.execute(update(User).where(User.role == "csr").values(is_active=False))
    office.session.commit()
    send_digests(context, LATER)
    assert ("digest", "csr") not in letters(office)
    assert waiting(office) == 0


def test_a_crash_between_letter_and_letting_go_doubles_nothing(
    office: Office, context: WorkerContext, monkeypatch: pytest.MonkeyPatch
):
    receive(office)
    fire_timers(context, LATER)

    def crash(*_: object) -> None:
        raise RuntimeError("the power fails")

    with monkeypatch.context() as patch:
        patch.setattr("complaints.outbox.digest.queue_letters", crash)
        with pytest.raises(RuntimeError):
            send_digests(context, LATER)
    assert (letters(office), waiting(office)) == ([], 3)
    send_digests(context, LATER)
    assert len(letters(office)) == 3


def test_two_workers_share_the_people_not_the_notices(office: Office, context: WorkerContext):
    receive(office, 4)
    fire_timers(context, LATER)
    at_once(2, lambda: send_digests(context, LATER))
    send_digests(context, LATER)
    assert letters(office) == [("digest", "csr"), ("digest", "manager"), ("digest", "supervisor")]
    assert {facts(office, name)["total"] for name in ("csr", "supervisor", "manager")} == {4}


def test_a_sweep_by_hand_writes_the_digests_too(office: Office, context: WorkerContext):
    receive(office)
    sweep_once(context.sessions, LATER)
    assert {kind for kind, _ in letters(office)} == {"digest"}


def test_an_idle_look_takes_no_write_lock(office: Office, context: WorkerContext):
    receive(office)
    with context.sessions() as desk:
        desk.execute(update(Complaint).values(summary="x"))
        assert send_digests(context, NOW).handled == 0
        desk.rollback()
    with context.sessions() as session:
        assert not is_digest_due(session, NOW)

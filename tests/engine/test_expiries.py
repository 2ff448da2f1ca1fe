"""What happens when an acknowledgement runs out: who hears, and that nothing expires in silence."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, update

from complaints.engine.expiries import is_any_expired
from complaints.engine.fire import Fired, fire_due
from complaints.models import Complaint, Deadline, Escalation, Notice, OutboxMessage, Timer, User
from complaints.outbox.mail.notices import notice_sentence
from complaints.people.absences import note_absence
from complaints.queries.complaint.seals.history import verify_history
from complaints.steps.casework.escalate import (
    acknowledge_escalation,
    escalate_by_hand,
    return_escalation,
)
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import withdraw_complaint
from tests.conftest import NOW
from tests.money import RUPIAH
from tests.office import Office

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
#: The receipt is due half an hour after the complaint; the supervisor is called 15 minutes later.
CALLED = NOW + 45 * MINUTE
ACKNOWLEDGED = NOW + HOUR


def fire(office: Office, at: datetime) -> Fired:
    fired = fire_due(office.session, office.rules, at=at)
    office.session.commit()
    assert fired.mishaps == fired.corrected == []
    return fired


def told_at(office: Office, number: str, at: datetime) -> list[tuple[str, str]]:
    names = {user.id: name for name, user in office.people.items()}
    return [(names[n.user_id], n.kind) for n in office.rows(Notice, number) if n.at == at]


def waiting(office: Office, number: str) -> set[str]:
    """Who has an open escalation of the complaint before them."""
    names = {user.id: name for name, user in office.people.items()}
    rows = office.rows(Escalation, number)
    return {names[row.to_id] for row in rows if row.acknowledged_at is None and row.to_id}


def registered(office: Office) -> str:
    """A registered complaint, of whose own clocks nobody hears in these tests."""
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.execute(delete(Timer))
    office.session.commit()
    return number


def by_hand(office: Office) -> tuple[str, datetime]:
    """A complaint escalated by hand, acknowledged by the supervisor; until when."""
    number = registered(office)
    office.take(number, escalate_by_hand, reason="Pelanggan marah")
    office.take(number, acknowledge_escalation, by="supervisor")
    (row,) = office.rows(Escalation, number)
    return number, row.ack_expires_at


def by_ladder(office: Office) -> tuple[str, datetime]:
    """A complaint whose receipt is late, acknowledged by the supervisor; until when."""
    number = office.receive()
    fire(office, CALLED)
    office.take(number, acknowledge_escalation, by="supervisor", at=ACKNOWLEDGED)
    (row,) = office.rows(Escalation, number)
    return number, row.ack_expires_at


def test_by_hand_it_does_not_expire_in_silence(office: Office):
    number, until = by_hand(office)
    clocks = office.clocks(number).values()
    assert not any(clock.breached_at for clock in clocks)
    fire(office, until - SECOND)
    assert told_at(office, number, until - SECOND) == []
    fired = fire(office, until)
    assert fired.counts["expire"] == 1
    assert told_at(office, number, until) == [
        ("manager", "ack_expired_below"),
        ("supervisor", "ack_expired"),
    ]
    # It is before both of them again, and at the level of the one above.
    assert waiting(office, number) == {"supervisor", "manager"}
    assert office.complaint(number).escalation_level == 2
    entry = office.history(number)[-1]
    assert (entry.what, entry.by_name) == ("acknowledgement_expired", "Tanggap")
    assert {row.reason for row in office.rows(Escalation, number)} == {"Pelanggan marah"}
    # Those that the set-up took away.
    assert {each["table"] for each in verify_history(office.session)["bad"]} == {"timers"}


def test_it_is_told_once(office: Office):
    _, until = by_hand(office)
    fire(office, until)
    assert not is_any_expired(office.session, until + HOUR)
    before = office.count(Notice)
    assert fire(office, until + SECOND).handled == 0
    assert office.count(Notice) == before


def test_acknowledged_again_it_expires_again(office: Office):
    number, until = by_hand(office)
    fire(office, until)
    office.take(number, acknowledge_escalation, by="supervisor", at=until + HOUR)
    again = max(row.ack_expires_at for row in office.rows(Escalation, number) if row.ack_expires_at)
    assert waiting(office, number) == {"manager"}
    fire(office, again)
    assert ("supervisor", "ack_expired") in told_at(office, number, again)
    assert waiting(office, number) == {"supervisor", "manager"}
    # Who has it before them gets no second card.
    assert len(office.rows(Escalation, number)) == 4


def test_on_a_ladder_the_giver_and_the_next_step_hear(office: Office):
    number, until = by_ladder(office)
    fire(office, until)
    told = dict(told_at(office, number, until))
    assert set(told) >= {"supervisor", "manager"}
    # The receipt is late by more than the manager's step, who therefore hears of it as escalated.
    assert told["manager"] == "escalation"
    assert "supervisor" in waiting(office, number)
    (notice,) = [n for n in office.rows(Notice, number) if n.at == until and n.kind == "escalation"]
    assert notice.facts["expired"] == "Supervisor"
    sentence = notice_sentence(notice.kind, notice.facts, RUPIAH, "en", str)
    assert sentence.endswith("The acknowledgement by Supervisor has expired.")
    own = notice_sentence(notice.kind, {**notice.facts, "expired": ""}, RUPIAH, "en", str)
    assert own.endswith("Your acknowledgement has expired.")


def test_nobody_hears_twice_in_one_sweep(office: Office):
    number, until = by_ladder(office)
    fire(office, until + 3 * DAY)
    told = [who for who, _ in told_at(office, number, until + 3 * DAY)]
    assert len(told) == len(set(told))


def test_what_was_met_meanwhile_is_no_news(office: Office):
    number, until = by_ladder(office)
    office.session.execute(update(Deadline).values(ended_at=until - HOUR, state="met"))
    office.session.commit()
    fire(office, until)
    assert not is_any_expired(office.session, until)
    assert told_at(office, number, until) == []


def test_of_an_ended_complaint_nobody_hears(office: Office):
    number, until = by_hand(office)
    office.take(number, withdraw_complaint, by="csr", reason="Dicabut pelanggan")
    fire(office, until)
    assert told_at(office, number, until) == []
    assert not is_any_expired(office.session, until)


def test_a_pause_holds_it_back(office: Office):
    number, until = by_hand(office)
    office.take(
        number, pause_clocks, by="supervisor", reason="Menunggu foto modem", until=until + DAY
    )
    assert not is_any_expired(office.session, until + HOUR)
    fire(office, until + DAY)
    fire(office, until + DAY)
    assert ("supervisor", "ack_expired") in told_at(office, number, until + DAY)


def test_handed_back_only_the_one_who_gave_the_instruction_hears(office: Office):
    number = registered(office)
    office.take(number, escalate_by_hand, reason="Pelanggan marah")
    office.take(number, return_escalation, by="supervisor", instruction="Telepon dulu")
    (row,) = office.rows(Escalation, number)
    fire(office, row.ack_expires_at)
    assert told_at(office, number, row.ack_expires_at) == [("supervisor", "ack_expired")]
    assert office.complaint(number).escalation_level == 0


def test_when_the_one_who_acknowledged_has_left_the_line_above_has_it(office: Office):
    number, until = by_hand(office)
    leaves = update(User).where(User.id == office.id_of("supervisor")).values(is_active=False)
    office.session.execute(leaves)
    office.session.commit()
    fire(office, until)
    assert told_at(office, number, until) == [("manager", "ack_expired_below")]
    assert waiting(office, number) == {"manager"}


def test_two_who_are_each_others_superior_are_not_the_end_of_the_line(office: Office):
    number, until = by_hand(office)
    (supervisor, csr) = office.id_of("supervisor"), office.id_of("csr")
    circle = update(User).where(User.id == supervisor).values(supervisor_id=csr)
    office.session.execute(circle)
    note_absence(
        office.session,
        deputy="",
        from_at=NOW + HOUR,
        until_at=until + DAY,
        by=office.actor("csr"),
        at=NOW + HOUR,
    )
    office.session.commit()
    fire(office, until)
    assert waiting(office, number) == {"supervisor", "manager"}


def test_the_deputy_of_the_one_who_is_away_hears(office: Office):
    number, until = by_hand(office)
    note_absence(
        office.session,
        deputy="officer@tanggap.example",
        from_at=NOW + HOUR,
        until_at=until + DAY,
        by=office.actor("supervisor"),
        at=NOW + HOUR,
    )
    office.session.commit()
    fire(office, until)
    assert ("officer", "ack_expired") in told_at(office, number, until)


def test_an_expiry_that_cannot_be_stored_is_postponed_alone(office: Office):
    poisoned, until = by_hand(office)
    (row,) = office.rows(Escalation, poisoned)
    user = office.id_of("supervisor")
    key = f"expired:{row.id}:{int(until.timestamp())}:{user}"
    office.session.add(Notice(key=key, user_id=user, kind="ack_expired", facts={}, at=NOW))
    office.session.commit()
    for healthy in (False, True):
        at = until + (DAY if healthy else timedelta(0))
        number = ""
        if healthy:
            number, _ = by_hand(office)
        fired = fire_due(office.session, office.rules, at=at)
        office.session.commit()
        assert len(fired.mishaps) == 1
        assert fired.mishaps[0].startswith(f"expiry, complaint {row.complaint_id}: ")
        assert (fired.handled, fired.counts["expire"]) == (healthy, healthy)
        assert not is_any_expired(office.session, at + HOUR - SECOND)
        assert is_any_expired(office.session, at + HOUR)
        # Not tried again before the hour is over.
        assert fire(office, at + MINUTE).handled == 0
        assert waiting(office, poisoned) == set()
        if number:
            assert waiting(office, number) == {"supervisor", "manager"}
    office.session.execute(delete(Notice).where(Notice.key == key))
    office.session.commit()
    assert fire(office, until + 2 * DAY).counts["expire"] == 1


def test_after_a_standstill_it_waits_for_the_digest(office: Office):
    number, until = by_hand(office)
    fire(office, until + 2 * DAY)
    (notice,) = [n for n in office.rows(Notice, number) if n.kind == "ack_expired"]
    assert notice.awaits_digest
    keys = {row.key for row in office.rows(OutboxMessage, number)}
    assert notice.key not in keys


def test_escalated_further_by_hand_the_earlier_one_is_no_news(office: Office):
    number, until = by_hand(office)
    office.take(number, escalate_by_hand, by="supervisor", reason="Butuh keputusan")
    assert not is_any_expired(office.session, until)


def test_of_two_acknowledgements_of_one_person_the_later_counts(office: Office):
    number, until = by_hand(office)
    earlier = update(Escalation).values(ack_expires_at=until - HOUR)
    office.session.execute(earlier)
    complaint: Complaint = office.complaint(number)
    office.session.add(
        Escalation(
            key="later",
            complaint_id=complaint.id,
            level=1,
            raised_at=NOW,
            to_id=office.id_of("supervisor"),
            acknowledged_at=NOW,
            acknowledged_by_id=office.id_of("supervisor"),
            ack_expires_at=until,
        )
    )
    office.session.commit()
    fire(office, until - HOUR)
    assert told_at(office, number, until - HOUR) == []
    fire(office, until)
    assert ("supervisor", "ack_expired") in told_at(office, number, until)

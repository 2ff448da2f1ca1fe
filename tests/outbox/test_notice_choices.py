"""How notifications reach somebody: as chosen, and never less than what the ladder demands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from complaints.domain.errors import Invalid
from complaints.domain.notices.choices import DEMANDED, GROUP_OF, GROUP_WORDS, Group, Way
from complaints.models import Notice, OutboxMessage
from complaints.outbox.digest import is_digest_due, write_next_digest
from complaints.outbox.mail.wording import NOTICE_SENTENCES
from complaints.people.notice_choices import choose_notices
from complaints.queries.people.notice_choices import choices_of, next_morning
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.close import reopen_complaint
from tests.conftest import NOW
from tests.office import Office

DAY = timedelta(days=1)


def choose(office: Office, name: str, **ways: str) -> None:
    choose_notices(office.session, ways, by=office.actor(name))
    office.session.commit()


def letters(office: Office, name: str) -> list[str]:
    to = office.people[name].email
    found = office.session.scalars(select(OutboxMessage).where(OutboxMessage.to_address == to))
    return [str(each.facts.get("notice", each.kind)) for each in found]


def test_every_kind_is_chosen_for_in_one_group_or_demanded():
    kinds = set(NOTICE_SENTENCES)
    assert set(GROUP_OF) | DEMANDED == kinds
    assert not set(GROUP_OF) & DEMANDED
    assert set(GROUP_WORDS) == set(Group)


@pytest.mark.parametrize("way", Way)
def test_what_the_ladder_demands_comes_at_once_whatever_is_chosen(office: Office, way: Way):
    choose(office, "supervisor", **{group.value: way.value for group in Group})
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    office.session.commit()
    assert letters(office, "supervisor") == ["escalation"]


@pytest.mark.both_databases
@pytest.mark.parametrize(("way", "mails"), [("email", 1), ("page", 0), ("digest", 0)])
def test_what_is_chosen_for_comes_as_chosen_and_always_on_the_page(office, way, mails):
    choose(office, "csr", colleagues=way)
    number = office.receive()
    office.walk(number)
    office.take(number, reopen_complaint, by="supervisor", reason="Mati lagi")
    office.session.commit()
    assert [each.kind for each in office.notices("csr")] == ["reopened"]
    assert letters(office, "csr").count("reopened") == mails


@pytest.mark.both_databases
def test_the_summary_comes_once_on_the_next_working_morning(office):
    choose(office, "csr", colleagues="digest")
    number = office.receive()
    office.walk(number)
    office.take(number, reopen_complaint, by="supervisor", reason="Mati lagi")
    office.session.commit()
    due = next_morning(office.rules, office.people["csr"].branch_id, office.at)
    assert due.date() > office.at.date()
    session = office.session
    assert not is_digest_due(session, due - timedelta(seconds=1))
    assert is_digest_due(session, due)
    assert write_next_digest(session, at=due)
    assert not write_next_digest(session, at=due)
    session.commit()
    (letter,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "digest"))
    assert letter.to_address == office.people["csr"].email
    assert letter.facts["is_daily"] is True
    assert [each[0] for each in letter.facts["counts"]] == ["reopened"]
    assert session.scalars(select(Notice).where(Notice.digest_at.is_not(None))).all() == []


def test_choices_take_the_place_of_those_before(office):
    choose(office, "csr", customers="page", letters="digest")
    assert choices_of(office.session, office.id_of("csr")) == {
        Group.CUSTOMERS: Way.PAGE,
        Group.LETTERS: Way.DIGEST,
    }
    choose(office, "csr")
    assert choices_of(office.session, office.id_of("csr")) == {}
    with pytest.raises(Invalid):
        choose(office, "csr", customers="pigeon")


def test_the_next_working_morning_is_never_a_closed_day(office):
    # A Friday evening in Jakarta: Monday.
    friday = NOW + DAY + timedelta(hours=9)
    morning = next_morning(office.rules, office.rules.branches_by_code["JKT"].id, friday)
    assert morning > friday
    calendar = office.rules.calendar_of(office.rules.branches_by_code["JKT"].id).value
    assert calendar.is_open(morning)

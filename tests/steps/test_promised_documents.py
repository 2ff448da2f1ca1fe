"""What is not at hand at the receipt: a dated commitment of the customer, until it is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.words.exits import Unable
from complaints.models import Deadline
from complaints.queries.complaint.commitments import CommitmentRow
from complaints.queries.lists.commitments import own_commitments
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.complete_documents import complete_documents
from complaints.steps.commitments.settle import StillOpen, require_settled
from complaints.steps.register import register_complaint
from tests.office import Office
from tests.steps.test_commitments import rows

DAY = timedelta(days=1)
WHY = "Pelanggan belum membawa dokumennya"


def registered(office: Office, **more: Any) -> str:
    """A representative's complaint by email, registered without address and power of attorney."""
    who = {"email": "", "needs": ("perwakilan",)}
    number = office.receive(channel="email", who=who)
    office.walk(number, to="020-1.4", skip={"020-1.1"})
    unable = Unable(WHY, "document_not_at_hand")
    office.take(number, register_complaint, unable=unable, **more)
    return number


def documents(office: Office, number: str) -> list[CommitmentRow]:
    return [each for each in rows(office, number) if each.kind == "document"]


@pytest.fixture
def lacking(office: Office) -> str:
    """The complaint with the two that the customer will bring."""
    return registered(office)


def test_each_missing_field_is_promised_by_the_customer_with_a_date(office: Office, lacking: str):
    assert [each.what for each in documents(office, lacking)] == ["Alamat email", "Surat kuasa"]
    for each in documents(office, lacking):
        assert (each.owner_kind, each.state(office.at)) == ("customer", "open")
        assert each.due_at is not None
        assert each.due_at > office.at
    kinds = [row.policy for row in office.rows(Deadline, lacking) if row.kind == "commitment"]
    assert len(kinds) == 1, "only the told step has a clock of ours"


def test_the_date_is_the_one_agreed(office: Office):
    until = office.at + 6 * DAY
    number = registered(office, bring_by=until)
    assert {each.due_at for each in documents(office, number)} == {until}


def test_a_document_promised_for_the_past_is_refused_at_its_own_field(office: Office):
    with pytest.raises(Invalid, match="This date has passed already") as refused:
        registered(office, bring_by=office.at - DAY)
    assert refused.value.field == "bring_by"


def test_it_is_there_once_the_record_says_so(office: Office, lacking: str):
    before = documents(office, lacking)
    office.take(lacking, amend_record, change=Amendment(email="siti@pelanggan.example"))
    done = [each for each in documents(office, lacking) if each.done_at is not None]
    assert len(done) == 1
    assert done[0].done_by == "Csr"
    assert office.history(lacking)[-1].detail["done"][0]["what"] == done[0].what
    assert len(documents(office, lacking)) == len(before)


def test_when_the_documents_are_complete_nothing_is_awaited(office: Office, lacking: str):
    office.take(lacking, complete_documents, note="Semua ada")
    assert {each.state(office.at) for each in documents(office, lacking)} == {"done"}


def test_an_overdue_one_lies_on_the_handlers_desk_and_holds_up_the_closing(
    office: Office, lacking: str
):
    actor, late = office.actor("csr"), office.at + 30 * DAY
    waiting = [each for each in own_commitments(office.session, actor, now=late) if each.is_theirs]
    assert len(waiting) == len(documents(office, lacking))
    soon = own_commitments(office.session, actor, now=office.at)
    assert not [each for each in soon if each.is_theirs]
    office.session.commit()
    case = office.open(lacking)
    with pytest.raises(StillOpen):
        require_settled(case, may_deliver_later=True)
    office.session.rollback()

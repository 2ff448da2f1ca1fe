"""Messages that were settled long ago forget what was written; that they came, they do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from complaints.channels.email.decide import decide_message, open_message
from complaints.commands.verify import verify_all
from complaints.domain.errors import Refused
from complaints.engine.empty_old_mail import empty_messages
from complaints.models import Complaint, InboundMessage, InboundSource
from complaints.settings import SettingsError, read_settings
from complaints.worker.sweeps import KEEP_MAIL, WorkerContext, tidy_up
from tests.channels.email.conftest import PostRoom
from tests.conftest import NOW
from tests.mails import mail
from tests.office import Office

STRANGER = "Orang Lain <lain@tempat.example>"
SECOND = timedelta(seconds=1)
PERSONAL = ("message_id", "from_name", "from_address", "recipients", "subject", "sent_text", "text")


@pytest.fixture
def context(office: Office, tmp_path: Path, post: PostRoom) -> WorkerContext:
    return WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=post.settings,
        transport=None,  # type: ignore[arg-type]
    )


def ignored(post: PostRoom) -> int:
    """A stranger's message that a colleague has left alone."""
    number = post.receive()
    post.take(mail("Iklan jasa.", From=STRANGER, Subject=f"Soal {number}"))
    message = post.rows()[-1].id
    office = post.office
    opened, csr = open_message(office.session, message, "ignore"), office.actor("csr")
    office.session.rollback()
    with Session(office.engine) as session, session.begin():
        decide_message(
            session, message, opened, decision="ignore", reason="Iklan jasa", by=csr, at=NOW
        )  # fmt: skip
    return message


def row(post: PostRoom, message: int) -> InboundMessage:
    (found,) = post.all(select(InboundMessage).where(InboundMessage.id == message))
    return found


def kept_raw(post: PostRoom) -> int:
    return int(post.all(select(func.count(InboundSource.message_id)))[0])


def test_what_was_written_goes_and_what_became_of_it_stays(
    post: PostRoom, context: WorkerContext, tmp_path: Path
):
    message = ignored(post)
    before = row(post, message)
    assert (before.from_address, before.text.strip()) == ("lain@tempat.example", "Iklan jasa.")
    tidy_up(context, NOW + KEEP_MAIL)
    assert row(post, message).emptied_at is None
    at = NOW + KEEP_MAIL + SECOND
    assert tidy_up(context, at).handled == 1
    after = row(post, message)
    assert after.emptied_at == at
    assert not any(getattr(after, name) for name in PERSONAL)
    assert kept_raw(post) == 0
    kept = {each.name for each in InboundMessage.__table__.columns} - {*PERSONAL, "emptied_at"}
    assert {name: getattr(after, name) for name in kept} == {
        name: getattr(before, name) for name in kept
    }
    assert (after.decision, after.decision_reason, after.reviewed_by_name) == (
        "ignored",
        "Iklan jasa",
        "Csr",
    )
    assert verify_all(context.sessions, None, tmp_path)["bad"] == []
    assert tidy_up(context, at + KEEP_MAIL).handled == 0


def test_mail_that_waits_for_a_person_is_kept_until_somebody_decides(
    post: PostRoom, context: WorkerContext
):
    number = post.receive()
    post.take(mail("Saya cabut.", From=STRANGER, Subject=f"Soal {number}"))
    assert tidy_up(context, NOW + 5 * KEEP_MAIL).handled == 0
    assert post.rows()[-1].text


def empty(post: PostRoom, at: datetime) -> int:
    with Session(post.office.engine) as session, session.begin():
        return empty_messages(session, settled_before=at - KEEP_MAIL, at=at)


def test_mail_on_a_complaint_is_kept_while_that_is_open_and_so_long_after(post: PostRoom):
    done = post.take(mail())
    assert done.number
    late = NOW + 3 * KEEP_MAIL
    assert empty(post, late) == 0
    complaint = post.office.complaint(done.number)
    complaint.status, complaint.closed_at = "closed", late
    post.office.session.commit()
    assert empty(post, late + KEEP_MAIL) == 0
    assert empty(post, late + KEEP_MAIL + SECOND) == 1
    assert post.rows()[0].complaint_id == complaint.id
    (story,) = post.all(select(Complaint.story))
    assert "Internet mati" in story


def test_what_was_emptied_cannot_be_decided_on(post: PostRoom, office: Office):
    message = ignored(post)
    with Session(office.engine) as session, session.begin():
        found = session.get_one(InboundMessage, message)
        found.action, found.decision, found.reviewed_at = "ignored", "", None
    assert empty(post, NOW + KEEP_MAIL + SECOND) == 1
    opened = open_message(office.session, message, "create")
    with pytest.raises(Refused, match="no longer kept"):
        decide_message(
            office.session, message, opened, decision="create", by=office.actor("csr"), at=NOW
        )


def test_the_setting_has_a_default_and_refuses_nonsense():
    assert read_settings({"SECRET_KEY": "x"}).keep_mail == KEEP_MAIL
    given = {"SECRET_KEY": "x", "TANGGAP_KEEP_MAIL_DAYS": "7"}
    assert read_settings(given).keep_mail == timedelta(days=7)
    with pytest.raises(SettingsError, match="TANGGAP_KEEP_MAIL_DAYS must be a whole number"):
        read_settings({**given, "TANGGAP_KEEP_MAIL_DAYS": "a month"})

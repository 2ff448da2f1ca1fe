"""The worker draws previews and clears away what is nobody's."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.orm import sessionmaker

from complaints.files import previews
from complaints.files.keep import keep_file
from complaints.files.store import OBJECTS, PREVIEWS, open_store
from complaints.models import Attachment
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.files.stored import spoken_of
from complaints.steps.files.attach import attach_file
from complaints.steps.other_contacts.files import attach_to_contact
from complaints.worker.files import draw_previews, sweep_files
from complaints.worker.sweeps import WorkerContext
from tests.conftest import NOW
from tests.office import Office
from tests.steps.files.pictures import PHOTO
from tests.steps.other_contacts.test_other_contacts import act, take


@pytest.fixture
def context(office: Office, tmp_path: Path) -> WorkerContext:
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    delivery = DeliverySettings("http://localhost:8000", "a key for tests only, long enough")
    return WorkerContext(sessions, delivery, Folder(tmp_path))


def attach(office: Office, given: bytes, name: str = "foto.jpg") -> Attachment:
    number = office.receive()
    kept = keep_file(given, name=name)
    office.take(number, attach_file, kept=kept, shown_to_customer=True)
    row = office.session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()
    assert row is not None
    office.session.commit()
    return row


def state(office: Office, row: Attachment) -> str:
    office.session.rollback()
    found = office.session.scalar(select(Attachment.preview).where(Attachment.id == row.id))
    office.session.rollback()
    return str(found)


def test_what_waits_is_drawn_once_and_the_history_stays_whole(
    office: Office, context: WorkerContext
):
    row = attach(office, PHOTO)
    assert state(office, row) == "waiting"
    assert draw_previews(context, NOW).handled == 1
    assert state(office, row) == "made"
    with open_store() as store, store.open(PREVIEWS, row.sha256) as file:
        assert Image.open(file).format == "WEBP"
    assert draw_previews(context, NOW).handled == 0
    assert verify_history(office.session)["bad"] == []


@pytest.mark.parametrize(
    "given",
    [PHOTO[:200], b"\xff\xd8\xff\xe0" + b"\0" * 50, b"GIF89a" + b"\xff" * 40],
    ids=["half", "header only", "nothing of a GIF"],
)
def test_what_cannot_be_drawn_is_not_tried_again(
    office: Office, context: WorkerContext, given: bytes
):
    row = attach(office, given)
    draw_previews(context, NOW)
    assert state(office, row) == ""


def test_a_picture_that_ends_the_process_ends_it_once(
    office: Office, context: WorkerContext, monkeypatch: pytest.MonkeyPatch
):
    row = attach(office, PHOTO)

    def end(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(previews, "draw_preview", end)
    with pytest.raises(KeyboardInterrupt):
        draw_previews(context, NOW)
    assert state(office, row) == ""


def test_bytes_that_are_known_wait_like_new_ones(office: Office, context: WorkerContext):
    """T12: that the preview is there already tells that we had the bytes."""
    attach(office, PHOTO)
    draw_previews(context, NOW)
    again = attach(office, PHOTO)
    assert state(office, again) == "waiting"
    draw_previews(context, NOW)
    assert state(office, again) == "made"


def test_a_heic_has_no_preview_and_nobody_waits_for_it(office: Office, context: WorkerContext):
    row = attach(office, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 90, "IMG_0042.HEIC")
    assert state(office, row) == ""
    assert draw_previews(context, NOW).handled == 0


def test_only_what_no_complaint_speaks_of_is_cleared_away(office: Office, context: WorkerContext):
    row, lost = attach(office, PHOTO), keep_file(b"yatim", name="a.txt")
    assert spoken_of(office.session, {row.sha256, lost.sha256}) == {row.sha256}
    assert spoken_of(office.session, []) == set()
    office.session.rollback()
    later = max(NOW, row.at) + timedelta(days=3650)
    for _ in range(8):
        sweep_files(context, later)
    for _ in range(8):
        sweep_files(context, later + timedelta(days=2))
    with open_store() as store:
        assert store.has(OBJECTS, row.sha256)
        assert not store.has(OBJECTS, lost.sha256)


def test_what_a_contact_speaks_of_is_not_cleared_away(office: Office, context: WorkerContext):
    number = take(office)
    kept = keep_file(b"milik kontak", name="a.txt")
    given = {"source": "desk", "from_customer": False}
    act(office, number, lambda case: attach_to_contact(case, kept, **given))
    later = max(NOW, office.at) + timedelta(days=3650)
    for days in range(16):
        sweep_files(context, later + timedelta(days=days))
    with open_store() as store:
        assert store.has(OBJECTS, kept.sha256)


def test_a_picture_of_the_largest_size_taken_is_drawn(office: Office, context: WorkerContext):
    file = BytesIO()
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(file, "JPEG", quality=85)
    row = attach(office, file.getvalue())
    draw_previews(context, NOW)
    assert state(office, row) == "made"


def test_the_index_of_what_waits_is_used(office: Office):
    if office.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL decides by the number of rows")
    query = "EXPLAIN QUERY PLAN SELECT id FROM attachments WHERE preview = 'waiting' LIMIT 1"
    plan = " ".join(str(row) for row in office.session.execute(text(query)))
    assert "ix_attachments_preview" in plan

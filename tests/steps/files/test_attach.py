"""Files on a complaint: a row, a line of the history, and the row alone says who may have it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from complaints.domain.attachments import FileLimits
from complaints.domain.errors import Forbidden, Invalid, NotFound, Refused
from complaints.domain.permissions import CUSTOMER
from complaints.files.in_use import FileSettings, use_files
from complaints.files.keep import keep_file
from complaints.models import Attachment, HistoryEntry
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.files.attachments import attachments_of, find_attachment
from complaints.steps.case import Case, case_of_locked
from complaints.steps.casework.converse import write_note
from complaints.steps.files.attach import attach_file, hide_attachment, show_attachment
from tests.office import Office
from tests.steps.files.pictures import PHOTO


def attach(office: Office, number: str, by: str = "csr", **more: Any) -> Attachment:
    kept = keep_file(more.pop("given", PHOTO), name=more.pop("name", "foto.jpg"))
    office.take(number, attach_file, by=by, **{"kept": kept, "shown_to_customer": True, **more})
    return office.session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()  # type: ignore[return-value]


def last_entry(office: Office) -> HistoryEntry:
    return office.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()  # type: ignore[return-value]


def test_a_file_is_a_row_and_one_line_of_the_history(office: Office):
    number = office.receive()
    row = attach(office, number, kind="bill", source="desk")
    assert (row.name, row.kind, row.type, row.size) == (
        "foto.jpg",
        "bill",
        "image/jpeg",
        len(PHOTO),
    )
    assert (row.by_id, row.preview) == (office.id_of("csr"), "waiting")
    entry = last_entry(office)
    assert (entry.what, entry.by_id) == ("attach", office.id_of("csr"))
    assert entry.detail == {
        "name": "foto.jpg",
        "sha256": row.sha256,
        "size": row.size,
        "file_kind": "bill",
        "shown": True,
        "source": "desk",
    }


def test_a_file_comes_with_its_note(office: Office):
    number = office.receive()

    def step(case: Case) -> None:
        note = write_note(case, text="Foto dari teknisi di lapangan")
        attach_file(case, keep_file(PHOTO, name="a.jpg"), shown_to_customer=False, note=note)

    office.take(number, step)
    (row,) = office.session.scalars(select(Attachment))
    assert row.note_id is not None


def test_what_the_customer_sends_is_theirs_to_see(office: Office):
    number = office.receive()
    case = office.open(number)
    case.by = CUSTOMER
    row = attach_file(case, keep_file(PHOTO, name="a.jpg"), shown_to_customer=False)
    assert row.shown_to_customer
    assert row.by_id is None


@pytest.mark.parametrize(
    ("by", "error"), [("csr2", Forbidden), ("auditor", Forbidden), ("manager", None)]
)
def test_who_may_not_write_here_attaches_nothing(
    office: Office, by: str, error: type[Exception] | None
):
    number = office.receive()
    if error is None:
        assert attach(office, number, by=by).by_id == office.id_of(by)
        return
    with pytest.raises(error):
        attach(office, number, by=by)
    assert not office.session.scalars(select(Attachment)).all()


def test_the_row_and_not_the_hash_says_who_may_have_it(office: Office):
    """T12: the same bytes on a message and on an internal note."""
    number = office.receive()
    shown, internal = (attach(office, number, shown_to_customer=each) for each in (True, False))
    assert shown.sha256 == internal.sha256
    complaint_id = shown.complaint_id
    assert [
        each.id for each in attachments_of(office.session, complaint_id, for_customer=True)
    ] == [shown.id]
    assert find_attachment(office.session, complaint_id, internal.id, for_customer=True) is None
    assert find_attachment(office.session, complaint_id, internal.id) is internal
    other = office.receive(story="Modem rusak sejak kemarin, lampunya merah terus.")
    theirs = attach(office, other)
    assert find_attachment(office.session, complaint_id, theirs.id) is None


def test_hiding_one_row_leaves_the_other_with_the_same_bytes(office: Office):
    number = office.receive()
    first, second = attach(office, number), attach(office, number)
    office.take(number, hide_attachment, attachment=first.id, reason="Milik pelanggan lain")
    assert not first.shown_to_customer
    assert (first.hidden_by_id, first.hide_reason) == (office.id_of("csr"), "Milik pelanggan lain")
    assert second.shown_to_customer
    entry = last_entry(office)
    assert entry.what == "hide_attachment"
    assert entry.detail["reason"] == "Milik pelanggan lain"
    with pytest.raises(Refused, match="does not see"):
        office.take(number, hide_attachment, attachment=first.id, reason="Sekali lagi saja")


def test_what_was_hidden_is_shown_again_with_a_reason_and_the_history_has_both(office: Office):
    number = office.receive()
    row = attach(office, number)
    with pytest.raises(Refused, match="not hidden"):
        office.take(number, show_attachment, attachment=row.id, reason="Pelanggan memintanya")
    office.session.rollback()
    office.take(number, hide_attachment, attachment=row.id, reason="Milik pelanggan lain")
    with pytest.raises(Invalid, match="see this file again"):
        office.take(number, show_attachment, attachment=row.id, reason=" .")
    office.session.rollback()
    office.take(number, show_attachment, attachment=row.id, reason="Fotonya memang milik mereka")
    complaint_id = office.complaint(number).id
    seen = attachments_of(office.session, complaint_id, for_customer=True)
    assert [each.id for each in seen] == [row.id]
    assert (row.hidden_at, row.hidden_by_id, row.hide_reason) == (None, None, "")
    whats = [each.what for each in office.history(number)][-2:]
    assert whats == ["hide_attachment", "show_attachment"]
    with pytest.raises(Refused, match="not hidden"):
        office.take(number, show_attachment, attachment=row.id, reason="Sekali lagi saja")


def test_what_was_internal_from_the_beginning_or_is_anothers_is_not_shown(office: Office):
    number, other = office.receive(), office.receive(story="Tagihan ganda bulan ini, dua kali.")
    internal = attach(office, number, shown_to_customer=False)
    with pytest.raises(Refused, match="not hidden"):
        office.take(number, show_attachment, attachment=internal.id, reason="Biar terlihat saja")
    office.session.rollback()
    hidden = attach(office, other)
    office.take(other, hide_attachment, attachment=hidden.id, reason="Milik pelanggan lain")
    with pytest.raises(NotFound):
        office.take(number, show_attachment, attachment=hidden.id, reason="Biar terlihat saja")
    office.session.rollback()
    assert not hidden.shown_to_customer


def test_no_file_of_another_complaint_can_be_hidden(office: Office):
    number, other = office.receive(), office.receive(story="Tagihan ganda bulan ini, dua kali.")
    row = attach(office, other)
    with pytest.raises(NotFound):
        office.take(number, hide_attachment, attachment=row.id, reason="Milik orang lain")
    assert row.shown_to_customer


def test_hiding_takes_a_reason(office: Office):
    number = office.receive()
    row = attach(office, number)
    with pytest.raises(Invalid, match="why the customer"):
        office.take(number, hide_attachment, attachment=row.id, reason=" .")


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (FileLimits(most_of_complaint=1), "at most 1 files"),
        (FileLimits(most_bytes_of_complaint=2 * len(PHOTO) - 1), "at most 0 MB together"),
    ],
)
def test_a_complaint_holds_so_many_files(office: Office, limits: FileLimits, sentence: str):
    number = office.receive()
    use_files(FileSettings("memory://limited", limits))
    attach(office, number)
    with pytest.raises(Invalid, match=sentence):
        attach(office, number)
    # Of another complaint it counts nothing.
    attach(office, office.receive(story="Tagihan ganda bulan ini, dua kali."))


def test_a_file_that_is_renamed_behind_our_back_is_found(office: Office):
    number = office.receive()
    row = attach(office, number)
    assert verify_history(office.session, None)["bad"] == []
    row.preview = "made"
    office.session.commit()
    assert verify_history(office.session, None)["bad"] == []
    office.session.connection().exec_driver_sql("UPDATE attachments SET sha256 = 'x'")
    (bad,) = verify_history(office.session, None)["bad"]
    assert (bad["table"], bad["fields"]) == ("attachments", ["sha256"])
    office.session.connection().exec_driver_sql("DELETE FROM attachments")
    (bad,) = verify_history(office.session, None)["bad"]
    assert bad["what"] == "it is missing"


def test_the_system_may_attach_what_came_by_mail(office: Office):
    number = office.receive()
    complaint = office.open(number).complaint
    case = case_of_locked(office.session, office.rules, complaint.id, office.at)
    assert attach_file(case, keep_file(b"%PDF-1.4\n", name="a.pdf"), shown_to_customer=True).id

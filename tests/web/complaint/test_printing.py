"""Receipts and letters as PDF from the complaint's pages: by whom, when, and in which language."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from complaints.documents import letters, receipts
from complaints.files import keep
from complaints.models import Attachment, OutboxMessage
from complaints.outbox.purge import purge_letters
from complaints.steps.casework.converse import record_message
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.web.complaint.test_letters import offered
from tests.web.page import Visitor

At = Callable[..., Visitor]


def registered(office: Office, **who: str) -> str:
    number = office.receive(who=who)
    office.walk(number, to="020-1.6")
    return number


def test_the_receipt_is_a_file_that_its_page_leads_to(office: Office, at_desk: At):
    number = registered(office)
    desk = at_desk("csr")
    path = desk.get(f"/complaints/{number}/receipt").link("PDF")
    found = desk.client.get(path)
    assert (found.status_code, found.mimetype) == (200, "application/pdf")
    assert found.data.startswith(b"%PDF-")
    assert found.headers["Content-Disposition"] == f'inline; filename="{number}.pdf"'
    assert "no-store" in found.headers["Cache-Control"]
    assert at_desk("csr2").client.get(path).status_code == 403


def test_a_letter_is_a_file_that_its_page_leads_to(office: Office, at_desk: At):
    number, letter = offered(office, "letter")
    desk = at_desk("csr")
    path = desk.get(f"/complaints/{number}/letters/{letter.id}").link("PDF")
    found = desk.client.get(path)
    assert found.mimetype == "application/pdf"
    assert found.data.startswith(b"%PDF-")
    # To look at it is not to print it: that is said by whoever did.
    assert office.letters(number)[-1].state == "to_print"
    assert at_desk("csr2").client.get(path).status_code == 403
    other = registered(office, name="Orang Lain", phone="0811 111 2222", email="")
    assert desk.client.get(path.replace(number, other)).status_code == 404


def test_a_receipt_on_paper_is_the_receipt(office: Office, at_desk: At):
    number = registered(office, email="")
    (letter,) = [row for row in office.letters(number) if row.kind == "receipt"]
    desk = at_desk("csr")
    as_letter = desk.client.get(f"/complaints/{number}/letters/{letter.id}.pdf")
    as_receipt = desk.client.get(f"/complaints/{number}/receipt.pdf")
    assert as_letter.data == as_receipt.data


@pytest.mark.parametrize("path", ["receipt.pdf", "letters/999999.pdf", "letters/٣.pdf"])
def test_what_is_not_there_is_said(office: Office, at_desk: At, path: str):
    number = office.receive()
    office.session.commit()
    assert at_desk("csr").client.get(f"/complaints/{number}/{path}").status_code == 404


def test_words_that_are_no_longer_kept_are_not_printed(office: Office, at_desk: At):
    number = registered(office)
    office.take(number, record_message, text="Kabar", direction="out", method="email")
    deliver(office, Hand(), office.at)
    row: OutboxMessage = office.letters(number)[-1]
    purge_letters(office.session, sent_before=office.at.replace(year=2030), at=office.at)
    office.session.commit()
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/letters/{row.id}")
    assert "PDF" not in page.words("a")
    gone = desk.client.get(f"/complaints/{number}/letters/{row.id}.pdf")
    assert (gone.status_code, "tidak disimpan lagi" in gone.get_data(as_text=True)) == (404, True)


def test_what_is_printed_stays_on_the_complaint_as_it_was_printed(office: Office, at_desk: At):
    number, letter = offered(office, "letter")
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/letters/{letter.id}")
    pages = desk.client.get(page.link("PDF")).data
    desk.submit(page, f"/complaints/{number}/letters/printing", 303)
    (kept,) = office.rows(Attachment, number)
    assert (kept.kind, kept.type, kept.name) == (
        "letter",
        "application/pdf",
        f"{number}-{letter.id}.pdf",
    )
    assert kept.sha256 == hashlib.sha256(pages).hexdigest()
    assert not kept.shown_to_customer


def test_a_full_store_hinders_nobody_from_printing(
    office: Office, at_desk: At, monkeypatch: pytest.MonkeyPatch
):
    number, letter = offered(office, "letter")
    desk = at_desk("csr")
    page = desk.get(f"/complaints/{number}/letters/{letter.id}")
    monkeypatch.setattr(keep, "is_full", lambda *given: True)
    desk.submit(page, f"/complaints/{number}/letters/printing", 303)
    assert office.letters(number)[-1].state == "sent"
    assert office.rows(Attachment, number) == []


@pytest.mark.parametrize("base", ["https://keluhan.example", "http://127.0.0.1:8000"])
def test_a_code_stands_only_where_somebody_else_can_open_it(
    app: Flask, office: Office, at_desk: At, monkeypatch: pytest.MonkeyPatch, base: str
):
    drawn: list[str] = []

    def set_pdf(form: str, data: dict[str, Any]) -> bytes:
        drawn.append(data["code"])
        return b"%PDF-"

    monkeypatch.setattr(letters, "set_pdf", set_pdf)
    monkeypatch.setattr(receipts, "set_pdf", set_pdf)
    settings = replace(app.config["SETTINGS"], base_url=base)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    number, letter = offered(office, "letter")
    desk = at_desk("csr")
    for path in (f"letters/{letter.id}.pdf", "receipt.pdf"):
        assert desk.client.get(f"/complaints/{number}/{path}").status_code == 200
    assert [bool(each) for each in drawn] == [base.startswith("https")] * 2

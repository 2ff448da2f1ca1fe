"""The receipt on A5: what the customer takes home, in their language, as the page shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.documents.receipts import receipt_data, receipt_pdf
from complaints.documents.typesetting import set_pictures
from complaints.outbox.mail.letters import LetterContext
from complaints.queries.complaint.dossier import read_dossier
from complaints.steps.case import view_case
from complaints.steps.casework.extend import ask_extension, decide_extension
from tests.conftest import NOW
from tests.documents.reading import words_on
from tests.office import Office

BASE = "https://keluhan.example"


def data_of(office: Office, number: str, lang: str = "id", has_code: bool = True) -> dict[str, Any]:
    case = view_case(office.session, number, by=office.actor("csr"), at=office.at)
    complaint, rules = case.complaint, case.rules
    dossier = read_dossier(office.session, complaint, rules)
    return receipt_data(
        complaint,
        number,
        dossier,
        lang,
        LetterContext(rules, BASE),
        rules.branches[complaint.branch_id],
        zone=rules.home_zone,
        link=f"{BASE}/portal/1-rahasia",
        has_code=has_code,
    )


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "id",
            (
                "TANDA TERIMA",
                "Diterima",
                "Kamis, 19 November 2026, pukul 09.15 WIB, Csr",
                "Ibu Siti Aminah",
                "Internet mati sejak kemarin",
                "Selasa, 24 November 2026, pukul 09.15 WIB",
                "Memeriksa jaringan",
                "Pindai kode ini",
            ),
        ),
        ("en", ("RECEIPT", "Received", "Tuesday, 24 November 2026, 09:15 WIB", "Scan the code")),
    ],
)
def test_it_holds_what_the_customer_needs(office: Office, lang: str, told: tuple[str, ...]):
    number = office.receive()
    office.walk(number, to="020-1.6")
    data = data_of(office, number, lang)
    said = f"{data['title'].upper()}\n{number}\n{words_on('receipt', data)}"
    said += str([data["head"], data["promise"], data["blocks"], data["code_words"]])
    for words in told:
        assert words in said
    assert receipt_pdf(data).startswith(b"%PDF-")
    assert len(set_pictures("receipt", data)) == 1


def test_first_and_later_promise_stand_beside_each_other(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    until = NOW + timedelta(days=8)
    office.take(number, ask_extension, until=until, reason="Menunggu suku cadang")
    office.take(number, decide_extension, by="supervisor", answer="approved")
    (rows,) = [each for each in data_of(office, number)["blocks"] if each["kind"] == "rows"]
    said = [[runs[0]["text"] for runs in row] for row in rows["rows"]]
    assert [row[0] for row in said] == ["Tanggal yang pertama disampaikan", "Diperpanjang hingga"]
    assert said[1][1].endswith("Menunggu suku cadang")


def test_without_an_address_that_can_be_opened_there_is_no_code(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    data = data_of(office, number, has_code=False)
    assert data["code"] == ""
    assert f"{BASE}/portal/1-rahasia" in words_on("receipt", data)
    assert receipt_pdf(data).startswith(b"%PDF-")


def test_a_long_story_in_which_typst_is_written_goes_on_over_pages(office: Office):
    long = " ".join(["#pagebreak() $", "x" * 120, "*tebal*"] * 30)
    number = office.receive(story=long, who={"name": "N" * 190})
    office.walk(number, to="020-1.6")
    data = data_of(office, number)
    data["head"][2][1] = long
    assert len(set_pictures("receipt", data)) == 3

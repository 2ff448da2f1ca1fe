"""The list as a file: the rows of the page and no others, their count at the end, a bound."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from complaints.steps.close import withdraw_complaint
from complaints.web.desk import list_file

pytestmark = pytest.mark.both_databases


def read_csv(answer, delimiter=","):
    text = answer.response.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def read_sheet(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    return book.get_sheet_by_index(0).to_python()


@pytest.fixture
def three(office):
    """Two open complaints, one about a bill, and one that is over."""
    bill = office.receive(category="TAG_GANDA", story="=1+1 kata pelanggan")
    line = office.receive()
    gone = office.receive()
    office.take(gone, withdraw_complaint, reason="salah nomor")
    office.session.commit()
    return bill, line, gone


@pytest.mark.parametrize("query", ["", "category=TAG_GANDA", "status=all&sort=newest", "q=siti"])
def test_it_holds_the_rows_of_the_page_in_their_order_and_counts_them(three, at_desk, query):
    csr = at_desk("csr")
    shown = csr.get(f"/complaints?{query}").words(".list .c-number a")
    head, *rows, foot = read_csv(csr.get(f"/complaints?{query}&format=csv"))
    assert head[:3] == ["number", "priority", "customer"]
    assert [row[0] for row in rows] == shown
    assert foot[0] == f"Baris: {len(shown)}"
    *_, last = read_sheet(csr.client.get(f"/complaints?{query}&format=xlsx"))
    assert last[0] == f"Baris: {len(shown)}"


def test_a_workbook_says_what_the_page_says_and_computes_nothing(three, at_desk):
    csr = at_desk("csr")
    title, *_, head, row, other, _ = read_sheet(csr.client.get("/complaints?format=xlsx"))
    assert title[0] == "Keluhan"
    assert head[5] == "Paling lambat (Asia/Jakarta)"
    by_number = {each[0]: each for each in (row, other)}
    assert by_number[three[0]][4] == "=1+1 kata pelanggan"
    assert by_number[three[0]][2] == "Siti Aminah"
    (risky,) = [
        row for row in read_csv(csr.get("/complaints?format=excel"), ";") if row[0] == three[0]
    ]
    assert risky[4] == "'=1+1 kata pelanggan"


def test_another_branch_saves_nothing_of_it(three, at_desk):
    _, foot = read_csv(at_desk("csr2").get("/complaints?format=csv"))
    assert foot[0] == "Baris: 0"


def test_nothing_is_in_it_that_the_list_does_not_show(three, at_desk):
    text = at_desk("csr").get("/complaints?format=csv").response.get_data(as_text=True)
    assert "0812" not in text
    assert "@" not in text.replace("@tanggap.example", "")


def test_a_list_too_long_for_a_file_is_refused_and_never_cut(three, at_desk, monkeypatch):
    csr = at_desk("csr")
    monkeypatch.setattr(list_file, "MOST_IN_FILE", 2)
    assert len(read_csv(csr.get("/complaints?format=csv"))) == 4
    monkeypatch.setattr(list_file, "MOST_IN_FILE", 1)
    refused = csr.get("/complaints?format=csv", status=422)
    assert "lebih dari 1 keluhan" in refused.main


def test_sixty_rows_ask_no_more_than_one(office, at_desk, counted):
    csr = at_desk("csr")
    office.receive()
    office.session.commit()
    csr.get("/complaints?format=csv")
    with counted() as one:
        csr.get("/complaints?format=csv")
    for index in range(60):
        phone = f"0812 1000 {index:04}"
        office.receive(who={"name": f"Pelanggan {index}", "phone": phone, "email": ""})
    office.session.commit()
    with counted() as many:
        answer = csr.get("/complaints?format=csv")
    assert len(read_csv(answer)) == 63
    assert len([each for each in many if each != "BEGIN"]) <= len(one)

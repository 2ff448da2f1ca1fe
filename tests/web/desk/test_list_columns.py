"""Columns that were chosen: on the page, in its file, in a view, within what somebody may see."""

from __future__ import annotations

import csv
import io

import pytest

from complaints.web.desk.list_columns import COLUMNS

pytestmark = pytest.mark.both_databases

ALL = ",".join(COLUMNS)


def heads(page):
    return page.words(".list thead th")


def choose(person, query, *codes, status=303):
    """Fill the places of the form in their order, as the list of `query` leads to it."""
    page = person.get(person.get(f"/complaints?{query}").link("Kolom"))
    given = {each["name"]: each["value"] for each in page.all(".form.box [type=hidden]")}
    given |= {f"place-{nth}": code for nth, code in enumerate(codes, 2)}
    answer = person.client.get("/complaints/columns", query_string=given)
    assert answer.status_code == status
    return answer


def file_of(person, address):
    text = person.get(f"{address}&format=csv").response.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_they_stand_in_the_order_they_were_chosen_in_after_the_number(office, at_desk):
    number = office.receive(category="TAG_GANDA")
    office.session.commit()
    csr = at_desk("csr")
    to = choose(csr, "category=TAG_GANDA", "received_at", "", "customer", "due_state").location
    page = csr.get(to)
    assert heads(page) == ["Nomor", "Diterima", "Pelanggan", "Tenggat"]
    assert page.words(".list tbody .c-number") == [number]
    assert page.words(".list tbody td:nth-child(3)") == ["Siti Aminah"]
    assert "kerja lagi" in page.words(".list tbody td:nth-child(4)")[0]
    # Narrowed further, the list keeps them; the file has the same.
    assert page.one(".filters [name=columns]")["value"] == "received_at,customer,due_state"
    head, row, _ = file_of(csr, to)
    assert head == ["number", "received_at", "customer", "due_state"]
    assert row[0] == number


def test_the_form_shows_what_is_chosen_and_refuses_a_column_twice(office, at_desk):
    office.receive()
    office.session.commit()
    csr = at_desk("csr")
    page = csr.get("/complaints/columns?columns=status,customer&sort=newest")
    chosen = [each["value"] for each in page.all(".form option[selected]") if each["value"]]
    assert chosen == ["status", "customer"]
    refused = choose(csr, "sort=newest", "status", "customer", "status", status=422)
    assert "sudah dipilih" in refused.get_data(as_text=True)
    assert choose(csr, "sort=newest", "").location == "/complaints?sort=newest"


def test_a_view_keeps_them_and_shows_nobody_what_is_not_theirs(office, at_desk):
    mine = office.receive()
    office.receive(by="csr2", branch="MKS")
    office.session.commit()
    manager = at_desk("manager")
    page = manager.get(manager.get("/complaints?columns=branch,product,status").link("Tampilan"))
    manager.submit(page, "/complaints/views", name="Per cabang", is_shared="1", status=303)
    assert heads(manager.get(manager.get("/complaints").link("Per cabang")))[1] == "Cabang"
    csr = at_desk("csr")
    page = csr.get(csr.get("/complaints").link("Per cabang"))
    assert heads(page) == ["Nomor", "Produk", "Status"]
    assert page.words(".list tbody .c-number") == [mine]
    assert file_of(csr, "/complaints?columns=branch,status")[0] == ["number", "status"]
    # Nor may they choose it.
    offered = csr.get("/complaints/columns").all("#f-place-2 option")
    assert "branch" not in {each["value"] for each in offered}


def test_a_column_that_is_gone_is_left_out_and_said(office, at_desk):
    office.receive()
    office.session.commit()
    csr = at_desk("csr")
    page = csr.get("/complaints?columns=sudah_tiada,number,customer,customer")
    assert heads(page) == ["Nomor", "Pelanggan"]
    assert "Kolom yang sudah tidak ada tidak ditampilkan: sudah_tiada." in page.main
    # Where none is left the table is the usual one.
    page = csr.get("/complaints?columns=sudah_tiada")
    assert heads(page) == heads(csr.get("/complaints"))
    assert "sudah_tiada" in page.main


def test_every_column_shows_something_on_the_page_and_in_its_file(office, at_desk):
    office.walk(office.receive(category="TAG_GANDA"), to="020-1.6")
    office.session.commit()
    manager = at_desk("manager")
    page = manager.get(f"/complaints?columns={ALL}")
    assert len(heads(page)) == len(COLUMNS) + 1
    head, row, _ = file_of(manager, f"/complaints?columns={ALL}")
    assert head == ["number", *COLUMNS]
    # What this complaint has none of: it is open, on time, with no unit and about no product.
    assert {code for code, cell in zip(head, row, strict=True) if not cell} <= {
        "level",
        "closed_at",
        "outcome",
        "product",
        "unit",
    }


def test_a_product_is_called_by_its_name_and_one_of_no_list_as_it_was_written(office, at_desk):
    known, given = next(iter(office.rules.organisation.products.items()))
    for product in (known, "Telepon satelit"):
        office.receive(product=product)
    office.session.commit()
    csr = at_desk("csr")
    page = csr.get("/complaints?columns=product&sort=newest")
    assert set(page.words(".list tbody td:nth-child(2)")) == {given.label_id, "Telepon satelit"}
    rows = file_of(csr, "/complaints?columns=product")[1:-1]
    assert {name for _, name in rows} == {given.label_id, "Telepon satelit"}


def test_chosen_columns_cost_one_statement_at_most_and_usual_ones_none(office, at_desk, counted):
    for _ in range(4):
        office.receive()
    office.session.commit()
    csr = at_desk("csr")
    statements = {}
    for columns in ("", "customer,status,outcome", ALL):
        csr.get(f"/complaints?columns={columns}")
        with counted() as asked:
            csr.get(f"/complaints?columns={columns}")
        statements[columns] = len(asked)
    usual, in_lines, beside = statements.values()
    assert (in_lines - usual, beside - usual) == (0, 1)

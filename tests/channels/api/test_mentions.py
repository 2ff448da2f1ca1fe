"""Naming colleagues in a note by a program: the same rule, and the same sentence."""

from __future__ import annotations

from tests.office import Office


def test_a_program_names_colleagues_as_the_page_does(programs, office: Office):
    number = office.receive()
    answer = programs.csr.record(number, "note", text="Cek", mention=["supervisor@tanggap.example"])
    assert answer.status_code == 200
    assert [each.kind for each in office.notices("supervisor")] == ["mentioned"]
    refused = programs.csr.record(number, "note", text="Tolong @csr2")
    assert refused.status_code == 422
    assert "@csr2 may not read this complaint" in refused.get_data(as_text=True)
    assert office.notices("csr2") == []

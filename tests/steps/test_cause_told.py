"""Who hears that a cause was confirmed: the handler, when it was somebody else."""

from __future__ import annotations

from complaints.steps.find_cause import find_cause
from tests.office import Office

CAUSE = {"code": "JARINGAN", "text": "Kabel distribusi putus di tiang ketiga"}


def told(office: Office, name: str = "csr") -> list[str]:
    return [each.kind for each in office.notices(name) if each.kind == "cause_confirmed"]


def test_the_handler_hears_when_a_unit_confirms_the_cause(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.3")
    office.take(number, find_cause, by="officer", stage="preliminary", **CAUSE)
    assert told(office) == []
    office.take(number, find_cause, by="officer", stage="confirmed", **CAUSE)
    assert told(office) == ["cause_confirmed"]
    assert told(office, "officer") == []


def test_what_the_handler_confirms_is_news_to_nobody(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.3")
    office.take(number, find_cause, by="csr", stage="confirmed", **CAUSE)
    assert [told(office, each) for each in ("csr", "officer", "supervisor")] == [[], [], []]

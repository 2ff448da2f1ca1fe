"""What customers said after the end, over the API: to be read, changed by nobody."""

from __future__ import annotations

from datetime import timedelta

from complaints.steps.by_customer.write import write_message
from tests.channels.api.conftest import Programs
from tests.channels.portal.test_after_end import newest
from tests.office import Office
from tests.web.complaint.test_after_end import by_customer, speak_twice


def test_each_closing_has_its_answer_and_its_rating(programs: Programs, office: Office, time):
    number = speak_twice(office)
    time.at = office.at
    answer = programs.csr.get(f"/complaints/{number}").json
    assert [(each["cycle"], each["answer"]) for each in answer["follow_ups"]] == [(1, "no")]
    first, second = answer["ratings"]
    assert (first["cycle"], first["overall"], first["listening"]) == (1, 2, None)
    assert (second["handler"], second["may_be_published"]) == ("Csr", True)
    assert second["suggestion"] == "Lebih cepat"


def test_a_complaint_names_what_it_goes_on_from(programs: Programs, office: Office, time):
    number = office.receive()
    office.walk(number, to="closed")
    by_customer(office, number, write_message, timedelta(days=40), text="Mati lagi")
    time.at = office.at
    new = newest(office)
    before, after = (programs.csr.get(f"/complaints/{each}").json for each in (number, new))
    assert (before["continues"], before["continued_by"]) == (None, [new])
    assert (after["continues"], after["source"]) == (number, "portal")

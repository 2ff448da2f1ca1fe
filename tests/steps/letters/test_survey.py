"""Asked once for each closing, and only of who can be reached and has not declined."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Refused
from complaints.domain.permissions import CUSTOMER
from complaints.models import Rating
from complaints.steps.casework.pause import open_now
from complaints.steps.close import reopen_complaint
from complaints.steps.letters.survey import ask_for_rating, decline_surveys
from tests.office import Office


def closed(office: Office, **who: str) -> str:
    number = office.receive(who=who)
    office.walk(number)
    return number


def surveys(office: Office, number: str) -> list[str]:
    return [each.state for each in office.letters(number) if each.kind == "survey"]


def decline(office: Office, number: str) -> None:
    decline_surveys(open_now(office.session, number, by=CUSTOMER, at=office.at))
    office.session.commit()


def refusal(office: Office, number: str) -> str:
    with pytest.raises(Refused) as refused:
        office.take(number, ask_for_rating)
    return str(refused.value.sentence)


def test_it_is_asked_once_for_each_closing(office: Office):
    number = closed(office)
    office.take(number, ask_for_rating)
    assert "asked already" in refusal(office, number)
    assert surveys(office, number) == ["queued"]
    office.take(number, reopen_complaint, by="supervisor", reason="Mati lagi sejak pagi ini")
    assert office.complaint(number).status != "closed"
    # Nobody is asked whether it is settled who has just said that it is not.
    assert surveys(office, number) == ["replaced"]
    with pytest.raises(Refused):
        office.take(number, ask_for_rating)


@pytest.mark.parametrize(
    ("case", "because"),
    [
        ("no address", "no email address"),
        ("bounced", "came back"),
        ("declined", "does not want"),
        ("rated", "rated this closing"),
    ],
)
def test_nobody_is_asked_in_vain_and_the_refusal_says_why(office: Office, case: str, because: str):
    number = closed(office, email="") if case == "no address" else closed(office)
    if case == "bounced":
        office.letters(number)[-1].state = "bounced"
        office.session.commit()
    elif case == "declined":
        decline(office, number)
    elif case == "rated":
        complaint = office.complaint(number)
        office.session.add(
            Rating(complaint_id=complaint.id, cycle=complaint.cycle, overall=5, at=office.at)
        )
        office.session.commit()
    assert because in refusal(office, number)
    assert surveys(office, number) == []


def test_who_declines_is_asked_about_no_complaint_and_what_waits_stays_here(office: Office):
    number, other = closed(office), closed(office)
    office.take(number, ask_for_rating)
    for _ in range(2):
        decline(office, number)
    assert surveys(office, number) == ["replaced"]
    assert "does not want" in refusal(office, other)
    said = [each.what for each in office.history(number)]
    assert said.count("decline_surveys") == 1


def test_who_declines_at_an_address_is_asked_there_under_no_other_name(office: Office):
    address = {"email": "keluarga@contoh.id"}
    number = closed(office, **address)
    # The same person under a name and a number that we take for somebody else's.
    other = closed(office, name="Putri Ayu", phone="0813 9999 0001", **address)
    elsewhere = closed(office, name="Eko Budi", phone="0813 9999 0002", email="eko@contoh.id")
    assert office.complaint(number).customer_id != office.complaint(other).customer_id
    for each in (other, elsewhere):
        office.take(each, ask_for_rating)
    decline(office, number)
    # What waits in the queue about another complaint stays here as well; a stranger's goes out.
    assert (surveys(office, other), surveys(office, elsewhere)) == (["replaced"], ["queued"])
    later = closed(office, name="Putri Ayu", phone="0813 9999 0001", **address)
    assert "does not want" in refusal(office, later)


def test_the_last_letter_to_an_address_is_that_of_whichever_complaint(office: Office):
    number, other = closed(office), closed(office)
    # The one about the other complaint is the last of all.
    office.letters(other)[-1].state = "bounced"
    office.session.commit()
    assert "came back" in refusal(office, number)
    office.letters(other)[-1].state = "sent"
    office.letters(number)[-1].state = "bounced"
    office.session.commit()
    office.take(number, ask_for_rating)
    assert surveys(office, number) == ["queued"]


@pytest.mark.parametrize("state", ["queued", "replaced"])
def test_a_letter_that_has_not_left_hides_none_that_came_back(office: Office, state: str):
    number = closed(office)
    address = office.complaint(number).contact_email
    told = [each for each in office.letters(number) if each.to_address == address]
    *_, before, last = sorted(told, key=lambda each: (each.created_at, each.id))
    before.state, last.state = "bounced", state
    office.session.commit()
    assert "came back" in refusal(office, number)

"""The leaflet on the service standard: really printed or sent, in the customer's language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from complaints.models import StepRecord
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.web.page import Page, Visitor

At = Callable[..., Visitor]
WORDS = {"id": "Tenggat penanganan", "en": "Deadlines"}


def thanked(office: Office, **more: object) -> str:
    number = office.receive(**more)
    office.walk(number, to="020-3.6")
    office.session.commit()
    return number


def test_the_form_leads_to_the_sheet_and_printing_records_it(office: Office, at_desk: At, wall):
    mandatory = office.rules.leaflet.mandatory
    number = thanked(office)
    wall.at = office.at
    desk, path = at_desk("csr"), f"/complaints/{number}"
    form = desk.get(f"{path}/standard-information")
    sheet = desk.get(str(form.one(f"a[href='{path}/leaflet']")["href"]))
    assert sheet.words(".leaflet h2") == [item.label_id for item in mandatory]
    text = " ".join(sheet.words(".leaflet p"))
    assert "{" not in text
    assert "BPSK" in text
    (button,) = sheet.all("form button[data-print]")
    action = f"{path}/standard-information"
    prints = button.find_parent("form")
    assert (str(prints["action"]), str(prints.select_one("[name=method]")["value"])) == (
        action,
        "print",
    )
    fields = {str(each["name"]): str(each["value"]) for each in prints.select("input")}
    desk.post(action, fields, 303)
    desk.post(action, fields, 303)
    (record,) = [each for each in office.rows(StepRecord, number) if each.criterion == "020-3.7"]
    assert (record.method, record.detail["items"]) == ("print", [each.id for each in mandatory])
    assert office.states(number)["020-3.7"] == "proven"


def test_sent_by_email_it_is_proven_when_it_has_left(office: Office, at_desk: At, wall):
    number = thanked(office)
    wall.at = office.at
    desk, action = at_desk("csr"), f"/complaints/{number}/standard-information"
    sheet = desk.get(f"/complaints/{number}/leaflet")
    (sends,) = [
        form for form in sheet.all("form") if form.select("input[name=method][value=email]")
    ]
    assert "siti@pelanggan.example" in sends.get_text()
    fields = {str(each["name"]): str(each["value"]) for each in sends.select("input")}
    desk.post(action, fields, 303)
    assert office.states(number)["020-3.7"] == "sending"
    letter = office.letters(number)[-1]
    told = {item["label"]: item["text"] for item in letter.facts["parts"][-1]["items"]}
    assert list(told) == sheet.words(".leaflet h2")
    deliver(office, Hand(), office.at)
    assert office.states(number)["020-3.7"] == "proven"


@pytest.mark.parametrize(("customer", "desk"), [("id", "en"), ("en", "id")])
def test_it_speaks_the_customers_language(office: Office, at_desk: At, customer, desk):
    number = thanked(office, who={"language": customer})
    path = f"/complaints/{number}/leaflet"
    # English on an Indonesian page is a mistake everywhere but on what the customer takes home.
    sheet = Page(at_desk("csr", desk).client.get(path), path)
    assert sheet.one(".leaflet")["lang"] == customer
    assert sheet.words(".leaflet h2")[0] == WORDS[customer]


def test_before_its_time_and_by_others_it_is_only_printed(office: Office, at_desk: At):
    early, late = office.receive(), thanked(office)
    for who, number in (("csr", early), ("auditor", late)):
        sheet = at_desk(who).get(f"/complaints/{number}/leaflet")
        assert sheet.all("form[action$=standard-information]") == []
        assert sheet.all("button[data-print]")


def test_without_an_address_nothing_can_be_sent(office: Office, at_desk: At):
    number = thanked(office, who={"email": ""})
    sheet = at_desk("csr").get(f"/complaints/{number}/leaflet")
    assert sheet.all("input[name=method][value=email]") == []
    assert sheet.all("input[name=method][value=print]")

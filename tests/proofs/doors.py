"""The doors through which staff record what they did: one API call, several at once, a page.

Each takes the same words, and answers with what became of them: a status and the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from complaints.models import (
    Commitment,
    Customer,
    Exit,
    HistoryEntry,
    Notice,
    Offer,
    OutboxMessage,
    StepRecord,
)
from tests.conftest import NOW
from tests.html_tree import Tag
from tests.office import Office

WIB = ZoneInfo("Asia/Jakarta")
#: Fields of a page's form that no body knows.
OWN = ("csrf_token", "one_time_key", "seen", "version")
#: What is kept of a complaint: a refusal adds to none of them.
KEPT = (HistoryEntry, StepRecord, Exit, Offer, Commitment, Notice, OutboxMessage)


@dataclass(frozen=True)
class Found:
    """What the table knows only when it is sent: a time from now, an id, a number."""

    ask: Callable[[Counter, str], Any]


def days(number: float) -> Found:
    """That many days from now; before now when it is negative."""
    return Found(lambda counter, _: (counter.at + timedelta(days=number)).isoformat())


#: The first commitment of the complaint that is open.
OPEN_ONE = Found(
    lambda counter, number: next(
        each.id
        for each in counter.office.rows(Commitment, number)
        if each.done_at is None and each.dropped_at is None
    )
)

#: What the customer is to receive.
DELIVERY = Found(
    lambda counter, number: next(
        each.id for each in counter.office.rows(Commitment, number) if each.kind == "delivery"
    )
)


def _another(counter: Counter, number: str, **who: str) -> str:
    """A complaint that was taken at the same time and told the same date."""
    office, at = counter.office, counter.at
    office.at = NOW
    other = office.receive(at=NOW, who=who)
    office.walk(other, to="020-1.6")
    office.at = at
    return other


def _of_the_same_customer(counter: Counter, number: str) -> str:
    customer = counter.office.complaint(number).customer_id
    phone = counter.office.session.get_one(Customer, customer).phone
    return _another(counter, number, phone=phone, email="")


#: The number of the complaint, of another one of its customer, and of one of somebody else's.
ITSELF = Found(lambda _, number: number)
LIKE_IT = Found(_of_the_same_customer)
ANOTHERS = Found(
    lambda counter, number: _another(counter, number, phone="0811 111 2222", name="Orang Lain")
)

#: A complaint of a customer of the usual type, without needs.
OF_THE_USUAL_TYPE = Found(
    lambda counter, number: _another(counter, number, phone="0811 333 4444", name="Orang Biasa")
)


@dataclass
class Outcome:
    """What became of it: the status, what was said, and the criteria that were said to lack."""

    status: int
    said: list[str]
    missing: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return self.status >= 400


@dataclass
class Counter:
    """The place where it happens: the app behind the doors, and the same database from inside."""

    app: Flask
    office: Office
    at: datetime

    def fill(self, number: str, value: Any) -> Any:
        """The body with what is known only now."""
        if isinstance(value, Found):
            return value.ask(self, number)
        if isinstance(value, Mapping):
            return {name: self.fill(number, each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.fill(number, each) for each in value]
        return value

    def send(self, by: str, path: str, body: Any) -> Outcome:
        """A call of the API, answered in Indonesian as the pages are."""
        self.office.session.commit()
        answer = self.app.test_client().post(
            f"/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer token of {by}", "Accept-Language": "id"},
        )
        told = answer.json or {}
        wrong = told.get("errors", [])
        return Outcome(
            answer.status_code,
            [each["detail"] for each in wrong] or [told.get("detail", "")],
            list(told.get("missing", [])),
            [each["field"] for each in wrong],
        )

    def kept(self, number: str) -> list[int]:
        """How much there is of the complaint."""
        return [
            self.office.complaint(number).version,
            *(len(self.office.rows(table, number)) for table in KEPT),
        ]

    def browser(self, by: str) -> FlaskClient:
        """That person's browser, logged in."""
        client, user = self.app.test_client(), self.office.people[by]
        with client.session_transaction() as session:
            session["_user_id"] = f"{user.id}:{user.session_number}"
            session["_fresh"] = True
            session["language"] = "id"
        # Our own reading must not hold the database.
        self.office.session.commit()
        return client


def call(counter: Counter, by: str, number: str, noun: str, body: Mapping[str, Any]) -> Outcome:
    """One call of the API."""
    return counter.send(by, f"/complaints/{number}/{noun}", body)


def batch(counter: Counter, by: str, number: str, noun: str, body: Mapping[str, Any]) -> Outcome:
    """Several acts in one call, all or nothing: a note goes before it, and must go with it."""
    acts = [{"noun": "note", "text": "Dicatat di meja"}, {"noun": noun, **body}]
    return counter.send(by, f"/complaints/{number}/actions", acts)


def page(counter: Counter, by: str, number: str, noun: str, body: Mapping[str, Any]) -> Outcome:
    """The form of the page with its own fields and keys, as a browser without scripts sends it."""
    client, path = counter.browser(by), f"/complaints/{number}/{noun}"
    asked = f"{path}?stage={body['stage']}" if body.get("stage") else path
    shown = client.get(asked, follow_redirects=True).get_data(as_text=True)
    forms = Tag.of(shown)
    form = forms.select_one(f"form[action='{path}']")
    if form is not None:
        data = proposed(form, body)
    else:
        # The page offers no form here: a hurried user sends one all the same.
        token = forms.select_one("input[name='csrf_token']")
        data = {"csrf_token": str(token["value"]) if token else ""}
    response = client.post(path, data={**data, **typed(body)})
    if response.status_code == 303:
        return Outcome(200, [])
    return Outcome(response.status_code, [words_of(response.get_data(as_text=True))])


#: What the page of a conversation asks, by the acts that it becomes.
CONVERSATIONS: Mapping[str, tuple[str, ...]] = {
    "analysis": ("parties", "cause", "condition", "priority", "plan"),
    "resolution": (
        "cause",
        "apology",
        "cause-explanation",
        "offer",
        "answer",
        "thanks",
        "standard-information",
        "commitments/done",
        "closure",
    ),
}
#: Acts of which the page asks only whether they were done.
TICKED = {"apology": "said", "thanks": "said", "plan": "take"}


def talk(
    counter: Counter, by: str, number: str, kind: str, acts: Mapping[str, Mapping[str, Any]]
) -> Outcome:
    """The page of a conversation with what it proposes and what is typed over it, in one submit.

    `acts` are bodies by noun, also of what the page does not ask for any more. Closing is a button.
    """
    client, path = counter.browser(by), f"/complaints/{number}/{kind}"
    shown = Tag.of(client.get(path).get_data(as_text=True))
    form = shown.select_one(f"form[action='{path}']")
    token = shown.select_one("input[name='csrf_token']")
    data: dict[str, Any] = {"csrf_token": str(token["value"]) if token else ""}
    if form is not None:
        data = proposed(form, {})
    for noun, body in acts.items():
        ticked = {TICKED[noun]: True} if noun in TICKED and "unable" not in body else {}
        data |= typed({noun.partition("/")[0]: {**body, **ticked}})
    if "closure" in acts:
        data["ends"] = "1"
    response = client.post(path, data=data)
    if response.status_code == 303:
        return Outcome(200, [])
    return Outcome(response.status_code, [words_of(response.get_data(as_text=True))])


def words_of(html: str) -> str:
    """All that a page says, as one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


Door = Callable[[Counter, str, str, str, Mapping[str, Any]], Outcome]
DOORS: tuple[Door, ...] = (call, batch, page)


def proposed(form: Any, body: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the form already; lists of steps give way to those that are sent."""
    data: dict[str, Any] = {}
    for each in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(each["name"]), each.get("type")
        if kind in ("checkbox", "radio") and not each.has_attr("checked"):
            continue
        if name.partition(".")[0] in body:
            continue
        if each.name == "textarea":
            data[name] = each.get_text().removeprefix("\n")
        elif each.name == "select":
            chosen = each.select("option[selected]") or each.select("option")
            data[name] = str(chosen[0].get("value", "")) if chosen else ""
        else:
            data[name] = str(each.get("value", "on" if kind == "checkbox" else ""))
    if "unable" in body:
        # Who says that it could not be done leaves the rest of the form empty.
        data = {name: value for name, value in data.items() if name in (*OWN, "stage")}
    return data


def typed(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body as the fields of a form."""
    return dict(_fields("", body))


def _fields(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _fields(f"{prefix}.{name}" if prefix else name, each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if value and isinstance(value[0], Mapping):
            for n, each in enumerate(value):
                yield from _fields(f"{prefix}.{n}", each)
        else:
            yield prefix, [str(each) for each in value]
    elif isinstance(value, bool):
        if value:
            yield prefix, "1"
    else:
        yield prefix, _wall(str(value))


def _wall(text: str) -> str:
    """An instant as a field of type datetime-local holds it; any other text as it is."""
    if not re.match(r"\d{4}-\d\d-\d\dT", text):
        return text
    return datetime.fromisoformat(text).astimezone(WIB).strftime("%Y-%m-%dT%H:%M")

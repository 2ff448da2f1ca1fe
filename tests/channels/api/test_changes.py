"""The table of `docs/changes.md` once more, through the doors: acts by the API, rules by the page.

Its walks stand in `tests/steps/test_changes.py`; here each change is sent as a program or a browser
sends it, so that no row holds for the steps alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from complaints.domain.errors import GateRefused, Refused
from complaints.domain.policies.whatif import RuleKind
from complaints.models import Complaint
from complaints.queries.complaint.seals.history import verify_history
from complaints.rules.edit import rule_in_force
from complaints.steps.answer import take_answer
from complaints.steps.casework.customer import change_customer, merge_customers
from complaints.steps.casework.extend import ask_extension
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.state_facts import state_facts
from complaints.steps.casework.unmerge import unmerge_customers
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.inform import inform_parties
from complaints.steps.plan import draw_up_plan
from complaints.steps.prioritise import override_priority
from tests.channels.api.conftest import Clock, Programs
from tests.office import Office
from tests.steps import test_changes as walks
from tests.web.page import Visitor

Words = Mapping[str, Any]


def _as_said(words: Words) -> Words:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in words.items()
    }


def _customer(words: Words) -> Words:
    return {"number": words["whose"].number, "reason": words["reason"]}


#: Step → the noun under the complaint, and what is sent of its words.
SENT: Mapping[Callable[..., None], tuple[str, Callable[[Words], Words]]] = {
    ask_extension: ("extension", _as_said),
    change_customer: ("customer", _customer),
    close_complaint: ("closure", _as_said),
    draw_up_plan: (
        "plan",
        lambda words: {
            "steps": [{"what": each.what, "owner": each.owner} for each in words["steps"]]
        },
    ),
    inform_parties: ("parties", _as_said),
    merge_complaint: ("merge", _as_said),
    merge_customers: ("customer/merge", _customer),
    override_priority: (
        "priority",
        lambda words: {"override": words["priority"], "reason": words["reason"]},
    ),
    reopen_complaint: ("reopening", _as_said),
    state_facts: ("facts", lambda words: {"tier": words["given"].tier}),
    take_answer: ("answer", _as_said),
    unmerge_customers: ("customer/merge", lambda words: {"undo": True, **words}),
    withdraw_complaint: ("withdrawal", lambda words: {"method": "signature", **words}),
}


class ByHttp:
    """The office, whose acts go through the API; what it sees it sees as before."""

    def __init__(self, office: Office, programs: Programs, time: Clock, app: Flask) -> None:
        self.__dict__.update(_office=office, _programs=programs, _time=time, _app=app)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._office, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._office, name, value)

    def take(
        self,
        number: str,
        step: Callable[..., None],
        /,
        by: str = "csr",
        at: datetime | None = None,
        **words: Any,
    ) -> Complaint:
        noun, body = SENT[step]
        self._office.at = at or self._office.at + timedelta(minutes=5)
        self.record(number, noun, body(words), by)
        return self._office.complaint(number)

    def record(self, number: str, noun: str, body: Words, by: str = "csr") -> None:
        self._edge()
        refused(self._programs(by).record(number, noun, **body))
        self._office.session.expire_all()

    def save_for_all(self, kind: RuleKind, code: str, changes: Words) -> None:
        """Send the rule from the page that says what it would change, for all that is open."""
        row = rule_in_force(self._office.session, kind, code)
        body, base_id = {**row.body, **changes}, row.id
        admin = self._admin()
        self._edge()
        token = admin.get("/admin/rules/").all("[name=csrf_token]")[0]["value"]
        fields = {"kind": kind.value, "code": code, "base_id": base_id, "apply": "all"}
        sent = {**fields, "body": json.dumps(body), "csrf_token": token}
        admin.post("/admin/whatif/save", sent, 303)
        self._office.session.expire_all()

    def _admin(self) -> Visitor:
        client, user = self._app.test_client(), self._office.people["admin"]
        with client.session_transaction() as session:
            session["_user_id"] = f"{user.id}:{user.session_number}"
            session["_fresh"] = True
        return Visitor(client)

    def _edge(self) -> None:
        """It is the same time at the edge, and nothing is held in front of it."""
        self._office.session.commit()
        self._time.at = self._office.at


def refused(answer: TestResponse) -> None:
    """Raise what the answer says was refused, as a step would."""
    if answer.status_code < 400:
        return
    said = answer.json
    assert said is not None
    if said.get("missing"):
        raise GateRefused(said["detail"], said["missing"])
    raise Refused(said["detail"])


def correct(office: ByHttp, number: str, **given: Any) -> None:
    office.at += timedelta(minutes=5)
    office.record(number, "record", given)


def apply_to_all(office: ByHttp, kind: RuleKind, code: str, **changes: Any) -> None:
    office.save_for_all(kind, code, changes)


@pytest.mark.parametrize("row", walks.rows())
@pytest.mark.usefixtures("merged_as_before")
def test_each_row_of_the_table_holds_through_the_doors(
    office: Office,
    programs: Programs,
    time: Clock,
    app: Flask,
    row: str,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(walks, "correct", correct)
    monkeypatch.setattr(walks, "apply_to_all", apply_to_all)
    walks.WALKS[row](ByHttp(office, programs, time, app))  # type: ignore[arg-type]
    office.session.commit()
    assert verify_history(office.session)["bad"] == []

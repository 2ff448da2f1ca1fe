"""An auditor reads and writes nothing: every address and every act, by page and by program."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from complaints.actions.registry import ACTS
from complaints.db import Base
from tests.web.frame.test_routes import TABLE, open_address

#: One's own session, language and password are no records.
OWN = {"POST /login", "POST /logout", "POST /language/<code>", "POST /password"}
#: What they follow, and the lists they keep for themselves.
OWN |= {"POST /complaints/<number>/follow", "POST /complaints/views"}
OWN |= {"POST /complaints/views/<int:view_id>/remove", "POST /notices/reports"}
#: What they typed before they became an auditor, and that they are reading just now.
OWN |= {"POST /drafts/<int:draft>/discard", "POST /live/here/<number>"}
#: There is nothing to set up any more.
OWN |= {"POST /setup/", "POST /setup/<token>"}
#: Reads one's own notifications, and computes what a rule would have meant; neither is refused.
READING = {"POST /notices/read", "POST /admin/whatif/replay"}
#: Tried one by one below.
ACTS_BY_FORM = {"POST /complaints/<number>/<path:noun>"}
API_WRITES = (
    ("POST", "/complaints"),
    ("PUT", "/customers/1/facts"),
    ("POST", "/complaints/{number}/actions"),
    ("POST", "/complaints/{number}/letters"),
    ("POST", "/complaints/{number}/commitments"),
)


def rows(office):
    tables = Base.metadata.sorted_tables
    counts = {
        each.name: office.session.scalar(select(func.count()).select_from(each)) for each in tables
    }
    office.session.commit()
    return counts


@pytest.fixture
def number(office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    return number


def test_no_page_takes_anything_from_an_auditor(office, at_desk, number):
    auditor, before = at_desk("auditor"), rows(office)
    writing = [rule for rule in TABLE if rule.startswith("POST")]
    for rule in sorted(set(writing) - OWN):
        status = open_address(auditor, rule, number).status_code
        if rule not in READING | ACTS_BY_FORM:
            assert status == 403, rule
    assert rows(office) == before


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("noun", ACTS)
def test_no_act_is_taken_from_an_auditor_by_page_or_program(office, app, at_desk, number, noun):
    before = rows(office)
    form = open_address(at_desk("auditor"), f"POST /complaints/{number}/{noun}", number)
    headers = {"Authorization": "Bearer token of auditor"}
    api = app.test_client()
    path = f"/api/v1/complaints/{number}/{noun}"
    call = api.post(path, json=dict(ACTS[noun].example), headers=headers)
    # An empty form may be told what it lacks first.
    assert form.status_code in (403, 422)
    assert call.status_code == 403
    assert rows(office) == before


def test_no_other_call_takes_anything_from_an_auditor(office, app, number):
    before, headers = rows(office), {"Authorization": "Bearer token of auditor"}
    for method, path in API_WRITES:
        target = "/api/v1" + path.format(number=number)
        answer = app.test_client().open(target, method=method, json={}, headers=headers)
        assert answer.status_code in (403, 404, 405, 422), path
    assert rows(office) == before

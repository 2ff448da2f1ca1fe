"""Every address × every role × nobody: one table says who may open what, and nothing is left out.

The API guards itself by tokens and has tests of its own; customers' pages are tried as public.
"""

from __future__ import annotations

import re

import pytest

from complaints.domain.permissions import PERMISSIONS, Permission, Role
from tests.office import PEOPLE

ALL = frozenset(Role)
INTAKE = frozenset({Role.CSR, Role.SUPERVISOR})
HANDLING = INTAKE | {Role.OFFICER}
LEADING = frozenset({Role.SUPERVISOR, Role.MANAGER})
MANAGING = frozenset({Role.MANAGER})
READING = LEADING | {Role.AUDITOR, Role.ADMIN}
ADMIN = frozenset({Role.ADMIN})
#: Auditors read, and write nothing.
ACTING = ALL - {Role.AUDITOR}

#: Open to whoever has the link of the console, and to nobody once there is an account.
LINK = "link"
#: method and address → the roles that are let in; "public" for everybody.
TABLE: dict[str, frozenset[Role] | str] = {
    "GET /": ALL,
    "GET /complaints": ALL,
    "GET /guide": ALL,
    "GET /guide/<part>": ALL,
    "GET /complaints/new": INTAKE,
    "POST /complaints/new": INTAKE,
    "GET /complaints/new/promise": INTAKE,
    "GET /complaints/new/session": INTAKE,
    "GET /complaints/new/words/<int:version>": INTAKE,
    "POST /complaints/new/suggestions": INTAKE,
    "POST /complaints/new/draft": INTAKE,
    "POST /complaints/new/queued": INTAKE,
    "POST /drafts/<int:draft>/discard": ALL,
    "GET /customers": INTAKE,
    "GET /complaints/<number>": ALL,
    "GET /complaints/<number>/deadlines": ALL,
    "GET /complaints/<number>/similar": ALL,
    "GET /complaints/<number>/<path:noun>": ACTING,
    "POST /complaints/<number>/<path:noun>": ACTING,
    "GET /complaints/<number>/receipt/qr.svg": ALL,
    "GET /complaints/<number>/leaflet": ALL,
    "GET /complaints/<number>/follow": ALL,
    "POST /complaints/<number>/follow": ALL,
    "GET /complaints/<number>/letters/<int:letter_id>": ALL,
    "GET /complaints/<number>/letters/<int:letter_id>.pdf": ALL,
    "GET /complaints/<number>/letters/new": ALL,
    "POST /complaints/<number>/letters/new": HANDLING,
    "GET /complaints/<number>/attachments": ALL,
    "POST /complaints/<number>/attachments": ACTING,
    "GET /complaints/<number>/attachments/<int:key>": ALL,
    "GET /complaints/<number>/attachments/<int:key>/preview": ALL,
    "POST /complaints/<number>/<any(note, message):noun>": ACTING,
    "GET /complaints/<number>/receipt.pdf": ALL,
    "GET /complaints/<number>/<any(analysis, resolution, findings):kind>": HANDLING,
    "POST /complaints/<number>/<any(analysis, resolution, findings):kind>": HANDLING,
    "POST /complaints/<number>/<any(analysis, resolution, findings):kind>/draft": HANDLING,
    "GET /complaints/<number>/analysis/follows": HANDLING,
    "GET /complaints/<number>/offer/approver": HANDLING,
    "GET /complaints/<number>/extension/date": HANDLING,
    "GET /contacts": ALL,
    "GET /contacts/new": INTAKE,
    "POST /contacts/new": INTAKE,
    "GET /contacts/<number>": ALL,
    "POST /contacts/<number>/<act>": ACTING,
    "POST /contacts/<number>/files": ACTING,
    "GET /contacts/<number>/files/<int:key>": ALL,
    "GET /posts": ALL,
    "GET /posts/new": INTAKE,
    "POST /posts/new": INTAKE,
    "POST /posts/import": INTAKE,
    "GET /posts/<number>": ALL,
    "POST /posts/<number>/<act>": ACTING,
    "GET /corrective-actions": ALL,
    "GET /corrective-actions/new": LEADING,
    "POST /corrective-actions/new": LEADING,
    "GET /corrective-actions/<number>": ALL,
    "POST /corrective-actions/<number>/<act>": ACTING,
    "GET /management-reviews": READING,
    "GET /management-reviews/new": MANAGING,
    "POST /management-reviews/new": MANAGING,
    "GET /management-reviews/<number>": READING,
    "POST /management-reviews/<number>/<act>": MANAGING,
    "GET /mail": INTAKE,
    "GET /mail/<int:message>": ALL,
    "POST /mail/<int:message>": INTAKE,
    "GET /mail/<int:message>/raw": ALL,
    "GET /mail/<int:message>/pictures/<int:place>": ALL,
    "GET /complaints/views": ALL,
    "GET /complaints/columns": ALL,
    "POST /complaints/views": ALL,
    "POST /complaints/views/<int:view_id>/remove": ALL,
    "GET /complaints/bulk": HANDLING | LEADING,
    "POST /complaints/bulk": HANDLING | LEADING,
    "GET /incidents": ALL,
    "POST /incidents": HANDLING | LEADING,
    "GET /incidents/new": HANDLING | LEADING,
    "GET /incidents/known": INTAKE,
    "POST /incidents/alarms/<int:spike_id>": HANDLING | LEADING,
    "GET /incidents/<number>": ALL,
    "POST /incidents/<number>": HANDLING | LEADING,
    "POST /incidents/<number>/approval": HANDLING | LEADING,
    "POST /incidents/<number>/closure": HANDLING | LEADING,
    "POST /incidents/<number>/complaints": HANDLING | LEADING,
    "POST /incidents/<number>/message": HANDLING | LEADING,
    "GET /board": LEADING,
    "GET /notices/choices": ACTING,
    "POST /notices/choices": ACTING,
    "GET /observations": ALL,
    "GET /observations/of/<int:user_id>": LEADING,
    "POST /observations/of/<int:user_id>": LEADING,
    "GET /live/board": LEADING,
    "GET /live/counts": ALL,
    "GET /said-time": ALL,
    "GET /live/complaints/<number>": ALL,
    "GET /live/here/<number>": ALL,
    "POST /live/here/<number>": ALL,
    "GET /board/<number>/<path:noun>": LEADING,
    "POST /board/<number>/<path:noun>": LEADING,
    "GET /orphans": LEADING | ADMIN,
    "POST /orphans/<number>": LEADING | ADMIN,
    "GET /reports/deadlines": READING,
    "GET /reports/overview": READING,
    "GET /reports/causes": READING,
    "GET /notices/reports": READING,
    "GET /reports/regulators": READING,
    "POST /notices/reports": READING,
    "GET /reports/exits": READING,
    "GET /reports/outcomes": READING,
    "GET /reports/competence": ALL,
    "GET /notices": ALL,
    "POST /notices/read": ALL,
    "GET /password": ALL,
    "POST /password": ALL,
    "GET /absence": ACTING,
    "POST /absence": ACTING,
    "GET /absence/of/<int:user_id>": LEADING | ADMIN,
    "POST /absence/of/<int:user_id>": LEADING | ADMIN,
    "POST /absence/<int:absence_id>/end": ACTING,
    "GET /admin/": ADMIN,
    "GET /admin/people/new": ADMIN,
    "POST /admin/people/new": ADMIN,
    "GET /admin/people/<int:user_id>": ADMIN,
    "GET /admin/people/<int:user_id>/edit": ADMIN,
    "POST /admin/people/<int:user_id>/edit": ADMIN,
    "POST /admin/people/<int:user_id>/password": ADMIN,
    "POST /admin/people/<int:user_id>/closure": ADMIN,
    "POST /admin/people/<int:user_id>/reopening": ADMIN,
    "POST /admin/people/<int:user_id>/unlocking": ADMIN,
    "POST /admin/people/<int:user_id>/lead": ADMIN,
    "POST /admin/people/<int:user_id>/lead/end": ADMIN,
    "GET /admin/organisation/": ADMIN,
    "GET /admin/organisation/<part_code>/": ADMIN,
    "GET /admin/organisation/<part_code>/item": ADMIN,
    "POST /admin/organisation/<part_code>/item": ADMIN,
    "POST /admin/organisation/<part_code>/change": ADMIN,
    "GET /admin/organisation/<part_code>/history": ADMIN,
    "POST /admin/organisation/<part_code>/undo": ADMIN,
    "POST /admin/organisation/save": ADMIN,
    "GET /admin/organisation/branches/retirement/": ADMIN,
    "POST /admin/organisation/branches/retirement/": ADMIN,
    "POST /admin/organisation/mail-test": ADMIN,
    "GET /admin/organisation/plans/": ADMIN,
    "POST /admin/organisation/plans/withdrawal": ADMIN,
    "GET /admin/organisation/files/": ADMIN,
    "GET /admin/organisation/files/<file>.toml": ADMIN,
    "POST /admin/organisation/files/<file>": ADMIN,
    "GET /admin/import/": ADMIN,
    "POST /admin/import/": ADMIN,
    "GET /admin/import/<int:run_id>": ADMIN,
    "GET /admin/import/<int:run_id>/rejected.csv": ADMIN,
    "POST /admin/import/<int:run_id>/map": ADMIN,
    "POST /admin/import/<int:run_id>/order": ADMIN,
    "POST /admin/import/<int:run_id>/again": ADMIN,
    "GET /setup/": LINK,
    "POST /setup/": LINK,
    "GET /setup/<token>": LINK,
    "POST /setup/<token>": LINK,
    "GET /admin/tokens": ADMIN,
    "POST /admin/tokens": ADMIN,
    "POST /admin/tokens/<int:token_id>/revocation": ADMIN,
    "GET /admin/webhooks": ADMIN,
    "POST /admin/webhooks": ADMIN,
    "GET /admin/webhooks/<int:webhook_id>": ADMIN,
    "POST /admin/webhooks/<int:webhook_id>": ADMIN,
    "POST /admin/webhooks/<int:webhook_id>/state": ADMIN,
    "POST /admin/webhooks/<int:webhook_id>/rotation": ADMIN,
    "POST /admin/webhooks/<int:webhook_id>/test": ADMIN,
    "POST /admin/webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/replay": ADMIN,
    "GET /admin/rules/": READING,
    "POST /admin/rules/switches": ADMIN,
    "GET /admin/rules/policies/<code>": READING,
    "POST /admin/rules/policies/<code>": ADMIN,
    "GET /admin/rules/ladders/<code>": READING,
    "POST /admin/rules/ladders/<code>": ADMIN,
    "GET /admin/rules/authority/": READING,
    "POST /admin/rules/authority/": ADMIN,
    "GET /admin/calendars/": READING,
    "GET /admin/calendars/<code>": READING,
    "POST /admin/calendars/<code>": ADMIN,
    "GET /admin/calendars/<code>.ics": READING,
    "GET /admin/whatif/running": ADMIN,
    "POST /admin/whatif/running": ADMIN,
    "POST /admin/whatif/save": ADMIN,
    "GET /admin/whatif/recalculations/<int:order_id>": ADMIN,
    "GET /admin/whatif/recounts/<int:order_id>": ADMIN,
    "GET /admin/whatif/replay": READING,
    "POST /admin/whatif/replay": READING,
    "GET /admin/engine": READING,
    "GET /admin/engine/history": READING,
    "POST /admin/engine/post": ADMIN,
    "GET /login": "public",
    "POST /login": "public",
    "POST /logout": "public",
    "POST /language/<code>": "public",
    "GET /healthz": "public",
    "GET /readyz": "public",
    "GET /metrics": "public",
}

#: Steps by form, and which permission each asks for; the page itself is open to all who see it.
NOUNS = {
    "attestation": Permission.INTAKE,
    "plan": Permission.HANDLE,
    "assignment": Permission.ASSIGN,
    "pause": Permission.PAUSE,
    "escalation": Permission.ESCALATE,
    "acknowledgement": Permission.ACKNOWLEDGE,
    "extension/approval": Permission.APPROVE,
    "withdrawal": Permission.CLOSE,
    "merge": Permission.CLOSE,
}


def rules_of(app):
    """Method and address of every page; the API and customers' pages answer by themselves."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.rule.startswith(("/api/", "/portal")):
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield f"{method} {rule.rule}"


def address(rule, number):
    noun = "assignment" if rule.startswith("/board") else "note"
    filled = rule.replace("<number>", number).replace("<path:noun>", noun)
    filled = filled.replace("<any(note, message):noun>", "note")
    filled = filled.replace("<any(analysis, resolution, findings):kind>", "analysis")
    filled = re.sub(r"<int:\w+>", "999", filled)
    filled = filled.replace("/policies/<code>", "/policies/id-default-front-desk")
    filled = filled.replace("/ladders/<code>", "/ladders/default")
    filled = filled.replace("/calendars/<code>", "/calendars/jakarta")
    filled = filled.replace("/guide/<part>", "/guide/keys")
    return filled.replace("<code>", "en")


def open_address(visitor, rule, number):
    """Open the address as it is, with a valid form token where it is posted to."""
    method, _, path = rule.partition(" ")
    target = address(path, number)
    if method == "GET":
        return visitor.client.get(target)
    page = visitor.client.get("/password")
    if page.status_code != 200:
        page = visitor.client.get("/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))[1]
    return visitor.client.post(target, data={"csrf_token": token})


def test_the_table_knows_every_address(app):
    assert set(rules_of(app)) == set(TABLE)


def test_every_view_says_whom_it_lets_in(app):
    unguarded = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "guard")
    ]
    assert unguarded == []


def test_head_is_answered_as_get_would_be(office, at_desk, visitor):
    """Whoever watches whether the pages are up asks so, and mostly without logging in."""
    number = office.receive()
    office.session.commit()
    for client in (visitor.client, at_desk("csr").client):
        for path in ("/", "/complaints", f"/complaints/{number}", "/login", "/nowhere"):
            whole, head = client.get(path), client.head(path)
            assert head.status_code == whole.status_code
            assert head.headers.get("Location") == whole.headers.get("Location")
            assert head.data == b""


#: What is about one complaint, so that whoever may not read it is kept out.
OF_A_COMPLAINT = ("/complaints/<number>", "/live/here/<number>")


@pytest.mark.parametrize("name", [*PEOPLE, "nobody"])
def test_everybody_is_let_in_where_the_table_says_and_nowhere_else(office, at_desk, visitor, name):
    number = office.receive()
    office.session.commit()
    person = visitor if name == "nobody" else None
    role = None if person else Role(PEOPLE[name][0])
    wrong = []
    for rule, allowed in sorted(TABLE.items()):
        if rule == "POST /logout":
            continue
        response = open_address(person or at_desk(name), rule, number)
        location = response.headers.get("Location", "")
        if allowed == LINK:
            is_right = response.status_code == 404
        elif allowed == "public":
            is_right = response.status_code < 400 or rule == "POST /login"
        elif role is None:
            wants = 302 if rule.startswith("GET") else 401
            is_right = response.status_code == wants
            is_right = is_right and (wants == 401 or location.startswith("/login"))
        elif role in allowed:
            is_right = response.status_code not in (401, 500) and "/login" not in location
            sees_it = not any(each in rule for each in OF_A_COMPLAINT)
            if sees_it or name not in ("csr2",):
                is_right = is_right and response.status_code != 403
            else:
                is_right = response.status_code == 403
        else:
            is_right = response.status_code == 403
        if not is_right:
            wrong.append(f"{name} {rule}: {response.status_code} {location}")
    assert wrong == []


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_step_by_form_asks_for_its_permission(office, at_desk, name, noun):
    """A page hides the button; the step refuses all the same."""
    number = office.receive()
    office.session.commit()
    response = open_address(at_desk(name), f"POST /complaints/{number}/{noun}", number)
    may = NOUNS[noun] in PERMISSIONS[Role(PEOPLE[name][0])]
    if name == "csr2" or not may:
        assert response.status_code == 403
    else:
        assert response.status_code in (302, 409, 422)


def test_only_the_table_of_permissions_decides_who_leads():
    assert {role for role in Role if Permission.BOARD in PERMISSIONS[role]} == LEADING
    assert {role for role in Role if Permission.REPORTS in PERMISSIONS[role]} == READING
    assert {role for role in Role if Permission.INTAKE in PERMISSIONS[role]} == INTAKE

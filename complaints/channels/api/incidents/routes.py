"""The calls about incidents; what is told is told in transactions of its own."""

from flask import Blueprint, Response, request

from complaints import clock
from complaints.actions.reading import read_body
from complaints.channels.api.bearer import caller, with_token
from complaints.channels.api.conditional import read_answer, written_answer
from complaints.channels.api.idempotent import make_and_answer, sent_key, sent_object
from complaints.channels.api.incidents.schemas import (
    BulkBody,
    IncidentAnswer,
    IncidentApproval,
    IncidentBody,
    IncidentClosure,
    IncidentComplaints,
    IncidentsQuestion,
    IncidentWords,
    incident_answer,
    rows_answer,
    told_answer,
    whole_answer,
)
from complaints.channels.api.query_params import read_question
from complaints.channels.bulk import record_bulk
from complaints.channels.incident_acts import close, link_each, tell
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.incidents.listing import list_incidents
from complaints.queries.incidents.single import find_incident, linked_page, told_of
from complaints.queries.paging import read_id_cursor
from complaints.rulebook import current_rules
from complaints.steps.incidents.open import amend_incident, approve_words, open_incident


def add_incidents(blueprint: Blueprint) -> None:
    """Let the blueprint answer the calls about incidents."""
    for method, path, view, permission in (
        ("POST", "/complaints/bulk", _bulk, Permission.INCIDENT),
        ("GET", "/incidents", _list, Permission.VIEW),
        ("POST", "/incidents", _open, Permission.INCIDENT),
        ("GET", "/incidents/<incident>", _one, Permission.VIEW),
        ("PATCH", "/incidents/<incident>", _amend, Permission.INCIDENT),
        ("POST", "/incidents/<incident>/approval", _approve, Permission.INCIDENT),
        ("POST", "/incidents/<incident>/complaints", _link, Permission.INCIDENT),
        ("POST", "/incidents/<incident>/message", _tell, Permission.INCIDENT),
        ("POST", "/incidents/<incident>/closure", _close, Permission.INCIDENT),
    ):
        name = f"incidents{view.__name__}"
        view = with_token(permission)(view)
        blueprint.add_url_rule(path, endpoint=name, view_func=view, methods=[method])


def _bulk() -> Response:
    """The same act on several complaints, each by itself."""
    body = read_body(BulkBody, sent_object())
    rows = record_bulk(
        db.session,
        body.numbers,
        body.noun,
        body.body,
        by=caller(),
        now=clock.now(),
        key=sent_key(),
    )
    return written_answer(rows_answer(rows))


def _list() -> Response:
    """The incidents, open ones first."""
    asked = read_question(IncidentsQuestion, request.args)
    rules = current_rules(db.session)
    page = list_incidents(db.session, before=read_id_cursor(asked.cursor), limit=asked.limit)
    items = [
        {**incident_answer(line.incident, rules), "count": line.count}
        for line in (*page.open, *page.closed)
    ]
    return read_answer({"items": items, "next": str(page.older) if page.older else None})


def _one(incident: str) -> Response:
    """One incident."""
    rules = current_rules(db.session)
    found = find_incident(db.session, incident)
    page = linked_page(db.session, caller(), found, rules)
    return read_answer(whole_answer(found, page, told_of(db.session, found.id), rules))


def _open() -> Response:
    """A new incident; the same key opens it once."""
    given = sent_object()
    body = read_body(IncidentBody, given)

    def do() -> IncidentAnswer:
        rules = current_rules(db.session)
        made = open_incident(db.session, rules, body.given(), by=caller(), at=clock.now())
        return incident_answer(made, rules)

    return make_and_answer("incidents", given, do, "/incidents")


def _amend(incident: str) -> Response:
    """What is known now."""
    given = read_body(IncidentBody, sent_object()).given()
    rules = current_rules(db.session)
    made = amend_incident(db.session, rules, incident, given, by=caller(), at=clock.now())
    answer = incident_answer(made, rules)
    db.session.commit()
    return written_answer(answer)


def _approve(incident: str) -> Response:
    """The words may be told."""
    read_body(IncidentApproval, sent_object())
    made = approve_words(db.session, incident, by=caller(), at=clock.now())
    answer = incident_answer(made, current_rules(db.session))
    db.session.commit()
    return written_answer(answer)


def _link(incident: str) -> Response:
    """Link complaints, or take them out."""
    body = read_body(IncidentComplaints, sent_object())
    rows = link_each(
        db.session, incident, body.numbers, by=caller(), at=clock.now(), removes=body.remove
    )
    return written_answer(rows_answer(rows))


def _tell(incident: str) -> Response:
    """Tell all linked customers."""
    body = read_body(IncidentWords, sent_object())
    told = tell(
        db.session, incident, text=body.text, text_en=body.text_en, by=caller(), at=clock.now()
    )
    return written_answer({"number": incident.upper(), "told": told_answer(told)})


def _close(incident: str) -> Response:
    """The cause is gone."""
    body = read_body(IncidentClosure, sent_object())
    made = close(db.session, incident, text=body.text, by=caller(), at=clock.now())
    return written_answer(incident_answer(made, current_rules(db.session)))

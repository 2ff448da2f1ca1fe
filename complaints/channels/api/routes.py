"""The API under /api/v1: the same steps as the pages, with a bearer token and JSON.

A request commits exactly once or not at all; every refusal is a problem document.
"""

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState

from complaints import clock
from complaints.actions.casework.facts import CustomerFacts
from complaints.actions.casework.letters import PRINTING
from complaints.actions.letter_kinds import LetterAsked, act_of_letter
from complaints.actions.new_complaint import ComplaintBody
from complaints.actions.reading import read_body
from complaints.actions.recording import naming_act, record_given, record_several
from complaints.channels.api import responses
from complaints.channels.api.after_end.answers import after_end_answer
from complaints.channels.api.attachments.routes import add_attachments
from complaints.channels.api.bearer import caller, holder, limit_calls, with_token
from complaints.channels.api.codes import codes_answer
from complaints.channels.api.conditional import read_answer, written_answer
from complaints.channels.api.customer_facts import facts_answer
from complaints.channels.api.due_explanation import explanation_answer
from complaints.channels.api.failures import answer_failures
from complaints.channels.api.following import add_following
from complaints.channels.api.idempotent import (
    PREFIX,
    handler_of,
    record_once,
    sent_acts,
    sent_object,
    with_version,
)
from complaints.channels.api.improvement.routes import add_actions
from complaints.channels.api.inbound.routes import add_inbound
from complaints.channels.api.incidents.routes import add_incidents
from complaints.channels.api.management_review.routes import add_reviews
from complaints.channels.api.noun_routes import NounConverter, refuse_both
from complaints.channels.api.offers import offers_answer
from complaints.channels.api.other_contacts.routes import add_contacts
from complaints.channels.api.public_posts.routes import add_posts
from complaints.channels.api.query_params import (
    HistoryQuestion,
    ListQuestion,
    read_question,
)
from complaints.channels.api.reference_routes import add_reference
from complaints.channels.api.reports.routes import add_reports
from complaints.channels.api.responses import me_answer
from complaints.channels.api.suggestions import add_suggestions
from complaints.channels.api.webhooks.routes import add_webhooks
from complaints.channels.office import this_office
from complaints.channels.printed_pages import attach_printed, keep_printed
from complaints.clocks.expected import awaiting_documents
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import PERMISSION_FOR, Action
from complaints.domain.permissions import Permission, require
from complaints.extensions import db
from complaints.queries.complaint.commitments import commitments_of
from complaints.queries.complaint.due_explanation import explain_due
from complaints.queries.complaint.letters import letters_of
from complaints.queries.complaint.proofs import case_file
from complaints.queries.complaint.single import deadlines_of, history_of
from complaints.queries.lists.worklist import list_complaints
from complaints.queries.paused_until import paused_until
from complaints.rulebook import current_rules
from complaints.steps.advance import evidence
from complaints.steps.case import Case, view_case
from complaints.steps.casework.state_facts import find_customer_of, state_facts_of
from complaints.steps.receive import receive_complaint

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
answer_failures(blueprint)
limit_calls(blueprint)
add_reference(blueprint)
add_attachments(blueprint)
add_webhooks(blueprint)
add_inbound(blueprint)
add_incidents(blueprint)
add_suggestions(blueprint)
add_following(blueprint)
add_contacts(blueprint)
add_reports(blueprint)
add_posts(blueprint)
add_actions(blueprint)
add_reviews(blueprint)


@blueprint.record
def _teach_nouns(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["noun"] = NounConverter


@blueprint.get("/me")
@with_token()
def me() -> Response:
    """Who the token belongs to."""
    return read_answer(me_answer(holder(), current_rules(db.session)))


@blueprint.get("/codes")
@with_token(Permission.VIEW)
def codes() -> Response:
    """The codes of the rules in force."""
    return read_answer(codes_answer(current_rules(db.session)))


@blueprint.post("/complaints")
@with_token(Permission.INTAKE)
def receive() -> Response:
    """Record a complaint."""
    given = sent_object()

    def do() -> Case:
        body = read_body(ComplaintBody, given)
        now = clock.now()
        rules = current_rules(db.session)
        own = rules.branches.get(caller().branch_id or 0)
        if body.branch is None and own is None:
            raise Invalid(N_("Say to which branch the complaint belongs."), field="branch")
        told = body.given(branch=own.code if own else "", now=now, source="api")
        return receive_complaint(db.session, rules, told, by=caller(), at=now)

    return record_once("complaints", given, do, status=201)


@blueprint.get("/complaints")
@with_token(Permission.VIEW)
def listing() -> Response:
    """List complaints within the caller's scope, a page at a time."""
    asked = read_question(ListQuestion, request.args)
    rules = current_rules(db.session)
    page = list_complaints(
        db.session,
        caller(),
        asked.filters(db.session, rules),
        now=clock.now(),
        limit=asked.limit,
        cursor=asked.cursor,
        rules=rules,
    )
    items = [responses.line_answer(row, rules) for row in page.items]
    return read_answer({"items": items, "next": page.next})


@blueprint.post("/complaints/<number>/actions")
@with_token()
def record_acts(number: str) -> Response:
    """Record several nouns on a complaint, all of them or none."""
    acts = sent_acts()

    def do() -> Case:
        case = record_several(db.session, number, acts, by=caller(), now=clock.now())
        for index, act in enumerate(acts):
            with naming_act(index, act.noun):
                refuse_both(act.noun, act.given)
        return case

    sent = [{"noun": act.noun, **act.given} for act in acts]
    return record_once(f"{number.upper()}/actions", sent, do, status=200)


@blueprint.post("/complaints/<number>/<noun:noun>")
@with_token()
def record(number: str, noun: str) -> Response:
    """Record a noun on a complaint."""
    given = with_version(sent_object())
    is_printing = noun == PRINTING.noun
    kept = keep_printed(_view(number), noun, given, this_office()) if is_printing else None

    def do() -> Case:
        case = record_given(db.session, number, noun, given, by=caller(), now=clock.now())
        attach_printed(case, kept)
        # After everything else, so that who may not do this learns nothing but that.
        refuse_both(noun, given)
        return case

    return record_once(f"{number.upper()}/{noun}", given, do, status=200)


@blueprint.get("/customers/<customer>/facts")
@with_token(Permission.VIEW)
def facts(customer: str) -> Response:
    """What is known of a customer, and who stated which when."""
    return read_answer(facts_answer(find_customer_of(db.session, customer, caller())))


@blueprint.put("/customers/<customer>/facts")
@with_token()
def state_facts(customer: str) -> Response:
    """State what is known of a customer; what is not sent stays, the same twice is one."""
    require(caller(), PERMISSION_FOR[Action.STATE_FACTS])
    given = read_body(CustomerFacts, sent_object()).facts()
    rules = current_rules(db.session)
    row = state_facts_of(db.session, rules, customer, given, by=caller(), at=clock.now())
    answer = facts_answer(row)
    db.session.commit()
    return written_answer(answer)


@blueprint.get("/complaints/<number>/commitments")
@with_token(Permission.VIEW)
def commitments(number: str) -> Response:
    """What was undertaken for a complaint, and how each commitment stands."""
    case = _view(number)
    rows = commitments_of(db.session, case.complaint.id)
    return read_answer({"items": [responses.commitment_answer(each, case.at) for each in rows]})


@blueprint.post("/complaints/<number>/commitments/<int:key>/done")
@with_token()
def keep_commitment(number: str, key: int) -> Response:
    """Note that one commitment was kept."""
    return _record_of_one(number, "done", key)


@blueprint.post("/complaints/<number>/commitments/<int:key>/drop")
@with_token()
def drop_commitment(number: str, key: int) -> Response:
    """Give up one commitment with a reason."""
    return _record_of_one(number, "drop", key)


@blueprint.get("/complaints/<number>")
@with_token(Permission.VIEW)
def whole(number: str) -> Response:
    """One complaint."""
    case = _view(number)
    complaint = case.complaint
    items = evidence(db.session, case.rules, complaint)
    deadlines = deadlines_of(db.session, complaint.id)
    recorded = responses.short_answer(case, items, deadlines)
    after = after_end_answer(case)
    body = responses.whole_answer(case, recorded, handler_of(complaint), after)
    tag = responses.complaint_tag(recorded, body["customer"], body["handler"])
    return read_answer(body, tag=tag)


@blueprint.get("/complaints/<number>/history")
@with_token(Permission.VIEW)
def history(number: str) -> Response:
    """What happened to a complaint, oldest first: all of it, or a page where a limit is given."""
    asked = read_question(HistoryQuestion, request.args)
    complaint_id = _view(number).complaint.id
    page = history_of(db.session, complaint_id, limit=asked.limit, cursor=asked.cursor)
    items = [responses.history_answer(each) for each in page.items]
    return read_answer({"items": items, "next": page.next})


@blueprint.get("/complaints/<number>/deadlines")
@with_token(Permission.VIEW)
def deadlines(number: str) -> Response:
    """The clocks of a complaint, and those that wait for an event to start them."""
    case = _view(number)
    rows = deadlines_of(db.session, case.complaint.id)
    waiting = awaiting_documents(case.rules, case.complaint, rows)
    waits = case.complaint.waiting_customer
    until = paused_until(db.session, case.complaint.id) if waits else None
    return read_answer(
        {
            "items": [responses.deadline_answer(each, until, case.rules) for each in rows],
            "waiting": [responses.waiting_answer(policy, clause) for policy, clause in waiting],
        }
    )


@blueprint.get("/complaints/<number>/deadlines/why")
@with_token(Permission.VIEW)
def explain_deadlines(number: str) -> Response:
    """How each clock of a complaint was counted."""
    case = _view(number)
    told = explain_due(db.session, case.rules, case.complaint.id)
    return read_answer({"items": [explanation_answer(each) for each in told]})


@blueprint.get("/complaints/<number>/evidence")
@with_token(Permission.VIEW)
def criteria(number: str) -> Response:
    """The eighteen criteria of a complaint."""
    case = _view(number)
    file = case_file(db.session, case.complaint.id)
    items = evidence(db.session, case.rules, case.complaint, file)
    return read_answer({"items": [responses.evidence_answer(each, file) for each in items]})


@blueprint.get("/complaints/<number>/offers")
@with_token(Permission.VIEW)
def offers(number: str) -> Response:
    """The offers of a complaint, their money, and whose word a further amount needs."""
    return read_answer(offers_answer(_view(number)))


@blueprint.get("/complaints/<number>/letters")
@with_token(Permission.VIEW)
def letters(number: str) -> Response:
    """What was written to the customer of a complaint."""
    case = _view(number)
    rows = letters_of(db.session, case.complaint.id)
    return read_answer({"items": [responses.letter_answer(each) for each in rows]})


@blueprint.post("/complaints/<number>/letters")
@with_token()
def write(number: str) -> Response:
    """Write a letter to the customer, asked for by its kind."""
    given = with_version(sent_object())

    def do() -> Case:
        asked = read_body(LetterAsked, given)
        act = act_of_letter(asked, _view(number).complaint)
        return record_given(db.session, number, act.noun, act.given, by=caller(), now=clock.now())

    return record_once(f"{number.upper()}/letters", given, do, status=200)


def _record_of_one(number: str, what: str, key: int) -> Response:
    noun = f"commitments/{key}/{what}"
    given = with_version(sent_object())

    def do() -> Case:
        return record_given(db.session, number, noun, given, by=caller(), now=clock.now())

    return record_once(f"{number.upper()}/{noun}", given, do, status=200)


def _view(number: str) -> Case:
    return view_case(db.session, number, by=caller(), at=clock.now())

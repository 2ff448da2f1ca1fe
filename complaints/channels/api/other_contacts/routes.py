"""The calls about contacts that are no complaint; a request commits exactly once or not at all."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from complaints import clock
from complaints.actions.fields import Part
from complaints.actions.idempotency import Done, OneTime, do_once
from complaints.actions.other_contacts import (
    ContactBody,
    EndBody,
    HandOverBody,
    MakeComplaintBody,
    NoteBody,
    complain_with,
    end_with,
    give_over,
    note_with,
)
from complaints.actions.reading import read_body
from complaints.channels.api.bearer import caller, caller_id, with_token
from complaints.channels.api.conditional import read_answer
from complaints.channels.api.idempotent import (
    answer_done,
    do_and_answer,
    make_and_answer,
    sent_key,
    sent_object,
)
from complaints.channels.api.one_file import take_one_file
from complaints.channels.api.other_contacts.schemas import (
    ContactsQuestion,
    OtherContactAnswer,
    contact_answer,
    file_answer,
    line_answer,
)
from complaints.channels.api.query_params import read_question
from complaints.channels.downloads import hand_out
from complaints.channels.uploads import takes_files
from complaints.domain.errors import N_, Invalid, NotFound
from complaints.domain.lifecycle import PERMISSION_FOR, Action
from complaints.domain.permissions import Permission, require
from complaints.extensions import db
from complaints.queries.other_contacts.files import find_contact_file
from complaints.queries.other_contacts.lists import list_contacts
from complaints.rulebook import current_rules
from complaints.steps.other_contacts.files import attach_to_contact
from complaints.steps.other_contacts.record import open_contact, view_contact
from complaints.steps.other_contacts.take import take_contact


def add_contacts(blueprint: Blueprint) -> None:
    """Let the blueprint answer the calls about contacts."""
    for method, path, name, view, permission in (
        ("GET", "/contacts", "list", _list, Permission.VIEW),
        ("POST", "/contacts", "take", _take, Permission.INTAKE),
        ("GET", "/contacts/<number>", "one", _one, Permission.VIEW),
        ("POST", "/contacts/<number>/handover", "hand", _hand_over, None),
        ("POST", "/contacts/<number>/note", "note", _note, None),
        ("POST", "/contacts/<number>/end", "end", _end, None),
        ("POST", "/contacts/<number>/complaint", "complain", _complain, None),
        ("POST", "/contacts/<number>/files", "attach", _attach, None),
        ("GET", "/contacts/<number>/files/<int:key>", "file", _file, Permission.VIEW),
    ):
        guarded = with_token(permission)(view) if permission else with_token()(view)
        if name == "attach":
            guarded = takes_files(guarded)
        blueprint.add_url_rule(
            path, endpoint=f"contacts_{name}", view_func=guarded, methods=[method]
        )


def _list() -> Response:
    """The contacts of the caller's scope."""
    asked = read_question(ContactsQuestion, request.args)
    rules = current_rules(db.session)
    page = list_contacts(
        db.session,
        rules,
        caller(),
        asked.asked(rules),
        limit=asked.limit,
        before=asked.before(),
    )
    items = [line_answer(each, rules) for each in page.items]
    return read_answer({"items": items, "next": str(page.older) if page.older else None})


def _one(number: str) -> Response:
    """One contact."""
    case = view_contact(db.session, number, by=caller(), at=clock.now())
    return read_answer(dict(contact_answer(db.session, case.rules, case.contact)))


def _take() -> Response:
    """Record a contact."""
    given = sent_object()

    def take() -> OtherContactAnswer:
        body, now = read_body(ContactBody, given), clock.now()
        rules = current_rules(db.session)
        own = rules.branches.get(caller().branch_id or 0)
        if body.branch is None and own is None:
            raise Invalid(N_("Say to which branch the contact belongs."), field="branch")
        told = body.given(branch=own.code if own else "", now=now, source="api")
        case = take_contact(db.session, rules, told, by=caller(), at=now)
        return contact_answer(db.session, case.rules, case.contact)

    return make_and_answer("contacts", given, take, "/contacts")


def _hand_over(number: str) -> Response:
    """Hand it over to a unit."""
    return _act(number, "handover", HandOverBody, give_over)


def _note(number: str) -> Response:
    """Write a note on it."""
    return _act(number, "note", NoteBody, note_with)


def _end(number: str) -> Response:
    """End it."""
    return _act(number, "end", EndBody, end_with)


def _complain(number: str) -> Response:
    """Make it a complaint."""
    return _act(number, "complaint", MakeComplaintBody, complain_with)


def _attach(number: str) -> Response:
    """Attach one file, and answer with what is kept of it."""
    now = clock.now()
    require(caller(), PERMISSION_FOR[Action.ATTACH])
    number = view_contact(db.session, number, by=caller(), at=now).number
    kept = take_one_file()
    once = OneTime(sent_key(), caller_id(), f"contacts/{number}/files"[:60], kept.as_body())

    def do() -> Done:
        case = open_contact(db.session, number, by=caller(), at=now)
        row = attach_to_contact(case, kept, source="api", from_customer=False)
        db.session.flush()
        return Done(dict(file_answer(row)))

    done = do_once(db.session, do, once, at=now)
    return answer_done(done, f"/contacts/{number}/files/{done.answer['id']}")


def _file(number: str, key: int) -> Response:
    """The bytes of one file."""
    case = view_contact(db.session, number, by=caller(), at=clock.now())
    row = find_contact_file(db.session, case.contact.id, key)
    if row is None:
        raise NotFound(N_("There is no such file on this contact."))
    return hand_out(row, is_typed=False)


def _act(number: str, name: str, body: type[Part], step: Callable[..., Any]) -> Response:
    given = sent_object()

    def act() -> OtherContactAnswer:
        case = open_contact(db.session, number, by=caller(), at=clock.now())
        step(case, read_body(body, given))
        return contact_answer(db.session, case.rules, case.contact)

    return do_and_answer(f"contacts/{number.upper()}/{name}"[:60], given, act)

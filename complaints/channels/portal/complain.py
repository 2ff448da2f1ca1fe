"""Complaining without an account: the form, and the receipt behind the link it leads to.

The form is public and stands for nobody, so that no other site gains anything by sending it; its
signed key makes that it is recorded once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.actions.from_customer import SOURCE, Told, read_told
from complaints.actions.idempotency import Done, KeyReused, OneTime, do_once
from complaints.channels.portal.access import find_behind, quiet, unknown_link
from complaints.channels.portal.complain_page import (
    FIELDS,
    MOST_FILES,
    Filled,
    page_language,
    show_contact_receipt,
    show_form,
    show_receipt,
)
from complaints.channels.portal.gate import (
    TRAP,
    is_ours,
    new_stamp,
    require_empty_trap,
    take_turn,
    take_upload_turn,
)
from complaints.channels.uploads import take_uploads, takes_files
from complaints.contacts import normalise_email, normalise_phone
from complaints.domain.errors import N_, Forbidden, NotFound, Refused, TooSoon
from complaints.extensions import csrf, db
from complaints.files.keep import KeptFile
from complaints.proxies import client_address
from complaints.queries.customer_page.view import find_follow_nonce
from complaints.queries.told_before import ToldBefore, find_told_before
from complaints.rulebook import RuleBook, current_rules
from complaints.signing import follow_token, read_told_here, told_here_text
from complaints.steps.by_customer.ask import ask_us
from complaints.steps.by_customer.complain import complain
from complaints.steps.files.attach import attach_file
from complaints.steps.other_contacts.files import attach_to_contact
from complaints.steps.receive import ComplaintGiven

blueprint = Blueprint("portal_form", __name__)

#: What a browser keeps of the complaints that were sent from it, until it is closed.
TOLD_HERE = "tanggap_told"
#: So many of them.
MOST_TOLD = 10
ACTION = "portal"


@blueprint.get("/portal/")
def ask() -> Response:
    """The empty form."""
    return make_response(show_form(Filled(stamp=_new_stamp(clock.now())), clock.now()))


ask.guard = "public"  # type: ignore[attr-defined]


@blueprint.post("/portal/")
@csrf.exempt
@takes_files
def tell() -> Response | AnyResponse:
    """Record the complaint once and lead to its receipt, or show the form again as it was typed."""
    now = clock.now()
    stamp = request.form.get("one_time_key", "")[:200]
    filled = Filled(
        typed={name: request.form.get(name, "") for name in FIELDS},
        stamp=stamp if is_ours(_secret(), stamp, now) else _new_stamp(now),
        had_files=any(each.filename for each in request.files.getlist("files")),
    )
    if "switch" in request.form:
        return make_response(show_form(filled, now))
    try:
        return _recorded(stamp, now)
    except KeyReused as reused:
        filled.sent = _link_of(reused.complaint_id)
        filled.stamp = _new_stamp(now)
        return _again(filled, reused, now)
    except _Known as known:
        filled.told = known.earlier
        return _again(filled, known, now)
    except Refused as refused:
        return _again(filled, refused, now)


tell.guard = "public"


@blueprint.get("/portal/<token>/receipt")
def receipt(token: str) -> Response:
    """The number and the link of a complaint, to be kept; for whoever has the link."""
    now = clock.now()
    found = find_behind(token)
    if found is None:
        return unknown_link(now)
    return quiet(make_response(show_receipt(found, token, now)))


receipt.guard = "public"  # type: ignore[attr-defined]


class _Known(Refused):
    """The same browser has sent something similar with the same contact."""

    def __init__(self, earlier: ToldBefore) -> None:
        super().__init__(
            N_("You have already told us about this (%(number)s)."), number=earlier.number
        )
        self.earlier = earlier


def _recorded(stamp: str, now: datetime) -> AnyResponse:
    """Record it and lead to the receipt; raises Refused with nothing recorded."""
    if current_user.is_authenticated:
        raise Forbidden(
            N_(
                "You are logged in as staff in this browser. Record what a customer tells you "
                "under New complaint."
            )
        )
    rules = current_rules(db.session)
    form = rules.organisation.public_form
    if form is None:
        raise NotFound(N_("Complaints are not taken on this page. Please contact us as below."))
    told = _told()
    require_empty_trap(request.form.get(TRAP, ""))
    given = read_told(rules, form, told, now=now)
    kind = request.form.get("kind", "").strip()[:40]
    if kind:
        return _recorded_contact(kind, given, stamp, now)
    contacts = (normalise_phone(told.phone), normalise_email(told.email))
    # What was read must not be the beginning of a writing transaction.
    db.session.rollback()
    files = _take_files(now)

    def do() -> Done:
        # Behind the key: what is sent twice is no second complaint that one would be asked about.
        _require_new(current_rules(db.session), given, contacts, now)
        take_turn(
            db.session,
            secret_key=_secret(),
            stamp=stamp,
            address=client_address(),
            contacts=tuple(each for each in contacts if each),
            now=now,
        )
        case = complain(db.session, current_rules(db.session), given, at=now)
        for each in files:
            attach_file(case, each, shown_to_customer=True, source=SOURCE)
        return Done({}, case.complaint.id)

    key = stamp if is_ours(_secret(), stamp, now) else ""
    body = _sent(files)
    done = do_once(db.session, do, OneTime(key, None, ACTION, body, door=ACTION), at=now)
    return _to_receipt(done.complaint_id or 0)


def _recorded_contact(kind: str, given: ComplaintGiven, stamp: str, now: datetime) -> Response:
    """Record what is no complaint, once, with the files that came along, and show its receipt."""
    contacts = (normalise_phone(given.customer.phone), normalise_email(given.customer.email))
    db.session.rollback()
    files = _take_files(now)

    def do() -> Done:
        take_turn(
            db.session,
            secret_key=_secret(),
            stamp=stamp,
            address=client_address(),
            contacts=tuple(each for each in contacts if each),
            now=now,
        )
        case = ask_us(db.session, current_rules(db.session), kind, given, at=now)
        for each in files:
            attach_to_contact(case, each, source=SOURCE, from_customer=True)
        return Done({"contact": case.number})

    key = stamp if is_ours(_secret(), stamp, now) else ""
    body = _sent(files)
    done = do_once(db.session, do, OneTime(key, None, ACTION, body, door=ACTION), at=now)
    number, has_email = str(done.answer["contact"]), contacts[1] is not None
    return quiet(make_response(show_contact_receipt(number, has_email=has_email)))


def _sent(files: Sequence[KeptFile]) -> dict[str, Any]:
    """What tells a form that is sent twice from another one."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    return {**typed, "files": [each.as_body() for each in files]}


def _take_files(now: datetime) -> list[KeptFile]:
    """Keep the files that came along; so many forms with files from one network and no more."""
    given = [each for each in request.files.getlist("files") if each.filename]
    if not given:
        return []
    # Stored before anything is recorded, so it is counted by itself.
    take_upload_turn(db.session, address=client_address(), now=now)
    db.session.commit()
    return take_uploads(given, most=MOST_FILES)


def _require_new(
    rules: RuleBook, given: ComplaintGiven, contacts: tuple[str | None, str | None], now: datetime
) -> None:
    """Raise when this very browser has told the same lately, unless it says it is another matter.

    Asked of what this browser has sent, never of a contact alone: that somebody with this number or
    address has complained is nothing that a stranger may learn here.
    """
    phone, email = contacts
    earlier = find_told_before(
        db.session,
        rules,
        given.story,
        phone=phone,
        email=email,
        among=_told_here(),
        at=now,
    )
    if earlier is not None and request.form.get("separate") != earlier.number:
        raise _Known(earlier)


def _told() -> Told:
    form = request.form
    return Told(
        story=form.get("story", ""),
        name=form.get("name", ""),
        phone=form.get("phone", ""),
        email=form.get("email", ""),
        place=form.get("place", ""),
        has_consented=bool(form.get("consent", "").strip()),
        language=page_language(),
    )


def _again(filled: Filled, refused: Refused, now: datetime) -> Response:
    """The form as it was typed, with what is wrong."""
    filled.refused = refused
    response = make_response(show_form(filled, now), refused.status)
    if isinstance(refused, TooSoon):
        response.headers["Retry-After"] = str(refused.seconds)
    return response


def _to_receipt(complaint_id: int) -> AnyResponse:
    response = redirect(f"{_link_of(complaint_id)}/receipt?lang={page_language()}", 303)
    told = (*(each for each in _told_here() if each != complaint_id), complaint_id)[-MOST_TOLD:]
    response.set_cookie(
        TOLD_HERE,
        told_here_text(_secret(), told),
        path="/portal/",
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def _link_of(complaint_id: int | None) -> str:
    """The path of a complaint's own page; "" where there is no such complaint any more."""
    nonce = find_follow_nonce(db.session, complaint_id or 0)
    return (
        f"/portal/{follow_token(_secret(), complaint_id, nonce)}" if complaint_id and nonce else ""
    )


def _told_here() -> tuple[int, ...]:
    return read_told_here(_secret(), request.cookies.get(TOLD_HERE, ""))


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _new_stamp(now: datetime) -> str:
    return new_stamp(_secret(), now)

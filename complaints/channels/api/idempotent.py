"""What a program sends: the JSON object it told, and that it is done once and answered alike."""

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, request
from pydantic_core import to_json
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.http import quote_etag

from complaints import clock
from complaints.actions.fields import without_blanks
from complaints.actions.idempotency import Done, OneTime, do_once
from complaints.actions.recording import ActGiven, naming_act
from complaints.actions.registry import ACTS, of_one
from complaints.channels.api import responses
from complaints.channels.api.bearer import caller_id, holder
from complaints.channels.api.conditional import JSON, version_in, written_answer
from complaints.channels.api.schemas import Handler, Recorded
from complaints.domain.errors import N_, Invalid
from complaints.extensions import db
from complaints.models import Complaint, User
from complaints.queries.complaint.proofs import CaseFile
from complaints.queries.complaint.single import deadlines_of
from complaints.steps.advance import evidence
from complaints.steps.case import Case

PREFIX = "/api/v1"
#: The longest Idempotency-Key taken.
LONGEST_KEY = 255


def record_once(action: str, body: object, do: Callable[[], Case], *, status: int) -> Response:
    """Do it once and answer with the complaint as it stands then, now and at each repetition."""
    once = OneTime(sent_key(), caller_id(), action, body)

    def record() -> Done:
        case = do()
        body, complaint = _short(case), case.complaint
        customer = responses.customer_answer(complaint.customer)
        tag = responses.complaint_tag(body, customer, handler_of(complaint))
        return Done(asdict(Answer(status, body, quote_etag(tag))), complaint.id)

    done = do_once(db.session, record, once, at=clock.now())
    return respond(Answer(**done.answer), is_repeat=done.is_repeat)


def do_and_answer(action: str, body: object, do: Callable[[], Mapping[str, Any]]) -> Response:
    """Do it once and answer with what it returns, now and at each repetition."""
    return answer_done(_done(action, body, do))


def make_and_answer(
    action: str, body: object, make: Callable[[], Mapping[str, Any]], place: str
) -> Response:
    """The same of something new; it stands under `place` by the `number` of its answer."""
    done = _done(action, body, make)
    return answer_done(done, f"{place}/{done.answer['number']}")


def _done(action: str, body: object, do: Callable[[], Mapping[str, Any]]) -> Done:
    once = OneTime(sent_key(), caller_id(), action, body)
    return do_once(db.session, lambda: Done(dict(do())), once, at=clock.now())


def answer_done(done: Done, location: str = "") -> Response:
    """What was done once, now or at a repetition; `location` is where something new stands."""
    response = written_answer(done.answer)
    if location:
        response.status_code = 201
        response.headers["Location"] = f"{PREFIX}{location}"
    if done.is_repeat:
        response.headers["Idempotent-Replayed"] = "true"
    return response


@dataclass(frozen=True, slots=True)
class Answer:
    """What a recording is answered with, now and when it is repeated."""

    status: int
    body: Recorded
    tag: str


def _short(case: Case) -> Recorded:
    complaint = case.complaint
    is_new = complaint.history_seq == 1
    # Nothing can be proven yet about a complaint made a moment ago.
    file = CaseFile((), (), (), (), {}) if is_new else None
    items = evidence(db.session, case.rules, complaint, file)
    clocks = case.started or deadlines_of(db.session, complaint.id)
    return responses.short_answer(case, items, clocks)


def handler_of(complaint: Complaint) -> Handler | None:
    """Who handles the complaint; the caller is known already."""
    if complaint.handler_id is None:
        return None
    mine = holder()
    if complaint.handler_id == mine.actor.id:
        return {"email": mine.email, "name": mine.actor.name}
    person = db.session.get_one(User, complaint.handler_id)
    return {"email": person.email, "name": person.name}


def respond(answer: Answer, *, is_repeat: bool = False) -> Response:
    response = Response(to_json(answer.body), status=answer.status, mimetype=JSON)
    response.headers["ETag"] = answer.tag
    if answer.status == 201:
        response.headers["Location"] = f"{PREFIX}/complaints/{answer.body['number']}"
    if is_repeat:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def sent_key() -> str:
    """The Idempotency-Key of the request, empty without one; Invalid for one that is too long."""
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if len(key) > LONGEST_KEY:
        raise Invalid(N_("The Idempotency-Key is too long."))
    return key


def sent_object() -> dict[str, Any]:
    """The JSON object of the request; nothing at all counts as an empty one."""
    given = _sent_json({})
    if not isinstance(given, dict):
        raise BadRequest
    return given


def sent_acts() -> list[ActGiven]:
    """The acts of the request, a JSON list of objects of which each names its noun.

    A version named by If-Match stands for that of the first act, where it names none. Raises
    Invalid for what is no such list, naming the act.
    """
    given = _sent_json([])
    if not isinstance(given, list):
        raise Invalid(N_("A list is expected here."))
    acts: list[ActGiven] = []
    for index, sent in enumerate(given):
        if not isinstance(sent, dict):
            with naming_act(index, ""):
                raise Invalid(N_("A JSON object is expected here."))
        noun = str(sent.get("noun") or "")
        with naming_act(index, noun[:40]):
            if not noun:
                raise Invalid(N_("This field is required."), field="noun")
            if of_one(noun)[0] not in ACTS:
                sentence = N_("A complaint has nothing called %(name)s.")
                raise Invalid(sentence, field="noun", name=noun[:40])
        body = {name: value for name, value in sent.items() if name != "noun"}
        acts.append(ActGiven(noun, body if acts else with_version(body)))
    return acts


def _sent_json(nothing: Any) -> Any:
    # Some programs write a mark of UTF-8 before their text; it is no part of it.
    data = request.get_data(cache=False).removeprefix(BOM_UTF8)
    if not data.strip():
        return nothing
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadRequest from None


def _no_number(name: str) -> None:
    raise ValueError(name)


def with_version(given: dict[str, Any]) -> dict[str, Any]:
    """The version named by If-Match, where the body names none."""
    tag = request.headers.get("If-Match", "").strip()
    if not tag or tag == "*" or "version" in without_blanks(given):
        return given
    return {**given, "version": version_in(tag)}

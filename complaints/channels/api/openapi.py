"""The description of the API, made from the very bodies and nouns that it takes.

Nothing of a complaint and no secret stands here; it may be read by anybody.
"""

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from complaints.actions.new_complaint import ComplaintBody
from complaints.actions.nouns import NOUNS
from complaints.channels.api.act_list import ActList, operation_name
from complaints.channels.api.query_params import ListQuestion, ReportQuestion
from complaints.domain.deadlines import DeadlineState, Kind
from complaints.domain.evidence import CRITERIA, EvidenceState
from complaints.domain.lifecycle import Status
from complaints.domain.priority import Priority

Json = dict[str, Any]

VERSION = "1"

_TEXT: Json = {"type": "string"}
_MAYBE_TEXT: Json = {"type": ["string", "null"]}
_INSTANT: Json = {"type": "string", "format": "date-time"}
_MAYBE_INSTANT: Json = {"type": ["string", "null"], "format": "date-time"}
_WHOLE: Json = {"type": "integer"}
_DAY: Json = {"type": "string", "format": "date"}
_STAGE: Json = {"type": "string", "enum": ["intake", "planning", "resolution", "ended"]}
_NUMBER: Json = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^KLH-[0-9]{4}-[0-9]+$"},
}
_ONE_TIME_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key with the same body is done once and answered the same again.",
    "schema": {"type": "string", "maxLength": 255},
}
_IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag you read; 409 when the complaint has changed since.",
    "schema": _TEXT,
}


@cache
def describe() -> Json:
    """The API as an OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tanggap",
            "version": VERSION,
            "description": "Complaint handling that keeps every promise it makes.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": {**_lists(), **_single(), **_several(), **_nouns()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**_bodies(), **_answers()},
            "responses": {
                "Problem": {
                    "description": "Refused; `detail` says why and what to do.",
                    "content": {"application/problem+json": {"schema": _ref("Problem")}},
                }
            },
        },
    }


def _lists() -> Json:
    return {
        "/complaints": {
            "get": _operation(
                "listComplaints",
                "Complaints within your scope, in pages; `next` is the cursor of the next page.",
                {"200": _answer("The page.", "ComplaintPage")},
                parameters=_questions(ListQuestion),
            ),
            "post": _operation(
                "receiveComplaint",
                "Record a complaint; its clocks run from the moment of receipt.",
                {"201": _answer("Recorded.", "Recorded")},
                parameters=[_ONE_TIME_KEY],
                body="ComplaintBody",
            ),
        },
        "/reports/deadlines": {
            "get": _operation(
                "reportDeadlines",
                "Deadlines met and missed in a period.",
                {"200": _answer("The figures.", "Report")},
                parameters=_questions(ReportQuestion),
            )
        },
    }


def _single() -> Json:
    parts = {
        "": ("getComplaint", "One complaint.", "Complaint"),
        "/history": ("getHistory", "What happened, oldest first.", "History"),
        "/deadlines": ("getDeadlines", "Its clocks.", "Deadlines"),
        "/deadlines/why": ("explainDeadlines", "How each clock was counted.", "Explanations"),
        "/evidence": ("getEvidence", "The eighteen criteria with their records.", "Evidence"),
    }
    return {
        f"/complaints/{{number}}{path}": {
            "parameters": [_NUMBER],
            "get": _operation(name, summary, {"200": _answer(summary, schema)}),
        }
        for path, (name, summary, schema) in parts.items()
    }


def _several() -> Json:
    return {
        "/complaints/{number}/actions": {
            "parameters": [_NUMBER],
            "post": _operation(
                "recordActs",
                "Several nouns in order, all or nothing; a refusal names `index` and `noun`.",
                {"200": _answer("Recorded.", "Recorded")},
                parameters=[_ONE_TIME_KEY, _IF_MATCH],
                body=ActList.__name__,
            ),
        }
    }


def _nouns() -> Json:
    return {
        f"/complaints/{{number}}/{noun.name}": {
            "parameters": [_NUMBER],
            "post": _operation(
                f"record{operation_name(noun.name)}",
                noun.summary,
                {"200": _answer("Recorded.", "Recorded")},
                parameters=[_ONE_TIME_KEY, _IF_MATCH],
                body=noun.body.__name__,
            ),
        }
        for noun in NOUNS.values()
    }


def _operation(
    name: str,
    summary: str,
    responses: Json,
    *,
    parameters: list[Json] | None = None,
    body: str | None = None,
) -> Json:
    operation: Json = {
        "operationId": name,
        "summary": summary,
        "responses": {**responses, "default": {"$ref": "#/components/responses/Problem"}},
    }
    if parameters:
        operation["parameters"] = parameters
    if body:
        operation["requestBody"] = {"content": {"application/json": {"schema": _ref(body)}}}
    return operation


def _bodies() -> Json:
    nouns = dict.fromkeys(noun.body for noun in NOUNS.values())
    models: list[type[BaseModel]] = [ComplaintBody, ActList, *nouns]
    _, schema = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    bodies: Json = schema["$defs"]
    return bodies


def _answers() -> Json:
    deadline = _object(
        kind={"type": "string", "enum": [each.value for each in Kind]},
        started_at=_INSTANT,
        due_at=_INSTANT,
        told_at=_MAYBE_INSTANT,
        state={"type": "string", "enum": [each.value for each in DeadlineState]},
        ended_at=_MAYBE_INSTANT,
        breached_at=_MAYBE_INSTANT,
        policy=_TEXT,
        clause=_TEXT,
        cycle=_WHOLE,
    )
    recorded = _object(
        number=_TEXT,
        status={"type": "string", "enum": [each.value for each in Status]},
        stage=_STAGE,
        waiting_customer={"type": "boolean"},
        missing=_list({"type": "string", "enum": list(CRITERIA)}),
        priority={"type": "string", "enum": [each.value for each in Priority]},
        deadlines=_list(_ref("Deadline")),
        version=_WHOLE,
    )
    line = _object(
        number=_TEXT,
        status={"type": "string", "enum": [each.value for each in Status]},
        stage=_STAGE,
        waiting_customer={"type": "boolean"},
        priority={"type": "string", "enum": [each.value for each in Priority]},
        customer=_TEXT,
        category=_MAYBE_TEXT,
        summary=_TEXT,
        channel=_TEXT,
        branch=_TEXT,
        team=_MAYBE_TEXT,
        handler=_MAYBE_TEXT,
        received_at=_INSTANT,
        closed_at=_MAYBE_INSTANT,
        outcome=_MAYBE_TEXT,
        escalation_level=_WHOLE,
        next_due_at=_MAYBE_INSTANT,
        next_due_kind=_MAYBE_TEXT,
        standing={
            "anyOf": [
                _object(
                    state={"type": "string", "enum": ["safe", "nearing", "late", "paused"]},
                    seconds=_WHOLE,
                ),
                {"type": "null"},
            ]
        },
    )
    explained = _object(
        kind={"type": "string", "enum": [each.value for each in Kind]},
        state={"type": "string", "enum": [each.value for each in DeadlineState]},
        started_at=_INSTANT,
        due_at=_INSTANT,
        told_at=_MAYBE_INSTANT,
        base_due_at=_INSTANT,
        policy=_object(code=_TEXT, name=_TEXT, version=_WHOLE),
        clause=_object(
            id=_TEXT,
            label_id=_TEXT,
            label_en=_TEXT,
            duration=_WHOLE,
            unit=_TEXT,
            end_of_day={"type": "boolean"},
            evidence=_TEXT,
            extension={
                "anyOf": [
                    _object(
                        duration=_WHOLE,
                        unit=_TEXT,
                        max_count=_WHOLE,
                        conditions=_list(_object(label_id=_TEXT, label_en=_TEXT)),
                    ),
                    {"type": "null"},
                ]
            },
        ),
        calendar=_object(code=_TEXT, version=_WHOLE, tz=_TEXT),
        worktime_seconds=_WHOLE,
        lines=_list(
            _object(
                date=_DAY,
                opened_at=_MAYBE_INSTANT,
                closed_at=_MAYBE_INSTANT,
                seconds=_WHOLE,
                reason=_MAYBE_TEXT,
                name=_MAYBE_TEXT,
            )
        ),
        changes=_list(
            _object(
                what=_TEXT,
                at=_INSTANT,
                by=_MAYBE_TEXT,
                reason=_MAYBE_TEXT,
                until=_MAYBE_INSTANT,
                due_at=_INSTANT,
                paused_seconds=_WHOLE,
                clause=_MAYBE_TEXT,
                condition={
                    "anyOf": [_object(label_id=_TEXT, label_en=_TEXT), {"type": "null"}],
                },
            )
        ),
        governed_by={"type": "string", "enum": ["rule", "promise", "extension"]},
        adds_up={"type": "boolean"},
    )
    problem = _object(type=_TEXT, title=_TEXT, status=_WHOLE, detail=_TEXT)
    problem["properties"]["missing"] = _list({"type": "string", "enum": list(CRITERIA)})
    problem["properties"] |= {"index": _WHOLE, "noun": _TEXT}
    problem["properties"]["errors"] = _list(_object(field=_TEXT, detail=_TEXT))
    return {
        "Deadline": deadline,
        "Explanations": _object(items=_list(explained)),
        "Recorded": recorded,
        "Complaint": {
            "description": "All of `Recorded`, the record itself and the customer.",
            "allOf": [_ref("Recorded")],
        },
        "ComplaintPage": _object(items=_list(_ref("Line")), next=_MAYBE_TEXT),
        "Line": line,
        "Report": _object(
            **{"from": _DAY, "to": _DAY, "by": _MAYBE_TEXT},
            total=_ref("Figures"),
            rows=_list(
                {
                    "allOf": [_ref("Figures")],
                    **_object(key=_TEXT, label=_TEXT, label_en=_TEXT),
                }
            ),
        ),
        "Figures": _object(
            received=_WHOLE,
            met=_WHOLE,
            breached=_WHOLE,
            late_open=_WHOLE,
            on_time={"type": ["number", "null"]},
        ),
        "Deadlines": _object(
            items=_list(_ref("Deadline")),
            waiting=_list(_object(kind=_TEXT, policy=_TEXT, clause=_TEXT, starts=_TEXT)),
        ),
        "History": _object(
            items=_list(
                _object(
                    seq=_WHOLE,
                    what=_TEXT,
                    at=_INSTANT,
                    by=_TEXT,
                    detail={"type": "object"},
                    hash=_TEXT,
                )
            )
        ),
        "Evidence": _object(
            items=_list(
                _object(
                    criterion={"type": "string", "enum": list(CRITERIA)},
                    state={"type": "string", "enum": [each.value for each in EvidenceState]},
                    at=_MAYBE_INSTANT,
                    by=_MAYBE_TEXT,
                    record=_MAYBE_TEXT,
                    noun=_TEXT,
                    method=_MAYBE_TEXT,
                    words=_MAYBE_TEXT,
                    reason=_MAYBE_TEXT,
                )
            )
        ),
        "Problem": problem,
    }


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _questions(model: type[BaseModel]) -> list[Json]:
    """The parameters of a query string, one for each field of the question."""
    schema = model.model_json_schema()
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": {key: value for key, value in field.items() if key != "title"},
        }
        for name, field in schema["properties"].items()
    ]


def _answer(description: str, schema: str) -> Json:
    return {
        "description": description,
        "content": {"application/json": {"schema": _ref(schema)}},
    }

"""The description of the API as OpenAPI 3.1, drawn from the table of calls and their types.

Nothing of a complaint and no secret stands here; it may be read by anybody.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from complaints.channels.api import schemas
from complaints.channels.api.examples import ANSWERS, NUMBER
from complaints.channels.api.idempotent import LONGEST_KEY, PREFIX
from complaints.channels.api.operations import OPERATIONS, TAGS, Operation
from complaints.domain.errors import N_
from complaints.domain.evidence import CRITERIA
from complaints.domain.incidents.rules import PATTERN as INCIDENT
from complaints.domain.number import PATTERN

Json = dict[str, Any]

VERSION = "1"
#: How a file is sent, and how one is answered.
FORM, FILE = "multipart/form-data", "application/octet-stream"

_TEXT: Json = {"type": "string"}
_PARAMETERS: dict[str, Json] = {
    "Number": {
        "name": "number",
        "in": "path",
        "required": True,
        "description": N_("The number that customers are told."),
        "schema": {"type": "string", "pattern": PATTERN},
        "example": NUMBER,
    },
    "Id": {
        "name": "id",
        "in": "path",
        "required": True,
        "description": N_("Which of them, as the list names it."),
        "schema": {"type": "integer", "minimum": 1},
        "example": 1,
    },
    "Customer": {
        "name": "customer",
        "in": "path",
        "required": True,
        "description": N_("The organisation's customer number."),
        "schema": {"type": "string", "minLength": 1},
        "example": "PLG-0001",
    },
    "Webhook": {
        "name": "webhook",
        "in": "path",
        "required": True,
        "description": N_("Which webhook, as the list names it."),
        "schema": {"type": "integer", "minimum": 1},
        "example": 1,
    },
    "Incident": {
        "name": "incident",
        "in": "path",
        "required": True,
        "description": N_("The number of an incident."),
        "schema": {"type": "string", "pattern": INCIDENT},
        "example": "INS-2026-000001",
    },
    "Channel": {
        "name": "channel",
        "in": "path",
        "required": True,
        "description": N_("A channel of GET /codes."),
        "schema": {"type": "string", "minLength": 1},
        "example": "whatsapp",
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": N_(
            "The same key with the same body is done once and answered the same again."
        ),
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": N_("The ETag you read; 409 when the complaint has changed since."),
        "schema": _TEXT,
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": N_("The ETag you have; 304 when nothing has changed since."),
        "schema": _TEXT,
    },
}
_HEADERS: dict[str, Json] = {
    "ETag": {
        "description": N_("What was answered, as a tag for If-None-Match and If-Match."),
        "required": True,
        "schema": _TEXT,
    },
    "Location": {
        "description": N_("The address of what was made."),
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Idempotent-Replayed": {
        "description": N_("`true` when the key came before and nothing was done again."),
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {
        "description": N_("Seconds to wait."),
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "RateLimit": {
        "description": N_("How many calls are left (`r`), and for how many seconds (`t`)."),
        "schema": {"type": "string", "examples": ['"key";r=1199;t=42']},
    },
    "RateLimit-Policy": {
        "description": N_("How many calls (`q`) an API key may make in how many seconds (`w`)."),
        "schema": {"type": "string", "examples": ['"key";q=1200;w=60']},
    },
    "WWW-Authenticate": {
        "description": N_("Which kind of API key is wanted."),
        "required": True,
        "schema": _TEXT,
    },
}
#: Status → name, what it means, and the headers that come with it.
REFUSALS: dict[int, tuple[str, str, tuple[str, ...]]] = {
    400: ("Unreadable", N_("The request cannot be read as the JSON that this call takes."), ()),
    401: ("NoToken", N_("No valid API key came with the request."), ("WWW-Authenticate",)),
    403: ("Forbidden", N_("The role, the branch or the API key does not reach that far."), ()),
    404: ("NotFound", N_("There is no such complaint, customer or webhook."), ()),
    409: (
        "Conflict",
        N_("Not possible now: a gate, an older version, or a key used for something else."),
        (),
    ),
    413: ("TooLarge", N_("The request is larger than it may be: 2 MB, and more with a file."), ()),
    415: ("NotJson", N_("The body is not sent as application/json."), ()),
    422: ("Invalid", N_("Something sent cannot be used; `errors` names each field."), ()),
    429: (
        "TooMany",
        N_("The API key makes more calls in a minute than it may."),
        ("Retry-After", "RateLimit", "RateLimit-Policy"),
    ),
    503: ("Busy", N_("The database is busy; nothing was recorded."), ("Retry-After",)),
}


@cache
def describe_for(number: str) -> Json:
    """The same with examples numbered like this, as the organisation numbers its complaints."""
    described: Json = json.loads(json.dumps(describe()).replace(NUMBER, number))
    return described


@cache
def describe() -> Json:
    """The API as an OpenAPI 3.1 document."""
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        item = paths.setdefault(operation.path, {})
        if "{number}" in operation.path:
            item["parameters"] = [_ref("parameters", "Number")]
        if "{customer}" in operation.path:
            item["parameters"] = [_ref("parameters", "Customer")]
        if "{webhook}" in operation.path:
            item["parameters"] = [_ref("parameters", "Webhook")]
        if "{incident}" in operation.path:
            item["parameters"] = [_ref("parameters", "Incident")]
        if "{channel}" in operation.path:
            item["parameters"] = [_ref("parameters", "Channel")]
        if "{id}" in operation.path:
            item["parameters"] = [*item["parameters"], _ref("parameters", "Id")]
        item[operation.method] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tanggap",
            "version": VERSION,
            "description": "Complaint handling that keeps every promise it makes.",
        },
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}],
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "webhook-signature",
                    "description": N_("As Standard Webhooks has it, with the channel's secret."),
                },
            },
            "schemas": _schemas(),
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "responses": {
                "NotModified": {
                    "description": N_("Nothing has changed since the ETag you sent."),
                    "headers": _headers("ETag"),
                },
                **{name: _problem(words, headers) for name, words, headers in REFUSALS.values()},
                "Problem": _problem(N_("Refused; `detail` says why and what to do."), ()),
            },
        },
    }


def _describe(operation: Operation) -> Json:
    described: Json = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": list(_parameters(operation)),
        "responses": _responses(operation),
    }
    if operation.is_signed:
        described["security"] = [{"token": []}, {"signature": []}]
    if operation.criteria:
        lines = (f"{key} {CRITERIA[key].label}." for key in operation.criteria)
        described["description"] = "\n".join(lines)
    if operation.body is not None:
        schema = _schemas()[operation.body.__name__]
        described["requestBody"] = {
            "required": any(
                schema.get(word) for word in ("required", "oneOf", "anyOf", "minItems")
            ),
            "content": {
                FORM if operation.is_form else "application/json": {
                    "schema": _ref("schemas", operation.body.__name__),
                    "example": operation.example,
                }
            },
        }
    return described


def _parameters(operation: Operation) -> Iterator[Json]:
    if operation.question is not None:
        yield from _questions(operation.question)
    if operation.is_reading:
        yield _ref("parameters", "IfNoneMatch")
        return
    if operation.takes_key:
        yield _ref("parameters", "IdempotencyKey")
    if "{number}" in operation.path and not operation.is_form:
        yield _ref("parameters", "IfMatch")


def _questions(model: type[BaseModel]) -> Iterator[Json]:
    """The parameters of a query string, one for each field of the question."""
    schema = model.model_json_schema(schema_generator=_Untitled)
    for name, field in schema["properties"].items():
        # Left out is left out; there is no null in an address.
        (kind,) = [each for each in field.get("anyOf", (field,)) if each.get("type") != "null"]
        described: Json = {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": {key: value for key, value in kind.items() if key != "description"},
        }
        if "description" in field:
            described["description"] = field["description"]
        yield described


def _responses(operation: Operation) -> Json:
    headers = ["ETag", "RateLimit", "RateLimit-Policy"]
    if not operation.is_reading and operation.takes_key:
        headers.append("Idempotent-Replayed")
    if operation.status == 201:
        headers.append("Location")
    answered: Json = {
        "description": operation.summary,
        "headers": _headers(*headers),
        "content": _answered(operation),
    }
    responses = {str(operation.status): answered}
    if operation.is_reading:
        responses["304"] = _ref("responses", "NotModified")
    for status in refusals_of(operation):
        responses[str(status)] = _ref("responses", REFUSALS[status][0])
    return {**responses, "default": _ref("responses", "Problem")}


def _answered(operation: Operation) -> Json:
    if operation.is_file:
        return {FILE: {"schema": {"type": "string", "format": "binary"}}}
    name = operation.answer.__name__
    json_: Json = {"schema": _ref("schemas", name), "example": ANSWERS[name]}
    file: Json = {"schema": {"type": "string", "format": "binary"}}
    return {"application/json": json_, **dict.fromkeys(operation.also, file)}


def refusals_of(operation: Operation) -> list[int]:
    """The statuses by which a call may be refused."""
    found = {401, 403, 429, 503}
    if re.search("{(number|customer|webhook|channel|incident)}", operation.path):
        found.add(404)
    if operation.question is not None or operation.body is not None:
        found.add(422)
    if operation.body is not None:
        # What is no form is one without its file.
        found |= {400, 409, 413} if operation.is_form else {400, 409, 413, 415}
    elif not operation.is_reading:
        # Such as a webhook that is switched off, or a complaint that has moved on since.
        found |= {400, 409, 422}
    return sorted(found)


def _headers(*names: str) -> Json:
    return {name: _ref("headers", name) for name in names}


def _problem(words: str, headers: tuple[str, ...]) -> Json:
    content = {"schema": _ref("schemas", "Problem"), "example": ANSWERS["Problem"]}
    described: Json = {
        "description": words,
        "content": {"application/problem+json": content},
    }
    if headers:
        described["headers"] = _headers(*headers)
    return described


class _Untitled(GenerateJsonSchema):
    """Without a title for each field, which would only repeat its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


@cache
def _schemas() -> Mapping[str, JsonSchemaValue]:
    types = {each.answer.__name__: each.answer for each in OPERATIONS if not each.is_file}
    types |= {each.body.__name__: each.body for each in OPERATIONS if each.body is not None}
    types["Problem"] = schemas.Problem
    _, document = TypeAdapter.json_schemas(
        [(name, "validation", TypeAdapter(kind)) for name, kind in types.items()],
        ref_template="#/components/schemas/{model}",
        schema_generator=_Untitled,
    )
    found: Mapping[str, JsonSchemaValue] = document["$defs"]
    return found


def _ref(section: str, name: str) -> Json:
    return {"$ref": f"#/components/{section}/{name}"}

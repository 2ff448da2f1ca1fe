"""Holds every answer of the API to its description: status, type, headers, and each field.

Objects are closed here, so that a field nobody described fails. The description itself leaves them
open: programs must not break when a field is added.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from complaints.channels.api.openapi import FILE, describe

Json = dict[str, Any]

#: Headers that say something about an answer; one that comes must be described.
TELLING = ("ETag", "Location", "Retry-After", "Idempotent-Replayed", "WWW-Authenticate")
_SCHEMAS = "#/components/schemas/"


def closed(node: Any) -> Any:
    """The same schema, with no room for properties that it does not name."""
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    shut = {key: closed(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and node.get("type") == "object":
        shut.setdefault("additionalProperties", False)
    return shut


def mistakes(value: Any, schema: Json) -> list[str]:
    """What of a value does not fit a schema of the description."""
    found = _validator(str(schema), lambda: schema).iter_errors(value)
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


_validators: dict[str, Draft202012Validator] = {}


def _validator(key: str, schema: Any) -> Draft202012Validator:
    if key not in _validators:
        document = {**closed(schema()), "components": _components()}
        _validators[key] = Draft202012Validator(
            document, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
    return _validators[key]


@cache
def _components() -> Json:
    return {"schemas": closed(describe()["components"]["schemas"])}


def resolved(node: Json) -> Json:
    """What a reference leads to."""
    while "$ref" in node:
        target: Any = describe()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def find_operation(method: str, path: str) -> Json | None:
    """The operation behind a method and a path below /api/v1, None when none is described."""
    paths = describe()["paths"]
    if path in paths:
        exact: Json | None = paths[path].get(method.lower())
        return exact
    for template, item in paths.items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            operation: Json | None = item.get(method.lower())
            return operation
    return None


def check(method: str, path: str, response: TestResponse) -> None:
    """Assert that a response is one that the description announces."""
    path = path.partition("?")[0]
    where = f"{method} {path} {response.status_code}"
    if path in ("/openapi.json", "/docs") and response.status_code in (200, 304):
        return
    operation = find_operation(method, path)
    if method in ("OPTIONS", "HEAD") and response.status_code < 400:
        return
    if operation is None:
        assert response.status_code in (401, 404, 405), where
        announced = resolved({"$ref": "#/components/responses/Problem"})
        announced = {**announced, "headers": {"WWW-Authenticate": {"schema": {}}}}
    else:
        answers = operation["responses"]
        status = str(response.status_code)
        assert status in answers or status == "500", f"{where} is not described"
        announced = resolved(answers.get(status, answers["default"]))
    _check_headers(where, response, announced.get("headers", {}))
    _check_body(where, response, announced.get("content", {}))


def _check_headers(where: str, response: TestResponse, announced: Json) -> None:
    for name in TELLING:
        assert name not in response.headers or name in announced, f"{where}: {name} undescribed"
    for name, header in announced.items():
        header = resolved(header)
        if name not in response.headers:
            assert not header.get("required"), f"{where}: no {name}"
        else:
            assert mistakes(response.headers[name], header["schema"]) == [], f"{where}: {name}"


def _check_body(where: str, response: TestResponse, announced: Json) -> None:
    if not announced:
        assert response.get_data() == b"", where
        return
    assert response.mimetype in announced, f"{where}: {response.mimetype}"
    if response.headers.get("Content-Encoding") or response.mimetype == FILE:
        return
    schema = announced[response.mimetype]["schema"]
    if schema.get("format") == "binary":
        return
    found = mistakes(response.json, schema)
    assert found == [], f"{where}: {found}"

"""The description of the API says what the API does, no more and no less."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from complaints.actions.nouns import NOUNS
from complaints.channels.api.openapi import describe
from tests.channels.api.conftest import COMPLAINT, Programs


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_anybody_may_read_it(programs: Programs):
    response = programs.nobody.get("/openapi.json")
    assert response.status_code == 200
    assert response.json["openapi"].startswith("3.1")
    assert response.json == describe()


def test_every_reference_leads_somewhere():
    document = describe()
    for reference in set(references(document)):
        assert reference.startswith("#/")
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert node


def test_every_address_of_the_api_is_described_and_no_other(app: Flask):
    described = {
        (method.upper(), path)
        for path, item in describe()["paths"].items()
        for method in item
        if method != "parameters"
    }
    routed = set()
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("api.") or rule.endpoint == "api.description":
            continue
        path = rule.rule.removeprefix("/api/v1").replace("<number>", "{number}")
        paths = [path]
        if "<path:noun>" in path:
            paths = [path.replace("<path:noun>", noun) for noun in NOUNS]
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        routed |= {(method, each) for method in methods for each in paths}
    assert described == routed


def test_names_of_operations_are_unique():
    operations = [
        operation["operationId"]
        for item in describe()["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    assert len(operations) == len(set(operations))
    assert all(re.fullmatch(r"[A-Za-z]+", name) for name in operations)


def test_every_operation_has_an_answer_a_summary_and_a_refusal():
    for path, item in describe()["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            assert operation["summary"], path
            assert set(operation["responses"]) & {"200", "201"}, path
            assert operation["responses"]["default"]["$ref"].endswith("/Problem")


def test_path_parameters_are_declared():
    for path, item in describe()["paths"].items():
        declared = {each["name"] for each in item.get("parameters", ())}
        assert set(re.findall(r"{(\w+)}", path)) == declared


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_takes_what_its_body_describes(noun: str):
    operation = describe()["paths"][f"/complaints/{{number}}/{noun}"]["post"]
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = describe()["components"]["schemas"][reference.rpartition("/")[2]]
    assert set(schema["properties"]) == set(NOUNS[noun].body.model_fields)
    assert schema["additionalProperties"] is False


def conforms(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether a value fits the few forms that our own answers are described in."""
    if "$ref" in schema:
        return conforms(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return any(conforms(value, each, schemas) for each in schema["anyOf"])
    if not all(conforms(value, each, schemas) for each in schema.get("allOf", ())):
        return False
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    names = {str: "string", int: "integer", bool: "boolean", dict: "object", list: "array"}
    name = "null" if value is None else names.get(type(value), "number")
    if kinds and name not in kinds:
        return False
    if "enum" in schema and value is not None and value not in schema["enum"]:
        return False
    if isinstance(value, list):
        return all(conforms(each, schema.get("items", {}), schemas) for each in value)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return set(schema.get("required", ())) <= set(value) and all(
            conforms(each, known.get(key, {}), schemas) for key, each in value.items()
        )
    return True


@pytest.mark.parametrize(
    ("method", "path", "described"),
    [
        ("GET", "/complaints", "/complaints"),
        ("GET", "/complaints/{number}", "/complaints/{number}"),
        ("GET", "/complaints/{number}/history", "/complaints/{number}/history"),
        ("GET", "/complaints/{number}/deadlines", "/complaints/{number}/deadlines"),
        ("GET", "/complaints/{number}/evidence", "/complaints/{number}/evidence"),
        ("POST", "/complaints", "/complaints"),
        ("POST", "/complaints/{number}/priority", "/complaints/{number}/priority"),
    ],
)
def test_answers_are_as_described(programs: Programs, number: str, method, path, described):
    body = COMPLAINT if path == "/complaints" else {}
    more = {"json": body} if method == "POST" else {}
    response = programs.csr.call(method, path.replace("{number}", number), **more)
    operation = describe()["paths"][described][method.lower()]
    schemas = describe()["components"]["schemas"]
    answers = operation["responses"]
    if str(response.status_code) in answers:
        content = answers[str(response.status_code)]["content"]["application/json"]
        assert conforms(response.json, content["schema"], schemas)
    else:
        assert conforms(response.json, schemas["Problem"], schemas)


def test_the_check_of_answers_finds_what_does_not_fit():
    schemas = describe()["components"]["schemas"]
    assert not conforms({"items": [{"kind": "hurry"}]}, schemas["Deadlines"], schemas)
    assert not conforms({"items": None, "next": None}, schemas["ComplaintPage"], schemas)

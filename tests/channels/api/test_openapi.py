"""The description of the API says what the API does, no more and no less."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response
from openapi_spec_validator import OpenAPIV31SpecValidator

from complaints.actions.bodies import Skippable
from complaints.actions.registry import ACTS
from complaints.channels.api.examples import ANSWERS, COMPLAINT_BODY
from complaints.channels.api.openapi import FILE, describe
from complaints.channels.api.operations import TAGS
from complaints.domain.evidence import CRITERIA
from tests.channels.api.conftest import COMPLAINT, Programs
from tests.channels.api.described import check, mistakes, resolved

OWN = ("api.description", "api.reference")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every call."""
    for path, item in describe()["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method, path, operation


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


def schema_of(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_anybody_may_read_it(programs: Programs):
    response = programs.nobody.get("/openapi.json")
    assert response.status_code == 200
    assert response.json["openapi"].startswith("3.1")
    assert response.json == describe()


def test_it_is_openapi_to_the_letter():
    assert list(OpenAPIV31SpecValidator(describe()).iter_errors()) == []


def test_every_reference_leads_somewhere_and_no_part_is_left_over():
    document = describe()
    used = set(references(document))
    for reference in used:
        assert reference.startswith("#/")
        assert resolved({"$ref": reference})
    for section, parts in document["components"].items():
        if section != "securitySchemes":
            assert {f"#/components/{section}/{name}" for name in parts} <= used


def test_every_address_of_the_api_is_described_and_no_other(app: Flask):
    described = {(method.upper(), path) for method, path, _ in operations()}
    routed = set()
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("api.") or rule.endpoint in OWN:
            continue
        path = rule.rule.removeprefix("/api/v1").replace("<number>", "{number}")
        path = path.replace("<int:key>", "{id}").replace("<customer>", "{customer}")
        path = path.replace("<int:webhook>", "{webhook}").replace("<channel>", "{channel}")
        path = path.replace("<incident>", "{incident}")
        paths = [path]
        if "<noun:noun>" in path:
            paths = [path.replace("<noun:noun>", noun) for noun in ACTS]
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        routed |= {(method, each) for method in methods for each in paths}
    assert described == routed


def test_names_of_operations_are_unique():
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z]+", name) for name in names)


def test_every_operation_has_a_tag_an_answer_a_summary_and_its_refusals():
    for method, path, operation in operations():
        assert operation["summary"], path
        assert len(operation["tags"]) == 1
        assert set(operation["tags"]) <= set(TAGS), path
        assert set(operation["responses"]) & {"200", "201"}, path
        assert operation["responses"]["default"]["$ref"].endswith("/Problem")
        wanted = {"401", "403", "503"} | ({"304"} if method == "get" else {"400", "409", "422"})
        assert wanted <= set(operation["responses"]), path


def test_path_parameters_are_declared():
    for path, item in describe()["paths"].items():
        declared = {resolved(each)["name"] for each in item.get("parameters", ())}
        assert set(re.findall(r"{(\w+)}", path)) == declared


def body_of(operation: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of a body, and its schema."""
    (content,) = operation["requestBody"]["content"].values()
    return content, resolved(content["schema"])


@pytest.mark.parametrize("noun", ACTS)
def test_a_noun_takes_what_its_body_describes(noun: str):
    operation = describe()["paths"][f"/complaints/{{number}}/{noun}"]["post"]
    _, schema = body_of(operation)
    fields = ACTS[noun].body.model_fields
    assert set(schema["properties"]) == {each.alias or name for name, each in fields.items()}
    assert schema["additionalProperties"] is False


def test_one_example_of_each_body_and_of_each_answer_fits_its_schema():
    for _, path, operation in operations():
        if "requestBody" in operation:
            content, _ = body_of(operation)
            assert mistakes(content["example"], content["schema"]) == [], path
        for status, response in operation["responses"].items():
            for type_, content in resolved(response).get("content", {}).items():
                if type_ == FILE or content["schema"].get("format") == "binary":
                    continue
                assert mistakes(content["example"], content["schema"]) == [], (path, status)


def test_the_example_of_a_complaint_is_taken_as_it_stands(programs: Programs):
    assert programs.csr.post("/complaints", COMPLAINT_BODY).status_code == 201


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("noun", ACTS)
def test_the_example_of_a_noun_is_read_without_a_mistake(programs: Programs, number: str, noun):
    """Whether it is the right moment for it is another question."""
    who = "supervisor" if "/" in noun or noun == "acknowledgement" else "csr"
    response = programs(who).record(number, noun, **ACTS[noun].example)
    said = {error["field"] for error in response.json.get("errors", ())}
    # A condition, a waiting team, another complaint and words of the story depend on what
    # happened before.
    assert said <= {"team", "category", "into", "number", "to", "words"}, response.json


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("noun", ACTS)
def test_content_or_unable_and_never_both(programs: Programs, number: str, noun: str):
    body, schema = ACTS[noun].body, schema_of(ACTS[noun].body.__name__)
    if not issubclass(body, Skippable) or not body.content:
        assert "oneOf" not in resolved(schema)
        return
    content = ACTS[noun].example
    stage = {key: value for key, value in content.items() if key == "stage"}
    unable = {**stage, "unable": {"reason": "Pelanggan menutup telepon"}}
    assert mistakes(content, schema) == mistakes(unable, schema) == []
    for wrong in ({**content, **unable}, stage, {**stage, "unable": None}):
        assert mistakes(wrong, schema), wrong
    operation = describe()["paths"][f"/complaints/{{number}}/{noun}"]["post"]
    assert operation["requestBody"]["required"] is True


#: Only what is lacking of the written record may be excused anew where it is completed.
EXCUSED_ANEW = {"record"}


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("noun", ACTS)
def test_unable_is_offered_where_the_act_takes_it_and_nowhere_else(
    programs: Programs, number: str, noun: str
):
    act, operation = ACTS[noun], describe()["paths"][f"/complaints/{{number}}/{noun}"]["post"]
    _, schema = body_of(operation)
    proven = {key for face in act.faces.values() for key in face.criteria}
    is_taken = noun in EXCUSED_ANEW or any(CRITERIA[key].may_be_unable for key in proven)
    assert ("unable" in schema["properties"]) is is_taken
    is_for_the_superior = "/" in noun or noun in ("acknowledgement", "countersignature")
    who = "supervisor" if is_for_the_superior else "csr"
    sent = {key: value for key, value in act.example.items() if key == "stage"}
    response = programs(who).record(
        number, noun, **sent, unable={"reason": "Pelanggan pergi sebelum selesai"}
    )
    refused = {
        error["detail"] for error in response.json.get("errors", ()) if error["field"] == "unable"
    }
    sentence = "This step cannot be skipped." if proven else "There is no field unable here."
    assert (sentence in refused) is not is_taken


def test_a_program_that_sends_both_is_refused_and_nothing_is_kept(programs: Programs, number: str):
    both = {"listened": True, "unable": {"reason": "Pelanggan menutup telepon"}}
    refused = programs.csr.record(number, "attestation", **both)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "unable")
    assert "not both" in refused.json["detail"]
    assert len(programs.csr.get(f"/complaints/{number}/history").json["items"]) == 1
    assert programs("csr2").record(number, "attestation", **both).status_code == 403
    acts = [{"noun": "note", "text": "Dicatat"}, {"noun": "attestation", **both}]
    several = programs.csr.post(f"/complaints/{number}/actions", acts)
    assert (several.status_code, several.json["errors"][0]["field"]) == (422, "unable")
    assert (several.json["index"], several.json["noun"]) == (1, "attestation")
    assert len(programs.csr.get(f"/complaints/{number}/history").json["items"]) == 1


def test_required_texts_may_not_be_empty():
    """Every text that has to be there says so in its schema; codes and choices list theirs."""
    bodies = {
        body_of(each)[0]["schema"]["$ref"] for _, _, each in operations() if "requestBody" in each
    }
    seen, waiting = set(), list(bodies)
    while waiting:
        reference = waiting.pop()
        if reference in seen:
            continue
        seen.add(reference)
        schema = resolved({"$ref": reference})
        waiting += list(references(schema))
        for name in schema.get("required", ()):
            field = schema["properties"][name]
            if field.get("type") == "string" and not {"enum", "const", "format"} & set(field):
                assert field["minLength"] >= 1, (reference, name)


def test_a_body_is_required_where_nothing_would_not_do():
    for _, path, operation in operations():
        if "requestBody" not in operation:
            continue
        content, _ = body_of(operation)
        is_needed = bool(mistakes({}, content["schema"]))
        assert operation["requestBody"]["required"] is is_needed, path


# ---- the check of the answers themselves


def answer(app: Flask, body: dict[str, Any], status: int = 200, **headers: str) -> Any:
    """A response as the test client would have received it."""
    with app.test_request_context():
        made: Any = Response(app.json.dumps(body), status=status, mimetype="application/json")
        made.headers.update(headers)
        return made


def test_the_check_of_answers_finds_what_does_not_fit(app: Flask):
    good = ANSWERS["Recorded"]
    tag = {"ETag": '"1"'}
    path = "/complaints/KLH-2026-000001/note"
    check("POST", path, answer(app, good, **tag))
    wrong = [
        ({**good, "colour": "red"}, 200, tag),
        ({key: value for key, value in good.items() if key != "version"}, 200, tag),
        ({**good, "status": "lost"}, 200, tag),
        ({**good, "deadlines": [{**good["deadlines"][0], "due_at": "kemarin"}]}, 200, tag),
        ({**good, "deadlines": [{**good["deadlines"][0], "mood": 1}]}, 200, tag),
        (good, 202, tag),
        (good, 200, {}),
        (good, 200, {**tag, "Location": "/x"}),
        (good, 200, {**tag, "Idempotent-Replayed": "yes"}),
    ]
    for body, status, headers in wrong:
        with pytest.raises(AssertionError):
            check("POST", path, answer(app, body, status, **headers))


def test_nothing_of_a_complaint_stands_in_the_description(programs: Programs):
    programs.csr.post("/complaints", {**COMPLAINT, "story": "Cerita yang tidak boleh bocor"})
    assert "bocor" not in programs.nobody.get("/openapi.json").get_data(as_text=True)

"""The reference page: the description of the API drawn for people, in both languages, no script.

It reads nothing but the description, so it can say neither more nor less than that.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import render_template, request
from flask_babel import force_locale, gettext

from complaints.channels.accept_language import preferred_language
from complaints.channels.api.examples import NUMBER
from complaints.channels.api.openapi import describe
from complaints.channels.api.operations import OPERATIONS
from complaints.domain.errors import N_
from complaints.domain.scripts import LANGUAGES

Json = dict[str, Any]

#: A type of JSON, or the format of a text → words.
_KINDS = {
    "string": N_("text"),
    "integer": N_("whole number"),
    "number": N_("number"),
    "boolean": N_("true or false"),
    "object": N_("object"),
    "date-time": N_("time with offset"),
    "binary": N_("file"),
    "date": N_("date"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is: words or codes, or the name of a schema further down the page."""

    words: str
    schema: str = ""
    codes: tuple[str, ...] = ()
    is_list: bool = False
    may_be_null: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table: a field, a parameter or a header."""

    name: str
    kind: Kind
    words: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the page shows it; examples are JSON text, empty where nothing is sent.

    `shared` parameters, `headers` and `refusals` are names that lead to sections of their own.
    """

    method: str
    path: str
    anchor: str
    summary: str
    criteria: list[tuple[str, str]]
    shared: list[str]
    parameters: list[Field]
    fields: list[Field]
    is_content_or_unable: bool
    example: str
    status: str
    answer: Kind
    answer_example: str
    headers: list[str]
    refusals: list[str]


def draw_reference(asked: str, number: str) -> str:
    """The page in the language asked for by its address, else as the browser prefers.

    `number` is how the organisation numbers its complaints, for the examples.
    """
    language = asked if asked in LANGUAGES else preferred_language(request.accept_languages)
    return _draw(language or LANGUAGES[0], number)


@cache
def _draw(language: str, number: str) -> str:
    """Drawn once a language: anybody may ask for it, so it must not cost much to ask."""
    with force_locale(language):
        page = render_template(
            "api/reference.html",
            language=language,
            other=next(each for each in LANGUAGES if each != language),
            groups=list(_groups()),
            schemas=list(_schemas()),
            shared=list(_components("parameters")),
            headers=list(_components("headers")),
            refusals=list(_refusals()),
        )
    return page.replace(NUMBER, number)


def _groups() -> Iterator[tuple[str, str, list[Call]]]:
    """Tag, what it holds, and its calls."""
    calls: dict[str, list[Call]] = {}
    for path, item in describe()["paths"].items():
        shared = item.get("parameters", [])
        for method, operation in item.items():
            if method != "parameters":
                call = _call(method, path, operation, shared)
                calls.setdefault(operation["tags"][0], []).append(call)
    for tag in describe()["tags"]:
        yield _say(tag["name"]), _say(tag["description"]), calls[tag["name"]]


def _call(method: str, path: str, operation: Json, shared: list[Json]) -> Call:
    sent: Json = next(iter(operation.get("requestBody", {"content": {"": {}}})["content"].values()))
    schema = _resolved(sent.get("schema", {}))
    status, answered = next(iter(operation["responses"].items()))
    content = next(iter(answered["content"].values()))
    parameters = [*shared, *operation["parameters"]]
    return Call(
        method=method.upper(),
        path=path,
        anchor=operation["operationId"],
        summary=_say(operation["summary"]),
        criteria=list(_criteria(operation)),
        shared=[_resolved(each)["name"] for each in parameters if "$ref" in each],
        parameters=[
            _field(each["name"], each, each.get("required"))
            for each in parameters
            if "$ref" not in each
        ],
        fields=list(_fields(schema)),
        is_content_or_unable="oneOf" in schema,
        example=_pretty(sent["example"]) if "example" in sent else "",
        status=status,
        answer=_kind(content["schema"]),
        answer_example=_pretty(content["example"]) if "example" in content else "",
        headers=list(answered["headers"]),
        refusals=[code for code in operation["responses"] if code not in (status, "default")],
    )


def _criteria(operation: Json) -> Iterator[tuple[str, str]]:
    for line in operation.get("description", "").splitlines():
        key, _, words = line.removesuffix(".").partition(" ")
        yield key, _say(words)


def _components(section: str) -> Iterator[Field]:
    """What many calls share: parameters or headers."""
    for name, each in describe()["components"][section].items():
        yield _field(each.get("name", name), each, each.get("required"))


def _refusals() -> Iterator[tuple[str, str]]:
    """Every status by which a call may be refused, and what it means."""
    found: dict[str, str] = {}
    for item in describe()["paths"].values():
        for method in item.keys() - {"parameters"}:
            for code, each in item[method]["responses"].items():
                if code.isdigit() and "$ref" in each:
                    found[code] = _say(_resolved(each)["description"])
    yield from sorted(found.items())


def _schemas() -> Iterator[tuple[str, list[Field]]]:
    """The objects behind the links; what is sent as a body stands with its call."""
    shown = {operation.body.__name__ for operation in OPERATIONS if operation.body is not None}
    # The bodies once more, each with its noun.
    acts = describe()["components"]["schemas"]["ActList"]["items"]["discriminator"]["mapping"]
    shown |= {reference.rpartition("/")[2] for reference in acts.values()}
    schemas = describe()["components"]["schemas"]
    # A body that is a part of another one as well is linked there.
    parts = {name for each in schemas.values() for name in _named(each.get("properties", {}))}
    for name, schema in sorted(schemas.items()):
        if name not in shown or name in parts:
            yield name, list(_fields(schema))


def _named(part: object) -> Iterator[str]:
    """The schemas that this part of the description refers to."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for each in part.values():
            yield from _named(each)
    elif isinstance(part, list):
        for each in part:
            yield from _named(each)


def _fields(schema: Json) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield _field(name, {"schema": field}, name in required)


def _field(name: str, described: Json, required: bool | None) -> Field:
    schema = described["schema"]
    words = described.get("description") or _words(schema)
    return Field(name, _kind(schema), _say(words) if words else "", bool(required))


def _words(schema: Json) -> str:
    """A field's own description; that of its only kind where it may be null as well."""
    kinds = (schema, *schema.get("anyOf", ()), schema.get("items", {}))
    return next((each["description"] for each in kinds if "description" in each), "")


def _kind(schema: Json) -> Kind:
    kinds = [each for each in schema.get("anyOf", (schema,)) if each.get("type") != "null"]
    may_be_null = len(kinds) < len(schema.get("anyOf", kinds))
    (kind,) = kinds
    is_list = kind.get("type") == "array"
    if is_list:
        kind = kind["items"]
    words = _KINDS[kind.get("format", "")] if kind.get("format") in _KINDS else ""
    return Kind(
        words=_say(words or _KINDS.get(kind.get("type", ""), "object")),
        schema=kind.get("$ref", "").rpartition("/")[2],
        codes=tuple(kind.get("enum", ())),
        is_list=is_list,
        may_be_null=may_be_null,
    )


def _resolved(node: Json) -> Json:
    if "$ref" not in node:
        return node
    target: Any = describe()
    for part in node["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    return _resolved(target)


def _say(words: str) -> str:
    """Words of the description, marked for translation where they stand, in the page's language."""
    return gettext(words)


def _pretty(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2)

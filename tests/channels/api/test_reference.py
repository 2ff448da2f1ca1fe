"""The reference page: for anybody, in both languages, without a script, and complete."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale, gettext

from complaints.channels.api.openapi import describe
from tests.channels.api.conftest import Programs
from tests.channels.api.described import resolved
from tests.html_tree import Tag


def page(programs: Programs, query: str = "", language: str = "en") -> Tag:
    response = programs(None, language).get(f"/docs{query}")
    assert response.status_code == 200
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert response.mimetype == "text/html"
    return Tag.of(response.get_data(as_text=True))


@pytest.mark.parametrize("language", ["id", "en"])
def test_anybody_reads_it_in_their_language(programs: Programs, language: str):
    found = page(programs, language=language)
    assert found["lang"] == language
    assert (
        found.find("h1").get_text() == {"id": "Acuan API", "en": "Reference of the API"}[language]
    )
    other = found.select_one(".language a")["href"]
    assert page(programs, other, language)["lang"] != language
    assert page(programs, "?lang=xx", language)["lang"] == language


def test_every_call_parameter_and_field_stands_on_it(programs: Programs):
    found = page(programs)
    for path, item in describe()["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            article = found.find(f"[id='{operation['operationId']}']")
            assert article.find("h3").get_text() == f"{method.upper()} {path}"
            text = article.get_text()
            for parameter in (*item.get("parameters", ()), *operation["parameters"]):
                assert resolved(parameter)["name"] in text
            for status in operation["responses"]:
                assert status in text or status == "default"
            if "requestBody" in operation:
                ((_, sent),) = operation["requestBody"]["content"].items()
                schema = sent["schema"]
                codes = {each.get_text() for each in article.select("code")}
                for name in resolved(schema).get("properties", ()):
                    assert name in codes, (path, name)


def test_every_link_of_the_page_leads_somewhere(programs: Programs):
    found = page(programs)
    ids = [each["id"] for each in found.select("[id]")]
    assert len(ids) == len(set(ids))
    for link in found.select("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in ids, link
        else:
            assert link["href"] in ("openapi.json", "?lang=id", "?lang=en")


def test_nothing_inline_and_nothing_from_elsewhere(programs: Programs):
    found = page(programs)
    assert found.select("script, style") == []
    assert not [tag for tag in found.everything() if any(key.startswith("on") for key in tag.attrs)]
    assert found.select("[style]") == []
    for tag in found.select("[src], link[href]"):
        assert re.match("/static/", tag.get("src") or tag["href"]), tag


def sentences() -> set[str]:
    """Every sentence of the description that the page shows."""
    found: set[str] = set()

    def walk(node: object, *, is_schema: bool = False) -> None:
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            for key, value in node.items():
                if key in ("summary", "description") and isinstance(value, str) and not is_schema:
                    found.update(
                        re.sub(r"^020-\d\.\d (.*)\.$", r"\1", line) for line in value.splitlines()
                    )
                elif key != "example":
                    walk(value)

    document = describe()
    walk(document["paths"])
    for section in ("parameters", "headers", "responses"):
        walk(document["components"][section])
    for schema in document["components"]["schemas"].values():
        walk(schema, is_schema=True)
    return found | {tag["name"] for tag in document["tags"]}


def test_every_sentence_has_its_indonesian(programs: Programs):
    with programs.app.test_request_context(), force_locale("id"):
        assert [each for each in sorted(sentences()) if gettext(each) == each] == []

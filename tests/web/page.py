"""A page as a person and a screen reader meet it, checked for what every page owes them.

`Visitor` is a browser without JavaScript: it reads pages, fills their forms and presses buttons.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.html_tree import Tag

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "complaints" / "translations" / "id" / "LC_MESSAGES" / "messages.po"

#: Placeholders and values that only a mistake can print.
LEFTOVERS = re.compile(r"%\(\w+\)|\{\{|\}\}|\bNone\b|\bundefined\b|<built-in|Traceback")
FORM_BEGINS = re.compile(r"<form[\s>]", re.IGNORECASE)
#: An address on another machine, or none at all.
ELSEWHERE = re.compile(r"(?:[a-z]+:)?//|javascript:")


class Page:
    """One answered request; `check` is run on every HTML page a visitor opens."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response = response
        self.path = path
        self.status = response.status_code
        self.text_body = response.get_data(as_text=True)
        self.tree = Tag.of(self.text_body)

    @property
    def text(self) -> str:
        """All words of the page, spaces made plain."""
        return " ".join(self.tree.get_text(" ").split())

    @property
    def h1(self) -> str:
        return _words(self.one("h1"))

    @property
    def main(self) -> str:
        """The words of the content, without header and menus."""
        return _words(self.one("main"))

    def one(self, selector: str) -> Tag:
        found = self.tree.select(selector)
        assert len(found) == 1, f"{self.path}: {len(found)} × {selector}\n{self.text[:2000]}"
        return found[0]

    def all(self, selector: str) -> list[Tag]:
        return self.tree.select(selector)

    def words(self, selector: str) -> list[str]:
        """The words of each element that fits."""
        return [_words(each) for each in self.tree.select(selector)]

    def link(self, words: str) -> str:
        """Where the link with these words leads."""
        found = [a for a in self.tree.select("a[href]") if _words(a) == words]
        assert found, f"{self.path}: no link {words!r} among {self.words('a')}"
        return str(found[0]["href"])

    def form(self, action: str) -> Tag:
        """The form that is sent to `action`."""
        found = [form for form in self.tree.select("form") if form.get("action") == action]
        actions = [form.get("action") for form in self.tree.select("form")]
        assert found, f"{self.path}: no form for {action} among {actions}"
        return found[0]

    def check(self) -> None:
        """Fail with every promise that this page breaks."""
        assert findings(self.text_body, self.tree) == [], f"{self.path}"


class Tags:
    """The tags of a page, walked once and sorted by name: asking the tree each time is slow."""

    def __init__(self, text: str, tree: Tag) -> None:
        self.text = text
        self.tree = tree
        self.all = [tree, *tree.everything()]
        self.by_name: dict[str, list[Tag]] = {}
        for tag in self.all:
            self.by_name.setdefault(tag.name, []).append(tag)

    def named(self, *names: str) -> list[Tag]:
        """The tags of these names."""
        return [tag for name in names for tag in self.by_name.get(name, ())]

    def having(self, attribute: str) -> list[Tag]:
        """The tags with this attribute."""
        return [tag for tag in self.all if tag.has_attr(attribute)]


def findings(text: str, tree: Tag | None = None) -> list[str]:
    """What a page owes everybody and does not give; `tree` where its text is parsed already."""
    tags, found = Tags(text, tree or Tag.of(text)), []
    for check in CHECKS:
        found += check(tags)
    return found


def _one_title_and_heading(tags: Tags) -> list[str]:
    found, headings = [], tags.named("h1")
    if len(headings) != 1:
        found.append(f"{len(headings)} h1 instead of one")
    elif not _words(headings[0]):
        found.append("an empty h1")
    title = "".join(_words(each) for each in tags.named("title")[:1])
    if not title or title.startswith("·"):
        found.append("no title")
    if len(tags.named("main")) != 1:
        found.append("not exactly one main")
    if _language(tags) not in ("id", "en"):
        found.append("no language on html")
    return found


def _unique_ids(tags: Tags) -> list[str]:
    counts = Counter(str(tag["id"]) for tag in tags.having("id"))
    found = [f"id {name} stands {count} times" for name, count in counts.items() if count > 1]
    for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for tag in tags.having(attribute):
            found += [
                f"{attribute} names {name}, which is not there"
                for name in str(tag[attribute]).split()
                if name not in counts
            ]
    return found


def _labelled_inputs(tags: Tags) -> list[str]:
    labels = [label for label in tags.named("label") if label.has_attr("for")]
    labelled = {str(label["for"]) for label in labels if _words(label)}
    found = []
    for field in tags.named("input", "select", "textarea"):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        has_label = (
            field.get("id") in labelled
            or field.find_parent("label") is not None
            or field.get("aria-label")
            or field.get("aria-labelledby")
        )
        if not has_label:
            found.append(f"field {field.get('name')} has no label")
    return found


def _speaking_controls(tags: Tags) -> list[str]:
    links = [tag for tag in tags.named("a") if tag.has_attr("href")]
    found = [
        f"{tag.name} without words: {str(tag)[:80]}"
        for tag in [*links, *tags.named("button", "summary")]
        if not (_words(tag) or tag.get("aria-label"))
    ]
    found += [f"picture without alt: {tag}" for tag in tags.named("img") if not tag.has_attr("alt")]
    found += [f"th without scope: {tag}" for tag in tags.named("th") if not tag.has_attr("scope")]
    return found


def _safe_forms(tags: Tags) -> list[str]:
    found = []
    # A browser drops the inner of two forms, and so does the tree.
    if len(FORM_BEGINS.findall(tags.text)) != len(tags.named("form")):
        found.append("a form inside a form")
    for form in tags.named("form"):
        if form.get("method", "").lower() == "dialog":
            continue
        if not form.get("action"):
            found.append("a form without action")
        is_post = form.get("method", "get").lower() == "post"
        tokens = form.select("input[name=csrf_token]")
        if is_post and not any(token.has_attr("value") for token in tokens):
            found.append(f"form {form.get('action')} without CSRF token")
        if not is_post and tokens:
            found.append(f"form {form.get('action')} puts its CSRF token into the address")
        has_button = form.find("button, input[type=submit]")
        if not has_button and form.get("role") != "search":
            found.append(f"form {form.get('action')} without a button")
    return found


def _opens_apart(tag: Tag) -> bool:
    """Whether a link leads somebody elsewhere on purpose, and tells nothing there of where from."""
    kept = {"noopener", "noreferrer", "nofollow"}
    rel = tag.get("rel") or ""
    said = rel if isinstance(rel, list) else str(rel).split()
    return tag.name == "a" and tag.get("target") == "_blank" and kept <= set(said)


def _within_the_policy(tags: Tags) -> list[str]:
    found = [f"inline style on {tag.name}" for tag in tags.having("style")]
    found += ["a style element" for _ in tags.named("style")]
    found += ["an inline script" for tag in tags.named("script") if not tag.get("src")]
    for tag in tags.all:
        for name, value in tag.attrs.items():
            if name.startswith("on"):
                found.append(f"{name} on {tag.name}")
            if name in ("src", "href", "action") and ELSEWHERE.match(str(value)):
                if name == "href" and _opens_apart(tag):
                    continue
                found.append(f"{name} leads elsewhere: {value}")
    return found


def _in_plain_words(tags: Tags) -> list[str]:
    found = [f"left over: {text!r}" for text in LEFTOVERS.findall(tags.tree.get_text(" "))]
    if _language(tags) == "id":
        texts = {" ".join(text.split()) for text in tags.tree.texts()}
        found += [f"not translated: {text!r}" for text in sorted(texts & untranslated())]
    return found


def _language(tags: Tags) -> str | None:
    return str(tags.tree.get("lang"))


CHECKS: list[Callable[[Tags], list[str]]] = [
    _one_title_and_heading,
    _unique_ids,
    _labelled_inputs,
    _speaking_controls,
    _safe_forms,
    _within_the_policy,
    _in_plain_words,
]


@lru_cache
def untranslated() -> frozenset[str]:
    """Every English text that Indonesian says differently: none may stand on an Indonesian page."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="id")
    said = {str(message.string) for message in catalogue if message.string}
    return frozenset(
        str(message.id)
        for message in catalogue
        if message.id and message.string and message.id not in said
    )


class Visitor:
    """Somebody with a browser; every page opened is checked."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200, **headers: str) -> Page:
        response = self.client.get(path, headers=headers)
        return self._page(response, path, status)

    def post(self, path: str, data: dict[str, Any], status: int = 302, **headers: str) -> Page:
        """Send fields as they are, without having seen a form."""
        return self._page(self.client.post(path, data=data, headers=headers), path, status)

    def submit(self, page: Page, action: str, status: int = 302, **fields: Any) -> Page:
        """Fill the page's form for `action` with `fields`, send it with all it holds."""
        form = page.form(action)
        data: dict[str, Any] = {}
        for field in form.select("input[name], textarea[name], select[name]"):
            name, kind = str(field["name"]), field.get("type")
            if kind in ("checkbox", "radio") and not field.has_attr("checked"):
                continue
            data[name] = _value(field)
        unknown = {name for name in fields if not form.select(f"[name='{name}']")}
        assert not unknown, f"{action}: the form has no {unknown}"
        data.update(fields)
        if str(form.get("method", "get")).lower() == "post":
            return self._page(self.client.post(action, data=data), action, status)
        path = f"{action}?{urlencode(data)}"
        return self._page(self.client.get(path), path, status)

    def follow(self, page: Page) -> Page:
        """Go where a page leads."""
        assert page.status in (301, 302, 303), f"{page.path} answered {page.status}"
        return self.get(str(page.response.headers["Location"]))

    def _page(self, response: TestResponse, path: str, status: int) -> Page:
        page = Page(response, path)
        assert page.status == status, (
            f"{path} answered {page.status} instead of {status}: {page.text[:600]}"
        )
        if page.response.mimetype == "text/html" and page.status not in (301, 302, 303):
            page.check()
        return page


def _value(field: Tag) -> str:
    if field.name == "textarea":
        return field.get_text()
    if field.name == "select":
        chosen = field.select("option[selected]") or field.select("option")
        return str(chosen[0].get("value", _words(chosen[0]))) if chosen else ""
    return str(field.get("value", "on" if field.get("type") == "checkbox" else ""))


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())

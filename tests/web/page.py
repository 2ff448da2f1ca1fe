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
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "complaints" / "translations" / "id" / "LC_MESSAGES" / "messages.po"

#: Placeholders and values that only a mistake can print.
LEFTOVERS = re.compile(r"%\(\w+\)|\{\{|\}\}|\bNone\b|\bundefined\b|<built-in|Traceback")


class Page:
    """One answered request; `check` is run on every HTML page a visitor opens."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response = response
        self.path = path
        self.status = response.status_code
        self.text_body = response.get_data(as_text=True)
        self.soup = BeautifulSoup(self.text_body, "html.parser")

    @property
    def text(self) -> str:
        """All words of the page, spaces made plain."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def h1(self) -> str:
        return _words(self.one("h1"))

    @property
    def main(self) -> str:
        """The words of the content, without header and menus."""
        return _words(self.one("main"))

    def one(self, selector: str) -> Tag:
        found = self.soup.select(selector)
        assert len(found) == 1, f"{self.path}: {len(found)} × {selector}\n{self.text[:2000]}"
        return found[0]

    def all(self, selector: str) -> list[Tag]:
        return list(self.soup.select(selector))

    def words(self, selector: str) -> list[str]:
        """The words of each element that fits."""
        return [_words(each) for each in self.soup.select(selector)]

    def link(self, words: str) -> str:
        """Where the link with these words leads."""
        found = [a for a in self.soup.select("a[href]") if _words(a) == words]
        assert found, f"{self.path}: no link {words!r} among {self.words('a')}"
        return str(found[0]["href"])

    def form(self, action: str) -> Tag:
        """The form that is sent to `action`."""
        found = [form for form in self.soup.select("form") if form.get("action") == action]
        actions = [form.get("action") for form in self.soup.select("form")]
        assert found, f"{self.path}: no form for {action} among {actions}"
        return found[0]

    def check(self) -> None:
        """Fail with every promise that this page breaks."""
        assert findings(self.soup) == [], f"{self.path}"


def findings(soup: BeautifulSoup) -> list[str]:
    """What a page owes everybody and does not give."""
    found: list[str] = []
    for check in CHECKS:
        found += check(soup)
    return found


def _one_title_and_heading(soup: BeautifulSoup) -> list[str]:
    found = []
    if len(soup.select("h1")) != 1:
        found.append(f"{len(soup.select('h1'))} h1 instead of one")
    elif not _words(soup.select("h1")[0]):
        found.append("an empty h1")
    title = soup.title.get_text(strip=True) if soup.title else ""
    if not title or title.startswith("·"):
        found.append("no title")
    if len(soup.select("main")) != 1:
        found.append("not exactly one main")
    if soup.html is None or soup.html.get("lang") not in ("id", "en"):
        found.append("no language on html")
    return found


def _unique_ids(soup: BeautifulSoup) -> list[str]:
    counts = Counter(str(tag["id"]) for tag in soup.select("[id]"))
    found = [f"id {name} stands {count} times" for name, count in counts.items() if count > 1]
    for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for tag in soup.select(f"[{attribute}]"):
            found += [
                f"{attribute} names {name}, which is not there"
                for name in str(tag[attribute]).split()
                if name not in counts
            ]
    return found


def _labelled_inputs(soup: BeautifulSoup) -> list[str]:
    labelled = {str(label["for"]) for label in soup.select("label[for]") if _words(label)}
    found = []
    for field in soup.select("input, select, textarea"):
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


def _speaking_controls(soup: BeautifulSoup) -> list[str]:
    found = [
        f"{tag.name} without words: {str(tag)[:80]}"
        for tag in soup.select("a[href], button, summary")
        if not (_words(tag) or tag.get("aria-label"))
    ]
    found += [f"picture without alt: {tag}" for tag in soup.select("img:not([alt])")]
    found += [f"th without scope: {tag}" for tag in soup.select("th:not([scope])")]
    return found


def _safe_forms(soup: BeautifulSoup) -> list[str]:
    found = []
    for form in soup.select("form"):
        if form.get("method", "").lower() == "dialog":
            continue
        if not form.get("action"):
            found.append("a form without action")
        is_post = form.get("method", "get").lower() == "post"
        if is_post and not form.select("input[name=csrf_token][value]"):
            found.append(f"form {form.get('action')} without CSRF token")
        if not is_post and form.select("input[name=csrf_token]"):
            found.append(f"form {form.get('action')} puts its CSRF token into the address")
        if not form.select("button, input[type=submit]") and form.get("role") != "search":
            found.append(f"form {form.get('action')} without a button")
    if soup.select("form form"):
        found.append("a form inside a form")
    return found


def _within_the_policy(soup: BeautifulSoup) -> list[str]:
    found = [f"inline style on {tag.name}" for tag in soup.select("[style]")]
    found += ["a style element" for _ in soup.select("style")]
    found += ["an inline script" for tag in soup.select("script") if not tag.get("src")]
    for tag in soup.find_all(True):
        found += [f"{name} on {tag.name}" for name in tag.attrs if name.startswith("on")]
        for name in ("src", "href", "action"):
            value = str(tag.get(name, ""))
            if re.match(r"(?:[a-z]+:)?//|javascript:", value):
                found.append(f"{name} leads elsewhere: {value}")
    return found


def _in_plain_words(soup: BeautifulSoup) -> list[str]:
    found = [f"left over: {text!r}" for text in LEFTOVERS.findall(soup.get_text(" "))]
    if soup.html is not None and soup.html.get("lang") == "id":
        foreign = untranslated()
        texts = {" ".join(str(text).split()) for text in soup.find_all(string=True)}
        found += [f"not translated: {text!r}" for text in sorted(texts & foreign)]
    return found


CHECKS: list[Callable[[BeautifulSoup], list[str]]] = [
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
        return field.get_text().removeprefix("\n")
    if field.name == "select":
        chosen = field.select("option[selected]") or field.select("option")
        return str(chosen[0].get("value", _words(chosen[0]))) if chosen else ""
    return str(field.get("value", "on" if field.get("type") == "checkbox" else ""))


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())

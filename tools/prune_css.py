"""Cut a stylesheet down to what our pages use: of Tabler's 600 kB we need a twentieth.

A rule stays when every class in its selector is on the list, a custom property when a rule that
stays asks for it; our own stylesheets set Tabler's properties and never ask for them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")
ASKED = re.compile(r"var\(\s*(--[\w-]+)")
KEYFRAMES = re.compile(r"@(?:-webkit-)?keyframes\s+([\w-]+)")
#: Asked for by our own stylesheets after all.
OURS = {"--tblr-font-sans-serif"}
#: At-rules that hold rules of their own.
GROUPS = ("@media", "@supports", "@layer", "@container")


def prune(css: str, classes: Collection[str]) -> str:
    """Return the part of `css` that pages with these classes can meet."""
    kept = "".join(_kept(css, frozenset(classes)))
    return _without_unasked(_without_unplayed(kept))


def classes_in(css: str) -> set[str]:
    """Every class name a stylesheet knows."""
    return {name for selector, body in _rules(css) for name in _names(selector, body)}


def _names(selector: str, body: str) -> set[str]:
    if selector.startswith(GROUPS):
        return classes_in(body)
    return set() if selector.startswith("@") else set(CLASS.findall(selector))


def _kept(css: str, classes: frozenset[str]) -> Iterator[str]:
    for selector, body in _rules(css):
        if selector.startswith(GROUPS):
            inner = "".join(_kept(body, classes))
            if inner:
                yield f"{selector}{{{inner}}}"
        elif selector.startswith("@"):
            yield f"{selector}{{{body}}}" if body else f"{selector};"
        else:
            wanted = [each for each in _parts(selector) if classes.issuperset(CLASS.findall(each))]
            if wanted:
                yield f"{','.join(wanted)}{{{body}}}"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """The rules at the top of `css` as (selector, body); a statement has an empty body."""
    start, at, end = 0, 0, len(css)
    while at < end:
        mark = css[at]
        if css.startswith("/*", at):
            closing = css.find("*/", at + 2)
            at = end if closing < 0 else closing + 2
            start = at if not css[start:at].strip() or css[start : start + 2] == "/*" else start
        elif mark in "\"'":
            at = _behind_text(css, at)
        elif mark == ";":
            statement = css[start:at].strip()
            if statement:
                yield statement, ""
            start = at = at + 1
        elif mark == "{":
            behind = _behind_block(css, at)
            yield css[start:at].strip(), css[at + 1 : behind - 1]
            start = at = behind
        else:
            at += 1


def _behind_block(css: str, at: int) -> int:
    depth = 0
    while at < len(css):
        mark = css[at]
        if mark in "\"'":
            at = _behind_text(css, at)
            continue
        depth += (mark == "{") - (mark == "}")
        at += 1
        if depth == 0:
            return at
    raise ValueError("the stylesheet ends inside a block")


def _behind_text(css: str, at: int) -> int:
    quote, at = css[at], at + 1
    while css[at] != quote:
        at += 2 if css[at] == "\\" else 1
    return at + 1


def _parts(selector: str) -> list[str]:
    """The selectors between the commas, those inside parentheses left alone."""
    parts, depth, start = [], 0, 0
    for at, mark in enumerate(selector):
        depth += (mark in "([") - (mark in ")]")
        if mark == "," and depth == 0:
            parts.append(selector[start:at].strip())
            start = at + 1
    return [*parts, selector[start:].strip()]


def _without_unplayed(css: str) -> str:
    """Drop animations that nothing plays."""
    rules = list(_rules(css))
    rest = "".join(body for selector, body in rules if "keyframes" not in selector)
    played = []
    for selector, body in rules:
        name = KEYFRAMES.match(selector)
        if name is None or re.search(rf"\b{re.escape(name[1])}\b", rest):
            played.append(f"{selector}{{{body}}}" if body else f"{selector};")
    return "".join(played)


def _without_unasked(css: str) -> str:
    """Drop custom properties that nobody asks for, and those that only they asked for."""
    while True:
        asked = set(ASKED.findall(css)) | OURS
        shorter = re.sub(
            r"(--[\w-]+)\s*:((?:[^;{}\"']|\"[^\"]*\"|'[^']*')*)(?:;|(?=\}))",
            lambda match, asked=asked: match[0] if match[1] in asked else "",
            css,
        )
        if shorter == css:
            return re.sub(r"[^{};]+\{\}", "", shorter)
        css = shorter

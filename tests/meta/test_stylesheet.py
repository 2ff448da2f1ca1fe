"""Tabler's stylesheet is cut down to what our pages use, and to no less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.prune_css import classes_in, prune

ROOT = Path(__file__).resolve().parents[2]
TABLER = ROOT / "node_modules" / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"
CLASSES = re.compile(r"""(?:class|css)=(?:"([^"]*)"|'([^']*)')""")
#: In what a macro is called with, as in ui.post(…, "btn btn-do").
ARGUMENTS = re.compile(r"""["'](btn[\w -]*)["']""")


def listed() -> set[str]:
    lines = (ROOT / "tools" / "tabler_classes.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def named_on_pages() -> set[str]:
    """Every word inside a class attribute of a page; a few of them are the template's own words."""
    words: set[str] = set()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "letters" in path.parts:
            continue
        text = re.sub(r"\{[%{#].*?[%}#]\}", " ", path.read_text(encoding="utf-8"))
        named = [first or second for first, second in CLASSES.findall(text)]
        for value in [*named, *ARGUMENTS.findall(path.read_text(encoding="utf-8"))]:
            words.update(value.split())
    return words


def our_own() -> set[str]:
    sheets = sorted((ROOT / "complaints" / "static" / "css").glob("*.css"))
    return {name for sheet in sheets for name in classes_in(sheet.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def tabler() -> str:
    if not TABLER.exists():
        pytest.skip("Tabler is not installed; `make install` gets it")
    return TABLER.read_text(encoding="utf-8")


def test_every_class_of_tabler_that_a_page_names_is_kept(tabler):
    assert named_on_pages() & classes_in(tabler) - our_own() - listed() == set()


def test_the_list_names_only_what_tabler_has_and_pages_use(tabler):
    assert listed() - classes_in(tabler) == set()
    assert listed() - named_on_pages() == set()


def test_little_is_left_and_it_still_holds_together(tabler):
    left = prune(tabler, listed())
    assert len(left) < len(tabler) / 10
    assert left.count("{") == left.count("}")
    assert classes_in(left) <= listed()
    assert ".btn-primary" in left


def test_a_rule_stays_for_the_selectors_that_can_fit():
    css = '.a,.b{color:red}.a .b{x:1}h1{y:2}@media print{.b{z:3}.a{z:4}}.a[data-x="}"]{w:5}'
    assert prune(css, {"a"}) == '.a{color:red}h1{y:2}@media print{.a{z:4}}.a[data-x="}"]{w:5}'


def test_properties_and_animations_stay_while_something_asks_for_them():
    css = (
        ":root{--x:1;--y:var(--z);--z:2;--u:var(--v);--v:3}.a{top:var(--y);animation:go 1s}"
        "@keyframes go{to{top:0}}@keyframes rest{to{top:0}}"
    )
    assert prune(css, {"a"}) == (
        ":root{--y:var(--z);--z:2;}.a{top:var(--y);animation:go 1s}@keyframes go{to{top:0}}"
    )


@pytest.mark.parametrize(
    "sheet",
    sorted((ROOT / "complaints" / "static" / "css").glob("*.css")),
    ids=lambda each: each.name,
)
def test_no_long_rule_stands_twice_in_a_stylesheet(sheet: Path):
    """A second copy, as among the rules for paper, wins over what lies between."""
    rules = re.findall(r"[^{}]+\{[^{}]{60,}\}", sheet.read_text(encoding="utf-8"))
    said = [" ".join(rule.split()) for rule in rules]
    assert [rule for rule in said if said.count(rule) > 1] == []

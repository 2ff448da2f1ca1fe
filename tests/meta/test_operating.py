"""What the pages for operators tell to type, set or copy is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

import complaints.models  # noqa: F401
from complaints.cli import main
from complaints.db import Base

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/operating.md", "docs/operating.id.md")
FILES = (
    *PAGES,
    "compose.yaml",
    "Dockerfile",
    *(f"docs/examples/tanggap-{name}" for name in (
        "web.service", "worker.service", "backup.service", "backup.timer"
    )),
)  # fmt: skip
#: The chains and their seals; clocks that are worked out, and what is held against the rules.
PROVEN_OTHERWISE = {
    "history",
    "account_history",
    "other_contact_history",
    "public_post_history",
    "corrective_action_history",
    "management_review_history",
    "history_seals",
    # Its hash stands in a sealed row.
    "inbound_sources",
    "timers",
    "categories",
}


def source_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def commands(text: str) -> list[list[str]]:
    """Every command line of ours in a text: in code, in units, and in lists of compose."""
    lines = re.findall(r"`(?:[A-Z_]+=\S+ )?complaints ([^`]+)`", text.replace("\n", " "))
    lines += re.findall(r"^complaints (.+?)(?: +#.*)?$", text, re.MULTILINE)
    lines += re.findall(r"bin/complaints (.+?)'?$", text, re.MULTILINE)
    lines += [
        line.replace('"', "").replace(",", " ")
        for line in re.findall(r'\[(?:"complaints"|complaints), ([^\]]+)\]', text)
    ]
    return [line.split() for line in lines]


def resolve(words: list[str]) -> click.Command:
    """The command that the words begin with; its options are all there."""
    command: click.Command = main
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    options = {word for word in words if word.startswith("--")}
    assert options <= known | {"--help"}, (command.name, options - known)
    return command


@pytest.mark.parametrize("path", FILES)
def test_every_command_that_is_told_exists(path: str):
    for words in commands(source_of(path)):
        assert not isinstance(resolve(words), click.Group), words


@pytest.mark.parametrize("path", PAGES)
def test_the_page_for_operators_names_every_table_that_no_seal_covers(path: str):
    tables = {mapper.class_.__tablename__ for mapper in Base.registry.mappers}
    sealed = {
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if mapper.class_.sealed_by is not None
    }
    told = re.split(r"- \*\*(?:Not covered|Tidak tercakup)\*\*", source_of(path))[1]
    told = told.partition("\n\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", told)) - {"verify"} == tables - sealed - PROVEN_OTHERWISE


def test_the_commands_are_found_in_the_pages():
    told = {" ".join(words[:2]) for page in PAGES for words in commands(source_of(page))}
    assert {"backup FILE", "restore FILE", "history verify", "user add", "doctor"} <= told


@pytest.mark.parametrize("path", FILES)
def test_every_setting_and_file_that_is_named_exists(path: str):
    text, settings = source_of(path), source_of("docs/settings.md")
    named = set(re.findall(r"\b(?:TANGGAP_[A-Z_]+|SECRET_KEY|SMTP_URL|DATABASE_URL)\b", text))
    assert [name for name in sorted(named) if f"`{name}`" not in settings] == []
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [each for each in links if not (ROOT / path).parent.joinpath(each).exists()] == []


def test_both_languages_tell_the_same_commands_and_settings():
    english, indonesian = (source_of(page) for page in PAGES)
    shared = english[english.index("## Size") :]
    assert _blocks(shared) == _blocks(indonesian)


def test_both_languages_have_the_same_tables():
    english, indonesian = (_tables(source_of(page)) for page in PAGES)
    assert sorted(english) == sorted(indonesian)


def _tables(text: str) -> list[tuple[int, int]]:
    """The rows and columns of each table."""
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [(each.count("\n"), each.partition("\n")[0].count("|")) for each in tables]


def _blocks(text: str) -> list[str]:
    """The blocks to type, without what is said beside them."""
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(r" +#.*", "", block) for block in blocks]

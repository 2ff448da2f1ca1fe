"""Odd arguments of every command: a sentence and exit status 2, or what was asked; never a crash.

Every option and argument that the commands define gets one oddity in turn, and all of them with
`make odd-input`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from complaints import clock
from complaints.cli import main
from tests.conftest import NOW
from tests.office import Office
from tests.soak import budget
from tests.steps.conftest import database_url, office

pytestmark = pytest.mark.both_databases

__all__ = ["database_url", "office"]

IS_WHOLE = bool(budget("ODD_INPUT", usual=0, long=1))

ODDITIES = {
    "NUL": "a\x00b",
    # What a shell hands over of bytes that are no UTF-8.
    "no UTF-8": "\udcff\udcfe",
    "half a character": "a\ud800b",
    "empty": "",
    "blank": " \t",
    "over 32 bits": str(2**31),
    "over 64 bits": "9" * 40,
    "five thousand digits": "9" * 5_000,
    "below zero": "-1",
    "no number": "NaN",
    "infinite": "1e400",
    "other digits": "١٢³",
    "too long": "x" * 5_000,
    "invisible": "\u200b\u202e\u2028",
    "markup": "'\"<b>%s%(x)s{{7*7}}\\",
    "lines": "a\r\nb: c",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no day": "2026-02-31",
    "a folder": ".",
    "a dash": "-",
    "an address": "postgresql://nobody:geheim@127.0.0.1:1/x?connect_timeout=1",
}
# Commands write to the path they are given: none may lead out of the test's own folder.
assert not any(value.startswith(("/", "~")) or ".." in value for value in ODDITIES.values())

#: What the other options of a command get, so that the odd one is reached.
USUAL = {
    "--email": "csr@tanggap.example",
    "--role": "csr",
    "--from": "2026-11-01",
    "--to": "2026-11-30",
    "--map": "map.toml",
    "--policy": "policy.toml",
    "--out": "out.csv",
    "--calendar": "calendar.json",
    "--complaints": "0",
    "--into": "sqlite:///restored.db",
    "--scope": "read",
    "--name": "Sari",
    "FILE": "keluhan.csv",
    "ID": "1",
    "NUMBER": "RTM-2026-000001",
}
#: These would go on serving, were the database ready.
SERVING = ("run", "web", "worker")


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its path, groups left out."""
    for name, each in group.commands.items():
        if isinstance(each, click.Group):
            yield from commands(each, (*path, name))
        else:
            yield (*path, name), each


def name_of(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.make_metavar(click.Context(click.Command("x"))).strip("[]")


def takes_a_value(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Argument) or not getattr(parameter, "is_flag", False)


def arguments(command: click.Command, odd: click.Parameter, value: str) -> list[str]:
    """The words of a call in which one option holds something odd."""
    options: list[str] = []
    places: list[str] = []
    for each in command.params:
        name = name_of(each)
        text = value if each is odd else USUAL.get(name, "x")
        if isinstance(each, click.Argument):
            places.append(text)
        elif not takes_a_value(each):
            options += [name] if each.required else []
        elif each is odd or each.required or name == "--complaints":
            # Joined, what begins with a dash is no option of its own.
            options.append(f"{name}={text}")
    return [*options, "--", *places]


PARAMETERS = [
    (path, command, each)
    for path, command in commands(main)
    for each in command.params
    if takes_a_value(each)
]


@pytest.fixture
def folder(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files that commands can use, and the office's database set."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, long enough")
    monkeypatch.setenv("TANGGAP_SEALS", str(tmp_path / "seals"))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    files = {
        "keluhan.csv": "No,Masuk,Cerita\n1,2026-08-11 09:15,Mati\n",
        "map.toml": (
            'timezone = "Asia/Jakarta"\ndatetime = ["%Y-%m-%d %H:%M"]\n[columns]\n'
            'external_id = "No"\nreceived_at = "Masuk"\nstory = "Cerita"\n'
            'channel = { const = "call" }\n'
        ),
        "policy.toml": '[calendar]\ntz = "Asia/Jakarta"\nweek = { mon = ["08:00-17:00"] }\n',
        "calendar.json": '{"tz": "Asia/Jakarta", "week": {"mon": [["08:00", "17:00"]]}}',
    }
    for name, text in files.items():
        (here / name).write_text(text, encoding="utf-8")
    return here


def test_whatever_an_argument_holds_is_answered_with_a_sentence(
    office: Office,
    folder: Path,
    database_kind: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    office.session.commit()
    url = office.engine.url.render_as_string(hide_password=False)
    turn = cycle(list(ODDITIES) if database_kind == "sqlite" else list(ODDITIES)[::-1])
    crashes, answers = [], []
    for path, command, odd in PARAMETERS:
        # Whatever serves looks at its database first; an empty one ends it there.
        monkeypatch.setenv(
            "DATABASE_URL", f"sqlite:///{folder}/empty.db" if path[0] in SERVING else url
        )
        said = []
        for oddity in list(ODDITIES) if IS_WHOLE else [next(turn)]:
            words = [*path, *arguments(command, odd, ODDITIES[oddity])]
            result = CliRunner().invoke(main, words, input="kata sandi yang panjang\n")
            said.append(f"{oddity} {result.exit_code}")
            output = result.output
            tells = "codec" in output or (name_of(odd) == "--into" and "geheim" in output)
            is_bad = tells or result.exit_code not in (0, 1, 2)
            if is_bad or not isinstance(result.exception, SystemExit | None):
                crashes.append(
                    f"{words!a}: {result.exit_code} {output[-300:]!r} {result.exception!r}"
                )
        answers.append(f"{' '.join(path)} {name_of(odd)}: {', '.join(said)}")
    if IS_WHOLE:
        with capsys.disabled():
            sys.stdout.write("\n".join(answers) + "\n")
    assert crashes == []
    assert len(answers) > 50
    # Whatever was written lies where the test looks.
    assert {each.name for each in folder.parent.iterdir()} <= {"here", "seals"}

"""Setting up: two at once, and files that nobody else may read."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from complaints import settings
from complaints.cli import main
from complaints.db import make_engine
from complaints.settings import local_key
from tests.databases import Databases

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).resolve().parents[2]
KEY = "k7Fq-29xLmPz_wR4tVbN8sYc3hJd6gAe"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_two_at_once_on_an_empty_database_make_one(databases: Databases):
    url = databases.fresh(None)
    environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": KEY}
    words = [sys.executable, "-m", "complaints", "init"]
    try:
        running = [
            subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        said = [each.communicate(timeout=120)[1].decode() for each in running]
        assert [each.returncode for each in running] == [0, 0], said
        engine = make_engine(url)
        with engine.connect() as connection:
            doubled = connection.execute(
                text("SELECT kind, code FROM rule_versions GROUP BY kind, code HAVING count(*) > 1")
            ).all()
        engine.dispose()
        assert doubled == []
    finally:
        databases.drop(url)


def test_what_a_command_leaves_behind_is_its_users_own(tmp_path: Path, monkeypatch):
    var = tmp_path / "var"
    monkeypatch.setattr(settings, "VAR", var)
    before = os.umask(0o022)
    try:
        done = CliRunner().invoke(main, ["init"], env={"DATABASE_URL": "", "SECRET_KEY": ""})
        assert done.exit_code == 0, done.output
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    local_key()
    assert mode(var) == 0o700
    assert {mode(each) for each in var.iterdir()} == {0o600}
    assert {each.name for each in var.iterdir()} >= {"tanggap.db", "secret_key"}


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path, monkeypatch):
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    monkeypatch.setattr(settings, "VAR", var)
    local_key()
    assert mode(var) == 0o700

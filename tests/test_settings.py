"""Settings: each is documented, read by somebody, and by nobody but `settings.py` from outside."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from complaints.cli import main
from complaints.domain.attachments import FileLimits
from complaints.settings import SHORTEST_SECRET, Settings, SettingsError, read_settings

#: Never called: the settings are refused before.
SERVER = "postgresql://nobody@127.0.0.1:1/nothing"
ROOT = Path(__file__).resolve().parents[1]
NAME = r"[A-Z]+(?:_[A-Z]+)+"


def source_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def modules() -> dict[str, str]:
    """Each module beside `settings.py`, with its text."""
    paths = (ROOT / "complaints").rglob("*.py")
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in paths
        if path.name != "settings.py"
    }


def test_the_page_of_settings_lists_what_is_read_and_nothing_else():
    texts = source_of("complaints/settings.py") + source_of("complaints/files/settings.py")
    read = set(re.findall(rf'(?:values(?:\.get\(|, ?\n? *)|count\()"({NAME})"', texts))
    listed = set(re.findall(rf"^\| `({NAME})` \|", source_of("docs/settings.md"), re.MULTILINE))
    assert read == listed
    assert "DATABASE_URL" in read


def test_every_setting_is_used_by_somebody():
    texts = "\n".join(modules().values())
    unread = [each.name for each in fields(Settings) if f"settings.{each.name}" not in texts]
    assert unread == []


def test_nobody_else_reads_the_environment():
    assert [name for name, text in modules().items() if "os.environ" in text] == []


def test_what_is_given_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("TANGGAP_METRICS_TOKEN", "outside")
    assert read_settings({"SECRET_KEY": "x"}).metrics_token == "outside"
    given = {"SECRET_KEY": "x", "TANGGAP_METRICS_TOKEN": "inside"}
    assert read_settings(given).metrics_token == "inside"


@pytest.mark.parametrize("key", ["x", "k" * (SHORTEST_SECRET - 1)])
def test_a_short_key_is_refused_with_a_database_server_and_not_repeated(key: str):
    with pytest.raises(SettingsError, match=f"SECRET_KEY has {len(key)} characters") as refusal:
        read_settings({"SECRET_KEY": key, "DATABASE_URL": SERVER})
    assert key == "x" or key not in str(refusal.value)
    assert read_settings({"SECRET_KEY": "k" * SHORTEST_SECRET, "DATABASE_URL": SERVER})


def test_no_key_at_all_is_refused_with_a_database_server(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(SettingsError, match="SECRET_KEY is not set"):
        read_settings({"DATABASE_URL": SERVER})


@pytest.mark.parametrize("keys", ["short", "k" * SHORTEST_SECRET + ",short"])
def test_a_short_key_of_the_history_is_refused_with_every_database(keys: str):
    for url in (SERVER, "sqlite:////tmp/never-opened.db"):
        given = {"SECRET_KEY": "k" * 40, "DATABASE_URL": url, "TANGGAP_HISTORY_KEYS": keys}
        with pytest.raises(SettingsError, match="TANGGAP_HISTORY_KEYS holds a key of fewer than"):
            read_settings(given)


def test_the_processes_do_not_start_with_a_short_key(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", SERVER)
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    for command in ("run", "web", "worker", "init"):
        done = CliRunner().invoke(main, [command])
        assert (done.exit_code, "SECRET_KEY has 7 characters" in done.output) == (2, True), command
        assert "rahasia" not in done.output


@pytest.mark.parametrize(
    ("given", "count", "peers"),
    [
        ("", 0, ()),
        ("0", 0, ()),
        ("2", 2, ()),
        ("127.0.0.1", 0, ("127.0.0.1/32",)),
        (" 127.0.0.1, 10.0.0.0/8,::1 ,", 0, ("127.0.0.1/32", "10.0.0.0/8", "::1/128")),
    ],
)
def test_proxies_are_told_by_address_or_by_number(given: str, count: int, peers: tuple[str, ...]):
    settings = read_settings({"SECRET_KEY": "x", "TANGGAP_TRUSTED_PROXIES": given})
    assert settings.trusted_proxies == count
    assert tuple(map(str, settings.trusted_peers)) == peers
    assert settings.is_behind_proxy is bool(count or peers)
    assert settings.believes_anybody is bool(count)


@pytest.mark.parametrize("given", ["many", "1,10.0.0.0/8", "10.0.0.1/8", "proxy.example", "-1"])
def test_what_is_no_proxy_is_one_clear_line(given: str):
    with pytest.raises(SettingsError, match="TANGGAP_TRUSTED_PROXIES"):
        read_settings({"SECRET_KEY": "x", "TANGGAP_TRUSTED_PROXIES": given})


def test_a_network_of_everybody_believes_anybody():
    given = {"SECRET_KEY": "x", "TANGGAP_TRUSTED_PROXIES": "127.0.0.1,::/0"}
    assert read_settings(given).believes_anybody


@pytest.mark.parametrize(
    "given", ["keluhan", "a+b@c.example", f"{'k' * 27}@c.example", "a b@c", "@c"]
)
def test_what_is_no_mailbox_for_answers_is_one_clear_line(given: str):
    with pytest.raises(SettingsError, match="TANGGAP_REPLY_ADDRESS must be an address"):
        read_settings({"SECRET_KEY": "x", "TANGGAP_REPLY_ADDRESS": given})


def test_a_key_that_signs_mail_needs_all_it_is_named_by():
    assert read_settings({"SECRET_KEY": "x"}).dkim is None
    with pytest.raises(SettingsError, match="are set all three or not at all"):
        read_settings({"SECRET_KEY": "x", "DKIM_DOMAIN": "tanggap.example"})
    given = {"DKIM_DOMAIN": "tanggap.example", "DKIM_SELECTOR": "s 1", "DKIM_KEY_FILE": "key.pem"}
    with pytest.raises(SettingsError, match="DKIM_SELECTOR must be a name"):
        read_settings({"SECRET_KEY": "x", **given})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ATTACHMENTS_URL", "/var/files", "an address such as file:///folder"),
        ("ATTACHMENTS_URL", "file://files", "a folder from the root"),
        ("ATTACHMENTS_URL", "s3://bucket/folder", "driver s3fs is not installed"),
        ("ATTACHMENTS_URL", "zzz://somewhere", "no store of files is known"),
        ("TANGGAP_FILE_MB", "0", "whole number from 1 to 200"),
        ("TANGGAP_FILE_MB", "10.5", "whole number"),
        ("TANGGAP_MAIL_FILES_MB", "0", "whole number from 1 to 100"),
        ("TANGGAP_SCAN_COMMAND", "clamscan 'open", "quotes not closed"),
    ],
)
def test_what_is_wrong_with_files_is_one_clear_line(name: str, value: str, said: str):
    with pytest.raises(SettingsError, match=said) as refused:
        read_settings({"SECRET_KEY": "x", name: value})
    assert str(refused.value).startswith(name)
    assert "\n" not in str(refused.value)


def test_files_lie_and_are_bounded_as_the_operator_says():
    said = {
        "SECRET_KEY": "x",
        "ATTACHMENTS_URL": "memory://there",
        "TANGGAP_FILE_MB": "3",
        "TANGGAP_FILES_GB": "0",
        "TANGGAP_MAIL_FILES_MB": "15",
        "TANGGAP_SCAN_COMMAND": "clamdscan --fdpass 'a b'",
    }
    files = read_settings(said).files
    assert files.url == "memory://there"
    assert files.scan == ("clamdscan", "--fdpass", "a b")
    assert files.limits == FileLimits(
        most_bytes=3 * 1024 * 1024, most_bytes_of_letter=15 * 1024 * 1024, quota_bytes=0
    )

"""Settings: each is documented, read by somebody, and by nobody but `settings.py` from outside."""

import re
from dataclasses import fields
from pathlib import Path

from complaints.settings import Settings, read_settings

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
    read = set(
        re.findall(rf'values(?:\.get\(|, ?\n? *)"({NAME})"', source_of("complaints/settings.py"))
    )
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

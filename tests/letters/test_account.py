"""The letter to somebody whose account another person has changed; its text stands beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from complaints.domain.accounts.acts import TOLD
from complaints.outbox.mail.letters import LetterContext, write_letter
from tests.office import Office

FACTS = {
    "name": "Rina",
    "act": "password_reset",
    "by": "Admin",
    "at": "2026-11-19T02:15:00+00:00",
    "email_now": "rina@tanggap.example",
    "fields": [],
}

HERE = Path(__file__).parent


def written(office: Office, lang: str, **more: object) -> str:
    context = LetterContext(office.rules, "https://keluhan.example")
    office.session.commit()
    letter = write_letter("account", {**FACTS, **more}, lang, context)
    return f"{letter.subject}\n\n{letter.text}"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_whole_text(office: Office, lang: str):
    assert written(office, lang) == (HERE / f"account.{lang}.txt").read_text(encoding="utf-8")


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("act", sorted(TOLD))
def test_every_act_that_is_told_has_its_words(office: Office, lang: str, act: str):
    text = written(office, lang, act=act, by="", fields=["role", "email"])
    assert "Rina" in text
    assert "%(" not in text
    if act == "edited":
        assert "rina@tanggap.example" in text

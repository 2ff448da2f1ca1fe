"""A letter to the customer on A4: letterhead, window, number, and the words as they go by mail."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints.documents.blocks import blocks_of
from complaints.documents.code import code_of
from complaints.documents.typesetting import set_pdf
from complaints.domain.errors import N_
from complaints.formatting import say_date
from complaints.outbox.mail.letters import Letter, LetterContext, translations, write_letter
from complaints.rulebook import BranchRule


def letter_pdf(
    kind: str,
    facts: Mapping[str, Any],
    lang: str,
    context: LetterContext,
    branch: BranchRule,
    *,
    at: datetime,
    to: str = "",
    follow_link: str = "",
    has_code: bool = True,
) -> bytes:
    """The pages of a letter of this kind, dated `at`; raises when a fact it needs is missing.

    `has_code` says whether the link may stand there as a code: where somebody else can open it.
    """
    letter = write_letter(kind, facts, lang, context, follow_link=follow_link, on_sheet=True)
    coded = follow_link if has_code else ""
    data = letter_data(letter, facts, lang, context, branch, at=at, to=to, coded=coded)
    return set_pdf("letter", data)


def letter_data(
    letter: Letter,
    facts: Mapping[str, Any],
    lang: str,
    context: LetterContext,
    branch: BranchRule,
    *,
    at: datetime,
    to: str = "",
    coded: str = "",
) -> dict[str, Any]:
    """What the form of a letter is filled with; `coded` is the link that stands as a code."""
    say = translations(lang).gettext
    zone = ZoneInfo(facts["zone"]) if facts.get("zone") else context.rules.home_zone
    name = " ".join(filter(None, (str(facts.get("salutation", "")), str(facts.get("name", "")))))
    return {
        **frame_of(lang, context, branch, say),
        "number": str(facts.get("number", "")),
        "subject": letter.subject,
        "sender_line": " · ".join(
            filter(None, (context.rules.organisation.name, context.rules.organisation.address))
        ),
        "receiver": [each for each in (name, to) if each],
        "head": [
            [say(N_("Number")), str(facts.get("number", ""))],
            [say(N_("Date")), say_date(at.astimezone(zone), lang)],
        ],
        "blocks": blocks_of(letter.html),
        "code": code_of(coded),
        "code_words": say(
            N_("Scan this code to open the page of your complaint. Do not share it with anyone.")
        ),
    }


def frame_of(
    lang: str, context: LetterContext, branch: BranchRule, say: Callable[[str], str]
) -> dict[str, str]:
    """What stands on every page: who writes, how to reach them, which page it is."""
    return {
        "lang": lang,
        "organisation": context.rules.organisation.name,
        "branch": " · ".join(filter(None, (branch.name, branch.address))),
        "footer": context.phrase(context.rules.letters.footer, lang),
        "page_of": say(N_("Page {page} of {pages}")),
    }

"""The receipt on A5, as the customer takes it home: number, date told, steps, and the link."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints.documents.code import code_of
from complaints.documents.letters import frame_of
from complaints.documents.typesetting import set_pdf
from complaints.domain.errors import N_
from complaints.formatting import say_instant, say_instant_short
from complaints.models import Complaint
from complaints.outbox.mail.letters import LetterContext, owner_labels, translations
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.complaint.told_dates import ToldDate
from complaints.rulebook import BranchRule

#: How a date came to be told → its word.
_HOW = {
    "first": N_("First date told"),
    "extended": N_("Extended to"),
    "reopened": N_("After reopening"),
    "changed": N_("Changed to"),
}
_SCAN = N_("Scan the code, or open this address. It is only for you; do not share it.")
_DESK = N_("the officer handling your complaint")
#: A story that nobody has summed up is printed so far.
_MOST_OF_STORY = 400


def receipt_pdf(data: Mapping[str, Any]) -> bytes:
    """The pages of a receipt."""
    return set_pdf("receipt", data)


def receipt_data(
    complaint: Complaint,
    number: str,
    dossier: Dossier,
    lang: str,
    context: LetterContext,
    branch: BranchRule,
    *,
    zone: ZoneInfo,
    link: str,
    has_code: bool = True,
) -> dict[str, Any]:
    """What the form is filled with, in this language; `link` opens the customer's page.

    `has_code` says whether it may stand there as a code: where somebody else can open it.
    """
    say, owner = translations(lang).gettext, owner_labels(context.rules, lang)
    due = complaint.promised_at
    name = f"{complaint.contact_salutation} {complaint.contact_name}".strip()
    received = say_instant(complaint.received_at, zone, lang)
    data: dict[str, Any] = {
        **frame_of(lang, context, branch, say),
        "title": say(N_("Receipt")),
        "subject": f"{say(N_('Receipt'))} {number}",
        "number": number,
        "head": [
            [say(N_("Received")), ", ".join(filter(None, (received, dossier.received_by)))],
            [say(N_("From")), name],
            [say(N_("Complaint")), complaint.summary or _beginning(complaint.story)],
        ],
        "promise": [say(N_("We will resolve it no later than")), say_instant(due, zone, lang)]
        if due
        else None,
        "blocks": _told(dossier.told_dates, zone, lang, say) + _steps(dossier, zone, lang, owner),
        "code": code_of(link if has_code else ""),
        "code_words": f"{say(_SCAN)}\n{link}",
    }
    if not data["code"]:
        data["blocks"] += [_heading(say(N_("Follow your complaint"))), _text(link)]
    return data


def _told(
    dates: Sequence[ToldDate], zone: ZoneInfo, lang: str, say: Callable[[str], str]
) -> list[dict[str, Any]]:
    """The dates told, where there has been more than one."""
    if len(dates) < 2:
        return []
    rows = [
        [[_run(say(_HOW.get(each.how, _HOW["changed"])))], [_run(_date(each, zone, lang))]]
        for each in dates
    ]
    return [{"kind": "rows", "rows": rows}]


def _date(told: ToldDate, zone: ZoneInfo, lang: str) -> str:
    return "\n".join(filter(None, (say_instant(told.told_at, zone, lang), told.reason)))


def _steps(
    dossier: Dossier, zone: ZoneInfo, lang: str, owner: Callable[[str], str]
) -> list[dict[str, Any]]:
    steps = dossier.steps("step")
    if not steps:
        return []
    items, say = [], translations(lang).gettext
    for step in steps:
        due: datetime | None = step.due_at
        told = [owner(step.owner) or say(_DESK)]
        told += [say_instant_short(due, zone, lang)] if due else []
        items.append([_run(f"{step.what}\n{', '.join(told)}")])
    return [_heading(say(N_("Our steps"))), {"kind": "numbered", "items": items}]


def _heading(words: str) -> dict[str, Any]:
    return {"kind": "text", "sticky": True, "runs": [_run(words, bold=True)]}


def _text(words: str) -> dict[str, Any]:
    return {"kind": "text", "sticky": False, "runs": [_run(words)]}


def _run(words: str, *, bold: bool = False) -> dict[str, Any]:
    return {"text": words, "bold": bold, "link": ""}


def _beginning(story: str) -> str:
    if len(story) <= _MOST_OF_STORY:
        return story
    return story[:_MOST_OF_STORY].rsplit(" ", 1)[0] + "…"

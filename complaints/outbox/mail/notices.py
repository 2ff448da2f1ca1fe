"""Notices in words: a title, one line, one sentence, in the reader's language and zone.

Sentences are English msgids; whoever shows one brings the translation.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints.domain.config.currency import Currency
from complaints.domain.errors import N_
from complaints.formatting import say_duration_left, say_instant, say_money
from complaints.outbox.mail.colleague_wording import UNREADABLE
from complaints.outbox.mail.wording import (
    CLOCKS,
    INSTEAD_OF,
    NEWS,
    NEXT_STEPS,
    NOTICE_SENTENCES,
    OF_THE_CLOCK,
    TAKE_NEXT_STEP,
    UNOWNED,
    Wording,
)

#: What is said where the reader lost sight of the complaint.
_NOT_YOURS = Wording(*UNREADABLE)

Translate = Callable[[str], str]


def notice_title(kind: str, facts: Mapping[str, Any], translate: Translate) -> str:
    """What the notice is about in a few words."""
    return translate(_wording(kind, facts).title)


def notice_headline(
    kind: str, facts: Mapping[str, Any], currency: Currency, lang: str, translate: Translate
) -> str:
    """The notice in one line: who, what, how late or what happened, and what to do.

    `Bu Siti, Internet mati total: terlambat 2 jam kerja. Selesaikan dan kabari pelanggan`; the
    number stands in its place where who and what are not known.
    """
    wording, values = _wording(kind, facts), _values(facts, currency, lang, translate)
    about = _about(facts, lang) or values.get("number", "")
    state = values["state"] if "left" in facts else translate(wording.title)
    to_do = values["next"] if wording.to_do == OF_THE_CLOCK else wording.to_do
    line = f"{about}: {state}" if about else state
    return f"{line}. {translate(to_do)}" if to_do else line


def notice_sentence(
    kind: str, facts: Mapping[str, Any], currency: Currency, lang: str, translate: Translate
) -> str:
    """The notice as one sentence; a fact that is missing leaves its place empty."""
    wording = _wording(kind, facts)
    values = _Said(_values(facts, currency, lang, translate))
    about = _about(facts, lang)
    if about:
        # Who and what come first; the number is for whoever looks it up.
        values["number"] = f"{about} ({values['number']})"
    said = (translate(wording.sentence) % values).strip()
    if facts.get("others"):
        # The clocks of the same complaint that came due with it.
        said += " " + translate(N_("Together with it: %(others)s.")) % values
    if facts.get("expired"):
        said += " " + translate(N_("The acknowledgement by %(expired)s has expired.")) % values
    elif "expired" in facts:
        said += f" {translate(NOTICE_SENTENCES['ack_expired'].title)}."
    if facts.get("instead_of"):
        said += " " + translate(INSTEAD_OF) % values
    elif facts.get("unowned"):
        said += " " + translate(UNOWNED)
    return said


def _about(facts: Mapping[str, Any], lang: str) -> str:
    """`Bu Siti, Internet mati total`, as far as it is known."""
    what = facts.get("what") or {}
    return ", ".join(each for each in (facts.get("who"), what.get(lang)) if each)


def _wording(kind: str, facts: Mapping[str, Any]) -> Wording:
    if facts.get("unreadable"):
        return _NOT_YOURS
    if kind == "escalation" and "clock" not in facts:
        kind = "escalation_by_hand"
    return NOTICE_SENTENCES.get(kind, NEWS)


def _values(
    facts: Mapping[str, Any], currency: Currency, lang: str, translate: Translate
) -> dict[str, Any]:
    """The facts as people say them: instants in the reader's language, money in the currency."""
    zone = ZoneInfo(facts.get("zone") or "UTC")
    values = dict(facts)
    if "clock" in facts:
        values["clock"] = translate(CLOCKS.get(facts["clock"], facts["clock"]))
        values["next"] = translate(NEXT_STEPS.get(facts["clock"], TAKE_NEXT_STEP))
        values["state"] = _state(facts, lang, translate)
        if facts.get("task"):
            # Of a commitment it matters which; the words are the organisation's own.
            values["clock"] = f"{values['clock']} “{facts['task']}”"
    for name, fact in (("due", "due_at"), ("until", "until"), ("since", "since")):
        if fact in facts:
            values[name] = say_instant(datetime.fromisoformat(facts[fact]), zone, lang)
    if "others" in facts:
        clocks = dict.fromkeys(kind for kind, _ in facts["others"])
        values["others"] = ", ".join(translate(CLOCKS.get(kind, kind)) for kind in clocks)
    if isinstance(facts.get("reason"), Mapping):
        values["reason"] = facts["reason"][lang]
    if "amount" in facts:
        values["amount"] = say_money(facts["amount"], currency, lang)
    return values


def _state(facts: Mapping[str, Any], lang: str, translate: Translate) -> str:
    """`terlambat 2 jam kerja`, as it was when the notice was written; `left` counts seconds."""
    if "left" not in facts:
        # A notice of before the version that writes down how late it was.
        return translate(N_("missed") if facts.get("level") else N_("due"))
    left, in_worktime = facts["left"]
    return say_duration_left(left, lang, is_worktime=in_worktime)


class _Said(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""

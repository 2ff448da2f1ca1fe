"""The resolution on one page, in the order of the talk: from the second apology to the end.

The cause that is explained is confirmed with it; what is offered above one's limit waits.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from complaints.actions.recording import ActGiven
from complaints.domain.lifecycle import Gate
from complaints.domain.words.comparing import is_same
from complaints.web.complaint.conversations.parts import (
    Part,
    Standing,
    Taken,
    Typed,
    cause_words,
    is_filled,
    without,
)
from complaints.web.complaint.forms.facts import facts_for
from complaints.web.complaint.forms.known_words import known_words
from complaints.web.complaint.missing import Missing
from complaints.web.complaint.page import Page
from complaints.web.complaint.scripts import manners_for, scripts_for
from complaints.web.frame.form_parsing import part_of

#: Means of the conversation → by which the leaflet is given in it; the others by their own.
_LEAFLET_BY = {"spoken": "print"}

#: Part → the gap in its words that follows what is typed on the page.
_FOLLOWS = {
    "offer": "offer",
    "alternative": "offer",
    "answer": "offer",
    "alternative-answer": "offer",
    "cause-explanation": "cause",
}

#: Files that go with the letter of a part.
_FILES = ("enclose", "enclose_internal")

#: What rests on the confirmed cause: said of it, the cause is confirmed too.
_ON_THE_CAUSE = ("apology", "cause-explanation", "offer")


def resolution_parts(page: Page, now: datetime) -> dict[str, Part]:
    """The parts in the order of the talk."""
    dossier, standing = page.dossier, Standing(page)
    waiting = dossier.waiting_offer is not None
    is_refused = dossier.open_offer is None and dossier.last_refusal is not None
    asks_answer = standing.is_open("020-3.4") and not waiting
    asks_offer = standing.is_open("020-3.3") and not waiting and not is_refused
    asks_alternative = not waiting and (
        standing.is_open("020-3.5") or (asks_answer and not is_refused)
    )
    wait = _approval_words(page) if waiting else ""

    def facts(noun: str, stage: str = "") -> dict[str, Any]:
        return facts_for(page.case, dossier, noun, stage, now)

    offered = facts("offer") if asks_offer or asks_alternative else {}
    parts = [
        Part(
            key="cause",
            noun="cause",
            stage="confirmed",
            is_asked=dossier.confirmed_cause is None and page.may("cause"),
            note=cause_words(page, "confirmed"),
            facts=facts("cause", "confirmed"),
        ),
        standing.part("apology", "apology", "020-3.1", stage="resolution"),
        standing.part("cause-explanation", "cause-explanation", "020-3.2"),
        standing.part("offer", "offer", "020-3.3", is_asked=asks_offer, note=wait, facts=offered),
        standing.part(
            "answer",
            "answer",
            "020-3.4",
            is_asked=asks_answer and not is_refused,
            note=wait,
            facts=facts("answer"),
        ),
        standing.part(
            "alternative",
            "offer",
            "020-3.5",
            stage="alternative",
            is_asked=asks_alternative,
            note=wait,
            facts=offered,
        ),
        standing.part(
            "alternative-answer", "answer", "020-3.4", is_asked=asks_alternative and asks_answer
        ),
        standing.part("thanks", "thanks", "020-3.6", stage=_thanked_for(page)),
        standing.part(
            "standard-information",
            "standard-information",
            "020-3.7",
            facts=facts("standard-information"),
        ),
        Part(key="closure", noun="closure", is_asked=page.may("closure"), facts=facts("closure")),
    ]
    minded: set[str] = set()
    for part in parts:
        _put_words(page, part, minded)
    return {each.key: each for each in parts}


def proposed_for_resolution(page: Page, parts: Mapping[str, Part]) -> dict[str, Any]:
    """What stands in the page's fields before anything is typed."""
    cause = parts["cause"].facts["proposed"]
    channel = page.case.rules.taxonomy.channels[page.case.complaint.channel]
    means = channel.method if page.case.complaint.contact_email else channel.fallback
    return {
        "method": means,
        "cause.code": cause.get("code", ""),
        "cause.text": cause.get("text", ""),
    }


def read_resolution(page: Page, parts: Mapping[str, Part], given: Typed) -> list[Taken]:
    """The acts that the page came to, in their order; a part left empty stays open."""
    reading = _Reading(page, parts, given)
    reading.said("apology", "apology", ("said", "text"), stage="resolution")
    reading.said("cause-explanation", "cause-explanation", ("text", "view", *_FILES))
    reading.said("offer", "offer", ("remedy", "description", "amount", *_FILES))
    reading.said("answer", "answer", ("answer",))
    reading.said("alternative", "offer", ("remedy", "description", "amount", *_FILES))
    reading.said("alternative-answer", "answer", ("answer",))
    reading.said("thanks", "thanks", ("said", "text"))
    reading.said("standard-information", "standard-information", ("all", "items"))
    reading.confirm_cause()
    reading.end()
    return reading.taken


class _Reading:
    """What was filled in, part by part, as acts; `method` is how the whole talk went."""

    def __init__(self, page: Page, parts: Mapping[str, Part], given: Typed) -> None:
        self.page, self.parts, self.given = page, parts, given
        self.method = str(given.get("method") or "").strip()
        self.taken: list[Taken] = []

    def said(self, key: str, noun: str, names: Sequence[str], **more: str) -> None:
        """An act that was said in the talk, where its part was filled in."""
        part = part_of(self.given, key)
        if not self.parts[key].is_asked or not is_filled(part, names):
            return
        method = (
            _LEAFLET_BY.get(self.method, self.method)
            if key == "standard-information"
            else self.method
        )
        means = {"method": method} if method and "unable" not in part else {}
        self.taken.append(Taken(key, ActGiven(noun, {**without(part, "said"), **means, **more})))

    def confirm_cause(self) -> None:
        """The cause is confirmed by what rests on it, or by being changed; it comes first then."""
        part = part_of(self.given, "cause")
        if not self.parts["cause"].is_asked:
            return
        proposed = self.parts["cause"].facts["proposed"]
        is_changed = part.get("code", "") != proposed.get("code", "") or not is_same(
            str(part.get("text", "")), proposed.get("text", "")
        )
        rests = any(
            each.part in _ON_THE_CAUSE and "unable" not in each.act.given for each in self.taken
        )
        if rests or is_changed:
            act = ActGiven("cause", {**part, "stage": "confirmed"})
            self.taken.insert(0, Taken("cause", act))

    def end(self) -> None:
        """What was undertaken and is done by now, and the end itself where it was asked for."""
        part = part_of(self.given, "commitments")
        if is_filled(part, ("all", "ids")):
            body = {**part, "ids": [] if part.get("all") else part.get("ids", [])}
            self.taken.append(Taken("closure", ActGiven("commitments/done", body)))
        if self.given.get("ends") and self.parts["closure"].is_asked:
            self.taken.append(Taken("closure", ActGiven("closure", part_of(self.given, "closure"))))


def elsewhere(page: Page) -> list[Missing]:
    """What keeps the complaint from being closed and is not on this page."""
    if page.journey.gate is not Gate.CLOSING:
        return list(page.missing)
    return [each for each in page.missing if "resolution" not in each.to]


def _put_words(page: Page, part: Part, minded: set[str]) -> None:
    """The words to say beside a part; what to mind stands beside the first part it is about."""
    slot = _FOLLOWS.get(part.key, "")
    known = known_words(page.case, page.dossier, part.noun, {})
    part.scripts = scripts_for(page.case, part.noun, part.stage, slot, **known)
    part.manners = manners_for(
        page.case, [each for each in part.face.standards if each not in minded]
    )
    minded.update(part.face.standards)


def _thanked_for(page: Page) -> str:
    """Thanks for what was accepted; before the answer, for the solution that is being offered."""
    agreed = [each for each in page.dossier.offers_now if each.state == "accepted"]
    return "alternative" if agreed and agreed[-1].alternative_to_id is not None else ""


def _approval_words(page: Page) -> str:
    if page.pending is not None and page.pending.approver:
        return gettext("Wait until %(name)s has decided on the offer", name=page.pending.approver)
    return gettext("Wait for the approval of the offer")

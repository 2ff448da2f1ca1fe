"""The middle of the complaint page: what was said and done, as lines in the order of time.

Three views of it, each by page: the conversation with the customer, notes among colleagues, the
history.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from complaints.actions.registry import DETAILS, HISTORY, act_proving
from complaints.domain.errors import N_
from complaints.domain.evidence import CRITERIA, EVERY_CRITERION
from complaints.domain.mail.quoting import Folded, fold_quoted
from complaints.domain.words.letter_state import LetterState
from complaints.domain.words.whole_number import whole_number
from complaints.formatting import say_instant
from complaints.outbox.mail.rule_changes import say_rule_change
from complaints.queries.complaint.activity_rows import OfferRow
from complaints.queries.complaint.dossier import Dossier, HistoryRow, read_history
from complaints.queries.complaint.notes import (
    ANSWER,
    NOTE,
    RECORD,
    SHOWN,
    STORY,
    NotesAsked,
    Place,
    read_place,
)
from complaints.queries.people.accounts import named
from complaints.rulebook import RuleBook
from complaints.steps.by_customer.by_mail import AUTOMATIC
from complaints.steps.case import Case
from complaints.web.frame import words
from complaints.web.frame.choices import told_apart
from complaints.web.frame.filters import label, money
from complaints.web.frame.translations import lang

CONVERSATION = "conversation"

METHODS: Mapping[str, str] = {
    "spoken": N_("face to face"),
    "phone": N_("by phone"),
    "email": N_("by email"),
    "message": N_("by text message"),
    "letter": N_("by letter"),
    "print": N_("on paper"),
    "signature": N_("with a signature"),
    "page": N_("on their own page"),
}

ANSWERS: Mapping[str, str] = {
    "accepted": N_("The customer accepts"),
    "refused": N_("The customer refuses"),
    "thinking": N_("The customer is thinking about it"),
    "none": N_("No answer from the customer"),
}

#: Whether the customer says it is settled → words.
SETTLED: Mapping[str, str] = {
    "yes": N_("really settled"),
    "partly": N_("settled in part"),
    "no": N_("not settled"),
}

#: What units and superiors answer → words.
DECISIONS: Mapping[str, str] = {
    "accepted": N_("accepted"),
    "returned": N_("returned"),
    "approved": N_("approved"),
    "rejected": N_("not approved"),
}


#: Where a letter stands that has not reached the customer → words, icon.
_LETTER_WORDS: Mapping[LetterState, tuple[str, str]] = {
    LetterState.QUEUED: (N_("on its way"), "send"),
    LetterState.TO_PRINT: (N_("to be printed"), "printer"),
    LetterState.FAILED: (N_("not delivered"), "circle-x"),
    LetterState.BOUNCED: (N_("came back"), "circle-x"),
    LetterState.REPLACED: (N_("replaced before it left"), "circle-x"),
}


#: What stands in place of "on its way" while no mail leaves at all.
HELD_UP = (N_("not sent yet"), "alert-triangle")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that was said or done; `side` is customer, us or staff.

    `kind` and `id` say where it stands among others of the same instant.
    """

    at: datetime
    who: str
    title: str
    text: str = ""
    side: str = "us"
    icon: str = "point"
    kind: int = STORY
    id: int = 0

    @property
    def note_id(self) -> int:
        """The note or message that it is; 0 for every other line."""
        return self.id if self.kind == NOTE else 0

    @property
    def place(self) -> Place:
        """Where it stands among the other lines."""
        return Place(self.at, self.kind, self.id)

    @property
    def folded(self) -> Folded:
        """The text with what a customer's mail quotes apart."""
        return fold_quoted(self.text) if self.side == "customer" else Folded(self.text, "")


def page_of(
    lines: Iterable[TimelineEntry], before: Place | None, limit: int | None = SHOWN
) -> tuple[list[TimelineEntry], Place | None]:
    """The newest lines before a place, oldest first, and before which place there are more."""
    earlier = sorted(
        (each for each in lines if before is None or each.place < before),
        key=lambda each: each.place,
    )
    if limit is None or len(earlier) <= limit:
        return earlier, None
    kept = earlier[-limit:]
    return kept, kept[0].place


@dataclass(frozen=True, slots=True)
class LinesAsked:
    """Which lines to show: the view, before which place ("" for the newest), or all of them."""

    view: str = CONVERSATION
    before: str = ""
    is_whole: bool = False

    @property
    def is_internal(self) -> bool:
        """Whether notes among colleagues are asked for."""
        return self.view == "notes"

    @property
    def place(self) -> Place | None:
        """Before which line those asked for stand; None for the newest."""
        return None if self.is_whole else read_place(self.before)

    @property
    def notes(self) -> NotesAsked | None:
        """The notes that this page of the timeline needs; the history needs none."""
        if self.view == "history":
            return None
        return NotesAsked(self.is_internal, self.place, None if self.is_whole else SHOWN)


@dataclass(frozen=True, slots=True)
class LinesShown:
    """The lines of a page; `older` is the place before which there are more, None at the end.

    `is_newest` says whether nothing newer is left out.
    """

    view: str
    lines: list[TimelineEntry]
    older: str | None
    is_newest: bool


def read_lines(case: Case, dossier: Dossier, zone: ZoneInfo, asked: LinesAsked) -> LinesShown:
    """Read one page of the view asked for; an unknown view is the conversation."""
    if asked.view == "history":
        return _history(case, zone, asked)
    entries = conversation(dossier, case.rules, zone) if not asked.is_internal else notes(dossier)
    before = asked.place
    limit = None if asked.is_whole else SHOWN
    lines, older = page_of(entries, before, limit)
    view = "notes" if asked.is_internal else CONVERSATION
    return LinesShown(view, lines, older.write() if older else None, before is None)


def _history(case: Case, zone: ZoneInfo, asked: LinesAsked) -> LinesShown:
    before = None if asked.is_whole else whole_number(asked.before)
    limit = None if asked.is_whole else SHOWN
    rows = read_history(case.session, case.complaint.id, before=before, limit=limit)
    lines = history_lines(case, rows, zone)
    older = str(rows[-1].seq) if rows and rows[-1].seq > 1 else None
    return LinesShown("history", lines, older, before is None)


def conversation(dossier: Dossier, rules: RuleBook, zone: ZoneInfo) -> list[TimelineEntry]:
    """What passed between the customer and us, with the messages that were read, in no order."""
    complaint = dossier.complaint
    channel = label(rules.taxonomy.channels[complaint.channel])
    lines = [
        TimelineEntry(
            complaint.received_at,
            complaint.contact_name,
            channel,
            complaint.story,
            "customer",
            "message-2",
        )
    ]
    lines += _from_records(dossier, zone)
    for note in dossier.activity.notes:
        is_theirs = note.direction == "in"
        how = gettext(METHODS[note.method]) if note.method in METHODS else ""
        if note.direction == "attempt":
            how = gettext("Not reached %(how)s", how=how)
        lines.append(
            TimelineEntry(
                note.at,
                complaint.contact_name if is_theirs else note.by or "",
                how,
                note.text,
                "customer" if is_theirs else "us",
                "message-circle" if is_theirs else "send",
                NOTE,
                note.id,
            )
        )
    proven_by = dossier.acceptances
    for answer in dossier.activity.answers:
        lines.append(
            TimelineEntry(
                answer.at,
                complaint.contact_name,
                gettext(ANSWERS[answer.answer]),
                answer.reason,
                "customer",
                "message-dots",
                RECORD if answer.id in proven_by else ANSWER,
                proven_by.get(answer.id, answer.id),
            )
        )
    return lines


def _from_records(dossier: Dossier, zone: ZoneInfo) -> Iterable[TimelineEntry]:
    """The records of elements 1 and 3; the answer and the alternative have lines of their own."""
    for row in dossier.records:
        if row.criterion == EVERY_CRITERION or row.criterion in ("020-3.5", "020-1.6"):
            continue
        criterion = CRITERIA[row.criterion]
        if criterion.element == 2 or (row.criterion == "020-3.4" and not row.is_unable):
            continue
        title = gettext(criterion.label)
        if row.is_unable:
            said = gettext("Could not be done: %(reason)s", reason=row.reason)
            yield TimelineEntry(row.at, row.by_name, title, said, "us", "circle-x", RECORD, row.id)
            continue
        words_said = row.words
        if row.criterion == "020-1.5" and row.words:
            words_said = _instant(row.words, zone)
        kept = act_proving(row.criterion)[0].details
        for said in said_beside(kept, row.detail):
            words_said += f"\n{said}"
        if row.criterion == "020-3.3" and row.detail.get("amount"):
            words_said += f" ({money(row.detail['amount'])})"
        if row.criterion == "020-3.7":
            words_said = ""
        letter = dossier.letters.get(row.letter_key or "")
        word, mark = _LETTER_WORDS.get(letter.standing, ("", "check")) if letter else ("", "check")
        if letter and letter.standing is LetterState.QUEUED and dossier.is_mail_held_up:
            word, mark = HELD_UP
        title = f"{title} · {gettext(word)}" if word else title
        yield TimelineEntry(row.at, row.by_name, title, words_said, "us", mark, RECORD, row.id)


def notes(dossier: Dossier) -> list[TimelineEntry]:
    """What colleagues wrote to each other, as far as it was read, in no order."""
    return [
        TimelineEntry(
            note.at,
            note.by or "",
            gettext("Sent automatically") if note.method == AUTOMATIC else "",
            note.text,
            "staff",
            "note" if note.method != AUTOMATIC else "mail-forward",
            NOTE,
            note.id,
        )
        for note in dossier.activity.notes
    ]


def history_lines(case: Case, rows: Sequence[HistoryRow], zone: ZoneInfo) -> list[TimelineEntry]:
    """The history as it is kept, in the order given."""
    rules = case.rules
    handlers = {str(row.detail["handler"]) for row in rows if row.detail.get("handler")}
    people = dict(told_apart(rules, named(case.session, handlers)))
    return [
        TimelineEntry(
            row.at,
            row.by_name,
            gettext(HISTORY[row.what]) if row.what in HISTORY else row.what,
            " · ".join(_details(row, rules, zone, people)),
            "staff",
            "history",
        )
        for row in rows
    ]


def said_beside(kept: Mapping[str, str], detail: Mapping[str, Any]) -> Iterable[str]:
    """What an act keeps beside its words, in the sentences of its descriptor."""
    for name, sentence in kept.items():
        if detail.get(name):
            yield gettext(sentence, words=detail[name])


def _details(
    row: HistoryRow, rules: RuleBook, zone: ZoneInfo, people: Mapping[str, str]
) -> Iterable[str]:
    """The part of an entry's detail that says something to a reader; `people` address to name."""
    detail = row.detail
    after = words.STATUSES.get(str(detail.get("to")))
    if after:
        yield gettext(after[0])
    if detail.get("priority"):
        before = detail.get("priority_before", detail.get("before"))
        is_other = isinstance(before, str) and before != detail["priority"]
        arrow = f"{before} → " if before and is_other else ""
        yield f"{arrow}{detail['priority']}"
    for code in [*detail.get("teams", ()), detail.get("team")]:
        if code:
            team = rules.teams_by_code.get(code)
            yield label(team) if team else str(code)
    # By the names of the time: what was renamed since was recorded under the old name.
    recorded_at = detail.get("recorded_at")
    taxonomy = rules.taxonomy_at(datetime.fromisoformat(recorded_at) if recorded_at else row.at)
    for name, table in (
        ("category", taxonomy.categories),
        ("code", taxonomy.causes),
        ("remedy", taxonomy.remedies),
        ("outcome", taxonomy.outcomes),
    ):
        if detail.get(name) in table:
            yield label(table[detail[name]])
    decision = DECISIONS.get(str(detail.get("answer")))
    if decision:
        yield gettext(decision)
    settled = SETTLED.get(str(detail.get("settled")))
    if settled:
        yield gettext(settled)
    if detail.get("scores"):
        yield gettext("%(score)s of 5", score=detail["scores"].get("overall"))
    if detail.get("amount"):
        yield money(detail["amount"])
    if detail.get("handler"):
        yield people.get(str(detail["handler"]), str(detail["handler"]))
    if detail.get("is_correction"):
        yield gettext("corrected, because what was stored differed from the history")
    for name in ("due_at", "until"):
        if detail.get(name):
            yield _instant(detail[name], zone)
    if detail.get("condition"):
        yield gettext("condition of the rule: %(words)s", words=label(detail["condition"]))
    beside = DETAILS.get(row.what, {})
    yield from said_beside(beside, detail)
    for name in ("reason", "note"):
        if name not in beside and isinstance(detail.get(name), str):
            yield say_rule_change(rules, detail[name], lang(), gettext)
    if detail.get("through"):
        yield gettext("handed in with the API key of %(name)s", name=detail["through"])
    if detail.get("came_as"):
        yield gettext("first recorded as %(number)s", number=detail["came_as"])
    if detail.get("elsewhere"):
        yield gettext("from an address that is not on file")
    if detail.get("happened_at"):
        yield gettext("said to have been on %(at)s", at=_instant(detail["happened_at"], zone))
    if detail.get("recorded_at"):
        yield gettext("written down %(at)s", at=_instant(detail["recorded_at"], zone))


def _instant(text: str, zone: ZoneInfo) -> str:
    try:
        return say_instant(datetime.fromisoformat(text), zone, lang())
    except ValueError:
        return text


def offer_words(offer: OfferRow, rules: RuleBook) -> str:
    """The remedy and what it comes to."""
    remedy = rules.taxonomy_at(offer.at).remedies.get(offer.remedy)
    name = label(remedy) if remedy else offer.remedy
    return f"{name} · {money(offer.amount)}" if offer.amount else name

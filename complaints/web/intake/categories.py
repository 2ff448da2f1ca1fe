"""The category of the intake form: what is proposed for it, and the words that find each.

Both only propose; what is sent is what somebody chose in the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints import clock
from complaints.contacts import normalise_email, normalise_phone
from complaints.domain.permissions import Permission
from complaints.domain.suggestions import KnownFact, Suggestion
from complaints.domain.taxonomy import Fact
from complaints.extensions import db
from complaints.formatting import say_instant_short
from complaints.queries.lists.customers import find_contacts
from complaints.queries.suggestions import suggest_categories
from complaints.queries.ticket_facts import Ticket
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.branches import branch_of
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang

blueprint = Blueprint("categories", __name__)

#: More of a story is not read for a proposal.
_READ = 5_000


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Something known of the ticket: where it can be looked at, and what it is."""

    number: str
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A category with its words, and what speaks for it: words of the story, and what is known."""

    code: str
    words: str
    because: Sequence[str]
    on_record: Sequence[OnRecord] = ()

    @property
    def quoted(self) -> str:
        """The words of the story as they are told: “modem”, “lampu merah”."""
        return ", ".join(f"“{each}”" for each in self.because)


def suggested(rules: RuleBook, form: MultiDict[str, str], now: datetime) -> list[Suggested]:
    """Up to three categories that a story and its ticket speak for; none for an empty story."""
    story = form.get("story", "")
    if not story.strip():
        return []
    branch = branch_of(rules, form)
    found = suggest_categories(
        db.session,
        rules,
        story[:_READ],
        form.get("product", "") or None,
        ticket=_ticket(form, branch.id, now),
    )
    zone = rules.calendar_of(branch.id).value.tz
    return [_suggested(rules, each, zone) for each in found]


def _ticket(form: MultiDict[str, str], branch_id: int, now: datetime) -> Ticket:
    known = find_contacts(db.session, form.get("customer.known", ""))
    return Ticket(
        actor=actor(),
        at=now,
        branch_id=branch_id,
        customer_id=known.id if known else None,
        phone=known.phone if known else normalise_phone(form.get("customer.phone", "")),
        email=known.email if known else normalise_email(form.get("customer.email", "")),
        category=form.get("category") or None,
    )


def _suggested(rules: RuleBook, each: Suggestion, zone: ZoneInfo) -> Suggested:
    known = [_on_record(rules, fact, each.code, zone) for fact in each.facts]
    return Suggested(each.code, label(rules.taxonomy.categories[each.code]), each.because, known)


def _on_record(rules: RuleBook, fact: KnownFact, code: str, zone: ZoneInfo) -> OnRecord:
    """What is known, with its figures; a complaint that this person may not see has no number."""
    if fact.fact is Fact.AREA:
        return _of_area(rules, fact, code)
    categories = rules.taxonomy.categories
    assert fact.at is not None
    told = {
        "category": label(categories[fact.category])
        if fact.category and fact.category in categories
        else gettext("A complaint at another branch"),
        "date": say_instant_short(fact.at, zone, lang()),
    }
    if fact.fact is Fact.REPEAT and fact.count > 1:
        words = gettext(
            "%(category)s, closed on %(date)s; %(count)s closed within %(days)s days",
            days=rules.synonyms.facts.repeat_days,
            count=fact.count,
            **told,
        )
    elif fact.fact is Fact.REPEAT:
        words = gettext("%(category)s, closed on %(date)s", **told)
    elif fact.until is None:
        words = gettext("%(category)s, overdue since %(date)s", **told)
    else:
        done = say_instant_short(fact.until, zone, lang())
        words = gettext("%(category)s, due on %(date)s, done on %(done)s", done=done, **told)
    return OnRecord(fact.number, f"/complaints/{fact.number}", words)


def _of_area(rules: RuleBook, fact: KnownFact, code: str) -> OnRecord:
    if fact.number:
        words = gettext("open incident here: %(title)s", title=fact.title)
        return OnRecord(fact.number, f"/incidents/{fact.number}", words)
    taxonomy = rules.taxonomy
    words = gettext(
        "%(group)s here, open, received within %(hours)s h: %(count)s; usual: %(usual)s",
        count=fact.count,
        group=label(taxonomy.groups[taxonomy.categories[code].group]),
        hours=rules.synonyms.facts.area_hours,
        usual=round(fact.usual),
    )
    return OnRecord("", "", words)


@blueprint.post("/complaints/new/suggestions")
@guarded(Permission.INTAKE)
def suggestions() -> str:
    """What the story and the ticket speak for so far.

    Posted, so that no log of addresses holds a story or a phone number.
    """
    found = suggested(current_rules(db.session), request.form, clock.now())
    return render_template("intake/suggested.html", suggested=found)


@blueprint.get("/complaints/new/words/<int:version>")
@guarded(Permission.INTAKE)
def words(version: int) -> Response:
    """The phrases of each category and the spellings, for the list that is searched in.

    They hang on the version of the rules, so a browser may keep them.
    """
    rules = current_rules(db.session)
    answer = jsonify(
        phrases={
            code: [each.text for each in rules.synonyms.of(code)]
            for code, each in rules.taxonomy.categories.items()
            if not each.retired
        },
        spellings={one: " ".join(full) for one, full in rules.synonyms.spellings.items()},
    )
    if version == rules.latest_id:
        answer.headers["Cache-Control"] = "private, max-age=604800, immutable"
    return answer

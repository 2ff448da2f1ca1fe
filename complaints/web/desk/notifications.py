"""A person's notices: the list, and taking note of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.notices.choices import GROUP_WORDS, WAY_WORDS, Group, Way
from complaints.domain.permissions import Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.outbox.mail.letters import PAGES
from complaints.outbox.mail.notices import notice_headline, notice_sentence
from complaints.people.notice_choices import choose_notices
from complaints.people.notifications import mark_read
from complaints.queries.lists.notifications import NoticeRow, list_notices
from complaints.queries.people.notice_choices import choices_of
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.guards import actor, guarded, planned_once
from complaints.web.frame.translations import lang, translated
from complaints.web.frame.unchanged import unchanged

blueprint = Blueprint("notifications", __name__)

#: Notices of a page.
PAGE = 25


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in words: who, what, how late and what to do in one line; then the whole of it."""

    row: NoticeRow
    headline: str
    sentence: str
    tz: tzinfo

    @property
    def places(self) -> list[tuple[str, str]]:
        """What it is about: the address of each page and its number, the complaint first."""
        facts, number = self.row.facts, self.row.number
        found = [(f"/complaints/{number}", number)] if number else []
        return found + [
            (f"/{pages}/{facts[fact]}", str(facts[fact]))
            for fact, pages in (*PAGES, ("incident", "incidents"))
            if facts.get(fact)
        ]


@blueprint.get("/notices")
@guarded(Permission.VIEW)
@planned_once()
def notices() -> str:
    """The person's notices, newest first."""
    before = whole_number(request.args.get("before", ""))
    rules = current_rules(db.session)
    page = list_notices(db.session, actor(), limit=PAGE, before=before)
    return render_template(
        "desk/notifications.html",
        notices=notice_lines(page.items, rules),
        newer="/notices" if before else None,
        older=f"/notices?before={page.older}" if page.older else None,
        newest=page.items[0].id if page.items else 0,
        has_unread=any(row.read_at is None for row in page.items),
    )


@blueprint.post("/notices/read")
@guarded(Permission.VIEW)
def read() -> Response:
    """Take note of one notice, or of all up to the newest that was shown."""
    one = whole_number(request.form.get("notice", ""))
    upto = whole_number(request.form.get("upto", ""))
    if one is not None:
        mark_read(db.session, by=actor(), at=clock.now(), notice_id=one)
    elif upto is not None:
        mark_read(db.session, by=actor(), at=clock.now(), upto=upto)
        flash(gettext("All notifications are marked as read."), "done")
    db.session.commit()
    unchanged().changes.touch(("user", actor().id or 0))
    return redirect("/notices")


@blueprint.get("/notices/choices")
@guarded(Permission.BE_AWAY)
def choices() -> str:
    """How the person wants to hear of what need not be told at once."""
    return _choices(choices_of(db.session, actor().id or 0))


@blueprint.post("/notices/choices")
@guarded(Permission.BE_AWAY)
def choose() -> Response:
    """Keep what was chosen."""
    given = {group.value: request.form.get(group.value, "")[:20] for group in Group}
    choose_notices(db.session, given, by=actor())
    db.session.commit()
    flash(gettext("Your choices are saved."), "done")
    return redirect("/notices/choices", 303)


def _choices(chosen: Mapping[Group, Way]) -> str:
    return render_template(
        "desk/notice_choices.html",
        groups=[
            (group.value, gettext(title), gettext(words), chosen.get(group, Way.EMAIL).value)
            for group, (title, words) in GROUP_WORDS.items()
        ],
        ways=[(way.value, gettext(words)) for way, words in WAY_WORDS.items()],
    )


def notice_lines(rows: Iterable[NoticeRow], rules: RuleBook) -> list[NoticeLine]:
    """Notices in the language of this page; times in the complaint's branch's zone."""
    language, currency = lang(), rules.organisation.currency
    return [
        NoticeLine(
            row=row,
            headline=notice_headline(
                row.kind, {**row.facts, **row.about}, currency, language, translated
            ),
            sentence=notice_sentence(row.kind, row.facts, currency, language, translated),
            tz=rules.own_calendar(row.branch_id).tz,
        )
        for row in rows
    ]
